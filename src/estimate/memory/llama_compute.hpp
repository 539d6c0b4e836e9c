// llama.cpp's compute buffers in closed form: masks beside a fixed number of floats per token.
// Checked against the replay over the whole catalogue. docs/models/11-llama-cpp-memory.md. Layer 5.
#pragma once

#include "estimate/memory/inference_memory.hpp"

namespace rigor::estimate {

/// What all parts of an estimate of llama.cpp read.
struct LlamaRun {
  const InferenceCase& input;
  const LlamaFacts& facts;
  double tokens = 0;        ///< of one micro-batch
  double cells = 0;         ///< of a layer that sees everything
  double window_cells = 0;  ///< of a layer with a window
  double caches = 1;        ///< of that size: one for each sequence unless they share
  bool windows = false;     ///< some layers keep no more than their window
  int copies = 1;           ///< of the graph's inputs
};
LlamaRun llama_run(const InferenceCase& input, const LlamaFacts& facts);

/// Everything the graph of a micro-batch occupies.
struct LlamaCompute {
  Bytes buffer = {};        ///< on every device
  Bytes draft = {};         ///< of the draft layers' own graph, on every device
  Bytes first_copies = {};  ///< further copies of the graph's inputs, on the first device
  Bytes copies = {};        ///< the same on every other device
  Bytes pinned = {};        ///< inputs in host memory, their copies included
  Bytes host = {};          ///< what the host computes itself; {} when devices hold all layers
};
LlamaCompute llama_compute(const LlamaRun& run);

}  // namespace rigor::estimate
