#include "apps/cli/commands/speed_charts.hpp"

#include <fmt/format.h>

#include "adapters/files/files.hpp"
#include "evidence/speed_row.hpp"
#include "place/machines.hpp"
#include "report/power_chart.hpp"
#include "report/speed_chart.hpp"

namespace rigor::apps {
namespace {

using report::RooflinePoint;

/// Rows of one stream on one piece of this device.
Result<std::vector<RooflinePoint>> measured_points(const std::string& path,
                                                   const place::Question& question,
                                                   Session& session) {
  const Result<std::string> text = adapters::read_file(path, 512U << 20);
  if (!text) return tl::unexpected<Error>(text.error());
  const Result<evidence::Table> table = evidence::parse_csv(*text, path);
  if (!table) return tl::unexpected<Error>(table.error());
  evidence::Library library(session.catalog);
  std::vector<RooflinePoint> points;
  for (const evidence::Row& row : table->rows) {
    const std::string_view metric = row["metric"];
    const bool decodes = metric == "decode_tps";
    if (!decodes && metric != "prefill_tps") continue;
    const evidence::ReadTimedRow read = evidence::read_speed_row(row, library);
    if (read.question == nullptr || read.question->devices_used != 1) continue;
    if (read.question->scope.device != question.accelerators.front().id) continue;
    if (!read.question->impossible().empty()) continue;
    const double together = decodes ? 1.0 : std::max(1.0, row.number("n_prompt"));
    points.push_back(
        report::roofline_point(*read.question->network, read.question->measured, together));
  }
  return points;
}

/// The best of 1, 2, … devices, where one fits.
std::vector<place::Candidate> by_devices(const place::Question& question,
                                         const estimate::Calibration& calibration) {
  std::vector<place::Candidate> out;
  const auto step = static_cast<std::size_t>(place::machines_of(question));
  for (std::size_t count = step; count <= question.accelerators.size(); count += step) {
    place::Question fewer = question;
    fewer.workload.wish.devices = static_cast<int>(count);
    for (const place::Candidate& one : place::rank(fewer, calibration)) {
      if (one.answer.verdict.fit == estimate::Fit::fits && one.tokens_per_s > 0) out.push_back(one);
    }
  }
  return out;
}

Result<void> write(const std::string& path, const report::Chart& chart, std::string& written) {
  const Result<void> done = adapters::write_file(path, report::chart_svg(chart));
  if (done) written += fmt::format("wrote {}\n", path);
  return done;
}

/// "a.svg" -> "a-scaling.svg".
std::string beside(const std::string& path, const char* name) {
  const bool is_svg = path.ends_with(".svg");
  return fmt::format("{}-{}.svg", path.substr(0, path.size() - (is_svg ? 4 : 0)), name);
}

/// Rates over the power limit; nothing where there are no figures.
Result<void> write_power(const std::string& path, const place::PowerUse& power,
                         const estimate::Calibration& calibration, std::string& written) {
  if (!power.missing.empty()) {
    written += fmt::format("no chart of power: {}\n", power.missing);
    return {};
  }
  return write(beside(path, "power"), report::power_chart(power, calibration.power()), written);
}

/// The roofline with what was measured.
Result<void> write_roofline(const Arguments& arguments, const std::string& path,
                            const place::Question& question, const place::InferenceSpeed& speed,
                            Session& session, std::string& written) {
  std::vector<RooflinePoint> measured;
  if (const auto rows = arguments.text("evidence")) {
    Result<std::vector<RooflinePoint>> read = measured_points(*rows, question, session);
    if (!read) return tl::unexpected<Error>(read.error());
    measured = std::move(*read);
  }
  return write(path, report::roofline_chart(question, speed, measured), written);
}

}  // namespace

Result<std::string> write_speed_charts(const Arguments& arguments, const place::Question& question,
                                       const place::Candidate& taken,
                                       const estimate::Calibration& calibration, Session& session) {
  const auto path = arguments.text("svg");
  if (!path && arguments.has("evidence"))
    return fail(ErrorCode::usage, "measured rows are drawn on a chart: add --svg FILE",
                "--evidence");
  if (!path) return std::string();
  if (question.accelerators.empty() || taken.answer.placement.devices == 0)
    return fail(ErrorCode::unsupported, "charts are of accelerators", "--svg");
  std::string written;
  const bool trains = question.workload.kind == workload::Kind::finetune;
  const workload::Placement& placement = taken.answer.placement;
  place::PowerUse power;
  if (trains) {
    const place::TrainingSpeed speed = place::training_speed(question, placement, calibration);
    power = place::training_power(question, placement, calibration, speed);
  } else {
    const estimate::SpeedRig machine = place::speed_rig(question, calibration);
    const place::InferenceSpeed speed =
        place::inference_speed(question, placement, machine, calibration);
    power = place::inference_power(question, placement, machine, calibration, speed);
    const Result<void> done = write_roofline(arguments, *path, question, speed, session, written);
    if (!done) return tl::unexpected<Error>(done.error());
  }
  const Result<void> of_power = write_power(*path, power, calibration, written);
  if (!of_power) return tl::unexpected<Error>(of_power.error());
  if (!trains && question.accelerators.size() < 2) return written;
  const std::vector<place::Candidate> fitting = by_devices(question, calibration);
  if (fitting.empty()) return written + "no number of devices fits: no scaling chart\n";
  const Result<void> done = write(trains ? *path : beside(*path, "scaling"),
                                  report::scaling_chart(question, fitting), written);
  if (!done) return tl::unexpected<Error>(done.error());
  return written;
}

}  // namespace rigor::apps
