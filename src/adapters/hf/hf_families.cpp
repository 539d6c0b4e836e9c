#include "adapters/hf/hf_families.hpp"

#include <array>

#include "adapters/hf/hf_special.hpp"

namespace rigor::adapters {
namespace {

using llm::Norm;
using llm::Plan;
using llm::QkNorm;

// Classes and defaults: huggingface/transformers src/transformers/models/*/configuration_*.py and modeling_*.py.
// GGUF names: ggml-org/llama.cpp convert_hf_to_gguf.py. Proof: the parameter counts in the tests.
constexpr auto kFamilies = std::to_array<HfFamily>({
    {.model_type = "llama", .family = "llama", .gguf = "llama"},
    {.model_type = "mistral", .family = "mistral", .gguf = "llama", .windows = Windows::every},
    {.model_type = "ministral", .family = "mistral", .gguf = "llama", .windows = Windows::every},
    {.model_type = "ministral3", .family = "ministral3", .gguf = "mistral3"},
    {.model_type = "mixtral", .family = "mixtral", .gguf = "llama"},
    {.model_type = "internlm3", .family = "llama", .gguf = "llama"},
    {.model_type = "arcee", .family = "arcee", .gguf = "arcee", .gated = false},
    {.model_type = "smollm3", .family = "smollm3", .gguf = "smollm3", .tied = true},
    {.model_type = "ernie4_5", .family = "ernie4_5", .gguf = "ernie4_5", .tied = true},
    {.model_type = "seed_oss", .family = "seed_oss", .gguf = "seed_oss", .qkv_bias = true, .before = before_seed_oss},
    {.model_type = "nemotron-nas", .family = "nemotron-nas", .gguf = "deci", .after = after_nemotron_nas},

    {.model_type = "qwen", .family = "qwen", .gguf = "qwen", .qkv_bias = true, .fused_qkv = true, .after = after_qwen1},
    {.model_type = "qwen2", .family = "qwen2", .gguf = "qwen2", .qkv_bias = true, .after = after_qwen2},
    {.model_type = "qwen2_vl", .family = "qwen2", .gguf = "qwen2vl", .qkv_bias = true, .after = after_qwen2},
    {.model_type = "qwen2_vl_text", .family = "qwen2", .gguf = "qwen2vl", .qkv_bias = true, .after = after_qwen2},
    {.model_type = "qwen2_5_vl", .family = "qwen2", .gguf = "qwen2vl", .qkv_bias = true, .after = after_qwen2},
    {.model_type = "qwen2_5_vl_text", .family = "qwen2", .gguf = "qwen2vl", .qkv_bias = true, .after = after_qwen2},
    {.model_type = "qwen2_moe", .family = "qwen2moe", .gguf = "qwen2moe", .qkv_bias = true, .before = before_qwen_moe},
    {.model_type = "qwen3", .family = "qwen3", .gguf = "qwen3", .qk_norm = QkNorm::head, .after = after_qwen2},
    {.model_type = "qwen3_vl_text", .family = "qwen3", .gguf = "qwen3vl", .qk_norm = QkNorm::head},
    {.model_type = "qwen3_vl", .family = "qwen3", .gguf = "qwen3vl", .qk_norm = QkNorm::head},
    {.model_type = "qwen3_moe", .family = "qwen3", .gguf = "qwen3moe", .qk_norm = QkNorm::head},
    {.model_type = "qwen3_vl_moe", .family = "qwen3", .gguf = "qwen3vlmoe", .qk_norm = QkNorm::head},
    {.model_type = "qwen3_vl_moe_text", .family = "qwen3", .gguf = "qwen3vlmoe", .qk_norm = QkNorm::head},
    {.model_type = "qwen3_next", .family = "qwen3-next", .gguf = "qwen3next", .qk_norm = QkNorm::head, .before = before_qwen3_next},
    {.model_type = "qwen3_5", .family = "qwen3.5", .gguf = "qwen35", .qk_norm = QkNorm::head, .before = before_qwen3_5},
    {.model_type = "qwen3_5_text", .family = "qwen3.5", .gguf = "qwen35", .qk_norm = QkNorm::head, .before = before_qwen3_5},
    {.model_type = "qwen3_5_moe", .family = "qwen3.5", .gguf = "qwen35moe", .qk_norm = QkNorm::head, .before = before_qwen3_5},
    {.model_type = "qwen3_5_moe_text", .family = "qwen3.5", .gguf = "qwen35moe", .qk_norm = QkNorm::head, .before = before_qwen3_5},

    {.model_type = "gemma", .family = "gemma", .gguf = "gemma", .tied = true, .defaults = {.head_dim = 256}},
    {.model_type = "gemma2", .family = "gemma2", .gguf = "gemma2", .norms = 4, .tied = true, .windows = Windows::last_full,
     .period = 2, .defaults = {.head_dim = 256}},
    {.model_type = "gemma3_text", .family = "gemma3", .gguf = "gemma3", .norms = 4, .qk_norm = QkNorm::head, .tied = true,
     .windows = Windows::last_full, .period = 6,
     .defaults = {.vocabulary = 262208, .heads = 8, .kv_heads = 4, .head_dim = 256, .context = 131072}},
    {.model_type = "gemma3n_text", .family = "gemma3n", .gguf = "gemma3n", .norms = 4, .qk_norm = QkNorm::head, .tied = true,
     .windows = Windows::last_full, .period = 5,
     .defaults = {.vocabulary = 262400, .heads = 8, .kv_heads = 2, .head_dim = 256, .context = 32768},
     .before = before_gemma3n, .after = after_shared_caches},
    {.model_type = "gemma4_text", .family = "gemma4", .gguf = "gemma4", .norms = 4, .qk_norm = QkNorm::head, .tied = true,
     .windows = Windows::last_full, .period = 6,
     .defaults = {.vocabulary = 262144, .head_dim = 256, .context = 131072}, .before = before_gemma4, .after = after_gemma4},

    {.model_type = "phi", .family = "phi", .gguf = "phi2", .norm = Norm::layer, .norms = 1, .qkv_bias = true, .o_bias = true,
     .mlp_bias = true, .head_bias = true, .gated = false},
    {.model_type = "phi3", .family = "phi3", .gguf = "phi3", .fused_qkv = true, .fused_gate_up = true, .windows = Windows::every},
    {.model_type = "phi4mm", .family = "phi4", .gguf = "phi3", .tied = true, .fused_qkv = true, .fused_gate_up = true,
     .windows = Windows::every},
    {.model_type = "phimoe", .family = "phimoe", .gguf = "phimoe", .norm = Norm::layer, .windows = Windows::every},

    {.model_type = "deepseek", .family = "deepseek", .gguf = "deepseek"},
    {.model_type = "deepseek_v2", .family = "deepseek-v2", .gguf = "deepseek2", .before = before_deepseek},
    {.model_type = "deepseek_v3", .family = "deepseek-v3", .gguf = "deepseek2", .before = before_deepseek},
    {.model_type = "deepseek_v32", .family = "deepseek-v3.2", .gguf = "deepseek32", .before = before_deepseek},
    {.model_type = "kimi_k2", .family = "kimi-k2", .gguf = "deepseek2", .before = before_deepseek},
    {.model_type = "glm_moe_dsa", .family = "glm-moe-dsa", .gguf = "glm-dsa", .before = before_deepseek},
    {.model_type = "glm4_moe_lite", .family = "glm4-moe-lite", .gguf = "deepseek2", .before = before_deepseek},
    {.model_type = "deepseek_v4", .family = "deepseek-v4", .gguf = "deepseek4", .plan = Plan::deepseek_v4,
     .before = before_deepseek_v4, .after = after_deepseek_v4},
    {.model_type = "minicpm3", .family = "minicpm3", .gguf = "minicpm3", .tied = true},

    {.model_type = "chatglm", .family = "glm4-chatglm", .gguf = "chatglm", .fused_qkv = true, .fused_gate_up = true,
     .before = before_chatglm},
    {.model_type = "glm", .family = "glm4-chatglm", .gguf = "chatglm", .bias_scope = BiasScope::inputs, .fused_gate_up = true},
    {.model_type = "glm4", .family = "glm4", .gguf = "glm4", .norms = 4, .bias_scope = BiasScope::inputs, .fused_gate_up = true},
    {.model_type = "glm4v_text", .family = "glm4", .gguf = "glm4", .norms = 4, .bias_scope = BiasScope::inputs, .fused_gate_up = true},
    {.model_type = "glm4_moe", .family = "glm4-moe", .gguf = "glm4moe", .bias_scope = BiasScope::inputs, .before = before_glm4_moe},
    {.model_type = "glm4v_moe_text", .family = "glm4-moe", .gguf = "glm4moe", .bias_scope = BiasScope::inputs, .before = before_glm4_moe},

    {.model_type = "gpt_oss", .family = "gpt-oss", .gguf = "gpt-oss", .qkv_bias = true, .o_bias = true, .windows = Windows::last_full,
     .period = 2, .before = before_gpt_oss},
    {.model_type = "gpt2", .family = "gpt2", .gguf = "gpt2", .norm = Norm::layer, .tied = true, .qkv_bias = true, .o_bias = true,
     .mlp_bias = true, .gated = false, .fused_qkv = true, .before = before_learned_positions},
    {.model_type = "gpt_bigcode", .family = "starcoder", .gguf = "starcoder", .norm = Norm::layer, .tied = true, .qkv_bias = true,
     .o_bias = true, .mlp_bias = true, .gated = false, .fused_qkv = true, .before = before_learned_positions, .after = after_gpt_bigcode},
    {.model_type = "gpt_neox", .family = "gpt-neox", .gguf = "gptneox", .norm = Norm::layer, .qkv_bias = true, .o_bias = true,
     .mlp_bias = true, .gated = false, .fused_qkv = true},
    {.model_type = "opt", .family = "opt", .norm = Norm::layer, .tied = true, .qkv_bias = true, .o_bias = true, .mlp_bias = true,
     .gated = false, .before = before_opt},
    {.model_type = "falcon", .family = "falcon", .gguf = "falcon", .norm = Norm::layer, .norms = 1, .gated = false, .fused_qkv = true,
     .before = before_falcon, .after = after_falcon},
    {.model_type = "starcoder2", .family = "starcoder2", .gguf = "starcoder2", .norm = Norm::layer, .tied = true, .qkv_bias = true,
     .o_bias = true, .mlp_bias = true, .gated = false, .windows = Windows::every, .before = before_starcoder2},
    {.model_type = "stablelm", .family = "stablelm", .gguf = "stablelm", .norm = Norm::layer, .before = before_stablelm},
    {.model_type = "nemotron", .family = "nemotron", .gguf = "nemotron", .norm = Norm::layer, .gated = false},
    {.model_type = "cohere", .family = "cohere", .gguf = "command-r", .norm = Norm::layer_without_bias, .norms = 1, .tied = true,
     .before = before_cohere},
    {.model_type = "cohere2", .family = "cohere", .gguf = "cohere2", .norm = Norm::layer_without_bias, .norms = 1, .tied = true,
     .windows = Windows::last_full, .period = 4},
    {.model_type = "olmo2", .family = "olmo2", .gguf = "olmo2", .qk_norm = QkNorm::full},
    {.model_type = "olmo3", .family = "olmo2", .gguf = "olmo2", .qk_norm = QkNorm::full, .windows = Windows::last_full, .period = 4},
    {.model_type = "olmoe", .family = "olmoe", .gguf = "olmoe", .qk_norm = QkNorm::full},
    {.model_type = "exaone4", .family = "exaone4", .gguf = "exaone4", .qk_norm = QkNorm::head, .windows = Windows::last_full, .period = 4},
    {.model_type = "apertus", .family = "apertus", .gguf = "apertus", .qk_norm = QkNorm::head, .gated = false},

    {.model_type = "granite", .family = "granite3", .gguf = "granite"},
    {.model_type = "granitemoe", .family = "granite-moe", .gguf = "granitemoe"},
    {.model_type = "granitemoeshared", .family = "granite-moe", .gguf = "granitemoe"},
    {.model_type = "granitemoehybrid", .family = "granite4-hybrid", .gguf = "granitehybrid", .before = before_granite_hybrid, .after = after_granite_hybrid},
    {.model_type = "mamba", .family = "mamba", .gguf = "mamba", .plan = Plan::mamba, .norms = 1, .tied = true, .before = before_mamba},
    {.model_type = "falcon_mamba", .family = "mamba", .gguf = "mamba", .plan = Plan::mamba, .norms = 1, .before = before_mamba},
    {.model_type = "mamba2", .family = "mamba", .gguf = "mamba2", .plan = Plan::mamba, .norms = 1, .before = before_mamba2},
    {.model_type = "jamba", .family = "jamba", .gguf = "jamba", .before = before_jamba},
    {.model_type = "nemotron_h", .family = "nemotron-h", .gguf = "nemotron_h", .gated = false, .before = before_nemotron_h},
    {.model_type = "lfm2", .family = "lfm2", .gguf = "lfm2", .qk_norm = QkNorm::head, .tied = true, .before = before_lfm2, .after = after_lfm2},
    {.model_type = "lfm2_moe", .family = "lfm2", .gguf = "lfm2moe", .qk_norm = QkNorm::head, .tied = true, .before = before_lfm2, .after = after_lfm2},

    {.model_type = "llama4_text", .family = "llama4", .gguf = "llama4", .before = before_llama4, .after = after_llama4},
    {.model_type = "hunyuan", .family = "hunyuan-moe", .gguf = "hunyuan-moe", .before = before_hunyuan},
    {.model_type = "hunyuan_v1_moe", .family = "hunyuan-moe", .gguf = "hunyuan-moe", .before = before_hunyuan},
    {.model_type = "hunyuan_v1_dense", .family = "hunyuan-dense", .gguf = "hunyuan-dense", .before = before_hunyuan},
    {.model_type = "minimax_m2", .family = "minimax-m2", .gguf = "minimax-m2", .before = before_minimax},
    {.model_type = "dots1", .family = "dots1", .gguf = "dots1", .qk_norm = QkNorm::head, .before = before_corrected_router},
    {.model_type = "ernie4_5_moe", .family = "ernie4_5", .gguf = "ernie4_5-moe", .tied = true, .before = before_corrected_router},

    {.model_type = "bert", .family = "bert", .gguf = "bert", .plan = Plan::bert, .norm = Norm::layer, .tied = true, .qkv_bias = true,
     .o_bias = true, .mlp_bias = true, .gated = false, .before = before_bert},
    {.model_type = "roberta", .family = "xlm-roberta", .gguf = "bert", .plan = Plan::bert, .norm = Norm::layer, .tied = true,
     .qkv_bias = true, .o_bias = true, .mlp_bias = true, .gated = false, .before = before_bert},
    {.model_type = "xlm-roberta", .family = "xlm-roberta", .gguf = "bert", .plan = Plan::bert, .norm = Norm::layer, .tied = true,
     .qkv_bias = true, .o_bias = true, .mlp_bias = true, .gated = false, .before = before_bert},
    {.model_type = "nomic_bert", .family = "nomic-bert", .gguf = "nomic-bert", .plan = Plan::nomic_bert, .norm = Norm::layer,
     .tied = true, .fused_qkv = true, .before = before_nomic_bert},
    {.model_type = "t5", .family = "t5", .gguf = "t5", .plan = Plan::t5, .tied = true, .gated = false, .before = before_t5},
    {.model_type = "mt5", .family = "t5", .gguf = "t5", .plan = Plan::t5, .gated = false, .before = before_t5},
    {.model_type = "whisper", .family = "whisper", .plan = Plan::whisper, .norm = Norm::layer, .tied = true, .qkv_bias = true,
     .o_bias = true, .mlp_bias = true, .gated = false, .before = before_whisper},
});

/// Further model_types that are read like one of the rows above.
struct Alias {
  std::string_view model_type;
  std::string_view same_as;
};
constexpr auto kAliases = std::to_array<Alias>({
    {"gemma3", "gemma3_text"},      {"gemma3n", "gemma3n_text"},        {"gemma4", "gemma4_text"},
    {"gemma4_unified", "gemma4_text"}, {"gemma4_unified_text", "gemma4_text"}, {"llama4", "llama4_text"},
    {"kimi_k25", "deepseek_v3"},    {"kimi_vl", "deepseek_v3"},         {"mistral3", "mistral"},
    {"glm4v", "glm4v_text"},        {"glm4v_moe", "glm4v_moe_text"},    {"RefinedWeb", "falcon"},
    {"RefinedWebModel", "falcon"},  {"phi-msft", "phi"},                {"qwen3_8", "qwen3_5"},
    {"deepseek_v3_2", "deepseek_v32"},
});

const HfFamily* find_row(std::string_view model_type) {
  for (const HfFamily& family : kFamilies) {
    if (family.model_type == model_type) return &family;
  }
  return nullptr;
}

}  // namespace

const HfFamily* find_hf_family(std::string_view model_type) {
  for (const Alias& alias : kAliases) {
    if (alias.model_type == model_type) return find_row(alias.same_as);
  }
  return find_row(model_type);
}

}  // namespace rigor::adapters
