// rigor speed RIG MODEL: how many tokens per second, and why.
#include "place/speed.hpp"

#include <fmt/format.h>

#include "apps/cli/commands.hpp"
#include "apps/cli/problem.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "report/fit_text.hpp"
#include "report/speed_text.hpp"

namespace rigor::apps {
namespace {

const std::vector<Option>& options() {
  static const std::vector<Option> list = workload_options({
      {"explain", "", "print formula, constants and evidence of every term"},
      {"json", "", "one JSON object instead of text"},
      {"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
  });
  return list;
}

Exit run_speed(const Arguments& arguments, Session& session) {
  const Result<adapters::RigFile> rig = open_rig(arguments.positional[0], session);
  if (!rig) return session.refuse(rig.error());
  const Result<workload::Workload> workload = workload_from(arguments);
  if (!workload) return session.refuse(workload.error());
  Result<std::unique_ptr<Problem>> made = Problem::make(*rig, *workload, session);
  if (!made) return session.refuse(made.error());
  const place::Question& question = (*made)->question();
  const Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return session.refuse(calibration.error());
  const place::Answer answer = place::choose(question);
  const estimate::SpeedRig machine = place::speed_rig(question, *calibration);
  const place::InferenceSpeed speed =
      place::inference_speed(question, answer.placement, machine, *calibration);
  if (arguments.has("json")) {
    report::Json json;
    json.begin_object().member("schema_version", 1).key("speed").begin_object();
    json.member("workload", report::workload_title(question));
    json.member("placement", report::placement_text(question, answer.placement));
    json.member("verdict", estimate::to_text(answer.verdict.fit));
    report::speed_json(json, speed);
    session.out += json.end_object().end_object().text();
  } else {
    session.out += report::speed_text(question, answer, speed);
    if (arguments.has("explain"))
      session.out += "\n" + report::speed_explain(question, answer, speed, machine);
  }
  return answer.verdict.fit == estimate::Fit::does_not_fit ? Exit::no : Exit::yes;
}

}  // namespace

Command speed_command() {
  return {"speed",
          "RIG MODEL",
          2,
          2,
          "how fast a network runs on a rig: prompts, generation, users at once",
          options(),
          run_speed};
}

}  // namespace rigor::apps
