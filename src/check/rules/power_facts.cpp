#include "check/rules/power_facts.hpp"

#include <fmt/format.h>

namespace rigor::check {

std::optional<Watts> processor_power(const Assembly& rig, const Item* processor, Facts& facts) {
  const auto stated = facts.quantity<Watts>(
      processor, Facts::states(processor, "package_power") ? "package_power" : "tdp");
  const auto& limit = rig.rig->settings.cpu_power_limit;
  return limit && stated ? limit : stated;
}

void read_draw(const Assembly& rig, Facts& facts) {
  for (const Item* card : rig.all("gpu")) facts.quantity<Watts>(card, "board_power");
  for (const Item* processor : rig.all("cpu")) processor_power(rig, processor, facts);
}

std::string limit_text(const estimate::LimitAdvice& advice) {
  if (!advice.limit) return {};
  return fmt::format(
      "a power limit of {:.0f} W per card (keeps {:.0f} % of generating, {:.0f} % of training)",
      advice.limit->in(watt), 100 * advice.decode.expected, 100 * advice.training.expected);
}

}  // namespace rigor::check
