// What single families say in words of their own. `before_*` runs when the common keys are read but
// not the layers, `after_*` when the layers are there. Layer 10.
#pragma once

#include "adapters/hf/config_reader.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

// Dense decoders.
void before_learned_positions(ConfigReader& config, llm::Architecture& a);
void before_chatglm(ConfigReader& config, llm::Architecture& a);
void before_cohere(ConfigReader& config, llm::Architecture& a);
void before_falcon(ConfigReader& config, llm::Architecture& a);
void before_opt(ConfigReader& config, llm::Architecture& a);
void before_seed_oss(ConfigReader& config, llm::Architecture& a);
void before_stablelm(ConfigReader& config, llm::Architecture& a);
void before_starcoder2(ConfigReader& config, llm::Architecture& a);
void after_falcon(ConfigReader& config, llm::Architecture& a);
void after_gpt_bigcode(ConfigReader& config, llm::Architecture& a);
void after_nemotron_nas(ConfigReader& config, llm::Architecture& a);
void after_qwen1(ConfigReader& config, llm::Architecture& a);
void after_qwen2(ConfigReader& config, llm::Architecture& a);

// Experts.
void before_corrected_router(ConfigReader& config, llm::Architecture& a);
void before_deepseek(ConfigReader& config, llm::Architecture& a);
void before_deepseek_v4(ConfigReader& config, llm::Architecture& a);
void before_glm4_moe(ConfigReader& config, llm::Architecture& a);
void before_gpt_oss(ConfigReader& config, llm::Architecture& a);
void before_hunyuan(ConfigReader& config, llm::Architecture& a);
void before_llama4(ConfigReader& config, llm::Architecture& a);
void before_minimax(ConfigReader& config, llm::Architecture& a);
void before_qwen_moe(ConfigReader& config, llm::Architecture& a);
void after_deepseek_v4(ConfigReader& config, llm::Architecture& a);
void after_llama4(ConfigReader& config, llm::Architecture& a);

// Recurrent mixers.
void before_granite_hybrid(ConfigReader& config, llm::Architecture& a);
void before_jamba(ConfigReader& config, llm::Architecture& a);
void before_lfm2(ConfigReader& config, llm::Architecture& a);
void before_mamba(ConfigReader& config, llm::Architecture& a);
void before_mamba2(ConfigReader& config, llm::Architecture& a);
void before_nemotron_h(ConfigReader& config, llm::Architecture& a);
void before_qwen3_5(ConfigReader& config, llm::Architecture& a);
void before_qwen3_next(ConfigReader& config, llm::Architecture& a);
void after_granite_hybrid(ConfigReader& config, llm::Architecture& a);
void after_lfm2(ConfigReader& config, llm::Architecture& a);

// Gemma with shared caches and per-layer embeddings.
void before_gemma3n(ConfigReader& config, llm::Architecture& a);
void before_gemma4(ConfigReader& config, llm::Architecture& a);
void after_shared_caches(ConfigReader& config, llm::Architecture& a);
void after_gemma4(ConfigReader& config, llm::Architecture& a);

// Encoders and encoder-decoders.
void before_bert(ConfigReader& config, llm::Architecture& a);
void before_nomic_bert(ConfigReader& config, llm::Architecture& a);
void before_t5(ConfigReader& config, llm::Architecture& a);
void before_whisper(ConfigReader& config, llm::Architecture& a);

}  // namespace rigor::adapters
