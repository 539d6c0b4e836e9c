#include "evidence/own_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

constexpr std::string_view kPrefix = "own-";

/// One more than the highest number in use.
int next_number(const Table& table) {
  int next = 1;
  for (const Row& row : table.rows) {
    const std::string_view id = row["id"];
    if (!id.starts_with(kPrefix)) continue;
    const double number = parse_number(id.substr(kPrefix.size())).value_or(0);
    if (number >= next && number < 1e9) next = static_cast<int>(number) + 1;
  }
  return next;
}

}  // namespace

const std::vector<std::string>& own_columns() {
  static const std::vector<std::string> columns = {
      "id",        "source",        "locator",        "date",        "device",
      "device_id", "device_count",  "host_offload",   "link_note",   "cpu",
      "ram",       "engine",        "engine_version", "backend",     "model",
      "model_id",  "quant",         "model_size_gib", "flash_attn",  "n_prompt",
      "n_gen",     "context_depth", "concurrency",    "speculative", "framework",
      "method",    "precision",     "optimizer",      "parallelism", "grad_ckpt",
      "seq_len",   "micro_batch",   "grad_accum",     "lora_rank",   "lora_targets",
      "attn_impl", "interconnect",  "quality",        "metric",      "value",
      "stddev",    "notes"};
  return columns;
}

bool same_measurement(const Row& a, const Row& b) {
  return std::all_of(own_columns().begin(), own_columns().end(), [&](const std::string& column) {
    return column == "id" || column == "locator" || a[column] == b[column];
  });
}

OwnAddition add_rows(Table table, const std::vector<Row>& rows) {
  OwnAddition out{std::move(table), {}};
  std::vector<std::string>& header = out.table.header;
  for (const std::string& column : own_columns()) {
    if (std::find(header.begin(), header.end(), column) == header.end()) header.push_back(column);
  }
  int number = next_number(out.table);
  for (const Row& row : rows) {
    const auto& known = out.table.rows;
    const bool is_new = std::none_of(
        known.begin(), known.end(), [&](const Row& other) { return same_measurement(row, other); });
    out.is_new.push_back(is_new);
    if (!is_new) continue;
    Row added = row;
    added.columns["id"] = fmt::format("{}{}", kPrefix, number++);
    out.table.rows.push_back(std::move(added));
  }
  return out;
}

std::string table_csv(const Table& table) {
  std::string text;
  for (std::size_t i = 0; i < table.header.size(); ++i)
    text += (i == 0 ? "" : ",") + csv_field(table.header[i]);
  text += "\n";
  for (const Row& row : table.rows) {
    for (std::size_t i = 0; i < table.header.size(); ++i)
      text += (i == 0 ? "" : ",") + csv_field(row[table.header[i]]);
    text += "\n";
  }
  return text;
}

}  // namespace rigor::evidence
