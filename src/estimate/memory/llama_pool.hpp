// Temporaries of prompt processing outside the compute buffer. On ROCm without the quantized matrix
// kernels, weights are expanded to F16 in a pool that never returns a block; on CUDA the pool is
// virtual memory and as large as the largest request. docs/models/11-llama-cpp-memory.md. Layer 5.
#pragma once

#include "estimate/memory/llama_compute.hpp"

namespace rigor::estimate {

/// What the matrices of one layer ask for.
struct PoolWidths {
  double hidden = 0, queries = 0, heads = 0;
  double dense = 0;  ///< widest dense feed-forward
  double expert = 0, used = 0, experts = 0, shared = 0;
  bool quantized = true;  ///< matrices must be expanded
};

/// A prompt of `prompt` tokens in steps of `step`. Zero below 64 tokens.
Bytes rocm_pool(const PoolWidths& widths, double prompt, double step, bool flash_attention);
Bytes cuda_pool(const PoolWidths& widths, double prompt, double step, bool flash_attention);

/// Of every device, whatever the backend.
Bytes prompt_pool(const LlamaRun& run);

}  // namespace rigor::estimate
