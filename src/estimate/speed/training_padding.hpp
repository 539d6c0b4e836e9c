// How long the sequences of a training run are when samples are shorter than the sequence: packed
// one behind the other, or padded to the longest of their micro-batch. Layer 5.
//
// Formula and assumptions: docs/models/31-training-speed.md, "Padding".
#pragma once

#include "workload/finetune.hpp"

namespace rigor::estimate {

struct Lengths {
  double computed = 0;  ///< tokens of a sequence as it is computed, padding included
  double attended = 0;  ///< tokens within which attention looks
  double useful = 1;    ///< share of `computed` that is no padding
};

/// Padding is dynamic. Lengths of samples are taken as exponentially distributed with the stated
/// mean, cut at the sequence.
Lengths lengths_of(const workload::FineTune& finetune);

/// Expected longest of `count` samples with this mean, none longer than `most`.
/// Requires: 0 < mean <= most, count >= 1.
double longest_sample(double mean, double most, int count);

}  // namespace rigor::estimate
