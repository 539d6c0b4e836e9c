#include "report/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/check_text.hpp"
#include "report/link_text.hpp"
#include "report/own_text.hpp"
#include "report/power_sheet_text.hpp"
#include "report/power_text.hpp"
#include "report/rig_text.hpp"
#include "report/speed_text.hpp"
#include "report/traffic_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

/// "needs 289.31 GiB (310.6 GB): GPU 0 71.2, GPU 1 72.0; host 1.1 of 192 GiB".
std::string needs(const place::Answer& answer) {
  Bytes all = {};
  std::string devices;
  for (int d = 0; d < answer.memory.devices; ++d) {
    const estimate::DeviceMemory& memory = answer.memory.device[static_cast<std::size_t>(d)];
    all += memory.total().expected;
    devices += fmt::format("{}{:.1f} of {:.1f}", d == 0 ? "" : ", ",
                           memory.total().expected.in(GiB), memory.capacity.in(GiB));
  }
  std::string text = fmt::format("needs {} ({})", to_text_binary(all), to_text(all));
  if (answer.memory.devices > 0) text += ": " + devices + " GiB";
  const Bytes host = answer.memory.host.total().expected;
  if (host >= 0.5 * GiB) {
    text += fmt::format("; host {:.1f}", host.in(GiB));
    if (answer.memory.host.capacity > Bytes{})
      text += fmt::format(" of {:.1f}", answer.memory.host.capacity.in(GiB));
    text += " GiB";
  }
  return text;
}

/// "asked for 30 tokens/s: likely" by where the target lies in the interval.
std::string target_text(double target, const place::Ranged& rate) {
  const char* answer = target <= rate.low        ? "yes"
                       : target <= rate.expected ? "likely"
                       : target <= rate.high     ? "unlikely"
                                                 : "no";
  return fmt::format("  asked for {:g} tokens/s: {}\n", target, answer);
}

std::string hours_text(double target, const place::Ranged& hours) {
  const char* answer = target >= hours.high       ? "yes"
                       : target >= hours.expected ? "likely"
                       : target >= hours.low      ? "unlikely"
                                                  : "no";
  return fmt::format("  asked for {:g} h an epoch: {}\n", target, answer);
}

std::string indented(const std::string& lines) {
  std::string text;
  for (const std::string_view line : split(lines, '\n')) {
    if (!line.empty()) text += "  " + std::string(line) + "\n";
  }
  return text;
}

/// What the power limit and the links do to a speed. Requires: there is one.
std::string machine_lines(const WorkloadReport& workload) {
  std::string text;
  for (const std::string& line : {limit_text(workload.power), energy_line(workload.power)})
    text += line.empty() ? "" : "  " + line + (line.ends_with('\n') ? "" : "\n");
  const bool assumed = (workload.speed && workload.speed->link_is_assumed) ||
                       (workload.training && workload.training->link_is_assumed);
  return text +
         indented(links_text(*workload.fit.question, workload.fit.answer.placement, assumed));
}

std::string speed_section(const WorkloadReport& workload) {
  std::string text;
  const auto target = workload.fit.question->workload.target_tokens_per_s;
  if (workload.speed) {
    text += "  " + speed_line(*workload.speed) + "\n" + indented(own_text(*workload.speed));
    if (target) text += target_text(*target, workload.speed->decode);
  } else if (workload.training) {
    const workload::Workload& asked = workload.fit.question->workload;
    const double epoch = epoch_tokens_of(asked);
    text += "  " + training_speed_line(*workload.training, epoch) + "\n" +
            indented(own_text(*workload.training));
    if (asked.target_hours_per_epoch && epoch > 0)
      text += hours_text(*asked.target_hours_per_epoch, hours_of(epoch, *workload.training));
    if (target) text += target_text(*target, workload.training->tokens);
  } else if (!workload.no_speed.empty()) {
    text += "  no speed: " + workload.no_speed + "\n";
  }
  if (workload.speed || workload.training) text += machine_lines(workload);
  if (workload.second && !text.empty())
    text += "  second: " + second_text(*workload.fit.question, *workload.second) + "\n";
  return text;
}

std::string workload_section(const WorkloadReport& workload) {
  std::string text = fmt::format("\n{}\n", workload.name);
  if (!workload.problem.empty()) return text + "  no answer: " + workload.problem + "\n";
  const place::Question& question = *workload.fit.question;
  text += "  " + workload_title(question) + "\n";
  text += "  " + machines_text(question, workload.fit.answer.placement) + "\n";
  text += "  " + needs(workload.fit.answer) + "\n";
  text += "  " + verdict_text(question, workload.fit.answer) + "\n";
  text += speed_section(workload);
  text += "  " + transfer_line(question, workload.fit.answer.placement) + "\n";
  if (workload.better) text += "  " + better_text(question, *workload.better) + "\n";
  for (const place::Remedy& remedy : workload.fit.remedies) {
    text += fmt::format("    {}: {}\n", remedy.change, remedy.effect);
  }
  return text;
}

}  // namespace

std::string report_text(const MachineReport& machine,
                        const std::vector<WorkloadReport>& workloads) {
  std::string text =
      rig_text(*machine.rig) + check_summary(machine.findings) + power_summary(*machine.power);
  for (const WorkloadReport& workload : workloads) text += workload_section(workload);
  return text;
}

std::string report_json(const MachineReport& machine,
                        const std::vector<WorkloadReport>& workloads) {
  Json json;
  json.begin_object().member("schema_version", 1).key("rig");
  rig_json(json, *machine.rig);
  json.key("check").begin_object();
  check_members(json, machine.findings, check::Severity::unknown);
  json.end_object().key("power").begin_object();
  power_summary_json(json, *machine.power);
  json.end_object();
  json.key("workloads").begin_list();
  for (const WorkloadReport& workload : workloads) {
    json.begin_object().member("name", workload.name);
    if (workload.problem.empty()) {
      const place::Question& question = *workload.fit.question;
      json.key("memory");
      fit_json(json, workload.fit);
      json.key("speed");
      if (workload.speed || workload.training) {
        json.begin_object();
        if (workload.speed) speed_json(json, *workload.speed);
        if (workload.training)
          training_speed_json(json, question, *workload.training,
                              epoch_tokens_of(question.workload));
        power_json(json, workload.power);
        json.end_object();
      } else {
        json.null().member("reason", workload.no_speed);
      }
      better_json(json, question, workload.better);
      transfer_json(json, question, workload.fit.answer.placement);
    } else {
      json.key("memory").null().member("reason", workload.problem);
    }
    json.end_object();
  }
  json.end_list().end_object();
  return json.text();
}

}  // namespace rigor::report
