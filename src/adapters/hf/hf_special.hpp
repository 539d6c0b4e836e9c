// Corrections for single families: what their files say in words of their own. Layer 10.
#pragma once

#include "adapters/hf/config_reader.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

// Dense decoders.
void special_qwen1(ConfigReader& config, llm::Architecture& a);
void special_qwen2(ConfigReader& config, llm::Architecture& a);
void special_chatglm(ConfigReader& config, llm::Architecture& a);
void special_falcon(ConfigReader& config, llm::Architecture& a);
void special_gpt2(ConfigReader& config, llm::Architecture& a);
void special_gpt_bigcode(ConfigReader& config, llm::Architecture& a);
void special_opt(ConfigReader& config, llm::Architecture& a);
void special_starcoder2(ConfigReader& config, llm::Architecture& a);
void special_stablelm(ConfigReader& config, llm::Architecture& a);
void special_cohere(ConfigReader& config, llm::Architecture& a);
void special_seed_oss(ConfigReader& config, llm::Architecture& a);
void special_nemotron_nas(ConfigReader& config, llm::Architecture& a);
// Experts.
void special_qwen_moe(ConfigReader& config, llm::Architecture& a);
void special_deepseek(ConfigReader& config, llm::Architecture& a);
void special_deepseek_v4(ConfigReader& config, llm::Architecture& a);
void special_corrected_router(ConfigReader& config, llm::Architecture& a);
void special_glm4_moe(ConfigReader& config, llm::Architecture& a);
void special_gpt_oss(ConfigReader& config, llm::Architecture& a);
void special_hunyuan(ConfigReader& config, llm::Architecture& a);
void special_llama4(ConfigReader& config, llm::Architecture& a);
void special_minimax(ConfigReader& config, llm::Architecture& a);
void special_phimoe(ConfigReader& config, llm::Architecture& a);
// Recurrent and hybrid.
void special_qwen3_next(ConfigReader& config, llm::Architecture& a);
void special_qwen3_5(ConfigReader& config, llm::Architecture& a);
void special_granite_hybrid(ConfigReader& config, llm::Architecture& a);
void special_nemotron_h(ConfigReader& config, llm::Architecture& a);
void special_mamba(ConfigReader& config, llm::Architecture& a);
void special_mamba2(ConfigReader& config, llm::Architecture& a);
void special_jamba(ConfigReader& config, llm::Architecture& a);
void special_lfm2(ConfigReader& config, llm::Architecture& a);
// Gemma with per-layer embeddings.
void special_gemma3n(ConfigReader& config, llm::Architecture& a);
void special_gemma4(ConfigReader& config, llm::Architecture& a);
// Encoders and encoder-decoders.
void special_bert(ConfigReader& config, llm::Architecture& a);
void special_nomic_bert(ConfigReader& config, llm::Architecture& a);
void special_t5(ConfigReader& config, llm::Architecture& a);
void special_whisper(ConfigReader& config, llm::Architecture& a);

}  // namespace rigor::adapters
