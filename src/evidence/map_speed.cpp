// Rows of inference speed against the speed model.
#include <fmt/format.h>

#include "evidence/memory_row.hpp"
#include "evidence/speed_row.hpp"

namespace rigor::evidence {

bool accepts_speed(const Row& row) {
  return is_speed_row(row);
}

Prediction predict_speed(const Row& row, Siblings, Library& library) {
  if (library.calibration() == nullptr) return unmapped("speed needs the calibration");
  const ReadSpeedRow read = read_speed_row(row, library);
  if (read.question == nullptr) return unmapped(read.reason);
  const SpeedRow& question = *read.question;
  if (std::string reason = impossible(question); !reason.empty()) return gated(std::move(reason));
  const estimate::Calibration& calibration = *library.calibration();
  const estimate::SpeedConstants& constants = library.constants(question.scope);
  const double expected = predict(question, constants, constants);
  const estimate::Support support = calibration.support(question.scope);
  const estimate::SpeedRange range = calibration.range(to_text(question.metric), question.scope);
  Prediction prediction;
  prediction.status = Status::mapped;
  prediction.low = range.low * expected;
  prediction.expected = expected;
  prediction.high = range.high * expected;
  prediction.family = question.network->architecture.family;
  const int rows = calibration.support_rows(question.scope);
  prediction.reason = support == estimate::Support::extrapolated
                          ? "extrapolated"
                          : fmt::format("calibrated on {} rows of the {}", rows, to_text(support));
  return prediction;
}

}  // namespace rigor::evidence
