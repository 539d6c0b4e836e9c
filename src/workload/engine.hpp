// The software that runs a network, as data: a family that fixes the layout, a version, and constants with
// sources. The constants' names and meanings are one table; their values live in catalog/engine/. Layer 3.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "units/quantity.hpp"

namespace rigor::workload {

enum class EngineFamily : std::uint8_t {
  llama_cpp, vllm, transformers, mlx, exllama,  // inference
  trl, unsloth, deepspeed, fsdp,                // fine-tuning
};
enum class Backend : std::uint8_t { cuda, rocm, vulkan, metal, cpu };

std::string_view to_text(EngineFamily family);
std::string_view to_text(Backend backend);

/// What an engine's data may state. Values are in base units (bytes, seconds, plain numbers).
enum class Constant : std::uint8_t {
  context_cuda, context_rocm, context_vulkan, context_metal, context_cpu,
  context_next,          ///< runtime context of each further device
  graph_copies,          ///< graph copies under layer split over several devices
  logits_tokens,         ///< tokens whose logits the graph reserves; 0: the whole micro-batch
  cache_padding,         ///< cells are a multiple of this
  page_table_share,      ///< page tables per byte of device memory
  staging_vulkan,        ///< 1: uploads keep a staging buffer of the largest tensor
  logit_bytes,           ///< sampler scratch per sequence and vocabulary entry
  activation_widths,     ///< feed-forward widths alive at the activation peak
  activation_hiddens,    ///< hidden widths alive at the activation peak
  non_torch, non_torch_rocm, non_torch_parallel,
  graphs_low, graphs_high,  ///< CUDA graphs per layer
  slack,                 ///< allocator slack beside the pool
  batched_tokens, most_sequences, memory_fraction,  ///< defaults of the engine
  tied_copy,             ///< 1: a tied head is held twice while loading
  cuda_context_training, nccl_buffers, reserved_share, bucket_bytes, gather_layers,
  margin_fixed,          ///< spread of a total that does not scale: half width of the interval
  margin_exact,          ///< relative half width of terms that are counted (weights, caches, states)
  margin_model,          ///< relative half width of terms that are modelled (buffers, activations)
};
inline constexpr int kConstants = static_cast<int>(Constant::margin_model) + 1;

struct ConstantSpec {
  Constant constant;
  std::string_view key;      ///< in catalog/engine/*.toml
  Dimension dimension;       ///< {}: a plain number
  std::string_view meaning;
};
std::span<const ConstantSpec> constant_specs();

struct Engine {
  std::string id;
  std::string name;
  std::string version;
  EngineFamily family = EngineFamily::llama_cpp;
  std::array<double, kConstants> constants = {};  ///< base units; 0 where the data states nothing

  [[nodiscard]] double number(Constant constant) const {
    return constants[static_cast<std::size_t>(constant)];
  }
  [[nodiscard]] Bytes bytes(Constant constant) const { return Bytes::from_base(number(constant)); }
  [[nodiscard]] bool trains() const { return family >= EngineFamily::trl; }
};

}  // namespace rigor::workload
