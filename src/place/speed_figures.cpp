#include "place/speed_figures.hpp"

#include <algorithm>

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

Ranged detail::rate(double expected, const estimate::SpeedRange& range) {
  return {range.low * expected, expected, range.high * expected};
}

Ranged detail::duration(double expected, const estimate::SpeedRange& range) {
  return {expected / range.high, expected, expected / range.low};
}

}  // namespace rigor::place
