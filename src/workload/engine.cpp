#include "workload/engine.hpp"

namespace rigor::workload {
namespace {

constexpr Dimension kData{.data = 1};
constexpr Dimension kNumber{};

using enum Constant;

/// In the order of the enumeration: `constant_specs()[i].constant` is number i.
constexpr std::array<ConstantSpec, kConstants> kSpecs = {{
    {context_cuda, "context_cuda", kData, "runtime context on a CUDA device"},
    {context_rocm, "context_rocm", kData, "runtime context on a ROCm device"},
    {context_vulkan, "context_vulkan", kData, "runtime context on a Vulkan device"},
    {context_metal, "context_metal", kData, "runtime context on a Metal device"},
    {context_cpu, "context_cpu", kData, "process and libraries in host memory"},
    {context_next, "context_next", kData, "runtime context of each further device"},
    {driver_reserve, "driver_reserve", kData, "memory the CUDA driver keeps from every program"},
    {cache_padding, "cache_padding", kNumber, "cache cells are a multiple of this"},
    {cache_windows, "cache_windows", kNumber, "1: sliding layers keep no more than their window"},
    {cache_scratch, "cache_scratch", kNumber, "half-precision copies of one layer's cache"},
    {activation_widths, "activation_widths", kNumber, "feed-forward widths alive at the peak"},
    {activation_hiddens, "activation_hiddens", kNumber, "hidden widths alive at the peak"},
    {expert_hiddens, "expert_hiddens", kNumber, "hidden widths alive per routed expert of a token"},
    {logit_bytes, "logit_bytes", kData, "logits and sampler scratch per vocabulary entry"},
    {logits_tokens, "logits_tokens", kNumber, "tokens whose logits are reserved; 0: all"},
    {batched_tokens, "batched_tokens", kNumber, "default of tokens computed together"},
    {slack, "slack", kData, "allocated beside the terms that are counted"},
    {graph_copies, "graph_copies", kNumber, "graph copies under layer split"},
    {page_table_share, "page_table_share", kNumber, "page tables per byte of device memory"},
    {staging_vulkan, "staging_vulkan", kNumber, "1: uploads keep a buffer of the largest tensor"},
    {mask_bytes, "mask_bytes", kData, "mask element of the graph's input, flash attention"},
    {pool_workspace, "pool_workspace", kData, "ROCm's matrix library while prompts are processed"},
    {vision_compute, "vision_compute", kData, "compute buffer of a vision tower"},
    {attention_limit, "attention_limit", kData, "MLA: keys and values expanded at a time, F32"},
    {non_torch, "non_torch", kData, "allocated outside PyTorch on a CUDA device"},
    {non_torch_rocm, "non_torch_rocm", kData, "allocated outside PyTorch on a ROCm device"},
    {non_torch_parallel, "non_torch_parallel", kData, "further, on each of several CUDA devices"},
    {graphs, "graphs", kData, "captured graphs on a small CUDA card"},
    {graphs_large, "graphs_large", kData, "captured graphs on a large CUDA card"},
    {graphs_rocm, "graphs_rocm", kData, "captured graphs on a ROCm device"},
    {graphs_draft, "graphs_draft", kData, "further graphs with a draft layer"},
    {graphs_low, "graphs_low", kNumber, "lowest seen as a multiple of the typical"},
    {graphs_high, "graphs_high", kNumber, "highest seen as a multiple of the typical"},
    {graphs_card, "graphs_card", kData, "memory from which a card captures as a large one"},
    {batched_tokens_large, "batched_tokens_large", kNumber, "the same on a large card"},
    {most_sequences, "most_sequences", kNumber, "default of sequences held together"},
    {most_sequences_large, "most_sequences_large", kNumber, "the same on a large card"},
    {large_card, "large_card", kData, "memory from which a card is large"},
    {memory_fraction, "memory_fraction", kNumber, "default share of a card that is taken"},
    {expert_padding, "expert_padding", kNumber, "MXFP4 experts: width is padded to this"},
    {expert_padding_hidden, "expert_padding_hidden", kNumber,
     "MXFP4 experts: hidden size likewise"},
    {weight_padding_rocm, "weight_padding_rocm", kNumber,
     "row padding of weights on ROCm, a share"},
    {tied_copy, "tied_copy", kNumber, "1: AWQ and FP8 loaders hold a tied head twice"},
    {fused_copy, "fused_copy", kNumber, "1: fused attention inputs stand beside the stored ones"},
    {score_bytes, "score_bytes", kData, "attention scores per head and pair of tokens"},
    {cache_preallocated, "cache_preallocated", kNumber, "1: the cache has full length at once"},
    {allocator_reserve, "allocator_reserve", kData, "held by the allocator and not used"},
    {host_copies, "host_copies", kNumber, "times quantized matrices are held on a host"},
    {head_bits, "head_bits", kNumber, "bits per weight of a head made from a tied embedding"},
    {embedding_on_host, "embedding_on_host", kNumber, "1: the embedding stays in host memory"},
    {cuda_context_training, "cuda_context_training", kData, "CUDA context while training"},
    {nccl_buffers, "nccl_buffers", kData, "NCCL buffers of each device"},
    {bucket_bytes, "bucket_bytes", kData, "gradient and gather buckets"},
    {gather_layers, "gather_layers", kNumber, "layers gathered at the same time"},
    {gather_reserved, "gather_reserved", kNumber, "further gathered units the allocator keeps"},
    {live_parameters, "live_parameters", kData, "gathered parameters ZeRO-3 keeps alive"},
    {fsdp_version, "fsdp_version", kNumber, "1: flat parameters, 2: per parameter"},
    {reserved_share, "reserved_share", kNumber, "allocator's rounding as a share of its blocks"},
    {unused_share, "unused_share", kNumber, "of the smaller phase, what the larger cannot reuse"},
    {length_growth, "length_growth", kNumber, "factor on activations when lengths vary"},
    {loss_vocabulary_bytes, "loss_vocabulary_bytes", kData, "loss per token and vocabulary entry"},
    {loss_hidden_bytes, "loss_hidden_bytes", kData, "loss per token and hidden unit"},
    {loss_chunk, "loss_chunk", kNumber, "tokens of one chunk of a fused loss"},
    {adapter_bytes, "adapter_bytes", kData, "one adapter element"},
    {unquantized_bytes, "unquantized_bytes", kData, "one element beside quantized matrices"},
    {quantized_hidden_bytes, "quantized_hidden_bytes", kData, "hidden state over a quantized base"},
    {gradient_extra, "gradient_extra", kData, "further bytes of one gradient"},
    {step_copies, "step_copies", kNumber, "temporary copies of what an unfused AdamW steps"},
    {fused_norms, "fused_norms", kNumber, "1: norms keep no F32 copy"},
    {host_factor, "host_factor", kNumber, "host memory per byte of offloaded state"},
    {host_factor_most, "host_factor_most", kNumber, "the same at worst: buffers beside the states"},
    {host_gradient_bytes, "host_gradient_bytes", kData, "one gradient held by the host"},
    {host_load_bytes, "host_load_bytes", kData, "one parameter while a process loads"},
    {nvme_buffers, "nvme_buffers", kData, "host buffers of a process that offloads to NVMe"},
    {margin_fixed, "margin_fixed", kData, "half width of a total, whatever its size"},
    {margin_exact, "margin_exact", kNumber, "relative half width of counted terms"},
    {margin_runtime, "margin_runtime", kNumber, "relative half width of runtime contexts"},
    {margin_model, "margin_model", kNumber, "relative half width of modelled terms"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kSpecs.size(); ++i) {
    if (static_cast<std::size_t>(kSpecs[i].constant) != i) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

std::string_view to_text(EngineFamily family) {
  static constexpr std::array<std::string_view, 9> names = {
      "llama.cpp", "vLLM", "transformers", "MLX", "ExLlama", "TRL", "Unsloth", "DeepSpeed", "FSDP"};
  return names[static_cast<std::size_t>(family)];
}

std::string_view to_text(Backend backend) {
  static constexpr std::array<std::string_view, 5> names = {"CUDA", "ROCm", "Vulkan", "Metal",
                                                            "CPU"};
  return names[static_cast<std::size_t>(backend)];
}

std::span<const ConstantSpec> constant_specs() {
  return kSpecs;
}

}  // namespace rigor::workload
