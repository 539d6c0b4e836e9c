#include "report/score_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/json.hpp"

namespace rigor::report {
namespace {

using evidence::ErrorFigures;
using evidence::Group;
using evidence::Scored;

struct View {
  const char* title;
  const char* column;
  std::size_t most;  ///< rows shown as text
};
constexpr std::array kViews = {View{"by term", "metric", 24}, View{"by engine", "engine", 16},
                               View{"by architecture family", "family", 24},
                               View{"by device", "device_id", 16}};
constexpr std::size_t kReasons = 30;

std::string figures_line(const std::string& key, const ErrorFigures& f) {
  return fmt::format("  {:<44.44} {:>6} {:>8.2f} {:>8.2f} {:>8.2f} {:>+8.2f} {:>8.1f} {:>8.1f}\n",
                     key, f.rows, 100 * f.median, 100 * f.mean, 100 * f.p90, 100 * f.bias,
                     100 * f.under_5, 100 * f.covered);
}

std::string view_text(const std::vector<Scored>& scored, const View& view) {
  std::string text = fmt::format("\n{:<46} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}\n", view.title,
                                 "rows", "median", "mean", "p90", "bias", "<-5 %", "covered");
  const std::vector<Group> groups = evidence::group_by(scored, view.column);
  for (std::size_t i = 0; i < groups.size() && i < view.most; ++i)
    text += figures_line(groups[i].key, groups[i].figures);
  if (groups.size() > view.most)
    text += fmt::format("  … {} more (--json lists all)\n", groups.size() - view.most);
  return text;
}

std::vector<const Scored*> mapped_of(const std::vector<Scored>& scored) {
  std::vector<const Scored*> mapped;
  for (const Scored& one : scored) {
    if (one.prediction.status == evidence::Status::mapped && one.measured != 0)
      mapped.push_back(&one);
  }
  return mapped;
}

void figures_json(Json& json, const ErrorFigures& f) {
  json.member("rows", f.rows).member("median_abs_error_percent", 100 * f.median);
  json.member("mean_abs_error_percent", 100 * f.mean).member("p90_abs_error_percent", 100 * f.p90);
  json.member("bias_percent", 100 * f.bias).member("under_by_5_percent_share", f.under_5);
  json.member("interval_coverage_share", f.covered);
}

}  // namespace

std::string score_text(const std::vector<Scored>& scored) {
  const std::vector<const Scored*> mapped = mapped_of(scored);
  std::string text = fmt::format("{} rows, {} mapped. Errors in percent of the measured value.\n",
                                 scored.size(), mapped.size());
  for (const View& view : kViews) text += view_text(scored, view);
  text += "\n" + figures_line("all", evidence::figures(mapped));
  const std::vector<evidence::Unmapped> others = evidence::unmapped(scored);
  if (!others.empty()) text += "\nnot mapped\n";
  for (std::size_t i = 0; i < others.size() && i < kReasons; ++i) {
    text += fmt::format("  {:>6}  {}{} (first: {})\n", others[i].rows,
                        others[i].status == evidence::Status::gated ? "impossible: " : "",
                        others[i].reason, others[i].example);
  }
  if (others.size() > kReasons)
    text += fmt::format("  … {} more reasons (--json lists all)\n", others.size() - kReasons);
  return text;
}

std::string score_json(const std::vector<Scored>& scored) {
  const std::vector<const Scored*> mapped = mapped_of(scored);
  Json json;
  json.begin_object().member("schema_version", 1).member("rows", static_cast<int>(scored.size()));
  json.key("all").begin_object();
  figures_json(json, evidence::figures(mapped));
  json.end_object();
  for (const View& view : kViews) {
    json.key(fmt::format("by_{}", view.column)).begin_list();
    for (const Group& group : evidence::group_by(scored, view.column)) {
      json.begin_object().member("key", group.key);
      figures_json(json, group.figures);
      json.end_object();
    }
    json.end_list();
  }
  json.key("not_mapped").begin_list();
  for (const evidence::Unmapped& other : evidence::unmapped(scored)) {
    json.begin_object().member("status", to_text(other.status)).member("reason", other.reason);
    json.member("rows", other.rows).member("first_id", other.example).end_object();
  }
  json.end_list().end_object();
  return json.text();
}

}  // namespace rigor::report
