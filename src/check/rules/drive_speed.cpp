#include <fmt/format.h>

#include "check/rules/all.hpp"

namespace rigor::check {

/// Samples that a training reads without pause against the drive they lie on.
Findings drive_speed(const Assembly& rig) {
  Findings found;
  for (const Demand& demand : rig.demands) {
    if (demand.samples_rate <= BytesPerSecond{}) continue;
    Facts facts(rig);
    if (rig.rig->host.drive.read <= BytesPerSecond{}) {
      const Item* drive = rig.is_whole_machine() ? nullptr : facts.need("drive");
      if (drive != nullptr) facts.quantity<BytesPerSecond>(drive, "sequential_read");
      if (facts.complete()) continue;
      found.push_back(
          facts.unknown(fmt::format("whether \"{}\" waits for its samples", demand.workload)));
      continue;
    }
    constexpr double kMega = 1e6;
    const double now = demand.samples_rate.in(byte / second) / kMega;
    const double limit = rig.rig->host.drive.read.in(byte / second) / kMega;
    const bool fast = now <= limit;
    found.push_back(facts.measured(
        fast ? Severity::ok : Severity::warning, {now, "MB/s"}, {limit, "MB/s"}, limit - now,
        fmt::format("\"{}\" reads {:.3g} MB/s of samples, {} gives {:.0f}", demand.workload, now,
                    rig.rig->host.drive.name, limit),
        fast ? "" : "a faster drive, or samples in fewer, larger files"));
  }
  return found;
}

}  // namespace rigor::check
