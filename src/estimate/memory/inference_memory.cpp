#include "estimate/memory/inference_memory.hpp"

#include "estimate/memory/draft_network.hpp"

namespace rigor::estimate {
namespace {

void engine_memory(const InferenceCase& input, MemoryEstimate& result) {
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

}  // namespace

void inference_memory(const InferenceCase& input, MemoryEstimate& result) {
  engine_memory(input, result);
  if (input.draft != nullptr) add_draft_network(input, result);
}

}  // namespace rigor::estimate
