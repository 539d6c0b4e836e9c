#include "estimate/memory/training_logits.hpp"

#include <algorithm>

#include "estimate/memory/training_activations.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;
using workload::Method;

/// A chunk's logits in 16 bits, in F32, and their gradient in 16 bits.
constexpr double kFusedBytes = 8;
/// Beside a chunk: the hidden states and their gradient, whole.
constexpr double kFusedHiddenBytes = 4;

/// The head's gradient is gathered chunk by chunk in a buffer of its own.
Bytes head_gradient(const FineTuneCase& input) {
  const auto& a = input.network.architecture;
  const bool trains_head =
      input.finetune.method == Method::full && input.finetune.frozen_share <= 0;
  return trains_head ? 2.0 * a.vocabulary * a.hidden * byte : Bytes{};
}

Bytes fused_loss(const FineTuneCase& input, double tokens) {
  const auto& a = input.network.architecture;
  const double chunk = std::min(tokens, input.engine.number(Constant::loss_chunk));
  const double vocabulary = 1.0 * a.vocabulary / input.placement.tensor;
  return (kFusedBytes * chunk * vocabulary + kFusedHiddenBytes * tokens * a.hidden) * byte +
         head_gradient(input);
}

}  // namespace

Bytes loss_bytes(const FineTuneCase& input) {
  const auto& a = input.network.architecture;
  if (!a.causal) return {};
  const double tokens = tokens_per_device(input).in(token);
  if (input.finetune.loss == workload::Loss::fused) return fused_loss(input, tokens);
  const double vocabulary = 1.0 * a.vocabulary / input.placement.tensor;
  return tokens * (input.engine.bytes(Constant::loss_vocabulary_bytes) * vocabulary +
                   input.engine.bytes(Constant::loss_hidden_bytes) * a.hidden);
}

}  // namespace rigor::estimate
