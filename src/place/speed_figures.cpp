#include "place/speed_figures.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "estimate/speed/speed_case.hpp"
#include "place/machines.hpp"

namespace rigor::place {

bool detail::links_are_assumed(const Question& question, const workload::Placement& placement) {
  if (placement.devices / machines_of(question) < 2) return false;
  for (int i = 0; i < placement.devices; ++i) {
    const hardware::Accelerator& card = question.accelerators[placement.accelerator(i)];
    const bool known = card.slot.basis != hardware::SlotLink::Basis::unknown;
    if (!known && !estimate::has_built_in_nvlink(card)) return true;
  }
  return false;
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
