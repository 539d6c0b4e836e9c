// The software that runs a network, as data: a family that fixes the layout, a version, and
// constants with sources. The constants' names and meanings are one table; their values live in
// catalog/engine/. Layer 3.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "units/quantity.hpp"

namespace rigor::workload {

enum class EngineFamily : std::uint8_t {
  // Inference.
  llama_cpp,
  vllm,
  transformers,
  mlx,
  exllama,
  // Fine-tuning.
  trl,
  unsloth,
  deepspeed,
  fsdp,
};
enum class Backend : std::uint8_t { cuda, rocm, vulkan, metal, cpu };

std::string_view to_text(EngineFamily family);
std::string_view to_text(Backend backend);

/// What an engine's data may state. Values are in base units (bytes, seconds, plain numbers).
enum class Constant : std::uint8_t {
  // Any engine.
  context_cuda,
  context_rocm,
  context_vulkan,
  context_metal,
  context_cpu,
  context_next,        ///< runtime context of each further device
  driver_reserve,      ///< of a card's memory, what the CUDA driver keeps from every program
  cache_padding,       ///< cells are a multiple of this
  cache_windows,       ///< 1: layers with a window keep no more than the window
  cache_scratch,       ///< copies of one layer's cache in half precision while it is read
  activation_widths,   ///< feed-forward widths alive at the activation peak
  activation_hiddens,  ///< hidden widths alive at the activation peak
  expert_hiddens,      ///< hidden widths alive per routed expert of a token
  logit_bytes,         ///< logits and sampler scratch per sequence and vocabulary entry
  logits_tokens,       ///< tokens whose logits the graph reserves; 0: the whole micro-batch
  batched_tokens,      ///< default of tokens computed together
  slack,               ///< what is allocated beside the terms that are counted
  // llama.cpp.
  graph_copies,      ///< graph copies under layer split over several devices
  page_table_share,  ///< page tables per byte of device memory
  staging_vulkan,    ///< 1: uploads keep a staging buffer of the largest tensor
  mask_bytes,        ///< one element of the attention mask as the graph's input (flash attention)
  pool_workspace,    ///< ROCm's matrix library, while prompts are processed
  vision_compute,    ///< compute buffer of a vision tower
  attention_limit,   ///< MLA expands keys and values of prompts, in F32 this much at a time (-amb);
                     ///< 0: queries are absorbed instead
  // vLLM.
  non_torch,              ///< allocated outside PyTorch on a CUDA device
  non_torch_rocm,         ///< the same on ROCm
  non_torch_parallel,     ///< further, on each of several CUDA devices
  graphs,                 ///< captured graphs on a small CUDA card
  graphs_large,           ///< on a large one
  graphs_rocm,            ///< on ROCm
  graphs_draft,           ///< further graphs of a draft layer
  graphs_low,             ///< lowest seen, as a multiple of the typical
  graphs_high,            ///< highest seen, likewise
  graphs_card,            ///< memory from which a card captures as a large one
  batched_tokens_large,   ///< default on large cards
  most_sequences,         ///< default of sequences held together
  most_sequences_large,   ///< default on large cards
  large_card,             ///< memory from which a card is large
  memory_fraction,        ///< default share of a card the engine takes
  expert_padding,         ///< MXFP4 kernels pad the expert width to this
  expert_padding_hidden,  ///< and the hidden size to this
  weight_padding_rocm,    ///< share that row padding adds to weights on ROCm
  // transformers.
  tied_copy,           ///< 1: loaders of AWQ and FP8 files hold a tied head a second time
  fused_copy,          ///< 1: fused query-key-value matrices are built beside the stored ones
  score_bytes,         ///< attention scores per head and pair of tokens when not flash attention
  cache_preallocated,  ///< 1: the cache has its full length from the start
  allocator_reserve,   ///< blocks the caching allocator holds but does not use
  host_copies,         ///< times the quantized matrices are held on a host
  // ExLlama.
  head_bits,          ///< bits per weight of the output head made from a tied embedding
  embedding_on_host,  ///< 1: the token embedding stays in host memory
  // Training.
  cuda_context_training,
  nccl_buffers,
  bucket_bytes,
  gather_layers,
  gather_reserved,  ///< further gathered units that the allocator keeps
  live_parameters,  ///< gathered parameters ZeRO-3 keeps alive
  fsdp_version,     ///< 1: flat parameters; input gradients and accumulated gradients stay whole
  reserved_share,   ///< allocator's rounding, as a share of what it has reserved
  unused_share,     ///< of the smaller phase, what the larger one cannot take over
  length_growth,    ///< factor on activations when batches have many lengths
  loss_vocabulary_bytes,
  loss_hidden_bytes,       ///< logits and loss per token and vocabulary entry, hidden unit
  loss_chunk,              ///< tokens of one chunk of a fused loss
  adapter_bytes,           ///< one adapter element
  unquantized_bytes,       ///< one element of embedding, head and norms beside quantized matrices
  quantized_hidden_bytes,  ///< one element of the hidden state between layers, over a quantized
                           ///< base
  gradient_extra,          ///< further bytes per gradient: an accumulation copy
  step_copies,             ///< temporary copies of what an unfused AdamW steps
  fused_norms,             ///< 1: the engine's own norms keep no F32 copy
  host_factor,             ///< host memory of offloaded states, as a multiple of their size
  host_factor_most,        ///< the same at worst: pinned buffers rounded up
  host_gradient_bytes,
  host_load_bytes,  ///< one gradient on the host; one parameter while a process loads
  nvme_buffers,     ///< host buffers of one process that offloads to NVMe
  // How far off: half widths of the interval.
  margin_fixed,    ///< of a device's total, whatever its size
  margin_exact,    ///< relative, of terms that are counted (weights, caches, states)
  margin_runtime,  ///< relative, of what drivers and libraries take (llama.cpp)
  margin_model,    ///< relative, of terms that are modelled (buffers, activations)
};
inline constexpr int kConstants = static_cast<int>(Constant::margin_model) + 1;

struct ConstantSpec {
  Constant constant;
  std::string_view key;  ///< in catalog/engine/*.toml
  Dimension dimension;   ///< {}: a plain number or a percentage
  std::string_view meaning;
};
std::span<const ConstantSpec> constant_specs();

struct Engine {
  std::string id;
  std::string name;
  std::string version;
  EngineFamily family = EngineFamily::llama_cpp;
  std::array<double, kConstants> constants = {};  ///< base units; 0 where the data states nothing
  std::vector<std::string> refused_weights;       ///< beginnings of quantizations it cannot load
  std::vector<std::string> refused_caches;        ///< cache types it does not have

  [[nodiscard]] double number(Constant constant) const {
    return constants[static_cast<std::size_t>(constant)];
  }
  [[nodiscard]] Bytes bytes(Constant constant) const { return Bytes::from_base(number(constant)); }
  [[nodiscard]] bool trains() const { return family >= EngineFamily::trl; }
};

}  // namespace rigor::workload
