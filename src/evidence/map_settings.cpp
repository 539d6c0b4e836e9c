// Rows in rigor's own words: the metric names a quantity, the notes the settings it is asked for.
// The table of quantities is the whole vocabulary; evidence/README.md explains it to people.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "estimate/memory/inference_shard.hpp"
#include "estimate/memory/training_activations.hpp"
#include "estimate/memory/training_peaks.hpp"
#include "estimate/memory/training_states.hpp"
#include "evidence/memory_row.hpp"
#include "evidence/settings_row.hpp"
#include "llm/tensor.hpp"

namespace rigor::evidence {
namespace {

using estimate::DeviceMemory;
using estimate::Interval;
using estimate::Term;

/// In base units: bytes, or a plain number.
struct Figures {
  double low = 0, expected = 0, high = 0;
};
using Answer = tl::expected<Figures, std::string>;

tl::unexpected<std::string> refuse(std::string why) {
  return tl::unexpected<std::string>(std::move(why));
}

Answer exactly(double value) {
  return Figures{value, value, value};
}
Answer exactly(Bytes value) {
  return exactly(value.in(byte));
}
Answer figures(const Interval& interval) {
  return Figures{interval.low.in(byte), interval.expected.in(byte), interval.high.in(byte)};
}

estimate::InferenceCase inference_case(const AskedRow& asked) {
  const place::Question& q = asked.question;
  return {asked.network, asked.engine, q.workload.inference, asked.placement, q.accelerators,
          q.host,        q.backend};
}

estimate::FineTuneCase training_case(const AskedRow& asked) {
  const place::Question& q = asked.question;
  return {asked.network,   asked.engine,   q.workload.finetune,
          asked.placement, q.accelerators, q.host};
}

int first_place(const AskedRow& asked) {
  return std::max(0, asked.settings.device.value_or(0));
}

/// Sums a part of the estimate over the devices that the row speaks of.
template <class Part>
Answer over_devices(const AskedRow& asked, const Part& part) {
  const estimate::MemoryEstimate memory = place::evaluate(asked.question, asked.placement).memory;
  const auto chosen = asked.settings.device;
  if (chosen == estimate::kHost) return figures(part(memory.host));
  if (first_place(asked) >= memory.devices) return refuse("no such device is used");
  Interval sum;
  for (int i = 0; i < memory.devices; ++i) {
    if (!chosen || *chosen == i) sum += part(memory.device[static_cast<std::size_t>(i)]);
  }
  return figures(sum);
}

Interval sum_of(const DeviceMemory& memory, std::initializer_list<Term> terms) {
  Interval sum;
  for (const Term term : terms) sum += memory[term];
  return sum;
}

Interval without(Interval sum, const Interval& part) {
  sum += {-part.low, -part.expected, -part.high};
  return sum;
}

Interval share_of(const Interval& all, Bytes part) {
  const double share = all.expected > Bytes{} ? part / all.expected : 0.0;
  return {share * all.low, share * all.expected, share * all.high};
}

/// The term of a draft layer holds its weights, its cache and its graph; programs print them apart.
struct Draft {
  Interval weights, cache, graph;
};

/// Cache of the draft layers; llama.cpp keeps it in F16 whatever the other layers' type.
Bytes draft_cache(const AskedRow& asked) {
  const workload::Inference& inference = asked.question.workload.inference;
  const auto& mtp = asked.network.architecture.mtp;
  double keys = 0, values = 0;
  for (const estimate::NetworkLayer& layer : asked.network.layers) {
    keys = std::max(keys, static_cast<double>(layer.cache.keys));
    values = std::max(values, static_cast<double>(layer.cache.values));
  }
  constexpr workload::CacheType kHalf = {};
  const bool half = asked.engine.family == workload::EngineFamily::llama_cpp;
  const workload::CacheType k = half ? kHalf : inference.key_type;
  const workload::CacheType v = half ? kHalf : inference.value_type;
  const double caches = inference.shared_cache ? 1.0 : inference.sequences;
  const double tokens = caches * static_cast<double>(inference.context);
  const double layers = mtp ? mtp->layers : 0;
  return layers * tokens * (keys * k.bytes_per_element + values * v.bytes_per_element) * byte;
}

/// Weights and cache lie on one device, the graph on every one.
Draft draft_on(const AskedRow& asked, const DeviceMemory& memory) {
  const Interval& all = memory[Term::draft];
  const int ways = std::max(1, asked.placement.tensor);
  const Bytes weights = asked.network.draft / ways, cache = draft_cache(asked) / ways;
  constexpr double kAlmost = 0.999;  // caches are padded
  if (all.expected < kAlmost * (weights + cache)) return {.weights = {}, .cache = {}, .graph = all};
  const Bytes held = std::min(cache, all.expected - weights);
  return {share_of(all, weights), share_of(all, held),
          share_of(all, all.expected - weights - held)};
}

Answer model(const AskedRow& asked) {
  return over_devices(asked, [&](const DeviceMemory& memory) {
    Interval sum = sum_of(memory, {Term::weights, Term::vision});
    sum += draft_on(asked, memory).weights;
    return sum;
  });
}

Answer cache(const AskedRow& asked) {
  return over_devices(asked, [&](const DeviceMemory& memory) {
    Interval sum = memory[Term::kv_cache];
    sum += draft_on(asked, memory).cache;
    return sum;
  });
}

Answer compute_buffer(const AskedRow& asked) {
  return over_devices(asked, [&](const DeviceMemory& memory) {
    Interval sum = sum_of(memory, {Term::compute, Term::graph_copies});
    sum += draft_on(asked, memory).graph;
    return sum;
  });
}

template <Term... terms>
Answer terms_of(const AskedRow& asked) {
  return over_devices(asked, [](const DeviceMemory& memory) { return sum_of(memory, {terms...}); });
}

Answer stated_terms(const AskedRow& asked) {
  if (asked.settings.terms.empty()) return refuse("which terms? Write term=weights+runtime");
  return over_devices(asked, [&](const DeviceMemory& memory) {
    Interval sum;
    for (const Term term : asked.settings.terms) sum += memory[term];
    return sum;
  });
}

Answer total(const AskedRow& asked) {
  return over_devices(asked, [](const DeviceMemory& memory) { return memory.total(); });
}

/// What a framework's allocator holds: all but the driver's context and other programs.
Answer reserved(const AskedRow& asked) {
  return over_devices(asked, [](const DeviceMemory& memory) {
    return without(memory.total(), sum_of(memory, {Term::runtime, Term::reserve}));
  });
}

Answer allocated(const AskedRow& asked) {
  return over_devices(asked, [](const DeviceMemory& memory) {
    return without(memory.total(),
                   sum_of(memory, {Term::runtime, Term::reserve, Term::fragmentation}));
  });
}

Answer states(const AskedRow& asked) {
  if (!asked.engine.trains()) return refuse("only training holds states");
  const estimate::TrainingStates s = estimate::training_states(training_case(asked));
  return exactly(s.weights + s.adapter + s.gradients + s.optimizer + s.master);
}

/// While inferring: the profiled peak. While training: what the forward pass keeps.
Answer activations(const AskedRow& asked) {
  if (!asked.engine.trains()) return terms_of<Term::compute>(asked);
  const Bytes kept = estimate::training_activations(training_case(asked)).kept;
  return figures(estimate::modelled(asked.engine, kept));
}

Interval available(const DeviceMemory& memory) {
  const Interval sum = sum_of(memory, {Term::kv_cache, Term::recurrent_state, Term::cache_pool});
  return {std::min(sum.low, sum.high), sum.expected, std::max(sum.low, sum.high)};
}

Answer pool(const AskedRow& asked) {
  return over_devices(asked, available);
}

/// The pool is the row's own where it states one.
Answer capacity(const AskedRow& asked) {
  if (asked.engine.family != workload::EngineFamily::vllm) {
    return refuse("only vLLM prints a cache size in tokens");
  }
  const auto tokens = [&](double pool_bytes) {
    return estimate::vllm_cache_tokens(inference_case(asked), first_place(asked),
                                       pool_bytes * byte);
  };
  if (asked.settings.pool > Bytes{}) return exactly(tokens(asked.settings.pool.in(byte)));
  const estimate::MemoryEstimate memory = place::evaluate(asked.question, asked.placement).memory;
  const auto place = static_cast<std::size_t>(first_place(asked));
  const Answer bytes = figures(available(memory.device[place]));
  return Figures{tokens(bytes->low), tokens(bytes->expected), tokens(bytes->high)};
}

/// Cache of one sequence of this many tokens on one device.
Bytes one_sequence(const AskedRow& asked, double tokens, bool windows) {
  const workload::Inference& inference = asked.question.workload.inference;
  const estimate::CacheLayout layout{.cells = tokens,
                                     .windows = windows,
                                     .key_bytes = inference.key_type.bytes_per_element,
                                     .value_bytes = inference.value_type.bytes_per_element};
  return estimate::cache_bytes(
      asked.network, estimate::shard_at(inference_case(asked), first_place(asked)), layout);
}

Answer most_sequences(const AskedRow& asked) {
  if (asked.settings.pool <= Bytes{}) return refuse("pool_gib is wanted");
  const auto context = static_cast<double>(asked.question.workload.inference.context);
  return exactly(std::floor(asked.settings.pool / one_sequence(asked, context, true)));
}

Answer bytes_per_token(const AskedRow& asked) {
  return exactly(one_sequence(asked, 1, false));
}

double parameters(const AskedRow& asked) {
  const llm::InventoryScope scope{.vision = asked.question.workload.inference.vision};
  return static_cast<double>(llm::parameters(asked.network.architecture, scope));
}

Answer parameter_count(const AskedRow& asked) {
  return exactly(parameters(asked));
}

Bytes file_size(const AskedRow& asked) {
  const bool vision = asked.question.workload.inference.vision;
  return asked.network.weights() + (vision ? asked.network.vision : Bytes{});
}

/// A recipe is exact or off by its tolerance.
Answer file(const AskedRow& asked) {
  return figures(estimate::spread(file_size(asked), asked.network.tolerance));
}

Answer bits_per_weight(const AskedRow& asked) {
  return file(asked).map([&](const Figures& bytes) {
    const double each = 8 / parameters(asked);
    return Figures{each * bytes.low, each * bytes.expected, each * bytes.high};
  });
}

struct Quantity {
  std::string_view metric;  ///< without its unit
  bool in_bytes = true;     ///< and therefore with a unit
  Answer (*answer)(const AskedRow& asked) = nullptr;
};

constexpr std::array kQuantities = {
    Quantity{"mem_model", true, model},
    Quantity{"mem_kv_total", true, cache},
    Quantity{"mem_rs", true, terms_of<Term::recurrent_state>},
    Quantity{"mem_compute_buffer", true, compute_buffer},
    Quantity{"mem_activation", true, activations},
    Quantity{"mem_non_torch", true, terms_of<Term::runtime, Term::communication>},
    Quantity{"mem_cudagraph", true, terms_of<Term::cuda_graphs>},
    Quantity{"mem_kv_available", true, pool},
    Quantity{"mem_term", true, stated_terms},
    Quantity{"mem_total", true, total},
    Quantity{"mem_reserved", true, reserved},
    Quantity{"mem_allocated", true, allocated},
    Quantity{"mem_states", true, states},
    Quantity{"model_file", true, file},
    Quantity{"kv_bytes_per_token", false, bytes_per_token},
    Quantity{"kv_cache_capacity_tokens", false, capacity},
    Quantity{"max_sequences", false, most_sequences},
    Quantity{"params", false, parameter_count},
    Quantity{"bits_per_weight", false, bits_per_weight},
};

struct Unit {
  std::string_view suffix;
  Bytes size;
};
constexpr std::array kUnits = {Unit{"_gib", GiB}, Unit{"_mib", MiB}, Unit{"_gb", GB},
                               Unit{"_bytes", byte}};

/// A quantity and the size of one of the row's units.
struct Wanted {
  const Quantity* quantity = nullptr;
  double unit = 1;
};
tl::expected<Wanted, std::string> wanted(std::string_view metric) {
  for (const Quantity& one : kQuantities) {
    if (!metric.starts_with(one.metric)) continue;
    const std::string_view rest = metric.substr(one.metric.size());
    if (!one.in_bytes && rest.empty()) return Wanted{&one, 1};
    const auto unit =
        std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.suffix == rest; });
    if (one.in_bytes && unit != kUnits.end()) return Wanted{&one, unit->size.in(byte)};
  }
  if (metric.empty()) return refuse("the row has no metric");
  return refuse(fmt::format("\"{}\" is no quantity with its unit", metric));
}

}  // namespace

bool accepts_settings(const Row& row) {
  return row["notes"].starts_with(kOwnWords);
}

Prediction predict_settings(const Row& row, Siblings, Library& library) {
  const auto asked_for = wanted(row["metric"]);
  if (!asked_for) return unmapped(asked_for.error());
  const auto asked = ask(row, library);
  if (!asked) return unmapped(asked.error());
  const Answer answer = asked_for->quantity->answer(**asked);
  if (!answer) return unmapped(answer.error());
  return {.status = Status::mapped,
          .low = answer->low / asked_for->unit,
          .expected = answer->expected / asked_for->unit,
          .high = answer->high / asked_for->unit,
          .family = (*asked)->network.architecture.family};
}

}  // namespace rigor::evidence
