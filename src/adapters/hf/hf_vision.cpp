#include "adapters/hf/hf_vision.hpp"

#include <array>

namespace rigor::adapters {
namespace {

using llm::Vision;
using llm::VisionKind;

/// Which encoder a multimodal model_type carries.
struct Tower {
  std::string_view model_type;
  VisionKind kind;
};
constexpr auto kTowers = std::to_array<Tower>({
    {"qwen3_vl", VisionKind::qwen3vl},
    {"qwen3_vl_moe", VisionKind::qwen3vl},
    {"qwen3_5", VisionKind::qwen3vl},
    {"qwen3_5_moe", VisionKind::qwen3vl},
    {"qwen3_8", VisionKind::qwen3vl},
    {"gemma3", VisionKind::siglip},
    {"mistral3", VisionKind::pixtral},
    {"llama4", VisionKind::llama4},
    {"gemma4", VisionKind::gemma4},
});

Vision common(ConfigReader& c, VisionKind kind) {
  Vision v;
  v.kind = kind;
  v.hidden = c.count({"hidden_size"});
  v.width = c.count({"intermediate_size"});
  v.depth = c.count({"depth", "num_hidden_layers"});
  v.heads = c.count({"num_heads", "num_attention_heads"});
  v.head_dim = c.count({"head_dim"});
  v.patch = c.count({"patch_size"});
  v.image = c.count({"image_size"});
  return v;
}

void add_details(ConfigReader& c, ConfigReader& outer, Vision& v) {
  switch (v.kind) {
    case VisionKind::qwen3vl:
      v.merge = c.count({"spatial_merge_size"}, 2);
      v.temporal_patch = c.count({"temporal_patch_size"}, 2);
      v.positions = c.count({"num_position_embeddings"});
      v.output = c.count({"out_hidden_size"});
      break;
    case VisionKind::siglip: {
      const int side = v.patch > 0 ? v.image / v.patch : 0;
      v.positions = side < (1 << 10) ? side * side : 0;
      break;
    }
    case VisionKind::pixtral: v.merge = outer.count({"spatial_merge_size"}, 2); break;
    case VisionKind::llama4:
      v.projector = c.count({"projector_output_dim", "vision_output_dim"});
      break;
    case VisionKind::gemma4:
      v.positions = c.count({"position_embedding_size"}, 10240);
      v.standardize = c.flag({"standardize"});
      if (v.head_dim == 0 && v.heads > 0) v.head_dim = v.hidden / v.heads;
      break;
  }
}

}  // namespace

void read_hf_vision(ConfigReader& outer, std::string_view model_type, llm::Architecture& a) {
  std::optional<ConfigReader> config = outer.inside("vision_config");
  if (!config) return;
  for (const Tower& tower : kTowers) {
    if (tower.model_type != model_type) continue;
    Vision vision = common(*config, tower.kind);
    add_details(*config, outer, vision);
    if (!config->complaint().empty())
      return outer.complain("vision_config: " + config->complaint());
    a.vision = vision;
    return;
  }
  outer.note("the image encoder (vision_config)");
}

}  // namespace rigor::adapters
