// rigor power RIG: watts, amperes, peaks, minutes on the UPS, heat and noise.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/files/files.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/own.hpp"
#include "apps/cli/powered.hpp"
#include "apps/cli/work_file.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "place/rank.hpp"
#include "report/fit_text.hpp"
#include "report/power_sheet_text.hpp"
#include "report/power_sweep_text.hpp"

namespace rigor::apps {
namespace {

const std::vector<Option>& options() {
  static const std::vector<Option> list = workload_options({
      {"work", "WORK", "what the rig is for: a file with [[workload]] tables"},
      {"train", "METHOD", "of a MODEL: fine-tune instead of serving: full, lora or qlora"},
      {"sweep", "", "every workload over the power limits its cards take, with the knee"},
      {"svg", "FILE", "draw the sweep as a chart (several workloads: FILE-2.svg, …)"},
      kOwnOption,
      kNoOwnOption,
      {"json", "", "one JSON object instead of text"},
      {"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
  });
  return list;
}

/// The MODEL of the command line, or the workloads of --work.
Result<std::vector<workload::Workload>> asked_for(const Arguments& arguments, Session& session) {
  const auto file = arguments.text("work");
  const bool has_model = arguments.positional.size() > 1;
  if (file && has_model)
    return fail(ErrorCode::usage, "a MODEL and --work both say what runs", {},
                "one of them will do");
  if (file) return read_workloads(*file, session);
  if (!has_model) {
    if (arguments.has("sweep"))
      return fail(ErrorCode::usage, "--sweep needs something that runs", {},
                  "add a MODEL, or --work WORK");
    for (const auto& [name, value] : arguments.values) {
      const bool is_setting = name == "train" || workload::find_setting(name) != nullptr;
      if (is_setting && name != "power-limit")
        return fail(ErrorCode::usage, fmt::format("--{} is of a workload", name), {},
                    "add a MODEL, or --work WORK");
    }
    return std::vector<workload::Workload>{};
  }
  Result<workload::Workload> one = workload_from(arguments);
  if (!one) return tl::unexpected<Error>(one.error());
  return std::vector<workload::Workload>{*one};
}

/// "a.svg", "a-2.svg", …
std::string chart_path(const std::string& path, std::size_t place) {
  if (place == 0) return path;
  const bool is_svg = path.ends_with(".svg");
  return fmt::format("{}-{}.svg", path.substr(0, path.size() - (is_svg ? 4 : 0)), place + 1);
}

struct Swept {
  std::string name;
  place::Sweep sweep;
};

std::vector<Swept> sweeps(const Machine& machine, const std::vector<Placed>& placed) {
  std::vector<Swept> out;
  for (const Placed& one : placed) {
    const place::Question& question = one.problem->question();
    const std::string& name = question.workload.name;
    auto sweep = place::power_sweep(question, one.placement, machine.calibration, machine.machine);
    if (sweep)
      out.push_back({name.empty() ? report::workload_title(question) : name, std::move(*sweep)});
  }
  return out;
}

Result<void> draw(const Arguments& arguments, const std::vector<Swept>& swept, Session& session) {
  const auto path = arguments.text("svg");
  if (!path) return {};
  if (!arguments.has("sweep"))
    return fail(ErrorCode::usage, "the chart is of the sweep", "--svg", "add --sweep");
  for (std::size_t i = 0; i < swept.size(); ++i) {
    const std::string file = chart_path(*path, i);
    const report::Chart chart = report::power_sweep_chart(swept[i].name, swept[i].sweep);
    const Result<void> done = adapters::write_file(file, report::chart_svg(chart));
    if (!done) return done;
    session.err += fmt::format("wrote {}\n", file);
  }
  if (swept.empty()) session.err += "no chart: nothing could be swept\n";
  return {};
}

void print(const Arguments& arguments, const report::PowerReport& report,
           const std::vector<Swept>& swept, Session& session) {
  if (arguments.has("json")) {
    report::Json json;
    json.begin_object().member("schema_version", 1).key("power").begin_object();
    report::power_sheet_json(json, report);
    if (arguments.has("sweep")) {
      json.key("sweeps").begin_list();
      for (const Swept& one : swept) {
        json.begin_object().member("name", one.name);
        report::power_sweep_json(json, one.sweep);
        json.end_object();
      }
      json.end_list();
    }
    session.out += json.end_object().end_object().text();
    return;
  }
  session.out += report::power_sheet_text(report);
  const Metres distance = report.rig->site.listening_distance.value_or(estimate::kUsualDistance);
  for (const Swept& one : swept)
    session.out += report::power_sweep_text(one.name, one.sweep, distance);
  if (arguments.has("sweep") && swept.empty())
    session.out += "\nno sweep: no workload runs on cards that take a power limit\n";
  session.out += report::power_unknown_text(report);
}

Exit exit_of(const report::PowerReport& report, bool is_bad) {
  if (is_bad) return Exit::usage;
  const bool too_short =
      std::any_of(report.covers.begin(), report.covers.end(), [](const place::UpsCover& cover) {
        return cover.missing.empty() && cover.fit == estimate::LoadFit::over;
      });
  if (!report.sheet->over.empty() || too_short) return Exit::no;
  return report.sheet->missing.empty() ? Exit::yes : Exit::unknown;
}

Exit run_power(const Arguments& arguments, Session& session) {
  const Result<std::vector<workload::Workload>> workloads = asked_for(arguments, session);
  if (!workloads) return session.refuse(workloads.error());
  const Result<std::unique_ptr<Machine>> opened =
      open_machine(arguments.positional[0], arguments.text("power-limit"), session);
  if (!opened) return session.refuse(opened.error());
  const Machine& machine = **opened;
  const auto own = own_rows(arguments, machine.rig.rig, machine.calibration, session);
  if (!own) return session.refuse(own.error());
  const estimate::PowerSheet sheet = estimate::power_sheet(machine.machine);
  report::PowerReport report{&machine.rig.rig, &machine.machine, &sheet};
  std::vector<Placed> placed;
  bool is_bad = false;
  for (const workload::Workload& workload : *workloads)
    report.work.push_back(work_of(machine, workload, *own, placed, session, is_bad));
  if (!report.work.empty())
    report.month = place::power_month(report.work, sheet, machine.rig.rig.site);
  report.covers = place::ups_cover(report.work, sheet, machine.machine);
  const std::vector<Swept> swept =
      arguments.has("sweep") ? sweeps(machine, placed) : std::vector<Swept>{};
  const Result<void> drawn = draw(arguments, swept, session);
  if (!drawn) return session.refuse(drawn.error());
  print(arguments, report, swept, session);
  return exit_of(report, is_bad);
}

}  // namespace

Command power_command() {
  return {"power",
          "RIG [MODEL]",
          1,
          2,
          "watts, amperes, peaks, UPS minutes, heat and noise of a rig, idle and at work",
          options(),
          run_power};
}

}  // namespace rigor::apps
