// The setting behind a footprint that a driver or the system measured of a llama.cpp process, and
// what the figure sums up. Sources differ in both; each convention is recognised by what its notes
// say. Layer 7.
#pragma once

#include <optional>
#include <string>

#include "evidence/llama_row.hpp"
#include "evidence/mapper.hpp"
#include "workload/inference.hpp"
#include "workload/placement.hpp"

namespace rigor::evidence {

struct LlamaFootprint {
  workload::Inference inference = {};
  workload::Placement placement = {};
  workload::Backend backend = workload::Backend::cuda;

  // What the figure counts beside the devices' own terms.
  Bytes beside = {};           ///< what others held before the run
  bool counts_pinned = false;  ///< the graph's inputs in host memory: the device shares it
  bool reads_tables = false;   ///< the host's tables are read, not mapped
  bool maps_file = false;      ///< the file counts whole, as the process maps it
  double times = 1.0;          ///< copies of the whole in the figure; below 1: one of several cards
};

/// Fills `out`, or says what the row does not state.
std::optional<std::string> read_footprint(const LlamaRun& run, LlamaFootprint& out);

}  // namespace rigor::evidence
