#include <fmt/format.h>

#include <algorithm>

#include "check/rules/all.hpp"

namespace rigor::check {

/// All that the work keeps on drives against what they hold.
Findings drive_space(const Assembly& rig) {
  Bytes wanted;
  std::vector<std::string> counted;
  for (const Demand& demand : rig.demands) {
    wanted += demand.on_drive;
    if (std::find(counted.begin(), counted.end(), demand.model) != counted.end()) continue;
    counted.push_back(demand.model);
    wanted += demand.model_file;
  }
  if (wanted <= Bytes{} || rig.is_whole_machine()) return {};
  Facts facts(rig);
  facts.need("drive");
  Bytes holds;
  for (const Item* drive : rig.all("drive")) {
    if (const auto one = facts.quantity<Bytes>(drive, "capacity")) holds += drive->count() * *one;
  }
  if (!facts.complete()) return {facts.unknown("whether the drives hold the work's files")};
  const double most = holds.in(1000 * GB) * (1 - facts.limit_share("work.free_drive"));
  const double now = wanted.in(1000 * GB);
  const bool fits = now <= most;
  return {facts.measured(
      fits ? Severity::ok : Severity::error, {now, "TB"}, {most, "TB"}, most - now,
      fmt::format("models and a checkpoint of each task take {:.2f} TB, the drives hold "
                  "{:.2f} with some left free",
                  now, most),
      fits ? "" : fmt::format("another drive of {:.0f} TB or more", now - most + 1))};
}

}  // namespace rigor::check
