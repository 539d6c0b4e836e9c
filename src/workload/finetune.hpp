// Changing a network's weights: method, precision, optimizer, batch. Layer 3.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "units/quantity.hpp"

namespace rigor::workload {

enum class Method : std::uint8_t { full, lora, qlora };
/// Two states each where not said otherwise, in the precision of the weights that are stepped: F32,
/// under the recipe bf16 BF16.
enum class Optimizer : std::uint8_t {
  adamw,
  adamw_bf16,        ///< BF16 states whatever the weights
  adamw_8bit,        ///< 8-bit states with block scales
  paged_adamw_8bit,  ///< the same, paged to the host under pressure
  adamw_4bit,
  adafactor,  ///< factored second moment
  sgd,
  sgd_momentum,
  lion,
  muon,
  galore,  ///< AdamW in a low-rank subspace
};
/// How the optimizer walks over the parameters.
enum class Step : std::uint8_t {
  foreach,      ///< all at once, with a temporary as large as what is stepped (PyTorch's default)
  fused,        ///< one kernel, no temporary
  in_backward,  ///< each layer as soon as its gradient is complete
};
/// What is kept of weights and gradients while training. Adapters: the recipe of what flows through
/// them; bf16 means without autocast.
enum class Recipe : std::uint8_t {
  mixed,  ///< BF16 weights and gradients, F32 master weights (DeepSpeed, Megatron)
  bf16,   ///< BF16 everywhere, no master copy
  amp,    ///< F32 weights and gradients, BF16 autocast (PyTorch AMP; FSDP under mixed precision)
  fp32,
};
enum class Attention : std::uint8_t {
  flash,
  flash_repeated,  ///< keys and values are repeated to all heads first (transformers' sdpa)
  eager,           ///< the whole score matrix
};
/// What the forward pass keeps for the backward pass.
enum class Checkpointing : std::uint8_t {
  none,       ///< everything
  full,       ///< one hidden state per layer
  selective,  ///< outputs of attention and of every second matrix (torchtitan "op")
  offloaded,  ///< one hidden state per layer, moved to host memory (Unsloth)
};
/// How the vocabulary's logits are turned into a loss.
enum class Loss : std::uint8_t {
  plain,  ///< logits in F32 with their gradient
  fused,  ///< computed in chunks, never whole (Liger, cut cross-entropy)
};
/// How a block outside attention is computed.
enum class Kernels : std::uint8_t {
  eager,
  fused,  ///< one kernel that recomputes what it can (Liger, torch.compile, Unsloth)
  tiled,  ///< feed-forward in slices of the sequence (ALST)
};
/// Whether all batches have the same length.
enum class Batching : std::uint8_t {
  packed,  ///< always the full sequence
  padded,  ///< to the longest sample of the micro-batch: new lengths, new allocations
};
/// How the frozen matrices of QLoRA are stored.
enum class BaseFormat : std::uint8_t { nf4, gptq4, gptq4_ungrouped, gptq8, int8, awq4, aqlm2 };
enum class Target : std::uint8_t { q, k, v, o, gate, up, down };
inline constexpr int kTargets = 7;
enum class Sharding : std::uint8_t { none, zero1, zero2, zero3, fsdp };
enum class Offload : std::uint8_t { none, host, nvme };

struct FineTune {
  Method method = Method::full;
  Recipe recipe = Recipe::mixed;
  Optimizer optimizer = Optimizer::adamw;
  Step step = Step::foreach;
  int sequence = 2048;
  int micro_batch = 1;
  int accumulation = 1;
  int rank = 16;  ///< LoRA rank; GaLore projection rank
  std::array<bool, kTargets> targets = {true, true, true, true, true, true, true};
  double adapter_parameters = 0.0;  ///< where known; 0: from rank and targets
  BaseFormat base = BaseFormat::nf4;
  bool double_quantization = true;  ///< of NF4
  bool train_embeddings = false;    ///< adapters beside fully trained embedding and head
  double frozen_share = 0.0;        ///< full method: share of layers that stay frozen
  double dropout = 0.0;             ///< above 0: masks are kept (adapters: of their inputs)
  Attention attention = Attention::flash;
  Checkpointing checkpointing = Checkpointing::full;
  Loss loss = Loss::plain;
  Kernels norms = Kernels::eager;
  Kernels feed_forward = Kernels::eager;
  Batching batching = Batching::packed;
  int sample_tokens = 0;    ///< mean tokens of a sample; 0: every sample fills its sequence
  Bytes sample_bytes = {};  ///< read from the drive for one sample; 0: 4 B a token
  int save_every = 0;       ///< steps from checkpoint to checkpoint; 0: none is written
  int machines = 1;         ///< equal rigs, each with a replica laid out as the placement says
  /// Steps from exchange to exchange. 1: gradients are summed in every step; more: parameters are
  /// averaged (local SGD, federated averaging).
  int sync_every = 1;
  BytesPerSecond network = {};  ///< line rate between machines; 0: the rig's fastest port
};

/// "10 Gbit/s", "10GbE", "1.25 GB/s": from 1 Mbit/s to 10 Tbit/s. The error says how to write it.
Result<BytesPerSecond> parse_line_rate(std::string_view text);

std::optional<Method> parse_method(std::string_view name);
std::optional<Optimizer> parse_optimizer(std::string_view name);
std::optional<Recipe> parse_recipe(std::string_view name);
std::optional<Checkpointing> parse_checkpointing(std::string_view name);
std::optional<BaseFormat> parse_base_format(std::string_view name);
std::optional<Target> parse_target(std::string_view name);
std::string_view to_text(Method method);
std::string_view to_text(Optimizer optimizer);
std::string_view to_text(Recipe recipe);
std::string_view to_text(Attention attention);
std::string_view to_text(Checkpointing checkpointing);
std::string_view to_text(Loss loss);
std::string_view to_text(BaseFormat format);
std::string_view to_text(Target target);
std::string_view to_text(Sharding sharding);
std::string_view to_text(Offload offload);

}  // namespace rigor::workload
