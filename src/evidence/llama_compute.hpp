// Predictions of compute buffers: the estimator's replay, with the settings that the row states.
// Settings that no row states (-amb, -fmoe, -mla, where host experts are computed) are those with
// which the replay gives the other compute buffers of the same log; without such buffers the
// prediction is a range. Layer 7.
#pragma once

#include "evidence/llama_siblings.hpp"
#include "evidence/mapper.hpp"

namespace rigor::evidence {

Prediction predict_compute(const LlamaRun& run, const estimate::Network& network);

}  // namespace rigor::evidence
