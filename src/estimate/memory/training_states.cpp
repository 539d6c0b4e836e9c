#include "estimate/memory/training_states.hpp"

#include <algorithm>

#include "estimate/memory/adapters.hpp"

namespace rigor::estimate {
namespace {

using workload::BaseFormat;
using workload::Constant;
using workload::FineTune;
using workload::Method;
using workload::Offload;
using workload::Optimizer;
using workload::Placement;
using workload::Recipe;
using workload::Sharding;
using workload::Step;

/// Elements that experts hold and others; expert parallelism divides them differently.
struct Trained {
  double others = 0, experts = 0;
  [[nodiscard]] double sum() const { return others + experts; }
};

Trained trained_elements(const FineTuneCase& input, const Stage& stage) {
  const FineTune& f = input.finetune;
  if (f.method != Method::full) {
    const Placement& p = input.placement;
    const double whole = adapter_elements(input.network, f);
    return {whole / (p.tensor * p.pipeline), 0};
  }
  const double share = 1 - f.frozen_share;
  const bool embeddings = f.frozen_share <= 0 || f.train_embeddings;
  const double layers = stage.matrices - stage.experts + stage.vectors;
  return {share * layers + (embeddings ? stage.embeddings : 0.0), share * stage.experts};
}

/// Bytes on one device of what is divided `ways`; experts under expert parallelism by that alone.
Bytes divided(const Trained& elements, double bytes, int ways, int expert) {
  const int expert_ways = expert > 1 ? expert : ways;
  return bytes * (elements.others / ways + elements.experts / expert_ways) * byte;
}

int ways_if(bool divides, const Placement& placement) {
  return divides ? sharding_ways(placement) : 1;
}

Bytes weight_bytes(const FineTuneCase& input, const Stage& stage) {
  const Placement& p = input.placement;
  const int ways = ways_if(shards_parameters(p), p);
  const Trained matrices{stage.matrices - stage.experts, stage.experts};
  const double others = stage.vectors + stage.embeddings;
  if (input.finetune.method != Method::qlora) {
    const double bytes = input.finetune.method == Method::full   ? trained_bytes(input).weight
                         : input.finetune.recipe == Recipe::fp32 ? 4.0
                                                                 : 2.0;
    return divided({matrices.others + others, matrices.experts}, bytes, ways, p.expert);
  }
  const double beside = input.engine.number(Constant::unquantized_bytes);
  const bool whole_scales = p.sharding == Sharding::fsdp;
  const double replicated =
      whole_scales ? stage.matrices * replicated_bytes(input.finetune) * (1 - 1.0 / ways) : 0.0;
  return divided(matrices, matrix_bytes(input.finetune), ways, p.expert) +
         (others * beside / ways + replicated) * byte;
}

/// Fully trained copies of embedding and head beside adapters: 16 bits each, with two 16-bit
/// states.
void add_trained_embeddings(const FineTuneCase& input, const Stage& stage, TrainingStates& out) {
  if (input.finetune.method == Method::full || !input.finetune.train_embeddings) return;
  const Placement& p = input.placement;
  const Bytes copy = 2.0 * stage.embeddings * byte;
  const Bytes stepped = copy / ways_if(shards_optimizer(p), p);
  out.adapter += copy / ways_if(shards_parameters(p), p);
  out.gradients += copy / ways_if(shards_gradients(p), p);
  out.optimizer += 2.0 * stepped;
  out.step += input.engine.number(Constant::step_copies) * stepped;
}

/// FSDP 1 accumulates whole 16-bit gradients between steps (no_sync); others accumulate what they
/// hold.
Bytes accumulated(const FineTuneCase& input, const Trained& trained, Bytes gradients) {
  if (input.finetune.accumulation <= 1 || input.finetune.step == Step::in_backward) return {};
  const bool whole = input.placement.sharding == Sharding::fsdp &&
                     input.engine.number(Constant::fsdp_version) == 1 &&
                     input.finetune.method == Method::full;
  return whole ? std::max(gradients, divided(trained, 2.0, 1, input.placement.expert)) : gradients;
}

Bytes gradient_bytes(const FineTuneCase& input, const Trained& trained, double bytes) {
  const Placement& p = input.placement;
  const Bytes all = divided(trained, bytes, ways_if(shards_gradients(p), p), p.expert);
  const auto layers = static_cast<double>(input.network.layers.size());
  return input.finetune.step == Step::in_backward ? all / std::max(1.0, layers) : all;
}

}  // namespace

int sharding_ways(const Placement& placement) {
  return std::max(1, placement.data * placement.context);
}
bool shards_parameters(const Placement& placement) {
  return placement.sharding == Sharding::zero3 || placement.sharding == Sharding::fsdp;
}
bool shards_gradients(const Placement& placement) {
  return placement.sharding == Sharding::zero2 || shards_parameters(placement);
}
bool shards_optimizer(const Placement& placement) {
  return placement.sharding != Sharding::none;
}

Stage largest_stage(const Network& network, const Placement& placement) {
  Stage stage;
  const bool ends_apart = placement.pipeline > 1 && network.head_elements > 0;
  const double tables = network.embedding_elements + network.head_elements;
  const double cut = 1.0 / (placement.tensor * placement.pipeline);
  stage.matrices = cut * network.sum.linear_elements;
  stage.experts = cut * network.sum.expert_elements;
  stage.vectors = cut * network.sum.small_elements;
  stage.embeddings = (ends_apart ? tables / 2 : tables) / placement.tensor;
  stage.layers = static_cast<double>(network.layers.size()) / placement.pipeline;
  return stage;
}

double matrix_bytes(const FineTune& finetune) {
  constexpr double kScales = 4.0 / 64;                          // one F32 per 64 weights
  constexpr double kScalesTwice = 1.0 / 64 + 4.0 / (64 * 256);  // 8 bits each, F32 per 256 of them
  switch (finetune.base) {
    case BaseFormat::nf4: return 0.5 + (finetune.double_quantization ? kScalesTwice : kScales);
    case BaseFormat::gptq4:
    case BaseFormat::awq4: return 0.5 + 2.5 / 128;  // F16 scale and 4-bit zero per group of 128
    case BaseFormat::gptq4_ungrouped: return 0.5;
    case BaseFormat::gptq8: return 1 + 3.0 / 128;
    case BaseFormat::int8: return 1 + 4.0 / 4096;  // one F32 per row
    case BaseFormat::aqlm2: return 0.27;
  }
  return 2.0;
}

double replicated_bytes(const FineTune& finetune) {
  return finetune.base == BaseFormat::nf4 ? matrix_bytes(finetune) - 0.5 : 0.0;
}

TrainingStates states_before_offload(const FineTuneCase& input) {
  const Placement& p = input.placement;
  const Stage stage = largest_stage(input.network, p);
  const Trained trained = trained_elements(input, stage);
  const TrainedBytes bytes = trained_bytes(input);
  const int steps = ways_if(shards_optimizer(p), p);
  TrainingStates out;
  out.weights = weight_bytes(input, stage);
  if (input.finetune.method != Method::full) {
    out.adapter = divided(trained, bytes.weight, ways_if(shards_parameters(p), p), 1);
  }
  out.gradients = gradient_bytes(input, trained, bytes.gradient);
  out.accumulated = accumulated(input, trained, out.gradients);
  out.optimizer = divided(trained, bytes.states, steps, p.expert);
  out.master = divided(trained, bytes.master, steps, p.expert);
  out.step = divided(trained, bytes.step, steps, p.expert);
  add_trained_embeddings(input, stage, out);
  return out;
}

TrainingStates training_states(const FineTuneCase& input) {
  TrainingStates out = states_before_offload(input);
  const Placement& p = input.placement;
  if (p.optimizer != Offload::none) {
    out.optimizer = out.master = out.step = out.gradients = out.accumulated = {};
  }
  if (p.parameters != Offload::none) {
    out.weights = out.adapter = out.gradients = out.accumulated = {};
  }
  if (input.finetune.optimizer == Optimizer::paged_adamw_8bit) out.optimizer = {};
  return out;
}

}  // namespace rigor::estimate
