// Pieces that speeds of inference and of training share. Layer 6.
#pragma once

#include <span>
#include <string>

#include "estimate/speed/calibration.hpp"
#include "place/speed.hpp"

namespace rigor::place::detail {

/// Several devices that are not all in slots the board is known to have.
bool links_are_assumed(const Question& question, const workload::Placement& placement);

/// An expected figure, corrected already, with its interval.
Ranged rate(double expected, const Correction& range);
Ranged duration(double expected, const Correction& range);
/// Of a rate's factor, what it does to a time.
Ranged inverse(const Ranged& factor);

/// What own measurements of a quantity say of the answer; the published interval when none does.
/// `asked`: the quantity, its size, and the form where that is not the network's storage.
Correction own_correction(const Question& question, const workload::Placement& placement,
                          const estimate::SpeedScope& scope, OwnSetting asked,
                          const estimate::SpeedRange& published);

/// All terms of a time, so that they still sum to it.
template <class Time>
void divide(Time& time, double factor) {
  for (Seconds& term : time.terms) term = term / factor;
}

/// Requests that are served together in the long run, what each one sends and gets, and on what.
struct Serving {
  estimate::SpeedCase stages;
  estimate::Round round;
  double depth = 0;     ///< tokens in the cache in the middle of an answer
  double requests = 1;  ///< of all copies, those that take turns on one device divided among them

  /// Tokens per second of all users, by plain times.
  [[nodiscard]] double rate() const;
};
Serving serving_of(const Question& question, const workload::Placement& placement,
                   const estimate::SpeedRig& rig);

/// What is missing to tell how fast a training run's drive and network are; empty when nothing is.
std::string traffic_needs(const Question& question, const workload::Placement& placement);

}  // namespace rigor::place::detail
