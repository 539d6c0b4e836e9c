// rigor check RIG [--work WORK]: whether the parts work together.
#include "apps/cli/commands.hpp"
#include "apps/cli/demands.hpp"
#include "apps/cli/judging.hpp"
#include "apps/cli/problem.hpp"
#include "apps/cli/work_file.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "report/check_text.hpp"

namespace rigor::apps {
namespace {

constexpr std::array kOptions = {
    Option{"work", "WORK", "what the rig is for: host memory and drives are judged against it"},
    Option{"all", "", "every finding, those that are fine too"},
    Option{"explain", "", "what each finding was read from, with source and date"},
    Option{"rules", "", "the list of rules instead; RIG may be left out"},
    Option{"json", "", "one JSON object instead of text"},
    Option{"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
};

Exit exit_of(const adapters::RigFile& rig, check::Outcome outcome) {
  if (rig.wrong_places > 0) return Exit::usage;
  switch (outcome) {
    case check::Outcome::yes: return Exit::yes;
    case check::Outcome::no: return Exit::no;
    case check::Outcome::unknown: break;
  }
  return Exit::unknown;
}

Exit run_check(const Arguments& arguments, Session& session) {
  if (arguments.has("rules")) {
    session.out += report::rules_text();
    return Exit::yes;
  }
  if (arguments.positional.empty())
    return session.refuse(Error{ErrorCode::usage, "RIG is missing", {}, "rigor check RIG.toml"});
  const Result<adapters::RigFile> rig = open_rig_to_check(arguments.positional[0], session);
  if (!rig) return session.refuse(rig.error());
  const Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return session.refuse(calibration.error());
  std::vector<check::Demand> asked;
  if (const auto path = arguments.text("work")) {
    const Result<std::vector<workload::Workload>> work = read_workloads(*path, session);
    if (!work) return session.refuse(work.error());
    Result<std::vector<check::Demand>> made = demands(*rig, *work, *calibration, session);
    if (!made) return session.refuse(made.error());
    asked = std::move(*made);
  }
  const auto judgement = judged(*rig, *calibration, session, std::move(asked));
  if (!judgement) return session.refuse(judgement.error());
  const std::vector<check::Finding>& findings = (*judgement)->findings;
  session.out += arguments.has("json")
                     ? report::check_json(rig->rig, findings)
                     : report::check_text(rig->rig, findings,
                                          {arguments.has("all"), arguments.has("explain")});
  if (rig->wrong_places > 0)
    session.err += "the places in the file are wrong: what stands above leaves them out\n";
  return exit_of(*rig, check::outcome(findings));
}

}  // namespace

Command check_command() {
  return {
      "check",  "[RIG]",  0, 1, "will the parts work together: sockets, slots, lanes, power, heat",
      kOptions, run_check};
}

}  // namespace rigor::apps
