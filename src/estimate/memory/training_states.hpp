// What training holds beside activations: weights, adapters, gradients, optimizer states and master
// weights, on the device that holds most of them. Layer 5.
#pragma once

#include "estimate/memory/training_memory.hpp"

namespace rigor::estimate {

/// The devices that hold a copy each: sharding divides states among them.
int sharding_ways(const workload::Placement& placement);
/// Is this state divided? Parameters from ZeRO-3, gradients from ZeRO-2, optimizer states from
/// ZeRO-1 on.
bool shards_parameters(const workload::Placement& placement);
bool shards_gradients(const workload::Placement& placement);
bool shards_optimizer(const workload::Placement& placement);

/// Elements of the largest pipeline stage, cut by tensor parallelism.
struct Stage {
  double matrices = 0;  ///< linear layers, routed experts included
  double experts = 0;   ///< part of `matrices`
  double vectors = 0;
  double embeddings = 0;  ///< input table and head
  double layers = 0;
  [[nodiscard]] double sum() const { return matrices + vectors + embeddings; }
};
Stage largest_stage(const Network& network, const workload::Placement& placement);

/// Bytes of one element that is trained.
struct TrainedBytes {
  double weight = 0, gradient = 0, states = 0, master = 0;
  double step = 0;  ///< temporary while the optimizer steps
};
TrainedBytes trained_bytes(const FineTuneCase& input);

/// Bytes of one element of a frozen matrix, by how the base is stored.
double matrix_bytes(const workload::FineTune& finetune);
/// Of them, scales that FSDP does not divide (bitsandbytes keeps its quantization state whole).
double replicated_bytes(const workload::FineTune& finetune);

struct TrainingStates {
  Bytes weights = {};      ///< the network's
  Bytes adapter = {};      ///< adapters and trained copies of embedding and head
  Bytes gradients = {};    ///< when the backward pass is complete
  Bytes accumulated = {};  ///< of them, or of whole ones, alive through the next forward pass
  Bytes optimizer = {};
  Bytes master = {};
  Bytes step = {};  ///< temporary of the optimizer's step
};

/// Before anything is offloaded.
TrainingStates states_before_offload(const FineTuneCase& input);
/// What stays on the device. Offloaded optimizers take their gradients along.
TrainingStates training_states(const FineTuneCase& input);

}  // namespace rigor::estimate
