#include "evidence/memory_row.hpp"

#include <doctest/doctest.h>

namespace rigor::evidence {

TEST_CASE("numbers beside a word") {
  struct Case {
    const char* text;
    const char* word;
    std::optional<double> after, before;
  };
  for (const auto& [text, word, after, before] :
       {Case{"mem-util 0.95 max", "mem-util", 0.95, std::nullopt},
        Case{"mem-util=0.95; x", "mem-util", 0.95, std::nullopt},
        Case{"mem-util. 0.95 mem-util", "mem-util", std::nullopt, std::nullopt},
        Case{"mem-util 0.95.", "mem-util", 0.95, std::nullopt},
        Case{"fit at 0.96 mem-util)", "mem-util", std::nullopt, 0.96},
        Case{"0.96 mem-util", "mem-util", std::nullopt, 0.96}, Case{"", "x", {}, {}},
        Case{"x", "x", {}, {}}}) {
    CAPTURE(text);
    CHECK(number_after(text, word) == after);
    CHECK(number_before(text, word) == before);
  }
}

TEST_CASE("versions compare by their first two numbers") {
  CHECK(version_of("0.13.0rc2.dev112") == Version{0, 13});
  CHECK(version_of("v1.0.0+cu128") == Version{1, 0});
  CHECK(version_of("llama.cpp b5863") == Version{5863, 0});
  CHECK(version_of("0.0.43") == Version{0, 0});
  CHECK_FALSE(version_of("").has_value());
  CHECK_FALSE(version_of("nightly").has_value());
  CHECK(Version{0, 9} < Version{0, 17});
}

TEST_CASE("the group of a weight-only format") {
  CHECK(group_size("w4a16_g128") == 128);
  CHECK(group_size("GPTQ 4bit g32 act=yes") == 32);
  CHECK(group_size("AWQ int4 GEMM") == std::nullopt);
  CHECK(group_size("q5 g32 (MLX)") == 32);
}

TEST_CASE("whole footprints are told from their parts") {
  for (const char* metric : {"mem_peak_gib", "mem_alloc_gib", "mem_rss_peak_gib"}) {
    Row row;
    row.columns = {{"engine", "x"}, {"metric", metric}};
    CHECK(is_memory_row(row));
    CHECK(is_total(row));
  }
  Row part;
  part.columns = {{"engine", "x"}, {"metric", "mem_model_gib"}};
  CHECK(is_memory_row(part));
  CHECK_FALSE(is_total(part));
}

TEST_CASE("the weights gate is for whole footprints of rows that offload nothing") {
  Row row;
  row.columns = {{"metric", "mem_peak_gib"}, {"value", "8"}, {"host_offload", "0"}};
  const Gate gate{.memory = 24 * GiB, .weights = 10 * GiB};
  CHECK(implausible(row, GiB, gate).has_value());
  row.columns["value"] = "9.1";  // a recipe may be off by a tenth
  CHECK_FALSE(implausible(row, GiB, gate).has_value());
  row.columns["value"] = "8";
  row.columns["host_offload"] = "1";
  CHECK_FALSE(implausible(row, GiB, gate).has_value());
  row.columns["host_offload"] = "0";
  row.columns["metric"] = "mem_kv_available_gib";
  CHECK_FALSE(implausible(row, GiB, gate).has_value());
  row.columns["value"] = "24.1";
  CHECK(implausible(row, GiB, gate).has_value());
  CHECK_FALSE(implausible(row, GB, gate).has_value());
}

}  // namespace rigor::evidence
