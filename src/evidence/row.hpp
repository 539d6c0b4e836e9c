// A published measurement as its file states it, and what rigor predicts for it. Layer 7.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace rigor::evidence {

/// One CSV row. Columns are texts; an absent column is empty.
struct Row {
  int line = 0;  ///< in the file, from 1
  std::map<std::string, std::string, std::less<>> columns;

  [[nodiscard]] std::string_view operator[](std::string_view column) const;
  /// The column as a number; `fallback` when empty or no number.
  [[nodiscard]] double number(std::string_view column, double fallback = 0.0) const;
  /// `key=value` inside the notes ("n_ubatch=512" -> "512"); empty when absent. Values end at
  /// space, ',' or ';'.
  [[nodiscard]] std::string_view note(std::string_view key) const;
};

struct Table {
  std::vector<std::string> header;
  std::vector<Row> rows;
};

/// RFC 4180 text. Errors: no header, a row with another number of fields, an open quote; they name
/// the line.
Result<Table> parse_csv(std::string_view text, const std::string& file);
/// One field as CSV, quoted when needed.
std::string csv_field(std::string_view text);

enum class Status { mapped, unmapped, gated };

/// In the row's own unit.
struct Prediction {
  Status status = Status::unmapped;
  double low = 0, expected = 0, high = 0;
  std::string reason = {};  ///< why not mapped or gated; a remark otherwise
  std::string family = {};  ///< architecture family, for the tables
};

}  // namespace rigor::evidence
