// What a training step moves beyond its own machine's memory: gradients or parameters to other
// machines, offloaded states to a drive, samples from it and checkpoints to it. Layer 5.
//
// Formulas and sources: docs/models/31-training-speed.md, rates docs/models/34-transfers.md.
#pragma once

#include "estimate/speed/training_speed.hpp"

namespace rigor::estimate {

/// Seconds of a step that its exchange with other machines adds. `hides` is the time of computing
/// behind which a sum of gradients may go on; an average of parameters hides behind nothing.
/// `exchanged` becomes the bytes that a machine sends at a time.
Seconds between_machines(const FineTuneCase& input, const TrainingRig& rig, Seconds hides,
                         Bytes& exchanged);

/// Offloaded states read and written. `passes`: how often a step reads all of its weights.
Seconds offload_to_drive(const FineTuneCase& input, const TrainingRig& rig, double passes);

/// Fills the terms loading and saving, and the bytes behind them.
/// Requires: all other terms are filled.
void load_and_save(const FineTuneCase& input, const TrainingRig& rig, TrainingTime& time);

/// A checkpoint from which training goes on: full: weights, master weights and optimizer states;
/// adapters: those and their states, not the base.
Bytes checkpoint_bytes(const FineTuneCase& input);

}  // namespace rigor::estimate
