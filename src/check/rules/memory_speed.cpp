#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/memory_kit.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

/// Clocks of AM5: memory at half its transfers, the controller 1:1 with it (1:2 beyond), the fabric
/// on its own, in practice two thirds of the memory's clock. docs/models/60-check.md.
std::string am5_clocks(double transfers) {
  constexpr double kMega = 1e6, kFastestOneToOne = 6400, kFastestFabric = 2133;
  const double speed = transfers / kMega;
  const double memory = speed / 2;
  const double controller = speed <= kFastestOneToOne ? memory : memory / 2;
  const double fabric = std::min(kFastestFabric, memory * 2 / 3);
  return fmt::format(
      "; clocks at {:.0f} MT/s: memory {:.0f}, controller (UCLK) {:.0f}, fabric "
      "(FCLK) about {:.0f} MHz",
      speed, memory, controller, fabric);
}

}  // namespace

/// The kit's rated speed against what the processor's maker guarantees.
Findings memory_speed(const Assembly& rig) {
  const Item* processor = rig.first("cpu");
  if (processor == nullptr || rig.first("memory") == nullptr) return {};
  Facts facts(rig);
  const auto kits = memory_kits(rig, facts);
  const auto guaranteed = facts.quantity<Hertz>(processor, "memory_speed");
  const auto channels = facts.count(processor, "memory_channels");
  if (!kits || !guaranteed || !channels)
    return {facts.unknown("whether the memory runs at its rated speed")};
  constexpr double kMega = 1e6;
  const double rated = kits->slowest / kMega;
  const double limit = guaranteed->in(Hertz::from_base(kMega));
  const bool am5 = facts.text(processor, "socket").value_or("") == "AM5";
  const std::string clocks = am5 ? am5_clocks(kits->slowest) : "";
  const bool two_each = kits->modules > *channels;
  if (rated > limit) {
    return {facts.measured(
        two_each ? Severity::warning : Severity::info, {rated, "MT/s"}, {limit, "MT/s"},
        limit - rated,
        fmt::format("the memory is rated {:.0f} MT/s, the processor is guaranteed for {:.0f}: more "
                    "is an overclock (EXPO, XMP){}{}",
                    rated, limit, two_each ? ", and two modules per channel reach less" : "",
                    clocks),
        fmt::format("set {:.0f} MT/s if errors appear{}", limit,
                    two_each ? "; two larger modules instead of four are faster" : ""))};
  }
  if (two_each) {
    return {facts.measured(
        Severity::info, {rated, "MT/s"}, {limit, "MT/s"}, limit - rated,
        fmt::format("two modules per channel: the guarantee of {:.0f} MT/s is for one{}", limit,
                    clocks),
        "half as many modules of twice the size, or the speed that the board's manual names")};
  }
  return {facts.measured(
      Severity::ok, {rated, "MT/s"}, {limit, "MT/s"}, limit - rated,
      fmt::format("memory at {:.0f} MT/s, guaranteed for {:.0f}{}", rated, limit, clocks))};
}

}  // namespace rigor::check
