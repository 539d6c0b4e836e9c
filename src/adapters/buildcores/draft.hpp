// A catalogue entry under construction, filled from a record. Used by the mapping of the BuildCores
// open database only. Layer 10.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/buildcores/mapping.hpp"
#include "adapters/buildcores/record.hpp"
#include "catalog/entry.hpp"

namespace rigor::adapters::buildcores {

class Draft {
 public:
  Draft(const JsonNode& root, const catalog::Provenance& source) : record(root), source_(source) {}

  /// Takes the record's member over under our key; unknown ones are left out.
  void text(std::string_view key, std::string_view path) { put(key, record.text(path)); }
  void count(std::string_view key, std::string_view path);
  /// The number with `unit`: "304 mm".
  void quantity(std::string_view key, std::string_view path, std::string_view unit);
  /// Where that database's "false" stands for unknown too.
  void only_true(std::string_view key, std::string_view path);
  void released();

  /// Values found otherwise; empty ones are left out.
  void put(std::string_view key, std::string value);
  void put(std::string_view key, std::vector<std::string> values);
  void put(std::string_view key, std::int64_t value);
  void put(std::string_view key, double value);
  void put(std::string_view key, bool value);
  /// A value that follows from others by `rule`.
  void derive(std::string_view key, catalog::Value value, std::string rule);

  /// The record cannot be used. The first reason stands.
  void skip(std::string why) {
    if (skipped.empty()) skipped = std::move(why);
  }

  Record record;
  catalog::Entry entry;
  std::string skipped;

 private:
  void add(std::string_view key, catalog::Value value, catalog::Provenance provenance);

  const catalog::Provenance& source_;
};

/// "2.5" of 2.5, "304" of 304.
std::string short_number(double value);

/// A word of the database and ours.
struct Word {
  std::string_view theirs, ours;
};

/// Our word, or empty with a note where the table has none. An absent word gives no note.
std::string translate(Draft& draft, std::string_view path, std::span<const Word> words);

/// "LGA 1700" as "LGA1700"; empty for what is no socket of one processor.
std::string socket_name(std::string_view theirs);

void map_gpu(Draft& draft, std::span<const Chip> chips);
void map_cpu(Draft& draft);
void map_board(Draft& draft);
void map_memory(Draft& draft);
void map_drive(Draft& draft);
void map_psu(Draft& draft);
void map_case(Draft& draft);
void map_cooler(Draft& draft);
void map_fan(Draft& draft);
void map_ups(Draft& draft);

}  // namespace rigor::adapters::buildcores
