#include "estimate/memory/training_peaks.hpp"

#include <algorithm>
#include <numeric>

#include "estimate/memory/training_activations.hpp"
#include "estimate/memory/training_communication.hpp"
#include "estimate/memory/training_logits.hpp"
#include "estimate/memory/training_states.hpp"

namespace rigor::estimate {
namespace {

using workload::Batching;
using workload::Constant;
using workload::Method;
using workload::Sharding;

/// Of a device's memory, what an allocator fills before it gives unused blocks back.
constexpr double kFull = 0.965;

struct Parts {
  TrainingStates states;
  TrainingActivations activations;
  TrainingTransfers transfers;
  Bytes loss = {};
  Bytes converted = {};  ///< autocast's copies of weights
  Bytes scratch = {};    ///< one dequantized matrix
};

Parts parts_of(const FineTuneCase& input) {
  return {training_states(input), training_activations(input), training_transfers(input),
          loss_bytes(input),      cast_weights(input),         dequantized_matrix(input)};
}

Bytes& at(Terms& terms, Term term) {
  return terms[static_cast<std::size_t>(term)];
}

Bytes sum(const Terms& terms) {
  return std::accumulate(terms.begin(), terms.end(), Bytes{});
}

/// What is there at every moment.
Terms resident(const Parts& parts) {
  Terms terms = {};
  at(terms, Term::weights) = parts.states.weights;
  at(terms, Term::adapter) = parts.states.adapter;
  at(terms, Term::optimizer) = parts.states.optimizer;
  at(terms, Term::master_weights) = parts.states.master;
  return terms;
}

Terms at_loss(const Parts& parts) {
  Terms terms = resident(parts);
  at(terms, Term::gradients) = parts.states.accumulated;
  at(terms, Term::activations) = parts.activations.kept;
  at(terms, Term::logits) = parts.loss;
  at(terms, Term::communication) = parts.transfers.in_loss();
  at(terms, Term::dequantization) = parts.converted;
  return terms;
}

/// Adapters' gradients are small and scattered: they count from the first layer on.
Terms at_layer_backward(const FineTuneCase& input, const Parts& parts) {
  Terms terms = resident(parts);
  const bool adapters = input.finetune.method != Method::full;
  at(terms, Term::gradients) = adapters ? parts.states.gradients : parts.states.accumulated;
  at(terms, Term::activations) =
      parts.activations.kept + parts.activations.layer + parts.activations.input_gradients;
  at(terms, Term::communication) = parts.transfers.in_layer();
  at(terms, Term::dequantization) = parts.converted + parts.scratch;
  return terms;
}

Terms at_last_backward(const Parts& parts) {
  Terms terms = resident(parts);
  at(terms, Term::gradients) = parts.states.gradients;
  at(terms, Term::activations) = parts.activations.layer;
  at(terms, Term::communication) = parts.transfers.in_layer();
  at(terms, Term::dequantization) = parts.converted + parts.scratch;
  return terms;
}

Terms at_step(const Parts& parts) {
  Terms terms = resident(parts);
  at(terms, Term::gradients) = parts.states.gradients;
  at(terms, Term::optimizer) += parts.states.step;
  return terms;
}

void consider(TrainingPeaks& peaks, Moment moment, const Terms& terms) {
  if (sum(terms) <= peaks.allocated()) return;
  peaks.binding = moment;
  peaks.terms = terms;
}

/// The allocator hands what one phase frees only partly to the next: the smaller of loss and layer
/// adds a share, batches of many lengths leave blocks of no use.
Bytes reserved(const FineTuneCase& input, const Parts& parts, Bytes peak) {
  const auto& e = input.engine;
  const bool sharded = input.placement.sharding == Sharding::fsdp;
  const Bytes layer = parts.activations.layer;
  const Bytes larger = std::max(parts.loss, layer);
  const Bytes smaller = std::min(parts.loss, layer);
  const Bytes phase = std::max(larger + e.number(Constant::unused_share) * smaller,
                               layer + parts.activations.input_gradients);
  const double growth = input.finetune.batching == Batching::padded
                            ? std::max(1.0, e.number(Constant::length_growth))
                            : 1.0;
  const TrainingStates& s = parts.states;
  Bytes held =
      s.weights + s.adapter + s.optimizer + s.master + std::max(s.gradients, s.accumulated);
  held += parts.converted + parts.scratch + parts.transfers.in_layer();
  held += growth * (parts.activations.kept + phase);
  if (sharded) {
    // The stream that gathers keeps blocks of its own.
    held += s.step +
            e.number(Constant::gather_reserved) * (parts.transfers.root + parts.transfers.layer);
  }
  return std::max(peak, held) * (1 + e.number(Constant::reserved_share));
}

}  // namespace

std::string_view to_text(Moment moment) {
  switch (moment) {
    case Moment::loss: return "loss";
    case Moment::layer_backward: return "backward pass of a layer";
    case Moment::last_backward: return "end of the backward pass";
    case Moment::optimizer_step: return "optimizer step";
  }
  return {};
}

Bytes TrainingPeaks::allocated() const {
  return sum(terms);
}

TrainingPeaks training_peaks(const FineTuneCase& input) {
  const Parts parts = parts_of(input);
  TrainingPeaks peaks;
  consider(peaks, Moment::loss, at_loss(parts));
  consider(peaks, Moment::layer_backward, at_layer_backward(input, parts));
  const bool whole_gradients = !shards_gradients(input.placement);
  if (whole_gradients) consider(peaks, Moment::last_backward, at_last_backward(parts));
  consider(peaks, Moment::optimizer_step, at_step(parts));

  const Bytes peak = peaks.allocated();
  peaks.between_steps = sum(resident(parts));
  if (input.placement.sharding == Sharding::fsdp) peaks.between_steps += parts.states.gradients;
  peaks.reserved = reserved(input, parts, peak);
  peaks.irreducible = peak * (1 + input.engine.number(Constant::reserved_share));
  return peaks;
}

Bytes process_overhead(const FineTuneCase& input) {
  const workload::Placement& p = input.placement;
  const int processes = p.tensor * p.pipeline * p.data * p.context;
  const Bytes nccl = input.engine.bytes(Constant::nccl_buffers);
  return input.engine.bytes(Constant::cuda_context_training) + (processes > 1 ? nccl : Bytes{});
}

Bytes held(const TrainingPeaks& peaks, Bytes overhead, Bytes capacity) {
  if (capacity <= Bytes{}) return peaks.reserved;
  return std::max(std::min(peaks.reserved, kFull * capacity - overhead), peaks.irreducible);
}

double margin(const workload::Engine& engine, Term term) {
  switch (term) {
    case Term::weights:
    case Term::adapter:
    case Term::gradients:
    case Term::optimizer:
    case Term::master_weights: return engine.number(Constant::margin_exact);
    default: return engine.number(Constant::margin_model);
  }
}

}  // namespace rigor::estimate
