// Bytes of one trained element: by recipe, optimizer and engine.
#include "estimate/memory/adapters.hpp"
#include "estimate/memory/training_states.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;
using workload::FineTune;
using workload::Method;
using workload::Optimizer;
using workload::Recipe;

/// Weight, gradient and master copy.
TrainedBytes by_recipe(const FineTuneCase& input) {
  if (input.finetune.method != Method::full) {
    const bool plain = input.finetune.recipe == Recipe::fp32;
    const double adapter = plain ? 4.0 : input.engine.number(Constant::adapter_bytes);
    return {.weight = adapter, .gradient = adapter};
  }
  switch (input.finetune.recipe) {
    case Recipe::mixed: return {.weight = 2, .gradient = 2, .master = 4};
    case Recipe::bf16: return {.weight = 2, .gradient = 2};
    case Recipe::amp:
    case Recipe::fp32: return {.weight = 4, .gradient = 4};
  }
  return {};
}

/// States of GaLore: two of rank x columns and a projector of rank x rows per matrix; embeddings
/// are stepped by AdamW as usual.
double galore_states(const FineTuneCase& input, double precision) {
  const Network& n = input.network;
  const double embeddings = 2 * (n.embedding_elements + n.head_elements);
  std::array<bool, workload::kTargets> all;
  all.fill(true);
  const double low_rank = 1.5 * input.finetune.rank * adapter_width(n, all);
  return precision * (embeddings + low_rank) / n.elements();
}

/// `precision`: bytes of a state that follows the stepped weights.
double state_bytes(const FineTuneCase& input, double precision) {
  constexpr double kBlockScale = 4.0 / 256;  // bitsandbytes: one F32 per 256 states
  const Network& n = input.network;
  switch (input.finetune.optimizer) {
    case Optimizer::adamw: return 2 * precision;
    case Optimizer::adamw_bf16: return 4;
    case Optimizer::adamw_8bit:
    case Optimizer::paged_adamw_8bit: return 2 * (1 + kBlockScale);
    case Optimizer::adamw_4bit: return 2 * (0.5 + 4.0 / 128);
    case Optimizer::adafactor: return 0.02;
    case Optimizer::sgd: return 0;
    case Optimizer::sgd_momentum:
    case Optimizer::lion: return precision;
    case Optimizer::muon:  // momentum of the matrices, AdamW for the embeddings
      return precision * (1 + (n.embedding_elements + n.head_elements) / n.elements());
    case Optimizer::galore: return galore_states(input, precision);
  }
  return 0;
}

bool steps_with_torch(Optimizer optimizer) {
  return optimizer == Optimizer::adamw || optimizer == Optimizer::adamw_bf16;
}

}  // namespace

TrainedBytes trained_bytes(const FineTuneCase& input) {
  TrainedBytes bytes = by_recipe(input);
  const double precision = bytes.master > 0 ? bytes.master : bytes.weight;
  bytes.states = state_bytes(input, precision);
  if (input.finetune.method == Method::full) {
    bytes.gradient += input.engine.number(Constant::gradient_extra);
  }
  const bool copies =
      input.finetune.step == workload::Step::foreach && steps_with_torch(input.finetune.optimizer);
  if (copies) bytes.step = input.engine.number(Constant::step_copies) * bytes.weight;
  return bytes;
}

}  // namespace rigor::estimate
