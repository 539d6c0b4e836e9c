// The table of a rig's own measurements: evidence of inference and training in one file, to which
// lines are added. Layer 7.
#pragma once

#include <string>
#include <vector>

#include "evidence/row.hpp"

namespace rigor::evidence {

/// Columns of a new table: those of speed.csv, then those of training_speed.csv it lacks.
const std::vector<std::string>& own_columns();

/// Do two rows state the same figure of the same setting? Ids and places do not count.
bool same_measurement(const Row& a, const Row& b);

/// Rows that are not in the table yet get an id and are appended.
struct OwnAddition {
  Table table;
  std::vector<bool> is_new;  ///< of every row that was given
};
OwnAddition add_rows(Table table, const std::vector<Row>& rows);

/// The whole table as CSV.
std::string table_csv(const Table& table);

}  // namespace rigor::evidence
