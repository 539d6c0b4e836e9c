#include "evidence/llama_threads.hpp"

#include <algorithm>
#include <array>

#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using Latent = estimate::LatentMode;

// github.com/ikawrakow/ik_llama.cpp, commit 8337e4cd38 of its exported discussions, read
// 2026-08-17: the lines "mla_attn", "attn_max_b" and "fused_moe" above the buffers.
constexpr std::array kThreads = {
    ThreadSettings{"pull/235) @8337e4cd38:89", Latent::computed, 0, std::nullopt, "q8_0"},
    ThreadSettings{"pull/235) @8337e4cd38:368", Latent::computed, 0},
    ThreadSettings{"pull/235) @8337e4cd38:725", Latent::computed, 0},
    ThreadSettings{"pull/237) @8337e4cd38:41", Latent::computed, 1024, true},
    ThreadSettings{"discussions/258) @8337e4cd38:1", Latent::computed, 512, true},
    ThreadSettings{"pull/260) @8337e4cd38:28", Latent::computed, 1024, true},
    // The same author's command in pull/315.
    ThreadSettings{"issues/296) @8337e4cd38:4110", Latent::mixed, 1024, true},
    ThreadSettings{"issues/296) @8337e4cd38:5278", Latent::mixed, 1024, true},
    ThreadSettings{"pull/315) @8337e4cd38:30", Latent::mixed, 1024, true},
    ThreadSettings{"pull/394) @8337e4cd38:195", Latent::transposed, 0},
    ThreadSettings{"pull/409) @8337e4cd38:30", Latent::mixed, 0, true},
    ThreadSettings{"issues/437)", Latent::mixed, 512, true},
    ThreadSettings{"issues/485) @8337e4cd38:1", Latent::mixed, 512, true},
    ThreadSettings{"pull/492) @8337e4cd38:68", Latent::mixed, 512, true},
};

bool speaks_of(const ThreadSettings& thread, std::string_view locator) {
  const bool whole_thread = thread.locator.ends_with(')');
  return whole_thread ? contains(locator, thread.locator) : locator.ends_with(thread.locator);
}

}  // namespace

const ThreadSettings* thread_settings(std::string_view locator) {
  const auto found =
      std::find_if(kThreads.begin(), kThreads.end(),
                   [&](const ThreadSettings& thread) { return speaks_of(thread, locator); });
  return found == kThreads.end() ? nullptr : &*found;
}

}  // namespace rigor::evidence
