// Rows of every engine, carried from the published tables: each must be understood and predicted
// within the tolerance beside it, or refused with a reason.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

#include "adapters/toml/entry_reader.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

constexpr std::array kMine = {
    Mapper{"vLLM", accepts_vllm, predict_vllm},
    Mapper{"transformers", accepts_transformers, predict_transformers},
    Mapper{"MLX", accepts_mlx, predict_mlx},
    Mapper{"ExLlama", accepts_exllama, predict_exllama},
    Mapper{"none", accepts_unmodelled, predict_unmodelled},
};

Library& library() {
  static const catalog::Catalog catalog(catalog::packed_catalogue(), &adapters::read_entry);
  static Library library(catalog);
  return library;
}

Table carried() {
  std::ifstream in("tests/data/engine_memory_rows.csv");
  std::ostringstream text;
  text << in.rdbuf();
  Result<Table> table = parse_csv(text.str(), "engine_memory_rows.csv");
  REQUIRE(table.has_value());
  return *table;
}

std::vector<const Row*> siblings_of(const Table& table, const Row& row) {
  std::vector<const Row*> found;
  for (const Row& other : table.rows) {
    if (other["locator"] == row["locator"]) found.push_back(&other);
  }
  return found;
}

Prediction predict(const Table& table, const Row& row) {
  const std::vector<const Row*> siblings = siblings_of(table, row);
  for (const Mapper& mapper : kMine) {
    if (mapper.accepts(row)) return mapper.predict(row, siblings, library());
  }
  return unmapped("no mapper speaks for it");
}

/// A vLLM row of an RTX 3090 with these columns changed.
Row row_with(std::initializer_list<std::pair<const char*, const char*>> changes) {
  Row row;
  row.columns = {
      {"engine", "vLLM"}, {"engine_version", "0.19.0"},           {"model_id", "llama-3.1-8b"},
      {"quant", "BF16"},  {"device_id", "gpu/nvidia/rtx-3090"},   {"metric", "mem_alloc_gib"},
      {"value", "21.5"},  {"notes", "gpu_memory_utilization=0.9"}};
  for (const auto& [column, text] : changes) row.columns[column] = text;
  return row;
}

Prediction alone(const Row& row) {
  Table table;
  table.rows = {row};
  return predict(table, table.rows.front());
}

}  // namespace

TEST_CASE("carried rows are predicted within their tolerance, or refused with a reason") {
  const Table table = carried();
  CHECK(table.rows.size() > 30);
  for (const Row& row : table.rows) {
    CAPTURE(std::string(row["id"]));
    const Prediction prediction = predict(table, row);
    CAPTURE(prediction.reason);
    if (row["expected_status"] == "unmapped") {
      CHECK(prediction.status == Status::unmapped);
      CHECK_FALSE(prediction.reason.empty());
      continue;
    }
    REQUIRE(prediction.status == Status::mapped);
    CHECK_FALSE(prediction.family.empty());
    const double error = prediction.expected / row.number("value") - 1;
    CHECK(std::abs(error) <= row.number("tolerance_percent") / 100);
    CHECK(prediction.low <= prediction.expected);
    CHECK(prediction.expected <= prediction.high);
    CHECK(row.number("value") <= prediction.high);
  }
}

TEST_CASE("a figure that physics forbids is gated") {
  struct Case {
    Row row;
    const char* reason;
  };
  for (const Case& c : {
           Case{row_with({{"value", "30"}}), "on devices that have"},
           Case{row_with({{"value", "0"}}), "not positive"},
           Case{row_with({{"value", ""}}), "not positive"},
           Case{row_with({{"engine", "transformers"}, {"value", "9"}}), "less than the weights"},
           Case{row_with({{"engine", "exllamav3"}, {"quant", "exl3-4.0bpw"}, {"value", "2"}}),
                "less than the weights"},
           Case{row_with({{"engine", "mlx-lm"}, {"quant", "4bit"}, {"value", "3"}}),
                "less than the weights"},
       }) {
    const Prediction prediction = alone(c.row);
    CAPTURE(prediction.reason);
    CHECK(prediction.status == Status::gated);
    CHECK(contains(prediction.reason, c.reason));
  }
}

TEST_CASE("what a row does not state is not guessed") {
  struct Case {
    Row row;
    const char* reason;
  };
  for (const Case& c : {
           Case{row_with({{"notes", ""}}), "fraction"},
           Case{row_with({{"device_id", "gpu/acme/one"}}), "card"},
           Case{row_with({{"model_id", "no-such-network"}}), "network"},
           Case{row_with({{"engine", "transformers"}, {"quant", "sparse-17"}}), "format"},
           Case{row_with({{"engine", "mlx-lm"}, {"quant", "zip"}}), "format"},
           Case{row_with({{"engine", "exllamav2"}, {"quant", "int8"}}), "8-bit"},
           Case{row_with({{"engine", "SGLang"}}), "SGLang"},
           Case{row_with({{"metric", "mem_swap_gib"}, {"value", "1"}}), "metric"},
       }) {
    const Prediction prediction = alone(c.row);
    CAPTURE(prediction.reason);
    CHECK(prediction.status == Status::unmapped);
    CHECK(contains(prediction.reason, c.reason));
  }
}

TEST_CASE("the fraction is read in every spelling, and from rows of the same page") {
  for (const char* notes : {"gpu_memory_utilization=0.95; kv=auto", "gpu_memory_utilization 0.95.",
                            "`mem-util 0.95 max-model-len 65536`", "fit at 0.95 mem-util)"}) {
    CAPTURE(notes);
    const Prediction prediction = alone(row_with({{"notes", notes}}));
    CHECK(prediction.expected == doctest::Approx(0.95 * 23.54 + 0.30).epsilon(0.001));
  }
  Table table;
  table.rows = {row_with({{"notes", ""}}), row_with({})};
  CHECK(predict(table, table.rows[0]).status == Status::mapped);
}

TEST_CASE("rows of speed and of training are left to others") {
  for (const Mapper& mapper : kMine) {
    CHECK_FALSE(mapper.accepts(row_with({{"metric", "decode_tps"}})));
    CHECK_FALSE(mapper.accepts(row_with({{"engine", ""}, {"framework", "transformers"}})));
    CHECK_FALSE(mapper.accepts(row_with({{"engine", "llama.cpp"}})));
  }
}

}  // namespace rigor::evidence
