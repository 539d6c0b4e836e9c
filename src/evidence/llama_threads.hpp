// Settings that a log's own lines state and the table of evidence left out, read in the thread that
// each locator cites. They are command-line flags of those runs, no figures. Layer 7.
#pragma once

#include <optional>
#include <string_view>

#include "estimate/memory/llama_graph.hpp"

namespace rigor::evidence {

struct ThreadSettings {
  std::string_view locator;     ///< end of the locator, or a part that whole threads share
  estimate::LatentMode latent;  ///< mla_attn
  int attention_limit = 0;      ///< attn_max_b
  std::optional<bool> fused_experts = {};  ///< fused_moe
  std::string_view cache_type = {};
};

/// Null when no thread is known.
const ThreadSettings* thread_settings(std::string_view locator);

}  // namespace rigor::evidence
