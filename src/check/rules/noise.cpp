#include <fmt/format.h>

#include "check/rules/all.hpp"

namespace rigor::check {

/// Sound level at the listener against the site's ceiling.
Findings noise(const Assembly& rig) {
  const auto& ceiling = rig.rig->site.noise_ceiling;
  if (!ceiling) return {};
  Facts facts(rig);
  for (const Item* card : rig.all("gpu")) facts.text(card, "cooling");
  const estimate::NoiseState& state = rig.sheet.at(hardware::Activity::limit).noise;
  for (const std::string& part : state.missing) facts.miss(part, "max_noise");
  if (!state.level) return {facts.unknown("how loud the machine is")};
  const double now = state.level->expected;
  const Severity level = now > *ceiling                 ? Severity::error
                         : state.level->high > *ceiling ? Severity::warning
                                                        : Severity::ok;
  return {facts.measured(
      level, {now, "dB(A)"}, {*ceiling, "dB(A)"}, *ceiling - now,
      fmt::format("{:.1f} dB(A) ({:.0f} to {:.0f}) at {:.1f} m with everything at "
                  "its limits",
                  now, state.level->low, state.level->high,
                  state.distance.in(Metres::from_base(1))),
      level == Severity::ok ? "" : "a lower power limit, slower and larger fans, or another room")};
}

}  // namespace rigor::check
