#include "place/power.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rigor::place {
namespace {

using estimate::Factor;
using hardware::Accelerator;

/// `highest`: of the rig's cards; a card whose default is lower keeps its default.
std::string problem_of(const Accelerator& device, Watts limit, Watts highest) {
  if (device.unified) return fmt::format("{} is no card whose power can be limited", device.name);
  if (device.board_power <= Watts{})
    return fmt::format("the board power of {} is not known: nothing to compare a limit with",
                       device.name);
  const double wanted = limit.in(watt), board = device.board_power.in(watt);
  const double lowest = device.lowest_power_limit.in(watt);
  if (wanted > board && limit <= highest) return {};
  if (wanted > board) {
    return fmt::format("{} has a board power of {:g} W: a limit of {:g} W is above it", device.name,
                       board, wanted);
  }
  if (lowest > 0 && wanted < lowest)
    return fmt::format("{} takes no limit below {:g} W", device.name, lowest);
  if (lowest > 0 || wanted >= kLowestShare * board) return {};
  return fmt::format("{:g} W is below 40 % of the {:g} W of {}: cards refuse such limits", wanted,
                     board, device.name);
}

}  // namespace

Watts lowest_limit(const hardware::Accelerator& device) {
  if (device.lowest_power_limit > Watts{}) return device.lowest_power_limit;
  return kLowestShare * device.board_power;
}

std::string problem_with_power_limit(const Question& question) {
  if (!question.workload.power_limit) return {};
  Watts highest;
  for (const Accelerator& device : question.accelerators)
    highest = std::max(highest, device.board_power);
  for (const Accelerator& device : question.accelerators) {
    std::string problem = problem_of(device, *question.workload.power_limit, highest);
    if (!problem.empty()) return problem;
  }
  return {};
}

double limit_share(const Question& question, const Accelerator& device) {
  if (!question.workload.power_limit || device.board_power <= Watts{}) return 1;
  return std::min(1.0, *question.workload.power_limit / device.board_power);
}

estimate::Executor slowed(estimate::Executor device, double factor) {
  device.bandwidth *= factor;
  device.peak *= factor;
  device.plain *= factor;
  for (const Factor seconds :
       {Factor::launch, Factor::step, Factor::sequence, Factor::train_launch})
    device.constants[seconds] /= factor;
  return device;
}

std::vector<estimate::Executor> limited_devices(const Question& question,
                                                const std::vector<estimate::Executor>& devices,
                                                const estimate::PowerCalibration& power,
                                                estimate::Phase phase) {
  if (!question.workload.power_limit) return {};
  std::vector<estimate::Executor> out;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const Accelerator& card = question.accelerators[i];
    const double share = limit_share(question, card);
    const estimate::PowerConstants constants = power.resolve(estimate::family_of(card));
    out.push_back(slowed(devices[i], rate_share(constants, phase, share)));
  }
  return out;
}

Ranged limit_factor(const Question& question, const workload::Placement& placement,
                    const estimate::PowerCalibration& power, estimate::Phase phase) {
  const Accelerator& card = question.accelerators[placement.accelerator(0)];
  const double share = limit_share(question, card);
  const estimate::PowerFactor factor = power.rate(phase, estimate::family_of(card), share);
  return {factor.low, factor.expected, factor.high};
}

Ranged widened(const Ranged& rate, const Ranged& factor) {
  const double expected = factor.expected;
  return product(rate, {factor.low / expected, 1, factor.high / expected});
}

}  // namespace rigor::place
