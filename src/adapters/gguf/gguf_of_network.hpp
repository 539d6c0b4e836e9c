// Test support: the GGUF file that llama.cpp's converter would write for an architecture, as a
// header. Names and shapes follow ggml-org/llama.cpp src/models/*.cpp, not rigor's reader. Layer
// 10, tests only.
#pragma once

#include "adapters/gguf/gguf_writer.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters::testing {

/// Requires: a decoder, an encoder, T5, Mamba or DeepSeek-V4 with a GGUF name.
GgufWriter gguf_of_network(const llm::Architecture& architecture);

}  // namespace rigor::adapters::testing
