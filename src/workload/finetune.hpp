// Changing a network's weights: method, precision, optimizer, batch. Layer 3.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rigor::workload {

enum class Method : std::uint8_t { full, lora, qlora };
enum class Optimizer : std::uint8_t {
  adamw,            ///< two F32 states
  adamw_bf16,       ///< two BF16 states
  adamw_8bit,       ///< two 8-bit states with block scales
  paged_adamw_8bit, ///< the same, paged to the host under pressure
  adafactor,        ///< factored second moment
  sgd, sgd_momentum, lion, muon,
  galore,           ///< AdamW in a low-rank subspace
};
/// What is kept of weights and gradients while training.
enum class Recipe : std::uint8_t {
  mixed,   ///< BF16 weights and gradients, F32 master weights (DeepSpeed, Megatron)
  bf16,    ///< BF16 everywhere, no master copy
  amp,     ///< F32 weights and gradients, BF16 autocast (PyTorch AMP)
  fp32,
};
enum class Attention : std::uint8_t { flash, eager };
/// What the forward pass keeps for the backward pass.
enum class Checkpointing : std::uint8_t {
  none,       ///< everything
  full,       ///< one hidden state per layer
  selective,  ///< everything but the attention matrix
  offloaded,  ///< one hidden state per layer, moved to host memory (Unsloth)
};
/// How the vocabulary's logits are turned into a loss.
enum class Loss : std::uint8_t {
  plain,   ///< logits in F32 with their gradient
  fused,   ///< computed in chunks, never whole (Liger, Unsloth)
};
enum class Target : std::uint8_t { q, k, v, o, gate, up, down };
inline constexpr int kTargets = 7;
enum class Sharding : std::uint8_t { none, zero1, zero2, zero3, fsdp };
enum class Offload : std::uint8_t { none, host, nvme };

struct FineTune {
  Method method = Method::full;
  Recipe recipe = Recipe::mixed;
  Optimizer optimizer = Optimizer::adamw;
  int sequence = 2048;
  int micro_batch = 1;
  int accumulation = 1;
  int rank = 16;                                ///< LoRA rank; GaLore projection rank
  std::array<bool, kTargets> targets = {true, true, true, true, true, true, true};
  bool double_quantization = true;              ///< QLoRA
  bool train_embeddings = false;                ///< adapters beside fully trained embedding and head
  double frozen_share = 0.0;                    ///< full method: share of layers that stay frozen
  Attention attention = Attention::flash;
  Checkpointing checkpointing = Checkpointing::full;
  Loss loss = Loss::plain;
};

std::optional<Method> parse_method(std::string_view name);
std::optional<Optimizer> parse_optimizer(std::string_view name);
std::optional<Recipe> parse_recipe(std::string_view name);
std::optional<Checkpointing> parse_checkpointing(std::string_view name);
std::string_view to_text(Method method);
std::string_view to_text(Optimizer optimizer);
std::string_view to_text(Recipe recipe);
std::string_view to_text(Checkpointing checkpointing);
std::string_view to_text(Sharding sharding);
std::string_view to_text(Offload offload);

}  // namespace rigor::workload
