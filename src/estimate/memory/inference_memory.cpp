#include "estimate/memory/inference_memory.hpp"

namespace rigor::estimate {

void inference_memory(const InferenceCase& input, MemoryEstimate& result) {
  using workload::EngineFamily;
  RIGOR_ASSERT(!input.engine.trains());
  switch (input.engine.family) {
    case EngineFamily::llama_cpp: return llama_cpp_memory(input, result);
    case EngineFamily::vllm: return vllm_memory(input, result);
    case EngineFamily::transformers: return transformers_memory(input, result);
    case EngineFamily::mlx: return mlx_memory(input, result);
    case EngineFamily::exllama: return exllama_memory(input, result);
    default: break;
  }
  RIGOR_ASSERT(false && "an engine that trains has no inference estimate");
}

}  // namespace rigor::estimate
