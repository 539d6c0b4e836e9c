#include "report/own_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/speed_text.hpp"

namespace rigor::report {
namespace {

using evidence::Row;

struct MetricWords {
  std::string_view metric, words, unit;
};
constexpr std::array kMetrics = {
    MetricWords{"decode_tps", "generating", "tokens/s"},
    MetricWords{"prefill_tps", "reading a prompt", "tokens/s"},
    MetricWords{"output_tps_total", "generating together", "tokens/s"},
    MetricWords{"total_tps", "prompts and answers", "tokens/s"},
    MetricWords{"ttft_ms", "first token", "ms"},
    MetricWords{"tpot_ms", "per token", "ms"},
    MetricWords{"tokens_per_s", "training", "tokens/s"},
    MetricWords{"tokens_per_s_per_gpu", "training, one device", "tokens/s"},
    MetricWords{"samples_per_s", "training", "sequences/s"},
    MetricWords{"step_s", "one optimizer step", "s"},
};

MetricWords words_of(std::string_view metric) {
  for (const MetricWords& known : kMetrics) {
    if (known.metric == metric) return known;
  }
  return {metric, metric, ""};
}

std::string setting_of(const Row& row) {
  const std::string_view metric = row["metric"];
  if (!row["framework"].empty())
    return fmt::format("{} x {} tokens", row["micro_batch"], row["seq_len"]);
  const std::string depth =
      row.number("context_depth") > 0 ? fmt::format(" at {}", row["context_depth"]) : std::string();
  if (metric == "decode_tps") return fmt::format("{} tokens{}", row["n_gen"], depth);
  if (metric == "prefill_tps") return fmt::format("{} tokens{}", row["n_prompt"], depth);
  return fmt::format("{} x {} + {}", row["concurrency"], row["n_prompt"], row["n_gen"]);
}

std::string title(const Addition& addition) {
  if (addition.rows.empty()) return {};
  const Row& row = addition.rows.front().row;
  const std::string form(row["framework"].empty() ? row["quant"] : row["method"]);
  const std::string_view count = row["device_count"];
  return fmt::format("{}, {} on {}{}\n", row["model_id"], form,
                     count.empty() || count == "1" ? "" : fmt::format("{} x ", count),
                     row["device_id"]);
}

std::string line(const AddedRow& added) {
  const Row& row = added.row;
  const MetricWords words = words_of(row["metric"]);
  std::string text = fmt::format("  {:<20} {:<18}", words.words, setting_of(row));
  const evidence::OwnVerdict& v = added.verdict;
  if (!v.refused.empty()) return text + fmt::format(" refused: {}\n", v.refused);
  const double off = 100 * (v.estimated / v.measured - 1);
  return text + fmt::format(" {:>9} {:<11} estimated {:>24}  {:>+6.1f} %{}\n", row["value"],
                            words.unit, ranged_text({v.low, v.estimated, v.high}), off,
                            added.is_new ? "" : "  known already");
}

int count(const Addition& addition, bool (*is)(const AddedRow&)) {
  return static_cast<int>(std::count_if(addition.rows.begin(), addition.rows.end(), is));
}

std::string rows_text(int rows) {
  return fmt::format("{} row{}", rows, rows == 1 ? "" : "s");
}

bool is_refused(const AddedRow& row) {
  return !row.verdict.refused.empty();
}
bool is_added(const AddedRow& row) {
  return row.is_new && !is_refused(row);
}
bool is_known(const AddedRow& row) {
  return !row.is_new && !is_refused(row);
}

std::string outcome(const Addition& addition) {
  const int added = count(addition, is_added);
  std::string text =
      addition.written ? fmt::format("added {} to {}", rows_text(added), addition.path)
      : added > 0      ? fmt::format("would add {} to {}", rows_text(added), addition.path)
                       : fmt::format("nothing to add to {}", addition.path);
  const int known = count(addition, is_known), refused = count(addition, is_refused);
  if (known > 0) text += fmt::format(", {} known already", known);
  if (refused > 0) text += fmt::format(", {} refused", refused);
  if (addition.written) text += fmt::format("; it has {} now", rows_text(addition.rows_in_table));
  return text + "\n";
}

struct Part {
  std::string_view key;
  std::string what;
  const place::Correction* own;
};

std::vector<Part> parts(const place::InferenceSpeed& speed) {
  std::vector<Part> all = {{"decode", "generating", &speed.decode_own},
                           {"prefill", "prompts", &speed.prefill_own}};
  if (speed.sequences > 1)
    all.push_back({"output", fmt::format("{} users", speed.sequences), &speed.aggregate_own});
  return all;
}

std::vector<Part> parts(const place::TrainingSpeed& speed) {
  return {{"training", "training", &speed.own}};
}

std::string corrections(const std::vector<Part>& all) {
  std::string text;
  for (const Part& part : all) {
    if (part.own->rows == 0) continue;
    text += fmt::format("{} corrected by {} own measurement{} (×{:.2f})\n", part.what,
                        part.own->rows, part.own->rows == 1 ? "" : "s", part.own->factor);
  }
  return text;
}

void corrections(Json& json, const std::vector<Part>& all) {
  json.key("own_measurements").begin_object();
  for (const Part& part : all) {
    json.key(part.key).begin_object().member("rows", part.own->rows);
    json.member("factor", part.own->factor).end_object();
  }
  json.end_object();
}

}  // namespace

std::string addition_text(const Addition& addition) {
  std::string text = fmt::format("{} ({}): {}", addition.tool, addition.format, title(addition));
  if (addition.rows.empty()) text += "no figures\n";
  for (const AddedRow& row : addition.rows) text += line(row);
  for (const std::string& skipped : addition.skipped) text += "  left out: " + skipped + "\n";
  return text + outcome(addition);
}

std::string addition_json(const Addition& addition) {
  Json json;
  json.begin_object().member("schema_version", 1).key("addition").begin_object();
  json.member("tool", addition.tool).member("format", addition.format);
  json.member("table", addition.path).member("written", addition.written);
  json.member("rows_in_table", addition.rows_in_table).key("rows").begin_list();
  for (const AddedRow& one : addition.rows) {
    json.begin_object();
    for (const std::string_view column :
         {"metric", "model_id", "quant", "method", "device_id", "date"}) {
      if (!one.row[column].empty()) json.member(column, one.row[column]);
    }
    for (const std::string_view column : {"device_count", "n_prompt", "n_gen", "context_depth",
                                          "concurrency", "seq_len", "micro_batch"}) {
      if (!one.row[column].empty()) json.member(column, one.row.number(column));
    }
    json.member("measured", one.verdict.measured);
    json.key("estimated").begin_object().member("low", one.verdict.low);
    json.member("expected", one.verdict.estimated).member("high", one.verdict.high).end_object();
    json.member("status", is_refused(one) ? "refused" : one.is_new ? "new" : "known");
    if (is_refused(one)) json.member("reason", one.verdict.refused);
    json.end_object();
  }
  json.end_list().key("left_out").begin_list();
  for (const std::string& skipped : addition.skipped) json.value(skipped);
  return json.end_list().end_object().end_object().text();
}

std::string own_text(const place::InferenceSpeed& speed) {
  return corrections(parts(speed));
}
std::string own_text(const place::TrainingSpeed& speed) {
  return corrections(parts(speed));
}
void own_json(Json& json, const place::InferenceSpeed& speed) {
  corrections(json, parts(speed));
}
void own_json(Json& json, const place::TrainingSpeed& speed) {
  corrections(json, parts(speed));
}

}  // namespace rigor::report
