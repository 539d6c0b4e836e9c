// What the readers of single formats share. Used by src/adapters/bench/ alone. Layer 10.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/bench/bench_log.hpp"
#include "adapters/json/json_node.hpp"

namespace rigor::adapters::bench {

/// One test of a log: field and text, and where it stands ("bench.csv:3").
struct Record {
  std::map<std::string, std::string, std::less<>> fields;
  std::string where;
  int line = 0;

  [[nodiscard]] std::string_view operator[](std::string_view field) const;
  [[nodiscard]] bool has(std::string_view field) const;
  /// Nothing when it is absent or no number.
  [[nodiscard]] std::optional<double> number(std::string_view field) const;
};

/// An object of JSON with the place it begins at.
struct Object {
  JsonNode node;
  std::string where;
  int line = 0;
};

/// The scalars of an object as texts; lists and objects are left out.
Record record_of(const Object& object);

/// The figure of a row. Error: absent, no number, not above 0.
Result<double> positive(const Record& record, std::string_view field);
/// Two ways to state a figure; more than a quarter apart is an error that names both.
Result<void> agree(const Record& record, std::string_view field, double stated, double derived,
                   std::string_view how);
/// As tables of evidence write numbers.
std::string plain(double value);

bool is_llama_bench(const Record& record);
Result<BenchLog> read_llama_bench(const std::vector<Record>& tests, std::string format);
/// The table that llama-bench prints by default; null when no line is its header.
bool has_llama_table(std::string_view text);
Result<BenchLog> read_llama_table(std::string_view text, const std::string& file);
bool is_llama_csv(std::string_view text);
Result<BenchLog> read_llama_csv(std::string_view text, const std::string& file);

bool is_vllm(const Record& record);
Result<BenchLog> read_vllm(const std::vector<Record>& runs);

bool is_trainer(const Object& object);
Result<BenchLog> read_trainer_json(const Object& object);
/// Lines of a training run; not a trainer's when no line states a rate.
bool has_training_rates(std::string_view text);
Result<BenchLog> read_trainer_lines(std::string_view text, const std::string& file);

}  // namespace rigor::adapters::bench
