#include "place/remedy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "place/solve.hpp"
#include "units/unit_text.hpp"

namespace rigor::place {
namespace {

using estimate::Fit;
using workload::EngineFamily;
using workload::Offload;
using workload::Sharding;

Bytes binding_total(const Answer& answer) {
  const int binding = answer.verdict.binding;
  const estimate::DeviceMemory& memory =
      binding == estimate::kHost ? answer.memory.host
                                 : answer.memory.device[static_cast<std::size_t>(binding)];
  return memory.total().expected;
}

std::string effect_of(const Answer& answer) {
  switch (answer.verdict.fit) {
    case Fit::fits: return fmt::format("fits with {} to spare", to_text(answer.verdict.headroom));
    case Fit::tight: return fmt::format("tight: may miss by {}", to_text(answer.verdict.shortfall));
    case Fit::unknown: return "depends on memory the rig does not state";
    case Fit::does_not_fit:
      return fmt::format("still short by {}", to_text(answer.verdict.shortfall));
  }
  return {};
}

/// Collects changes; each is tried on a copy of the question.
class Collector {
 public:
  Collector(const Question& question, const Answer& answer)
      : question_(question), answer_(answer) {}

  /// Tries one change. Changes that gain nothing are not kept.
  template <class Change>
  void attempt(const std::string& words, const Change& change) {
    Question trial = question_;
    change(trial);
    if (trial.network == nullptr || !problem_with_wish(trial).empty()) return;
    const Answer after = choose(trial);
    const bool gains = after.verdict.fit < answer_.verdict.fit ||
                       after.verdict.shortfall < answer_.verdict.shortfall;
    if (gains) found_.push_back({words, effect_of(after), after.verdict.fit, binding_total(after)});
  }
  void add(Remedy remedy) { found_.push_back(std::move(remedy)); }

  std::vector<Remedy> best(std::size_t most) {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Remedy& a, const Remedy& b) { return a.fit < b.fit; });
    if (found_.size() > most) found_.resize(most);
    return std::move(found_);
  }

 private:
  const Question& question_;
  const Answer& answer_;
  std::vector<Remedy> found_;
};

void cache_settings(const Question& question, Collector& collector) {
  const workload::Inference& inference = question.workload.inference;
  const bool llama = question.engine->family == EngineFamily::llama_cpp;
  if (!inference.flash_attention) {
    collector.attempt("--flash-attention on",
                      [](Question& q) { q.workload.inference.flash_attention = true; });
  }
  if (inference.key_type.bytes_per_element > 1.1) {
    const workload::CacheType smaller =
        llama ? workload::CacheType{1.0625, true, "q8_0"} : workload::CacheType{1.0, false, "fp8"};
    collector.attempt(llama ? "--kv-type q8_0" : "--kv-type fp8", [&](Question& q) {
      q.workload.inference.key_type = q.workload.inference.value_type = smaller;
    });
  }
  if (inference.sequences > 1) {
    collector.attempt("--sequences 1", [](Question& q) { q.workload.inference.sequences = 1; });
  }
  if (llama && inference.micro_batch > 128) {
    collector.attempt("--ubatch 128", [](Question& q) { q.workload.inference.micro_batch = 128; });
  }
}

void shorter_context(const Question& question, Collector& collector) {
  const bool training = question.workload.kind == workload::Kind::finetune;
  const std::int64_t now =
      training ? question.workload.finetune.sequence : question.workload.inference.context;
  const std::optional<std::int64_t> most = largest_context(question);
  if (!most || *most >= now) return;
  const std::int64_t context = *most;
  collector.attempt(fmt::format("--{} {}", training ? "sequence" : "context", context),
                    [&](Question& q) {
                      q.workload.inference.context = context;
                      q.workload.finetune.sequence = static_cast<int>(context);
                    });
}

void other_quantization(const Question& question, const Alternatives& alternatives,
                        Collector& collector) {
  const std::optional<std::string> name = best_quantization(question, alternatives);
  if (!name || *name == question.network->quantization) return;
  collector.attempt("--quantization " + *name,
                    [&](Question& q) { q.network = alternatives.network(*name); });
}

void host_layers(const Question& question, Collector& collector) {
  if (question.engine->family != EngineFamily::llama_cpp || question.workload.wish.host_layers)
    return;
  const auto layers = static_cast<std::int64_t>(question.network->architecture.layers.size());
  const auto with = [&](std::int64_t count) {
    Question trial = question;
    trial.workload.wish.host_layers = static_cast<int>(count);
    return choose(trial);
  };
  const auto devices_fit = [&](std::int64_t count) {
    const Answer answer = with(count);
    return answer.verdict.fit == Fit::fits || answer.verdict.binding == estimate::kHost;
  };
  const auto fewest = smallest(1, layers, devices_fit);
  if (!fewest) return;
  const Answer answer = with(*fewest);
  const Bytes on_host = answer.memory.host.total().expected;
  collector.add({fmt::format("--host-layers {} (slow)", *fewest),
                 fmt::format("{}; {} in host memory", effect_of(answer), to_text(on_host)),
                 answer.verdict.fit, binding_total(answer)});
}

void training_settings(const Question& question, Collector& collector) {
  using workload::Checkpointing;
  using workload::Method;
  const workload::FineTune& tune = question.workload.finetune;
  if (tune.checkpointing == Checkpointing::none) {
    collector.attempt("--checkpointing full",
                      [](Question& q) { q.workload.finetune.checkpointing = Checkpointing::full; });
  }
  if (tune.loss == workload::Loss::plain) {
    collector.attempt("--loss fused",
                      [](Question& q) { q.workload.finetune.loss = workload::Loss::fused; });
  }
  if (tune.micro_batch > 1) {
    collector.attempt("--micro-batch 1", [](Question& q) { q.workload.finetune.micro_batch = 1; });
  }
  if (tune.method == Method::full && tune.optimizer == workload::Optimizer::adamw) {
    collector.attempt("--recipe bf16 --optimizer adamw-8bit", [](Question& q) {
      q.workload.finetune.recipe = workload::Recipe::bf16;
      q.workload.finetune.optimizer = workload::Optimizer::adamw_8bit;
    });
  }
  if (tune.method == Method::full) {
    collector.attempt("--method lora",
                      [](Question& q) { q.workload.finetune.method = Method::lora; });
  }
  if (tune.method != Method::qlora) {
    collector.attempt("--method qlora",
                      [](Question& q) { q.workload.finetune.method = Method::qlora; });
  }
}

void training_sharding(const Question& question, Collector& collector) {
  const workload::PlacementWish& wish = question.workload.wish;
  const bool deepspeed = question.engine->family == EngineFamily::deepspeed;
  if (!deepspeed) return;
  if (wish.sharding && *wish.sharding < Sharding::zero3) {
    collector.attempt("--zero 3", [](Question& q) { q.workload.wish.sharding = Sharding::zero3; });
  }
  const bool on_device = wish.optimizer.value_or(Offload::none) == Offload::none;
  if (wish.sharding && on_device) {
    const bool already = *wish.sharding == Sharding::zero3;
    collector.attempt(already ? "--offload-optimizer host" : "--zero 3 --offload-optimizer host",
                      [](Question& q) {
                        q.workload.wish.sharding = Sharding::zero3;
                        q.workload.wish.optimizer = Offload::host;
                      });
  }
  collector.attempt("--zero 3 --offload-optimizer host --offload-parameters host", [](Question& q) {
    q.workload.wish.sharding = Sharding::zero3;
    q.workload.wish.optimizer = Offload::host;
    q.workload.wish.parameters = Offload::host;
  });
}

void more_devices(const Question& question, const Alternatives& alternatives,
                  Collector& collector) {
  if (question.accelerators.empty()) return;
  const hardware::Accelerator& own = question.accelerators[0];
  const auto present = static_cast<int>(question.accelerators.size());
  const std::optional<int> count = fewest_devices(question, own);
  if (count && *count > present) {
    collector.add({fmt::format("{} x {} in all", *count, own.name), "fits", Fit::fits, {}});
  }
  for (const hardware::Accelerator& other : alternatives.devices) {
    if (other.usable <= own.usable) continue;
    const std::optional<int> fewer = fewest_devices(question, other);
    if (!fewer || *fewer > present) continue;
    collector.add({fmt::format("{} x {} instead", *fewer, other.name), "fits", Fit::fits, {}});
    return;
  }
}

}  // namespace

std::vector<Remedy> remedies(const Question& question, const Answer& answer,
                             const Alternatives& alternatives, std::size_t most) {
  if (answer.verdict.fit == Fit::fits) return {};
  Collector collector(question, answer);
  if (question.workload.kind == workload::Kind::inference) {
    cache_settings(question, collector);
    shorter_context(question, collector);
    other_quantization(question, alternatives, collector);
    host_layers(question, collector);
  } else {
    training_settings(question, collector);
    training_sharding(question, collector);
    shorter_context(question, collector);
  }
  more_devices(question, alternatives, collector);
  return collector.best(most);
}

}  // namespace rigor::place
