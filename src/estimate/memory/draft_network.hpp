// A small network that drafts for another, on the same devices. Layer 5.
#pragma once

#include "estimate/memory/inference_memory.hpp"

namespace rigor::estimate {

/// How a draft network lies on the devices of its target: cut the same ways, whole layers dealt out
/// in the same shares, nothing on the host beside devices.
workload::Placement draft_placement(const workload::Placement& placement, const Network& target,
                                    const Network& draft);

/// What the draft network is asked: the same contexts, no drafts of its own.
workload::Inference draft_inference(const InferenceCase& target);

/// Adds weights, cache and states of the case's draft network to the term "draft" of every device,
/// and under llama.cpp the compute buffer of its own context. A pool gives way to them.
/// Requires: there is a draft network, and `result` is the target's. No allocation.
void add_draft_network(const InferenceCase& input, MemoryEstimate& result);

}  // namespace rigor::estimate
