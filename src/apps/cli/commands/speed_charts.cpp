#include "apps/cli/commands/speed_charts.hpp"

#include <fmt/format.h>

#include "adapters/files/files.hpp"
#include "evidence/speed_row.hpp"
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
  for (std::size_t count = 1; count <= question.accelerators.size(); ++count) {
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
std::string beside(const std::string& path) {
  const bool is_svg = path.ends_with(".svg");
  return path.substr(0, path.size() - (is_svg ? 4 : 0)) + "-scaling.svg";
}

}  // namespace

Result<std::string> write_speed_charts(const Arguments& arguments, const place::Question& question,
                                       const place::Candidate& taken,
                                       const estimate::Calibration& calibration, Session& session) {
  const auto path = arguments.text("svg");
  if (!path) return std::string();
  if (question.accelerators.empty() || taken.answer.placement.devices == 0)
    return fail(ErrorCode::unsupported, "charts are of accelerators", "--svg");
  std::string written;
  const bool trains = question.workload.kind == workload::Kind::finetune;
  if (!trains) {
    std::vector<RooflinePoint> measured;
    if (const auto rows = arguments.text("evidence")) {
      Result<std::vector<RooflinePoint>> read = measured_points(*rows, question, session);
      if (!read) return tl::unexpected<Error>(read.error());
      measured = std::move(*read);
    }
    const estimate::SpeedRig machine = place::speed_rig(question, calibration);
    const place::InferenceSpeed speed =
        place::inference_speed(question, taken.answer.placement, machine, calibration);
    const Result<void> done =
        write(*path, report::roofline_chart(question, speed, measured), written);
    if (!done) return tl::unexpected<Error>(done.error());
  }
  if (!trains && question.accelerators.size() < 2) return written;
  const std::vector<place::Candidate> fitting = by_devices(question, calibration);
  if (fitting.empty()) return written + "no number of devices fits: no scaling chart\n";
  const Result<void> done =
      write(trains ? *path : beside(*path), report::scaling_chart(question, fitting), written);
  if (!done) return tl::unexpected<Error>(done.error());
  return written;
}

}  // namespace rigor::apps
