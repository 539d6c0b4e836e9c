#include "apps/cli/judging.hpp"

#include "catalog/habits.hpp"

namespace rigor::apps {

Result<std::unique_ptr<Judged>> judged(const adapters::RigFile& rig,
                                       const estimate::Calibration& calibration, Session& session,
                                       std::vector<check::Demand> demands) {
  const Result<hardware::Habits> habits = catalog::habits(session.catalog);
  if (!habits) return tl::unexpected<Error>(habits.error());
  const Result<const catalog::Entry*> limits = session.catalog.entry("choice/limits");
  if (!limits) return tl::unexpected<Error>(limits.error());
  auto made = std::make_unique<Judged>();
  made->habits = *habits;
  made->assembly = check::assemble(
      rig.rig, rig.entries, {*limits, &made->habits, &calibration.power()}, std::move(demands));
  made->findings = check::judge(*made->assembly);
  return made;
}

}  // namespace rigor::apps
