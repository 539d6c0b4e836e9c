// vLLM rows: terms of its start-up log (per GPU), its cache size in tokens, and totals of
// nvidia-smi. What each source states and what its figure means: docs/models/12-vllm-memory.md.
#include <algorithm>
#include <initializer_list>
#include <vector>

#include "base/text.hpp"
#include "estimate/memory/inference_memory.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using estimate::Interval;
using estimate::Term;
using workload::Backend;

/// Everything an estimate reads, made from one row.
struct Setup {
  const estimate::Network* network = nullptr;
  const workload::Engine* engine = nullptr;
  workload::Inference inference = {.context = 16, .sequences = 1, .vision = true};
  workload::Placement placement = {};
  std::vector<hardware::Accelerator> cards;
  Backend backend = Backend::cuda;
  int cards_in_figure = 1;  ///< summed over this many
};

bool is_rig_of_3090s(const Row& row) {
  return contains(row["source"], "4x3090-llm-benchmarks");
}
bool is_toolboxes(const Row& row) {
  return contains(row["source"], "vllm-toolboxes");
}

/// The four-3090 source cuts notes at 200 characters; the id of the run comes first and survives.
std::string_view run_id(const Row& row) {
  return row.note("run_id");
}

std::string_view engine_id(const Row& row) {
  constexpr Version kOldSampler{0, 16};
  constexpr Version kOldLibraries{0, 17};
  constexpr std::string_view kCurrentSince = "2026-02";  // 0.17, for rows that state no version
  const auto version = version_of(row["engine_version"]);
  if (!version) {
    const std::string_view date = row["date"];
    return !date.empty() && date < kCurrentSince ? "engine/vllm/0.16" : "engine/vllm";
  }
  if (*version <= kOldSampler) return "engine/vllm/0.16";
  return *version <= kOldLibraries ? "engine/vllm/0.17" : "engine/vllm";
}

/// Recipe of a "compressed" checkpoint: the column names the container, the repository's name the
/// format.
std::string_view compressed_recipe(const std::string& model, const estimate::Network* network) {
  if (contains(model, "fp8")) return "FP8";
  const bool hybrid = network != nullptr && network->architecture.delta_net.has_value();
  if (contains(model, "awq-4bit") && hybrid) return "awq-4bit-g32-mixers-16bit";
  return "awq-4bit-g128";
}

std::string_view recipe(const Row& row, const estimate::Network* plain) {
  const std::string q = lower(row["quant"]);
  const auto has = [&](std::string_view part) { return contains(q, part); };
  if (has("mxfp4")) return "mxfp4";
  if (has("compressed") && !has("w4")) return compressed_recipe(lower(row["model"]), plain);
  if (q.empty() || q == "none" || has("bf16") || has("fp16")) return "bf16";
  if (has("nvfp4") || has("modelopt_fp4")) return "nvfp4";
  if (has("gptq-int8")) return "gptq-8bit";
  if (has("w8a8") || has("int8")) return "int8";
  if (has("fp8")) return "fp8";
  if (has("int4") || has("awq") || has("gptq") || has("4bit") || has("w4") || has("tq3")) {
    return group_size(q) == 32.0 ? "awq-4bit-g32" : "awq-4bit-g128";
  }
  return "bf16";  // a mix that is not described: an upper bound
}

/// The share of the card: stated in the row, in another row of the same source's page, or known of
/// the source.
std::optional<double> fraction(const Row& row, Siblings siblings) {
  constexpr double kScriptOf3090s = 0.90;
  const auto stated = [](const Row& of) -> std::optional<double> {
    if (of.note("gpu_memory_utilization") == "default") return 0.0;  // the engine's own
    if (const auto value = number_after(of["notes"], "gpu_memory_utilization")) return value;
    if (const auto value = number_after(of["notes"], "mem-util")) return value;
    return number_before(of["notes"], "mem-util");
  };
  if (const auto own = stated(row)) return own;
  if (is_rig_of_3090s(row)) return kScriptOf3090s;
  for (const Row* other : siblings) {
    const bool same_page = (*other)["source"] == row["source"];
    if (const auto value = same_page ? stated(*other) : std::nullopt) return value;
  }
  return std::nullopt;
}

/// The card, or a stand-in for one that the row describes only by its size. An A100 without its
/// size answers for what does not depend on it.
hardware::Accelerator card(const Row& row, Library& library) {
  if (const hardware::Accelerator* known = library.device(row["device_id"])) return *known;
  const std::string_view words = row["device"];
  const bool sized = contains(words, "80GB") || contains(words, "80 GB");
  if (!sized && !contains(words, "A100")) return {};
  const hardware::Accelerator* large = library.device("gpu/nvidia/h100-sxm-80gb");
  hardware::Accelerator made = large != nullptr ? *large : hardware::Accelerator{};
  if (!sized) made.usable = {};
  return made;
}

/// A draft layer changes what lies beside the pool; n-gram guesses need none.
int draft_tokens(const Row& row) {
  const std::string_view id = run_id(row);
  if (contains(id, "ngram")) return 0;
  if (const auto k = number_after(id, "mtp-k")) return static_cast<int>(*k);
  if (contains(row["notes"], "MTP n=") || contains(row["notes"], "DFlash N")) return 1;
  return row["speculative"] == "1" ? 1 : 0;
}

void set_profile(const Row& row, Setup& setup) {
  constexpr std::string_view kBeforeLargeDefaults = "2025";
  if (is_toolboxes(row)) {  // its script states both
    setup.inference.batch = 2048;
    setup.inference.most_sequences = 64;
  } else if (row["engine_version"].empty() && row["date"] < kBeforeLargeDefaults) {
    setup.inference.most_sequences = 256;
  }
}

void set_placement(const Row& row, Setup& setup) {
  const auto in_link = number_after(row["link_note"], "TP");
  const int stated =
      count_note(row, "tp", count_note(row, "TP", in_link ? static_cast<int>(*in_link) : 0));
  const int tensor = stated > 0 ? stated : std::max(1, count_of(row, "device_count", 1));
  setup.placement.split = workload::Split::tensor;
  setup.placement.tensor = tensor;
  setup.placement.pipeline = std::max(1, count_note(row, "pp", 1));
  setup.placement.devices = std::min(workload::kMostDevices, tensor * setup.placement.pipeline);
  for (int i = 0; i < setup.placement.devices; ++i) {
    setup.placement.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  }
}

/// Orchestrated runs fill all four cards with replicas; sweeps print their largest card; others sum
/// the run's.
int cards_in_figure(const Row& row, const Setup& setup) {
  if (!is_rig_of_3090s(row)) return 1;
  const std::string_view id = run_id(row);
  if (id.starts_with("orch/")) return 4;
  if (id.starts_with("sweep") || id.starts_with("vllm026")) return 1;
  return setup.placement.devices * count_note(row, "dp", 1) * count_note(row, "inst", 1);
}

std::optional<std::string> read(const Row& row, Library& library, Setup& setup) {
  const estimate::Network* plain = library.network(row["model_id"], "bf16");
  if (plain == nullptr) return "the catalogue has no such network";
  setup.network = library.network(row["model_id"], recipe(row, plain));
  setup.engine = library.engine(engine_id(row));
  if (setup.network == nullptr || setup.engine == nullptr)
    return "unknown storage format or engine";
  setup.backend = contains(row["device_id"], "/amd/") ? Backend::rocm : Backend::cuda;
  set_profile(row, setup);
  set_placement(row, setup);
  setup.inference.draft_tokens = draft_tokens(row);
  setup.cards_in_figure = cards_in_figure(row, setup);
  setup.cards.assign(static_cast<std::size_t>(setup.placement.devices), card(row, library));
  return std::nullopt;
}

bool needs_card(const Row& row) {
  const std::string_view metric = row["metric"];
  return is_total(row) || metric == "mem_kv_available_gib" || metric == "kv_cache_capacity_tokens";
}

/// What the log calls available for the cache: the pool and what the context already counted of it.
/// It is least where everything else is high.
Interval available(const estimate::DeviceMemory& memory) {
  Interval sum = memory[Term::kv_cache];
  for (const Term term : {Term::recurrent_state, Term::cache_pool}) sum += memory[term];
  return {std::min(sum.low, sum.high), sum.expected, std::max(sum.low, sum.high)};
}

Interval sum_of(const estimate::DeviceMemory& memory, std::initializer_list<Term> terms) {
  Interval sum;
  for (const Term term : terms) sum += memory[term];
  return sum;
}

Interval scaled(const Interval& interval, double factor) {
  return {interval.low * factor, interval.expected * factor, interval.high * factor};
}

Prediction capacity(const estimate::InferenceCase& input, const Interval& pool) {
  const auto tokens = [&](Bytes bytes) { return estimate::vllm_cache_tokens(input, 0, bytes); };
  return {.status = Status::mapped,
          .low = tokens(pool.low),
          .expected = tokens(pool.expected),
          .high = tokens(pool.high),
          .family = input.network.architecture.family};
}

Prediction answer(const Row& row, const Setup& setup) {
  const hardware::Host host;
  const estimate::InferenceCase input{*setup.network,
                                      *setup.engine,
                                      setup.inference,
                                      setup.placement,
                                      setup.cards,
                                      host,
                                      setup.backend,
                                      {},
                                      -1};
  estimate::MemoryEstimate memory;
  estimate::vllm_memory(input, memory);
  const estimate::DeviceMemory& first = memory.device[0];
  const std::string_view metric = row["metric"];
  if (metric == "kv_cache_capacity_tokens") return capacity(input, available(first));
  Interval expected;
  if (metric == "mem_model_gib")
    expected = sum_of(first, {Term::weights, Term::vision, Term::draft});
  if (metric == "mem_activation_peak_gib") expected = first[Term::compute];
  if (metric == "mem_non_torch_gib") expected = sum_of(first, {Term::runtime, Term::communication});
  if (metric == "mem_cudagraph_gib") expected = first[Term::cuda_graphs];
  if (metric == "mem_kv_available_gib") expected = available(first);
  if (is_total(row)) expected = scaled(first.total(), setup.cards_in_figure);
  if (expected.expected <= Bytes{}) return unmapped("a metric rigor does not predict for vLLM");
  return mapped(expected, GiB, *setup.network);
}

/// Before its V1 engine vLLM counted the driver's context and more as library memory.
bool is_old_library_figure(const Row& row) {
  constexpr std::string_view kFirstOfV1 = "2025";
  return row["metric"] == "mem_non_torch_gib" && row["engine_version"].empty() &&
         row["date"] < kFirstOfV1;
}

std::optional<std::string> refuse(const Row& row, const Setup& setup) {
  if (row["metric"] == "kv_cache_capacity_tokens") return std::nullopt;
  return implausible(row, GiB, {.memory = setup.cards_in_figure * setup.cards.front().memory});
}

}  // namespace

bool accepts_vllm(const Row& row) {
  return is_memory_row(row) &&
         (row["engine"] == "vLLM" || row["engine"] == "vllm" || row["engine"] == "vllm/other");
}

Prediction predict_vllm(const Row& row, Siblings siblings, Library& library) {
  if (is_old_library_figure(row))
    return unmapped("library memory of the V0 engine is not modelled");
  Setup setup;
  if (const auto reason = read(row, library, setup)) return unmapped(*reason);
  if (needs_card(row)) {
    if (setup.cards.front().usable <= Bytes{}) return unmapped("the card's memory is not stated");
    const auto share = fraction(row, siblings);
    if (!share) return unmapped("takes a fraction of the card that the row does not state");
    setup.inference.memory_fraction = *share;
  }
  if (const auto reason = refuse(row, setup)) return gated(*reason);
  return answer(row, setup);
}

}  // namespace rigor::evidence
