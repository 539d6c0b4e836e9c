// Predictions of whole footprints of llama.cpp: what the program's logs of 2023 called total VRAM,
// and what drivers and systems measured of the process. Layer 7.
#pragma once

#include "evidence/llama_row.hpp"
#include "evidence/mapper.hpp"

namespace rigor::evidence {

/// "total VRAM used" of builds before 2024.
Prediction predict_total_vram(const LlamaRun& run, Library& library);
/// Peaks of a driver or of the system, by source: each measures something else.
Prediction predict_footprint(const LlamaRun& run, Library& library);

}  // namespace rigor::evidence
