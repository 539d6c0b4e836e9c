#include "estimate/memory/formula.hpp"

#include <array>

namespace rigor::estimate {
namespace {

using workload::EngineFamily;

constexpr EngineFamily kLlama = EngineFamily::llama_cpp;
constexpr EngineFamily kVllm = EngineFamily::vllm;
constexpr EngineFamily kHf = EngineFamily::transformers;
constexpr EngineFamily kMlx = EngineFamily::mlx;
constexpr EngineFamily kExllama = EngineFamily::exllama;
constexpr EngineFamily kTraining = EngineFamily::trl;

constexpr std::string_view kCacheKeys =
    "layers pattern kv_heads head_dim sliding_window mla.kv_rank mla.rope_dim";
constexpr std::string_view kStateKeys =
    "pattern delta_net.value_heads delta_net.key_dim delta_net.value_dim delta_net.convolution "
    "state_space.heads state_space.state";
constexpr std::string_view kWidthKeys = "hidden width vocabulary moe.used moe.width heads head_dim";

constexpr std::array kFormulas = {
    Formula{kLlama, Term::weights,
            "sum over the tensors of this device's layers of blocks x bytes per block; the input "
            "embedding stays on the host unless it is tied, the head is on the last device",
            "layers hidden heads kv_heads head_dim width vocabulary tied_embeddings moe.count "
            "moe.width",
            ""},
    Formula{kLlama, Term::kv_cache,
            "sum over its attention layers of cells x (key elements x b_k + value elements x b_v) "
            "x sequences; cells = context rounded up to a multiple of 256; sliding layers keep "
            "min(context, window x sequences + ubatch), rounded up likewise",
            kCacheKeys, "cache_padding"},
    Formula{kLlama, Term::recurrent_state,
            "sequences x (1 + draft tokens) x sum over its recurrent layers of (state + "
            "(convolution - 1) x channels) x 4 B",
            kStateKeys, ""},
    Formula{
        kLlama, Term::draft,
        "bytes of the MTP layer's tensors, its own F16 cache and its graph's buffer; of a draft "
        "network its weights, cache, states and compute buffer",
        "mtp.layers", ""},
    Formula{kLlama, Term::vision, "bytes of the vision tower's tensors and its compute buffer",
            "vision.depth vision.hidden vision.width", "vision_compute"},
    Formula{kLlama, Term::compute,
            "peak of the tensors alive at once in the graph of one ubatch: mask, attention, "
            "feed-forward, experts, logits, F16 copies of a quantized cache",
            kWidthKeys, "logits_tokens mask_bytes attention_limit"},
    Formula{kLlama, Term::graph_copies,
            "(copies - 1) x the graph's inputs: mask and hidden states, when layers are split over "
            "devices",
            "hidden", "graph_copies"},
    Formula{kLlama, Term::prompt_pool,
            "temporaries of prompt processing: weights expanded to F16 and activations, held in a "
            "best-fit pool (ROCm) or the largest of them (CUDA)",
            kWidthKeys, "pool_workspace"},
    Formula{kLlama, Term::staging, "the largest tensor that is uploaded (Vulkan)",
            "hidden width vocabulary", "staging_vulkan"},
    Formula{kLlama, Term::runtime, "driver context and code objects, once per device", "",
            "context_cuda context_rocm context_vulkan context_metal context_cpu context_next "
            "page_table_share driver_reserve"},
    Formula{kVllm, Term::weights,
            "text network / tensor degree; norms, router and MLA latents whole on every device",
            "layers hidden vocabulary tied_embeddings",
            "expert_padding expert_padding_hidden weight_padding_rocm"},
    Formula{kVllm, Term::kv_cache,
            "sequences x tokens rounded up to pages of 16 x slots x bytes per token; key-value "
            "heads / tensor degree, at least 1; MLA latents whole; kinds of layers share pages, so "
            "each kind is rounded up to the smallest",
            kCacheKeys, ""},
    Formula{kVllm, Term::recurrent_state, "sequences x layers x one page that holds the state",
            kStateKeys, ""},
    Formula{kVllm, Term::compute,
            "max(2 B x batched tokens x (4 x widest / tensor degree + 3 x hidden), bytes per logit "
            "x most sequences x vocabulary)",
            kWidthKeys,
            "activation_widths activation_hiddens logit_bytes batched_tokens batched_tokens_large "
            "most_sequences most_sequences_large large_card"},
    Formula{kVllm, Term::cuda_graphs,
            "typical of the card's class, and more with a draft layer; measured graphs lie between "
            "low and high times that",
            "", "graphs graphs_large graphs_rocm graphs_draft graphs_low graphs_high graphs_card"},
    Formula{
        kVllm, Term::runtime,
        "memory outside the framework: context and libraries, and all-reduce buffers when parallel",
        "", "non_torch non_torch_parallel non_torch_rocm"},
    Formula{kVllm, Term::cache_pool,
            "memory fraction x card - weights - activation - context - cache needed: held for more "
            "sequences",
            "", "memory_fraction"},
    Formula{kVllm, Term::draft,
            "bytes of the MTP layer's tensors and its cache; of a draft network its weights, cache "
            "and states",
            "mtp.layers", ""},
    Formula{kVllm, Term::vision, "bytes of the vision tower's tensors",
            "vision.depth vision.hidden", ""},
    Formula{kHf, Term::weights,
            "sum over the tensors of this device; matrices at the recipe's bits, tables and norms "
            "at 16 bits",
            "layers hidden vocabulary tied_embeddings", "tied_copy fused_copy host_copies"},
    Formula{kHf, Term::kv_cache,
            "sequences x context x sum over its attention layers of (key + value elements) x bytes",
            kCacheKeys, "cache_windows"},
    Formula{kHf, Term::recurrent_state, "sequences x state of its recurrent layers", kStateKeys,
            ""},
    Formula{kHf, Term::compute,
            "largest of loading, prompt and last token: 2 B x prompt x (3 x width + 4 x hidden) + "
            "logits of the positions asked for",
            kWidthKeys,
            "activation_widths activation_hiddens logits_tokens logit_bytes score_bytes slack"},
    Formula{kHf, Term::runtime, "driver context and libraries", "",
            "context_cuda context_rocm context_metal context_cpu"},
    Formula{kHf, Term::fragmentation, "blocks the caching allocator holds for reuse", "",
            "allocator_reserve"},
    Formula{kMlx, Term::weights, "sum over all tensors, embeddings quantized too",
            "layers hidden vocabulary tied_embeddings", ""},
    Formula{kMlx, Term::kv_cache,
            "context rounded up to a multiple of 256 x (key + value elements) x bytes; rotating "
            "caches keep their window",
            kCacheKeys, "cache_padding"},
    Formula{kMlx, Term::recurrent_state, "state of the recurrent layers", kStateKeys, ""},
    Formula{kMlx, Term::compute,
            "2 B x min(prompt, 2048) x (3 x width + 4 x hidden + 2 x experts per token x hidden)",
            kWidthKeys, "batched_tokens activation_widths activation_hiddens expert_hiddens"},
    Formula{kMlx, Term::runtime, "command buffers in flight", "", "context_metal"},
    Formula{kExllama, Term::weights,
            "matrices at the recipe's bits, head at 6 bits, embedding on the host",
            "layers hidden vocabulary", "head_bits embedding_on_host"},
    Formula{kExllama, Term::kv_cache, "context x (key + value elements) x bytes, allocated whole",
            kCacheKeys, "cache_preallocated"},
    Formula{kExllama, Term::recurrent_state, "state of the recurrent layers", kStateKeys, ""},
    Formula{kExllama, Term::compute,
            "2 B x 2048 x (3 x width + 4 x hidden) + one layer's cache in 16 bits + logits",
            kWidthKeys,
            "activation_widths activation_hiddens batched_tokens cache_scratch logit_bytes"},
    Formula{kExllama, Term::runtime, "driver context and libraries, per device", "",
            "context_cuda"},
    Formula{kTraining, Term::weights,
            "parameters x bytes of the recipe (NF4: matrices at 4.127 or 4.5 bits, tables and "
            "norms at 16), / shards under ZeRO-3 and FSDP",
            "layers hidden vocabulary width heads kv_heads head_dim",
            "unquantized_bytes host_load_bytes"},
    Formula{kTraining, Term::adapter,
            "rank x sum over the targets of (inputs + outputs) x bytes per element",
            "layers hidden width heads kv_heads head_dim", "adapter_bytes"},
    Formula{kTraining, Term::gradients,
            "trained parameters x bytes per gradient, / shards from ZeRO-2", "",
            "gradient_extra fsdp_version host_gradient_bytes"},
    Formula{kTraining, Term::optimizer,
            "trained parameters x bytes of the optimizer's states, / shards from ZeRO-1", "",
            "step_copies"},
    Formula{kTraining, Term::master_weights, "trained parameters x 4 B, / shards from ZeRO-1", "",
            ""},
    Formula{kTraining, Term::activations,
            "tokens of the micro-batch x what is kept per layer (all of it, or one hidden state "
            "with checkpointing) + one layer's live tensors",
            "layers hidden width heads kv_heads head_dim moe.used moe.width",
            "quantized_hidden_bytes fused_norms length_growth"},
    Formula{kTraining, Term::logits,
            "tokens x (c_V x vocabulary + c_H x hidden); a fused loss holds one chunk",
            "vocabulary hidden", "loss_vocabulary_bytes loss_hidden_bytes loss_chunk"},
    Formula{kTraining, Term::dequantization, "the largest matrix of one layer, expanded to 16 bits",
            "hidden width", ""},
    Formula{kTraining, Term::communication, "gathered layers, reduce buckets and NCCL buffers",
            "layers hidden width",
            "nccl_buffers bucket_bytes gather_layers gather_reserved live_parameters"},
    Formula{kTraining, Term::runtime, "driver context and libraries", "", "cuda_context_training"},
    Formula{kTraining, Term::staging,
            "buffers around states on the host: (host factor - 1) x their bytes; NVMe buffers of "
            "every process",
            "", "host_factor host_factor_most nvme_buffers"},
    Formula{kTraining, Term::fragmentation,
            "share of what the allocator has reserved that it cannot use", "",
            "reserved_share unused_share"},
};

}  // namespace

const Formula* find_formula(workload::EngineFamily family, Term term) {
  const EngineFamily own = family >= EngineFamily::trl ? kTraining : family;
  for (const Formula& formula : kFormulas) {
    if (formula.family == own && formula.term == term) return &formula;
  }
  return nullptr;
}

std::string_view formula_page(workload::EngineFamily family) {
  switch (family) {
    case kLlama: return "docs/models/11-llama-cpp-memory.md";
    case kVllm: return "docs/models/12-vllm-memory.md";
    case kHf: return "docs/models/13-transformers-memory.md";
    case kMlx: return "docs/models/14-mlx-memory.md";
    case kExllama: return "docs/models/15-exllama-memory.md";
    default: return "docs/models/20-training-memory.md";
  }
}

}  // namespace rigor::estimate
