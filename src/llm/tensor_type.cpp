#include <algorithm>
#include <array>

#include "llm/quantization.hpp"

namespace rigor::llm {
namespace {

constexpr std::string_view kGgml = "ggml-org/llama.cpp ggml/src/ggml-common.h, ggml/include/ggml.h";
constexpr std::string_view kIk =
    "ikawrakow/ik_llama.cpp ggml/src/ggml-common.h, ggml/include/ggml.h";
constexpr std::string_view kPlain = "IEEE 754 and two's complement";
constexpr std::string_view kFp8 = "OCP 8-bit floating point";
constexpr std::string_view kBlockFp8 = "deepseek-ai/DeepSeek-V3 config.json, weight_block_size";
constexpr std::string_view kBnb = "bitsandbytes functional.py, nn/modules.py";
constexpr std::string_view kGptq = "AutoGPTQ qlinear: qweight, qzeros, scales";
constexpr std::string_view kAwq = "AutoAWQ WQLinear_GEMM: qweight, qzeros, scales";
constexpr std::string_view kMlx = "mlx.core.quantize, mode affine";
constexpr std::string_view kExl = "exllamav2/v3 conversion: bits per weight, scales included";

/// A block of whole bytes, as ggml lays them out.
constexpr TensorType ggml(std::string_view name, int id, int elements, int bytes) {
  return {name, elements, 8 * bytes, id, 0, kGgml};
}
constexpr TensorType ik(std::string_view name, int id, int elements, int bytes, int row_bytes = 0) {
  return {name, elements, 8 * bytes, id, row_bytes, kIk};
}
/// Groups along the input with a 16-bit scale and a zero point as wide as a weight.
constexpr TensorType group(std::string_view name, int bits, int elements, std::string_view source) {
  return {name, elements, bits * elements + 16 + bits, -1, 0, source};
}
/// Groups with a 16-bit scale and a 16-bit bias.
constexpr TensorType mlx(std::string_view name, int bits, int elements) {
  return {name, elements, bits * elements + 32, -1, 0, kMlx};
}
constexpr TensorType exl(std::string_view name, int bits_of_20_weights) {
  return {name, 20, bits_of_20_weights, -1, 0, kExl};
}

constexpr auto kTypes = std::to_array<TensorType>({
    ggml("f32", 0, 1, 4),
    ggml("f16", 1, 1, 2),
    ggml("q4_0", 2, 32, 18),
    ggml("q4_1", 3, 32, 20),
    ggml("q5_0", 6, 32, 22),
    ggml("q5_1", 7, 32, 24),
    ggml("q8_0", 8, 32, 34),
    ggml("q8_1", 9, 32, 36),
    ggml("q2_K", 10, 256, 84),
    ggml("q3_K", 11, 256, 110),
    ggml("q4_K", 12, 256, 144),
    ggml("q5_K", 13, 256, 176),
    ggml("q6_K", 14, 256, 210),
    ggml("q8_K", 15, 256, 292),
    ggml("iq2_xxs", 16, 256, 66),
    ggml("iq2_xs", 17, 256, 74),
    ggml("iq3_xxs", 18, 256, 98),
    ggml("iq1_s", 19, 256, 50),
    ggml("iq4_nl", 20, 32, 18),
    ggml("iq3_s", 21, 256, 110),
    ggml("iq2_s", 22, 256, 82),
    ggml("iq4_xs", 23, 256, 136),
    ggml("i8", 24, 1, 1),
    ggml("i16", 25, 1, 2),
    ggml("i32", 26, 1, 4),
    ggml("i64", 27, 1, 8),
    ggml("f64", 28, 1, 8),
    ggml("iq1_m", 29, 256, 56),
    ggml("bf16", 30, 1, 2),
    ggml("q4_0_4_4", 31, 32, 18),
    ggml("q4_0_4_8", 32, 32, 18),
    ggml("q4_0_8_8", 33, 32, 18),
    ggml("tq1_0", 34, 256, 54),
    ggml("tq2_0", 35, 256, 66),
    ggml("mxfp4", 39, 32, 17),
    ggml("nvfp4", 40, 64, 36),
    ggml("q1_0", 41, 128, 18),
    ggml("q2_0", 42, 64, 18),

    ik("i2_s", 36, 4, 1),
    ik("q6_0", 133, 32, 26),
    ik("iq1_bn", 134, 64, 13, 2),
    ik("iq2_bn", 135, 64, 16, 4),
    ik("iq2_k", 137, 256, 76),
    ik("iq3_k", 138, 256, 110),
    ik("iq4_k", 139, 256, 144),
    ik("iq5_k", 140, 256, 176),
    ik("iq6_k", 141, 256, 212),
    ik("iq4_ks", 144, 256, 136, 4),
    ik("iq2_ks", 145, 256, 70, 2),
    ik("iq4_kss", 146, 256, 128, 4),
    ik("q8_KV", 151, 32, 32, 8),
    ik("iq5_ks", 152, 256, 168, 4),
    ik("iq2_kt", 153, 256, 68, 4),
    ik("iq3_kt", 154, 256, 100, 4),
    ik("iq4_kt", 155, 256, 128, 4),
    ik("iq3_ks", 156, 256, 102, 2),
    ik("iq2_kl", 157, 256, 86, 2),
    ik("iq1_kt", 158, 256, 56, 4),

    ik("q4_0_r8", 202, 32, 18),
    ik("q5_0_r4", 206, 32, 22),
    ik("q8_0_r8", 208, 32, 34),
    ik("q2_k_r4", 210, 256, 84),
    ik("q3_k_r4", 211, 256, 110),
    ik("q4_k_r4", 212, 256, 144),
    ik("q5_k_r4", 213, 256, 176),
    ik("q6_k_r4", 214, 256, 210),
    ik("iq2_xxs_r4", 216, 256, 66),
    ik("iq2_xs_r4", 217, 256, 74),
    ik("iq3_xxs_r4", 218, 256, 98),
    ik("iq1_s_r4", 219, 32, 6, 2),
    ik("iq4_nl_r4", 220, 32, 18),
    ik("iq3_s_r4", 221, 256, 110),
    ik("iq2_s_r4", 222, 256, 82),
    ik("iq4_xs_r8", 223, 256, 136),
    ik("iq1_m_r4", 229, 32, 7, 2),
    ik("bf16_r16", 230, 1, 2),
    ik("q6_0_r4", 233, 32, 26),
    ik("iq2_bn_r4", 335, 64, 16, 4),
    ik("iq2_k_r4", 337, 256, 76),
    ik("iq3_k_r4", 338, 256, 110),
    ik("iq4_k_r4", 339, 256, 144),
    ik("iq5_k_r4", 340, 256, 176),
    ik("iq4_ks_r4", 344, 256, 136, 4),
    ik("iq5_ks_r4", 352, 256, 168, 4),
    ik("q8_k_r16", 397, 256, 258),
    ik("q8_KV_r8", 398, 32, 32, 4),
    ik("q8_k_r8", 399, 256, 258),

    {"int8", 1, 8, -1, 0, kPlain},
    {"int8_row", 1, 8, -1, 4, kBnb},
    {"fp8_e4m3", 1, 8, -1, 0, kFp8},
    {"fp8_e5m2", 1, 8, -1, 0, kFp8},
    {"fp8_e4m3_row", 1, 8, -1, 4, kFp8},
    // 32 bits of scale per 16384 weights are one bit per 512.
    {"fp8_e4m3_128x128", 512, 512 * 8 + 1, -1, 0, kBlockFp8},
    {"nf4", 64, 64 * 4 + 32, -1, 0, kBnb},
    {"fp4", 64, 64 * 4 + 32, -1, 0, kBnb},
    // An 8-bit absmax per 64 weights, an f32 per 256 of those.
    {"nf4_dq", 64 * 256, 256 * (64 * 4 + 8) + 32, -1, 0, kBnb},
    {"fp4_dq", 64 * 256, 256 * (64 * 4 + 8) + 32, -1, 0, kBnb},

    group("awq4_g32", 4, 32, kAwq),
    group("awq4_g64", 4, 64, kAwq),
    group("awq4_g128", 4, 128, kAwq),
    group("gptq4_g32", 4, 32, kGptq),
    group("gptq4_g64", 4, 64, kGptq),
    group("gptq4_g128", 4, 128, kGptq),
    group("gptq8_g128", 8, 128, kGptq),

    mlx("mlx2_g32", 2, 32),
    mlx("mlx2_g64", 2, 64),
    mlx("mlx2_g128", 2, 128),
    mlx("mlx3_g32", 3, 32),
    mlx("mlx3_g64", 3, 64),
    mlx("mlx3_g128", 3, 128),
    mlx("mlx4_g32", 4, 32),
    mlx("mlx4_g64", 4, 64),
    mlx("mlx4_g128", 4, 128),
    mlx("mlx5_g32", 5, 32),
    mlx("mlx5_g64", 5, 64),
    mlx("mlx5_g128", 5, 128),
    mlx("mlx6_g32", 6, 32),
    mlx("mlx6_g64", 6, 64),
    mlx("mlx6_g128", 6, 128),
    mlx("mlx8_g32", 8, 32),
    mlx("mlx8_g64", 8, 64),
    mlx("mlx8_g128", 8, 128),

    exl("exl_2.0", 40),
    exl("exl_2.25", 45),
    exl("exl_2.5", 50),
    exl("exl_3.0", 60),
    exl("exl_3.5", 70),
    exl("exl_4.0", 80),
    exl("exl_4.25", 85),
    exl("exl_4.5", 90),
    exl("exl_5.0", 100),
    exl("exl_6.0", 120),
    exl("exl_8.0", 160),
});

constexpr char lower_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower_letter, lower_letter);
}

constexpr const TensorType* find(std::string_view name) {
  for (const TensorType& type : kTypes) {
    if (same_name(type.name, name)) return &type;
  }
  return nullptr;
}

constexpr bool has_block(std::string_view name, int elements, int bytes) {
  const TensorType* type = find(name);
  return type != nullptr && type->elements == elements && type->bits == 8 * bytes;
}
static_assert(has_block("q8_0", 32, 34) && has_block("q4_0", 32, 18) &&
              has_block("q4_K", 256, 144));
static_assert(has_block("q6_K", 256, 210) && has_block("iq4_xs", 256, 136));
static_assert(has_block("mxfp4", 32, 17) && has_block("nvfp4", 64, 36) &&
              has_block("mlx4_g64", 64, 36));

/// What an engine calls a cache type, and the format behind it.
struct CacheName {
  std::string_view name;
  std::string_view type;
};
constexpr std::array kCacheTypes = {
    CacheName{"f32", "f32"},           CacheName{"f16", "f16"},
    CacheName{"fp16", "f16"},          CacheName{"bf16", "bf16"},
    CacheName{"auto", "f16"},          CacheName{"q8_0", "q8_0"},
    CacheName{"q5_1", "q5_1"},         CacheName{"q5_0", "q5_0"},
    CacheName{"q4_1", "q4_1"},         CacheName{"q4_0", "q4_0"},
    CacheName{"iq4_nl", "iq4_nl"},     CacheName{"q6_0", "q6_0"},
    CacheName{"q8_KV", "q8_KV"},       CacheName{"fp8", "fp8_e4m3"},
    CacheName{"fp8_e4m3", "fp8_e4m3"}, CacheName{"int8", "int8"},
    CacheName{"fp8_e5m2", "fp8_e5m2"}, CacheName{"nvfp4", "nvfp4"},
};

}  // namespace

std::span<const TensorType> tensor_types() {
  return kTypes;
}

const TensorType* find_tensor_type(std::string_view name) {
  return find(name);
}

const TensorType* find_ggml_type(std::uint32_t id) {
  for (const TensorType& type : kTypes) {
    if (type.ggml_id >= 0 && static_cast<std::uint32_t>(type.ggml_id) == id) return &type;
  }
  return nullptr;
}

const TensorType* find_cache_type(std::string_view name) {
  for (const CacheName& known : kCacheTypes) {
    if (same_name(known.name, name)) return find(known.type);
  }
  return nullptr;
}

Bytes storage(const TensorType& type, std::int64_t columns, std::int64_t rows) {
  const auto blocks = [&](std::int64_t elements) {
    return (elements + type.elements - 1) / type.elements;
  };
  // ggml pads every row to whole blocks; the other formats run on over the end of a row.
  const std::int64_t count = type.ggml_id >= 0 ? blocks(columns) * rows : blocks(columns * rows);
  const double bits = static_cast<double>(count) * type.bits;
  return (bits / 8.0 + static_cast<double>(rows) * type.row_bytes) * byte;
}

}  // namespace rigor::llm
