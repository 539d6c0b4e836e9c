// rigor speed RIG MODEL: how many tokens per second, and why.
#include "place/speed.hpp"

#include <fmt/format.h>

#include "apps/cli/commands.hpp"
#include "apps/cli/commands/speed_charts.hpp"
#include "apps/cli/own.hpp"
#include "apps/cli/problem.hpp"
#include "apps/cli/searching.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "place/conversation.hpp"
#include "place/rank.hpp"
#include "report/conversation_text.hpp"
#include "report/fit_text.hpp"
#include "report/link_text.hpp"
#include "report/power_text.hpp"
#include "report/speed_text.hpp"
#include "report/traffic_text.hpp"

namespace rigor::apps {
namespace {

const std::vector<Option>& options() {
  static const std::vector<Option> list = workload_options({
      {"train", "METHOD", "fine-tune instead of serving: full, lora or qlora"},
      kSearchOption,
      {"epoch-tokens", "N", "tokens of one epoch: prints how long it takes"},
      {"svg", "FILE", "write charts: roofline, speed over devices, rate over the power limit"},
      {"evidence", "FILE.csv", "measured rows to show on the roofline"},
      {"transfer", "", "how long the model's bytes take: drive, Ethernet, into the card"},
      kOwnOption,
      kNoOwnOption,
      {"explain", "", "print formula, constants and evidence of every term"},
      {"json", "", "one JSON object instead of text"},
      {"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
  });
  return list;
}

/// What an answer was chosen from: placements, or with --search settings too.
struct Ranking {
  std::vector<place::Candidate> placements;
  const report::SearchReport* search = nullptr;
  [[nodiscard]] const place::Candidate& front() const { return placements.front(); }
};

std::string others_text(const place::Question& question, const Ranking& ranking) {
  const std::string text = ranking.search != nullptr
                               ? report::search_text(*ranking.search)
                               : report::ranking_text(question, ranking.placements);
  return text.empty() ? text : "\n" + text;
}

void others_json(report::Json& json, const place::Question& question, const Ranking& ranking) {
  report::ranking_json(json, question, ranking.placements);
  if (ranking.search != nullptr) report::search_json(json, *ranking.search);
}

/// The answer so far, as an open JSON object.
report::Json open_json(const place::Question& question, const place::Answer& answer) {
  report::Json json;
  json.begin_object().member("schema_version", 1).key("speed").begin_object();
  json.member("workload", report::workload_title(question));
  json.member("placement", report::placement_text(question, answer.placement));
  json.member("verdict", estimate::to_text(answer.verdict.fit));
  return json;
}

std::string inference(const Arguments& arguments, const place::Question& question,
                      const Ranking& ranking, const estimate::Calibration& calibration) {
  const place::Answer& answer = ranking.front().answer;
  const estimate::SpeedRig machine = place::speed_rig(question, calibration);
  place::InferenceSpeed speed =
      place::inference_speed(question, answer.placement, machine, calibration);
  speed.one_machine = place::one_machine(question, speed, calibration);
  const place::PowerUse power =
      place::inference_power(question, answer.placement, machine, calibration, speed);
  const place::Conversation talk = place::conversation(question, answer.placement, machine, speed);
  if (arguments.has("json")) {
    report::Json json = open_json(question, answer);
    report::speed_json(json, speed);
    report::links_json(json, question, answer.placement);
    report::machines_json(json, question, speed);
    report::conversation_json(json, talk);
    if (arguments.has("transfer")) report::transfer_json(json, question, answer.placement);
    report::power_json(json, power);
    others_json(json, question, ranking);
    return json.end_object().end_object().text();
  }
  std::string text =
      report::speed_text(question, answer, speed, power) + report::conversation_text(talk);
  text += others_text(question, ranking);
  if (arguments.has("transfer")) text += "\n" + report::transfer_text(question, answer.placement);
  if (arguments.has("explain"))
    text += "\n" + report::speed_explain(question, answer, speed, machine) +
            report::power_explain(power, calibration.power());
  return text;
}

std::string training(const Arguments& arguments, const place::Question& question,
                     const Ranking& ranking, const estimate::Calibration& calibration,
                     double epoch_tokens) {
  const place::Answer& answer = ranking.front().answer;
  const place::TrainingSpeed speed = place::training_speed(question, answer.placement, calibration);
  const place::PowerUse power =
      place::training_power(question, answer.placement, calibration, speed);
  if (!arguments.has("json")) {
    std::string text = report::training_speed_text(question, answer, speed, power, epoch_tokens);
    text += others_text(question, ranking);
    if (arguments.has("transfer")) text += "\n" + report::transfer_text(question, answer.placement);
    if (arguments.has("explain")) text += "\n" + report::power_explain(power, calibration.power());
    return text;
  }
  report::Json json = open_json(question, answer);
  report::training_speed_json(json, question, speed, epoch_tokens);
  report::links_json(json, question, answer.placement);
  if (arguments.has("transfer")) report::transfer_json(json, question, answer.placement);
  report::power_json(json, power);
  others_json(json, question, ranking);
  return json.end_object().end_object().text();
}

/// Tokens of one epoch, without padding: stated as such or by samples; 0: not stated.
Result<double> epoch_of(const Arguments& arguments, const workload::Workload& workload) {
  const auto stated = arguments.number("epoch-tokens", 0, 0, 1'000'000'000'000'000);
  if (!stated) return tl::unexpected<Error>(stated.error());
  if (workload.kind != workload::Kind::finetune && *stated > 0)
    return fail(ErrorCode::usage, "--epoch-tokens is for fine-tuning only", {},
                "add --train full|lora|qlora");
  const double samples = report::epoch_tokens_of(workload);
  if (*stated > 0 && samples > 0)
    return fail(ErrorCode::usage, "--samples and --epoch-tokens both say how long an epoch is", {},
                "one of them will do");
  if (workload.epochs && *stated == 0 && samples <= 0)
    return fail(ErrorCode::usage, "--epochs needs the length of an epoch", {},
                "add --samples N, or --epoch-tokens N");
  return *stated > 0 ? static_cast<double>(*stated) : samples;
}

Ranking ranking_of(const place::Question& question, const std::optional<Searched>& searched,
                   const estimate::Calibration& calibration) {
  if (!searched) return {place::rank(question, calibration)};
  const place::Candidate best{searched->answer, searched->tokens_per_s, true};
  return {{best}, &searched->report};
}

Exit run_speed(const Arguments& arguments, Session& session) {
  const Result<adapters::RigFile> rig = open_rig(arguments.positional[0], session);
  if (!rig) return session.refuse(rig.error());
  const Result<workload::Workload> workload = workload_from(arguments);
  if (!workload) return session.refuse(workload.error());
  const Result<double> epoch = epoch_of(arguments, *workload);
  if (!epoch) return session.refuse(epoch.error());
  const Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return session.refuse(calibration.error());
  const auto own = own_rows(arguments, rig->rig, *calibration, session);
  if (!own) return session.refuse(own.error());
  Result<std::unique_ptr<Problem>> made = Problem::make_answerable(*rig, *workload, session, *own);
  if (!made) return session.refuse(made.error());
  std::optional<Searched> searched;
  if (arguments.has("search")) searched = search_for(**made, *calibration);
  const place::Question& question = searched ? searched->question : (*made)->question();
  const Ranking ranking = ranking_of(question, searched, *calibration);
  const place::Answer& answer = ranking.front().answer;
  const bool trains = question.workload.kind == workload::Kind::finetune;
  if (answer.verdict.fit == estimate::Fit::does_not_fit) {
    session.out += report::workload_title(question) + "\n" +
                   report::placement_text(question, answer.placement) + "\n" +
                   report::verdict_text(question, answer) + "\n" +
                   (searched ? report::search_text(searched->report) : "") +
                   "no speed: `rigor fit` with the same words lists the ways out\n";
    return Exit::no;
  }
  if (const std::string missing = place::speed_needs(question, answer.placement);
      !missing.empty()) {
    session.err += "rigor: no speed: " + missing + "\n";
    return Exit::unknown;
  }
  const Result<std::string> charts =
      write_speed_charts(arguments, question, ranking.front(), *calibration, session);
  if (!charts) return session.refuse(charts.error());
  session.err += *charts;
  session.out += trains ? training(arguments, question, ranking, *calibration, *epoch)
                        : inference(arguments, question, ranking, *calibration);
  return Exit::yes;
}

}  // namespace

Command speed_command() {
  return {"speed",
          "RIG MODEL",
          2,
          2,
          "how fast a network runs or trains on a rig, what bounds it, how sure that is",
          options(),
          run_speed};
}

}  // namespace rigor::apps
