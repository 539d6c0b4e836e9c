// Rows against estimates: what was predicted, how far off, by term, engine, family and device.
// Layer 7.
#pragma once

#include <string>
#include <vector>

#include "evidence/mapper.hpp"
#include "evidence/row.hpp"

namespace rigor::evidence {

/// A row with its prediction.
struct Scored {
  const Row* row = nullptr;
  Prediction prediction;
  double measured = 0;

  /// predicted / measured - 1. Requires: the row is mapped and measured is not 0.
  [[nodiscard]] double error() const { return prediction.expected / measured - 1.0; }
};

/// Predicts every row of the table, in its order. A row no mapper speaks for is unmapped with the
/// reason.
std::vector<Scored> score(const Table& table, Library& library);

/// Error figures of a set of mapped rows. Shares are fractions.
struct ErrorFigures {
  int rows = 0;
  double median = 0, mean = 0, p90 = 0;  ///< of the absolute relative error
  double bias = 0;                       ///< mean of the signed error
  double under_5 = 0;                    ///< share of rows predicted more than 5 % too low
  double covered = 0;                    ///< share of rows within [low, high]
};
ErrorFigures figures(const std::vector<const Scored*>& rows);

/// One line of a table: the rows that share a key.
struct Group {
  std::string key;
  ErrorFigures figures;
};
/// Mapped rows grouped by a column of the row, or by "family" (of the architecture), largest group
/// first.
std::vector<Group> group_by(const std::vector<Scored>& scored, const std::string& column);

/// Unmapped and gated rows grouped by reason, most frequent first.
struct Unmapped {
  std::string reason;
  Status status = Status::unmapped;
  int rows = 0;
  std::string example;  ///< id of the first such row
};
std::vector<Unmapped> unmapped(const std::vector<Scored>& scored);

/// The input table with predicted_low, predicted, predicted_high, status and reason added to every
/// row.
std::string predictions_csv(const Table& table, const std::vector<Scored>& scored);

std::string_view to_text(Status status);

}  // namespace rigor::evidence
