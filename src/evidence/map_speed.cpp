// Rows of speed, inference and training, against the speed model.
#include <fmt/format.h>

#include "evidence/memory_row.hpp"
#include "evidence/speed_row.hpp"

namespace rigor::evidence {

namespace {

/// Of the metric's held-out rows; with drafts, what those are wrong by on top.
estimate::SpeedRange range_of(const TimedRow& question, Library& library) {
  const estimate::Calibration& calibration = *library.calibration();
  const auto* row = dynamic_cast<const SpeedRow*>(&question);
  if (row == nullptr || row->drafted.tokens == 0)
    return calibration.range(question.quantity(), question.scope);
  estimate::SpeedRange range = calibration.range(to_text(row->metric), question.scope);
  range.low *= library.drafts().measured_low;
  range.high *= library.drafts().measured_high;
  return range;
}

}  // namespace

bool accepts_speed(const Row& row) {
  return is_speed_row(row) || is_training_speed_row(row);
}

Prediction predict_speed(const Row& row, Siblings, Library& library) {
  if (library.calibration() == nullptr) return unmapped("speed needs the calibration");
  const ReadTimedRow read =
      is_speed_row(row) ? read_speed_row(row, library) : read_training_speed_row(row, library);
  if (read.question == nullptr) return unmapped(read.reason);
  const TimedRow& question = *read.question;
  if (std::string reason = question.impossible(); !reason.empty()) return gated(std::move(reason));
  const estimate::Calibration& calibration = *library.calibration();
  const double expected = question.predict(library.constants(question.scope));
  const estimate::SpeedRange range = range_of(question, library);
  Prediction prediction;
  prediction.status = Status::mapped;
  prediction.low = range.low * expected;
  prediction.expected = expected;
  prediction.high = range.high * expected;
  prediction.family = question.network->architecture.family;
  const estimate::Support support = calibration.support(question.scope);
  prediction.reason = support == estimate::Support::extrapolated
                          ? "extrapolated"
                          : fmt::format("calibrated on {} rows of the {}",
                                        calibration.support_rows(question.scope), to_text(support));
  return prediction;
}

}  // namespace rigor::evidence
