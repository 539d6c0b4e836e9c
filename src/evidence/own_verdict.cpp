// Own rows as ratios to the estimate.
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "evidence/own_row.hpp"

namespace rigor::evidence {
namespace {

using place::OwnQuantity;

bool is_time(const Row& row) {
  const std::string_view metric = row["metric"];
  return metric == "ttft_ms" || metric == "tpot_ms" || metric == "step_s";
}

/// The figure of rigor's own that a row speaks of.
std::optional<OwnQuantity> quantity_of(const TimedRow& question, const Row& row) {
  const std::string_view text = question.quantity();
  const bool alone = row.number("concurrency", 1) <= 1;
  if (text == "training") return OwnQuantity::training;
  if (text == "decode" || (text == "per_token" && alone)) return OwnQuantity::decode;
  if (text == "prefill" || text == "prompts" || (text == "first_token" && alone))
    return OwnQuantity::prefill;
  if (text == "output" || text == "total") return OwnQuantity::output;
  return std::nullopt;  // times under load: the rate of all says it once
}

double size_of(OwnQuantity quantity, const Row& row) {
  switch (quantity) {
    case OwnQuantity::decode:
      return std::max(row.number("context_depth"), row.number("n_prompt")) +
             row.number("n_gen") / 2;
    case OwnQuantity::prefill: return row.number("n_prompt");
    case OwnQuantity::output: return row.number("concurrency", 1);
    case OwnQuantity::training: return row.number("seq_len") * row.number("micro_batch", 1);
  }
  return 1;
}

place::OwnRow own_row(const TimedRow& question, const Row& row, OwnQuantity quantity) {
  place::OwnRow out;
  place::OwnSetting& s = out.setting;
  s.quantity = quantity;
  s.engine = question.scope.engine;
  s.backend = question.scope.backend;
  s.device = question.scope.device;
  s.devices = question.devices_used;
  s.network = place::shape_of(*question.network);
  s.size = size_of(quantity, row);
  if (quantity == OwnQuantity::training) {
    s.form = row["method"];
  } else {
    s.form = lower(question.network->quantization);
    s.ways = std::max(1, static_cast<const SpeedRow&>(question).placement.tensor);
  }
  return out;
}

}  // namespace

OwnVerdict judge_own(const Row& row, Library& library) {
  OwnVerdict verdict;
  if (!accepts_speed(row)) {
    verdict.refused = "\"" + std::string(row["metric"]) + "\" is no metric of speed";
    return verdict;
  }
  const ReadTimedRow read =
      is_speed_row(row) ? read_speed_row(row, library) : read_training_speed_row(row, library);
  if (read.question == nullptr) {
    verdict.refused = read.reason;
    return verdict;
  }
  TimedRow& question = *read.question;
  verdict.refused = question.impossible();
  question.scope.epoch.clear();  // what rigor says today
  verdict.measured = question.measured;
  verdict.estimated = question.predict(library.constants(question.scope));
  const estimate::SpeedRange range =
      library.calibration()->range(question.quantity(), question.scope);
  verdict.low = range.low * verdict.estimated;
  verdict.high = range.high * verdict.estimated;
  const auto quantity = quantity_of(question, row);
  if (!verdict.refused.empty() || !quantity || verdict.estimated <= 0) return verdict;
  place::OwnRow own = own_row(question, row, *quantity);
  own.logarithm = std::log(verdict.measured / verdict.estimated) * (is_time(row) ? -1 : 1);
  own.noise = std::max(0.0, row.number("stddev")) / verdict.measured;
  verdict.row = std::move(own);
  return verdict;
}

OwnReading read_own(const Table& table, Library& library) {
  OwnReading reading;
  for (const Row& row : table.rows) {
    OwnVerdict verdict = judge_own(row, library);
    if (verdict.row) reading.rows.push_back(std::move(*verdict.row));
    if (!verdict.refused.empty()) reading.unused.push_back({row.line, std::move(verdict.refused)});
  }
  return reading;
}

}  // namespace rigor::evidence
