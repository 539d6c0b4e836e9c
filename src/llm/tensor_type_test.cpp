#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

#include "base/text.hpp"
#include "llm/quantization.hpp"

namespace rigor::llm {

TEST_CASE("block sizes are those of the formats' own sources") {
  struct Case {
    std::string_view name;
    int elements, bytes, id;
  };
  for (const auto& [name, elements, bytes, id] :
       {Case{"f32", 1, 4, 0},          Case{"f16", 1, 2, 1},
        Case{"bf16", 1, 2, 30},        Case{"q4_0", 32, 18, 2},
        Case{"q4_1", 32, 20, 3},       Case{"q5_0", 32, 22, 6},
        Case{"q5_1", 32, 24, 7},       Case{"q8_0", 32, 34, 8},
        Case{"q2_K", 256, 84, 10},     Case{"q3_K", 256, 110, 11},
        Case{"q4_K", 256, 144, 12},    Case{"q5_K", 256, 176, 13},
        Case{"q6_K", 256, 210, 14},    Case{"iq1_s", 256, 50, 19},
        Case{"iq1_m", 256, 56, 29},    Case{"iq2_xxs", 256, 66, 16},
        Case{"iq2_xs", 256, 74, 17},   Case{"iq2_s", 256, 82, 22},
        Case{"iq3_xxs", 256, 98, 18},  Case{"iq3_s", 256, 110, 21},
        Case{"iq4_nl", 32, 18, 20},    Case{"iq4_xs", 256, 136, 23},
        Case{"tq1_0", 256, 54, 34},    Case{"tq2_0", 256, 66, 35},
        Case{"mxfp4", 32, 17, 39},     Case{"nvfp4", 64, 36, 40},
        Case{"iq4_ks", 256, 136, 144}, Case{"iq2_k", 256, 76, 137},
        Case{"iq6_k", 256, 212, 141},  Case{"q8_k_r8", 256, 258, 399}}) {
    CAPTURE(name);
    const TensorType* type = find_tensor_type(name);
    REQUIRE(type != nullptr);
    CHECK(type->elements == elements);
    CHECK(type->bits == 8 * bytes);
    CHECK(type->ggml_id == id);
    CHECK(find_ggml_type(static_cast<std::uint32_t>(id)) == type);
  }
}

TEST_CASE("names and numbers are unique, and every format names its source") {
  std::set<std::string> names;
  std::set<int> ids;
  for (const TensorType& type : tensor_types()) {
    CAPTURE(type.name);
    CHECK(names.insert(lower(type.name)).second);
    if (type.ggml_id >= 0) CHECK(ids.insert(type.ggml_id).second);
    CHECK_FALSE(type.source.empty());
    CHECK(type.elements > 0);
    CHECK(type.bits > 0);
  }
}

TEST_CASE("types are found by any spelling of their name and not by others") {
  CHECK(find_tensor_type("Q4_K") == find_tensor_type("q4_k"));
  CHECK(find_tensor_type("") == nullptr);
  CHECK(find_tensor_type("q4") == nullptr);
  CHECK(find_tensor_type("q4_K ") == nullptr);
  CHECK(find_ggml_type(4) == nullptr);  // Q4_2, removed
  CHECK(find_ggml_type(100000) == nullptr);
}

TEST_CASE("bits per weight, scales included") {
  struct Case {
    std::string_view name;
    double bits;
  };
  for (const auto& [name, bits] :
       {Case{"q8_0", 8.5}, Case{"q4_0", 4.5}, Case{"mxfp4", 4.25}, Case{"nvfp4", 4.5},
        Case{"nf4", 4.5},             // 4 + 32 / 64
        Case{"nf4_dq", 4.126953125},  // 4 + 8 / 64 + 32 / 16384
        Case{"awq4_g128", 4.15625},   // 4 + 20 / 128
        Case{"gptq4_g32", 4.625}, Case{"mlx4_g64", 4.5}, Case{"mlx8_g64", 8.5},
        Case{"fp8_e4m3_128x128", 8.001953125}, Case{"exl_4.25", 4.25}}) {
    CAPTURE(name);
    const TensorType* type = find_tensor_type(name);
    REQUIRE(type != nullptr);
    CHECK(static_cast<double>(type->bits) / type->elements == bits);
  }
}

TEST_CASE("bytes of a matrix") {
  struct Case {
    std::string_view type;
    std::int64_t columns, rows;
    double bytes;
  };
  for (const auto& [type, columns, rows, bytes] :
       {Case{"f32", 4096, 1, 16384}, Case{"q8_0", 4096, 4096, 17825792},
        Case{"q8_0", 33, 2, 2 * 2 * 34},  // a row of 33 takes two blocks
        Case{"q4_K", 1, 1, 144},
        Case{"iq4_ks", 256, 2, 2 * (136 + 4)},  // four bytes before every row
        Case{"int8_row", 100, 3, 3 * (100 + 4)},
        Case{"nf4", 96, 2, 3 * 36},  // blocks run on over the end of a row
        Case{"bf16", 0, 5, 0}}) {
    CAPTURE(type);
    CHECK(storage(*find_tensor_type(type), columns, rows).in(byte) == bytes);
  }
}

TEST_CASE("cache types") {
  CHECK(find_cache_type("q8_0")->bits == 32 * 8.5);
  CHECK(find_cache_type("FP8") == find_tensor_type("fp8_e4m3"));
  CHECK(find_cache_type("auto") == find_tensor_type("f16"));
  CHECK(find_cache_type("q4_K") == nullptr);
}

}  // namespace rigor::llm
