// Rows of llama.cpp and its fork, whole logs where siblings matter, carried from the published
// table: each is predicted within the tolerance beside it, or refused with a reason.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/packed.hpp"
#include "evidence/llama_row.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using Columns = std::initializer_list<std::pair<const char*, const char*>>;

Library& library() {
  static const catalog::Catalog catalog(catalog::packed_catalogue(), &adapters::read_entry);
  static Library library(catalog);
  return library;
}

const Table& carried() {
  static const Table table = [] {
    std::ifstream in("tests/data/llama_memory_rows.csv");
    std::ostringstream text;
    text << in.rdbuf();
    Result<Table> read = parse_csv(text.str(), "llama_memory_rows.csv");
    REQUIRE(read.has_value());
    return *read;
  }();
  return table;
}

std::vector<const Row*> log_of(const Row& row) {
  std::vector<const Row*> found;
  for (const Row& other : carried().rows) {
    if (other["locator"] == row["locator"]) found.push_back(&other);
  }
  return found;
}

Prediction predict(const Row& row) {
  return predict_llama_cpp(row, log_of(row), library());
}
Prediction alone(const Row& row) {
  return predict_llama_cpp(row, {}, library());
}

Status expected_status(const Row& row) {
  if (row["expected_status"] == "mapped") return Status::mapped;
  return row["expected_status"] == "gated" ? Status::gated : Status::unmapped;
}

/// A cache of Llama 3.1 8B on one card, 8192 cells in F16: 32 layers x 8192 x 2 x 1024 x 2 B = 1
/// GiB.
Row cache_row(Columns changes) {
  Row row;
  row.columns = {{"engine", "llama.cpp"},
                 {"engine_version", "b9100"},
                 {"backend", "CUDA"},
                 {"device_id", "gpu/nvidia/rtx-3090"},
                 {"device_count", "1"},
                 {"model_id", "llama-3.1-8b"},
                 {"quant", "Q4_K_M"},
                 {"metric", "mem_kv_total_gib"},
                 {"value", "1"},
                 {"notes", "KV self size total K=f16 V=f16; n_ctx=8192 n_batch=2048 n_ubatch=512"}};
  for (const auto& [column, text] : changes) row.columns[column] = text;
  return row;
}

}  // namespace

TEST_CASE("carried rows are predicted within their tolerance, or refused with a reason") {
  CHECK(carried().rows.size() > 90);
  for (const Row& row : carried().rows) {
    CAPTURE(std::string(row["id"]));
    const Prediction prediction = predict(row);
    CAPTURE(prediction.reason);
    REQUIRE(prediction.status == expected_status(row));
    if (prediction.status != Status::mapped) {
      CHECK_FALSE(prediction.reason.empty());
      continue;
    }
    const double error = 100 * (prediction.expected / row.number("value") - 1);
    CHECK(std::abs(error) <= row.number("tolerance_percent"));
    CHECK(prediction.low <= prediction.expected);
    CHECK(prediction.expected <= prediction.high);
    CHECK_FALSE(prediction.family.empty());
  }
}

TEST_CASE("a row's own figure is no input") {
  for (const Row& row : carried().rows) {
    Row other = row;
    other.columns["value"] = std::to_string(1.001 * row.number("value"));
    std::vector<const Row*> log = log_of(row);
    std::replace(log.begin(), log.end(), &row, static_cast<const Row*>(&other));
    const Prediction prediction = predict_llama_cpp(other, log, library());
    const bool both = prediction.status == Status::mapped && expected_status(row) == Status::mapped;
    if (both) CHECK(prediction.expected == predict(row).expected);
  }
}

TEST_CASE("a row alone is answered from its own columns") {
  struct Case {
    Columns changes;
    double gib;
  };
  for (const Case& c : {
           Case{{}, 1.0},
           Case{{{"notes", "KV self size total K=q8_0 V=q8_0; n_ctx=8192 n_ubatch=512"}},
                17.0 / 32},
           Case{{{"metric", "mem_kv_buffer_gib"},
                 {"device_count", "4"},
                 {"notes", "KV buffer on CUDA3 K=f16 V=f16; n_ctx=8192 n_ubatch=512"}},
                7.0 / 32},  // layers 25 to 31: layer i lies on device 4 i / 33
           Case{{{"metric", "mem_model_buffer_gib"},
                 {"notes", "model buffer on CUDA_Host; n_ctx=8192 n_ubatch=512"}},
                128256.0 * 4096 * 4.5 / 8 / (1 << 30)},  // the token embedding in q4_K
       }) {
    const Row row = cache_row(c.changes);
    CAPTURE(std::string(row["notes"]));
    const Prediction prediction = alone(row);
    CAPTURE(prediction.reason);
    REQUIRE(prediction.status == Status::mapped);
    CHECK(prediction.expected == doctest::Approx(c.gib).epsilon(1e-6));
  }
}

TEST_CASE("an unstated cache type widens the interval down to 4 bits") {
  const Prediction prediction =
      alone(cache_row({{"engine", "ik_llama.cpp or mainline"},
                       {"notes", "KV self size total; n_ctx=8192 n_ubatch=512 flash_attn=1"}}));
  REQUIRE(prediction.status == Status::mapped);
  CHECK(prediction.expected == doctest::Approx(1.0));
  CHECK(prediction.low <= 9.0 / 32);
}

TEST_CASE("figures that physics forbids are gated") {
  for (const Columns& changes : {
           Columns{{"value", "0"}},
           Columns{{"value", "0.2"}},  // 4-bit elements take 0.28
           Columns{{"metric", "mem_model_buffer_gib"},
                   {"value", "25"},
                   {"notes", "model buffer on CUDA0;"}},
           Columns{{"metric", "mem_alloc_gib"}, {"value", "3"}, {"n_prompt", "512"}, {"notes", ""}},
       }) {
    const Row row = cache_row(changes);
    CAPTURE(std::string(row["metric"]));
    CHECK(alone(row).status == Status::gated);
  }
}

TEST_CASE("what rows do not state is refused by name") {
  struct Case {
    Columns changes;
    const char* reason;
  };
  constexpr const char* kFork = "ik_llama.cpp or mainline";
  for (const Case& c : {
           Case{{{"model_id", "no-such-network"}}, "network"},
           Case{{{"notes", "KV self size total; n_ctx= n_batch= n_ubatch= flash_attn="}},
                "context"},
           Case{{{"metric", "mem_compute_buffer_gib"},
                 {"notes", "compute buffer on CUDA0; n_ctx= n_ubatch="}},
                "n_ctx"},
           Case{{{"metric", "mem_rs_buffer_gib"},
                 {"notes", "recurrent-state buffer on CUDA0; n_ctx=512"}},
                "recurrent"},
           Case{{{"metric", "mem_model_buffer_gib"}, {"notes", "model buffer on CUDA_Split;"}},
                "rows"},
           Case{{{"metric", "mem_model_buffer_gib"}, {"notes", "model buffer on AMX;"}},
                "repacked"},
           Case{{{"metric", "mem_alloc_gib"}, {"value", "8"}, {"n_gen", "512"}, {"notes", ""}},
                "context"},
           Case{{{"metric", "mem_alloc_gib"}, {"value", "8"}, {"host_offload", "1"}, {"notes", ""}},
                "host"},
           Case{{{"engine", kFork},
                 {"model_id", "deepseek-v3"},
                 {"value", "2"},
                 {"notes", "KV self size total; n_ctx=512 n_ubatch=512 flash_attn=0"}},
                "-mla"},
           Case{{{"engine", kFork},
                 {"device_count", "2"},
                 {"device", "RTX 5090 + RTX 4090"},
                 {"metric", "mem_kv_buffer_gib"},
                 {"value", "0.5"},
                 {"notes", "KV buffer on CUDA0 K=f16 V=f16; n_ctx=8192 n_ubatch=512"}},
                "layers"},
       }) {
    const Row row = cache_row(c.changes);
    const Prediction prediction = alone(row);
    CAPTURE(prediction.reason);
    CHECK(prediction.status == Status::unmapped);
    CHECK(contains(prediction.reason, c.reason));
  }
}

}  // namespace rigor::evidence
