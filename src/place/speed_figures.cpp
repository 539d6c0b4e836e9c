#include "place/speed_figures.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "estimate/speed/speed_case.hpp"

namespace rigor::place {
namespace {

template <class Link>
BytesPerSecond slowest(std::span<const hardware::Accelerator> devices, const Link& link) {
  BytesPerSecond least = link(devices.front());
  for (const hardware::Accelerator& device : devices) least = std::min(least, link(device));
  return least;
}

}  // namespace

BytesPerSecond detail::slowest_link(std::span<const hardware::Accelerator> devices) {
  return slowest(devices, [](const hardware::Accelerator& device) {
    return estimate::peer_bandwidth(device, false);
  });
}

BytesPerSecond detail::slowest_slot(std::span<const hardware::Accelerator> devices) {
  return slowest(devices, estimate::slot_bandwidth);
}

Ranged detail::rate(double expected, const Correction& range) {
  return {range.low * expected, expected, range.high * expected};
}

Ranged detail::duration(double expected, const Correction& range) {
  return {expected / range.high, expected, expected / range.low};
}

Ranged detail::inverse(const Ranged& factor) {
  return {1 / factor.high, 1 / factor.expected, 1 / factor.low};
}

Correction detail::own_correction(const Question& question, const workload::Placement& placement,
                                  const estimate::SpeedScope& scope, OwnSetting asked,
                                  const estimate::SpeedRange& published) {
  if (question.own.empty()) return {.low = published.low, .high = published.high};
  asked.engine = scope.engine;
  asked.backend = scope.backend;
  asked.device = scope.device;
  asked.devices = std::max(1, placement.devices);
  for (int i = 1; i < placement.devices; ++i) {
    const std::string& other = question.accelerators[placement.accelerator(i)].id;
    if (other != scope.device) asked.device += "+" + other;  // own rows speak of equal devices
  }
  asked.ways = std::max(1, placement.tensor);
  asked.on_host =
      placement.devices > 0 && (placement.host_layers > 0 || placement.host_expert_layers > 0 ||
                                placement.optimizer == workload::Offload::host);
  asked.network = shape_of(*question.network);
  if (asked.form.empty()) asked.form = lower(question.network->quantization);
  return correction(question.own, asked, published.low, published.high);
}

}  // namespace rigor::place
