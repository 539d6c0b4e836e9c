// What every fuzz target has: the function libFuzzer (and the replay program) calls, and a way to
// use results so that reading them is exercised as well. Tests only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "llm/architecture.hpp"
#include "llm/cache_shape.hpp"
#include "llm/tensor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace rigor::fuzz {

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return std::string(reinterpret_cast<const char*>(data), size);
}

/// An architecture a reader lets through must be safe for everything that is computed from it.
inline void use(const llm::Architecture& a) {
  const llm::InventoryScope all{.vision = true, .mtp = true, .gguf_file = true};
  RIGOR_ASSERT(llm::parameters(a, all) >= 0);
  RIGOR_ASSERT(llm::active_parameters(a) >= 0);
  for (const llm::Layer& layer : a.layers) {
    RIGOR_ASSERT(llm::layer_cache(a, layer).elements() >= 0);
    RIGOR_ASSERT(llm::recurrent_state(a, layer).state >= 0);
  }
}

}  // namespace rigor::fuzz
