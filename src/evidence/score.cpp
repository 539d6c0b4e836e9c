#include "evidence/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace rigor::evidence {
namespace {

using Log = std::vector<const Row*>;

std::string log_of(const Row& row) {
  return std::string(row["source"]) + "\n" + std::string(row["locator"]);
}

Prediction predict(const Row& row, const Log& siblings, Library& library) {
  for (const Mapper& mapper : mappers()) {
    if (mapper.accepts(row)) return mapper.predict(row, siblings, library);
  }
  Prediction none;
  const std::string_view engine = row["engine"].empty() ? row["framework"] : row["engine"];
  none.reason = fmt::format("no estimate for metric {} of {}", row["metric"], engine);
  return none;
}

double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

std::string key_of(const Scored& scored, const std::string& column) {
  if (column == "family") return scored.prediction.family;
  std::string_view value = (*scored.row)[column];
  if (value.empty() && column == "engine") value = (*scored.row)["framework"];
  return value.empty() ? "(not stated)" : std::string(value);
}

bool counts(const Scored& scored) {
  return scored.prediction.status == Status::mapped && scored.measured != 0;
}

}  // namespace

std::string_view to_text(Status status) {
  switch (status) {
    case Status::mapped: return "mapped";
    case Status::unmapped: return "unmapped";
    case Status::gated: return "gated";
  }
  return "unmapped";
}

std::vector<Scored> score(const Table& table, Library& library) {
  std::map<std::string, Log> logs;
  for (const Row& row : table.rows) logs[log_of(row)].push_back(&row);
  std::vector<Scored> result;
  result.reserve(table.rows.size());
  for (const Row& row : table.rows) {
    Scored scored;
    scored.row = &row;
    scored.measured = row.number("value", std::nan(""));
    if (std::isfinite(scored.measured)) {
      scored.prediction = predict(row, logs[log_of(row)], library);
    } else {
      scored.prediction.reason = "the value is no number";
    }
    result.push_back(std::move(scored));
  }
  return result;
}

ErrorFigures figures(const std::vector<const Scored*>& rows) {
  ErrorFigures result;
  result.rows = static_cast<int>(rows.size());
  if (rows.empty()) return result;
  std::vector<double> sizes;
  for (const Scored* scored : rows) {
    const double error = scored->error();
    sizes.push_back(std::fabs(error));
    result.mean += std::fabs(error);
    result.bias += error;
    result.under_5 += error < -0.05 ? 1 : 0;
    const Prediction& p = scored->prediction;
    result.covered += p.low <= scored->measured && scored->measured <= p.high ? 1 : 0;
  }
  const auto n = static_cast<double>(rows.size());
  for (double* sum : {&result.mean, &result.bias, &result.under_5, &result.covered}) *sum /= n;
  result.median = quantile(sizes, 0.5);
  result.p90 = quantile(sizes, 0.9);
  return result;
}

std::vector<Group> group_by(const std::vector<Scored>& scored, const std::string& column) {
  std::map<std::string, std::vector<const Scored*>> groups;
  for (const Scored& one : scored) {
    if (counts(one)) groups[key_of(one, column)].push_back(&one);
  }
  std::vector<Group> result;
  result.reserve(groups.size());
  for (const auto& [key, rows] : groups) result.push_back({key, figures(rows)});
  std::stable_sort(result.begin(), result.end(),
                   [](const Group& a, const Group& b) { return a.figures.rows > b.figures.rows; });
  return result;
}

std::vector<Unmapped> unmapped(const std::vector<Scored>& scored) {
  std::vector<Unmapped> result;
  for (const Scored& one : scored) {
    if (one.prediction.status == Status::mapped) continue;
    const auto same = std::find_if(result.begin(), result.end(), [&](const Unmapped& u) {
      return u.reason == one.prediction.reason && u.status == one.prediction.status;
    });
    if (same != result.end()) {
      ++same->rows;
    } else {
      result.push_back(
          {one.prediction.reason, one.prediction.status, 1, std::string((*one.row)["id"])});
    }
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const Unmapped& a, const Unmapped& b) { return a.rows > b.rows; });
  return result;
}

std::string predictions_csv(const Table& table, const std::vector<Scored>& scored) {
  std::string text;
  for (const std::string& column : table.header) text += csv_field(column) + ",";
  text += "predicted_low,predicted,predicted_high,status,reason\n";
  for (const Scored& one : scored) {
    for (const std::string& column : table.header) text += csv_field((*one.row)[column]) + ",";
    const Prediction& p = one.prediction;
    if (p.status == Status::mapped) {
      text += fmt::format("{:.6g},{:.6g},{:.6g},", p.low, p.expected, p.high);
    } else {
      text += ",,,";
    }
    text += fmt::format("{},{}\n", to_text(p.status), csv_field(p.reason));
  }
  return text;
}

}  // namespace rigor::evidence
