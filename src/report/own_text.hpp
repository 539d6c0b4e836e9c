// What own measurements are and what they change, for people and for programs. Layer 9.
#pragma once

#include <string>
#include <vector>

#include "evidence/own_row.hpp"
#include "place/speed.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// A row of a log and what became of it.
struct AddedRow {
  evidence::Row row;
  evidence::OwnVerdict verdict;
  bool is_new = false;  ///< of those that are not refused
};

/// What `rigor evidence add` answers.
struct Addition {
  std::string tool, format;  ///< of the log
  std::string path;          ///< of the table
  bool written = false;      ///< false: --dry-run, or nothing is new
  int rows_in_table = 0;
  std::vector<AddedRow> rows;
  std::vector<std::string> skipped;
};
std::string addition_text(const Addition& addition);
std::string addition_json(const Addition& addition);

/// "generating corrected by 3 own measurements (×0.93)", a line for each quantity; empty when
/// nothing is corrected.
std::string own_text(const place::InferenceSpeed& speed);
std::string own_text(const place::TrainingSpeed& speed);
/// The member "own_measurements" of an object that is open.
void own_json(Json& json, const place::InferenceSpeed& speed);
void own_json(Json& json, const place::TrainingSpeed& speed);

}  // namespace rigor::report
