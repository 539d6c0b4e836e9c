#include "adapters/hf/hf_special.hpp"

namespace rigor::adapters {

using llm::Architecture;

void before_bert(ConfigReader& config, Architecture& a) {
  a.causal = config.flag({"is_decoder"});
  a.learned_positions = a.context;
  a.token_types = config.count({"type_vocab_size"}, 2);
  a.pooler = true;
}

void before_nomic_bert(ConfigReader& config, Architecture& a) {
  a.causal = config.flag({"causal"});
  a.token_types = config.count({"type_vocab_size"}, 2);
  a.qkv_bias = a.o_bias = config.flag({"qkv_proj_bias"});
  a.mlp_bias = config.flag({"mlp_fc1_bias"});
}

void before_t5(ConfigReader& config, Architecture& a) {
  constexpr int kUsualContext = 512;
  a.decoder_layers = config.count({"num_decoder_layers", "num_layers"});
  a.gated =
      config.text({"feed_forward_proj"}).starts_with("gated") || config.flag({"is_gated_act"});
  if (a.context == 0) a.context = kUsualContext;
}

void before_whisper(ConfigReader& config, Architecture& a) {
  a.decoder_layers = config.count({"decoder_layers"});
  a.mel_bins = config.count({"num_mel_bins"});
  a.audio_positions = config.count({"max_source_positions"});
  a.context = a.learned_positions = config.count({"max_target_positions"});
}

}  // namespace rigor::adapters
