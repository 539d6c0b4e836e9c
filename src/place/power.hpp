// What a power limit does to the devices of a question. Layer 6.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "estimate/power/power_calibration.hpp"
#include "estimate/speed/speed_case.hpp"
#include "place/question.hpp"
#include "place/ranged.hpp"

namespace rigor::place {

/// What is wrong with a power limit for these cards, in plain words; empty when nothing is. A card
/// whose default is below the limit keeps its default, as long as another one goes that far.
std::string problem_with_power_limit(std::span<const hardware::Accelerator> cards, Watts limit);
/// What is wrong with the question's power limit, in plain words; empty when nothing is, or when
/// there is none.
std::string problem_with_power_limit(const Question& question);

/// Cards whose lowest limit is not known are taken to refuse less than this share of their default.
inline constexpr double kLowestShare = 0.4;
/// Smallest limit that can be set, as far as known.
Watts lowest_limit(const hardware::Accelerator& device);

/// Limit over the card's default, at most 1; 1 when there is no limit or no default is known.
double limit_share(const Question& question, const hardware::Accelerator& device);

/// Devices as they are under the question's limit, in one phase; empty without a limit.
std::vector<estimate::Executor> limited_devices(const Question& question,
                                                const std::vector<estimate::Executor>& devices,
                                                const estimate::PowerCalibration& power,
                                                estimate::Phase phase);

/// A device that is slower by a factor in all it does.
estimate::Executor slowed(estimate::Executor device, double factor);

/// What the limit leaves of the rate of a placement's first device; 1 without a limit.
/// Requires: the placement has a device.
Ranged limit_factor(const Question& question, const workload::Placement& placement,
                    const estimate::PowerCalibration& power, estimate::Phase phase);

/// A rate that was estimated with limited devices, its interval widened by the limit's.
Ranged widened(const Ranged& rate, const Ranged& factor);

}  // namespace rigor::place
