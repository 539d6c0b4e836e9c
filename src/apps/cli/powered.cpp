#include "apps/cli/powered.hpp"

#include "apps/cli/workload_arguments.hpp"
#include "catalog/electrical.hpp"
#include "catalog/habits.hpp"
#include "place/rank.hpp"
#include "report/fit_text.hpp"

namespace rigor::apps {
Result<std::unique_ptr<Machine>> open_machine(const std::string& what,
                                              const std::optional<std::string>& power_limit,
                                              Session& session) {
  Result<adapters::RigFile> rig = open_rig(what, session);
  if (!rig) return tl::unexpected<Error>(rig.error());
  Result<hardware::Habits> habits = catalog::habits(session.catalog);
  if (!habits) return tl::unexpected<Error>(habits.error());
  Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return tl::unexpected<Error>(calibration.error());
  auto machine = std::make_unique<Machine>(
      Machine{std::move(*rig), std::move(*habits), std::move(*calibration), {}, {}});
  hardware::Rig& parts = machine->rig.rig;
  if (power_limit) {
    workload::Workload limited;
    const std::string problem = workload::find_setting("power_limit")->apply(limited, *power_limit);
    if (!problem.empty()) return fail(ErrorCode::usage, problem, "--power-limit");
    const std::string refused =
        place::problem_with_power_limit(parts.accelerators, *limited.power_limit);
    if (!refused.empty())
      return fail(ErrorCode::usage, refused, "power limit", "leave it out for the card's own");
    parts.settings.gpu_power_limit = limited.power_limit;
  }
  machine->electrical = catalog::electrical(parts, machine->rig.entries, machine->habits);
  machine->machine = {{&machine->electrical, parts.accelerators, &machine->calibration.power()},
                      &machine->habits,
                      parts.site};
  return machine;
}

place::WorkPower work_of(const Machine& machine, const workload::Workload& workload,
                         std::span<const place::OwnRow> own, std::vector<Placed>& placed,
                         Session& session, bool& is_bad) {
  place::WorkPower work;
  work.name = workload.name;
  Result<std::unique_ptr<Problem>> made =
      Problem::make_answerable(machine.rig, workload, session, own);
  if (!made) {
    Error error = made.error();
    work.missing = error.where.empty() ? error.message : error.where + ": " + error.message;
    error.where = workload.name + (error.where.empty() ? "" : ": " + error.where);
    session.refuse(error);
    is_bad = true;
    return work;
  }
  const place::Question& question = (*made)->question();
  const std::string title =
      workload.name.empty() ? report::workload_title(question) : workload.name;
  work.name = title;
  const place::Answer answer = place::rank(question, machine.calibration).front().answer;
  if (answer.verdict.fit == estimate::Fit::does_not_fit) {
    work.missing = "it does not fit";
    return work;
  }
  work.missing = place::speed_needs(question, answer.placement);
  if (!work.missing.empty()) return work;
  const bool trains = question.workload.kind == workload::Kind::finetune;
  work =
      trains
          ? place::training_work(question, answer.placement, machine.calibration, machine.machine)
          : place::inference_work(question, answer.placement, machine.calibration, machine.machine);
  work.name = title;
  if (work.missing.empty()) placed.push_back({std::move(*made), answer.placement});
  return work;
}

}  // namespace rigor::apps
