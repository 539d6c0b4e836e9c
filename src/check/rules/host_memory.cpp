#include <fmt/format.h>

#include <algorithm>

#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

Finding judge_demand(const Assembly& rig, const Demand& demand) {
  Facts facts(rig);
  if (rig.first("memory") == nullptr && !rig.is_whole_machine()) facts.need("memory");
  for (const Item* kit : rig.all("memory")) {
    facts.count(kit, "modules");
    facts.quantity<Bytes>(kit, "module_capacity");
  }
  const Bytes has = rig.rig->host.memory;
  if (!facts.complete() || has <= Bytes{})
    return facts.unknown(fmt::format("whether \"{}\" finds host memory", demand.workload));
  const Bytes reserve = facts.limit<Bytes>("work.system_memory");
  const double now = has.in(GiB), file = demand.model_file.in(GiB);
  const double run = (demand.host + reserve).in(GiB),
               wanted = (demand.model_file + reserve).in(GiB);
  if (!demand.fits) {
    return facts.finding(
        Severity::info,
        fmt::format("\"{}\" does not fit this rig, whatever its host memory", demand.workload),
        "rigor fit says what would help");
  }
  const double most = (demand.host_high + reserve).in(GiB);
  if (now >= run && now < most) {
    return facts.measured(
        Severity::warning, {now, "GiB"}, {most, "GiB"}, now - most,
        fmt::format("\"{}\" takes {:.1f} GiB of host memory while it runs, perhaps {:.1f}; the rig "
                    "has {:.0f}",
                    demand.workload, run, most, now),
        "more memory, or less on the host");
  }
  if (now < run) {
    return facts.measured(
        Severity::error, {now, "GiB"}, {run, "GiB"}, now - run,
        fmt::format("\"{}\" takes {:.1f} GiB of host memory while it runs, the rig has {:.0f}",
                    demand.workload, run, now),
        "more memory, or less on the host");
  }
  const bool holds = now >= wanted;
  return facts.measured(
      holds ? Severity::ok : Severity::warning, {now, "GiB"}, {wanted, "GiB"}, now - wanted,
      fmt::format("\"{}\": a file of {:.1f} GiB and {:.0f} GiB for the system, {:.0f} GiB of host "
                  "memory{}",
                  demand.workload, file, reserve.in(GiB), now,
                  holds ? "" : ": it is not held whole, so every start reads the drive"),
      holds ? "" : fmt::format("{:.0f} GiB of memory, or engines that map the file", wanted));
}

}  // namespace

/// The largest file of every task against the host's memory, with what the task itself keeps there.
Findings host_memory(const Assembly& rig) {
  Findings found;
  for (const Demand& demand : rig.demands) {
    if (demand.model_file > Bytes{}) found.push_back(judge_demand(rig, demand));
  }
  return found;
}

}  // namespace rigor::check
