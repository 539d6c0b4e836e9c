// The table of fitted effects: what is read, which effects make a factor, whose range is taken.
#include "estimate/speed/calibration.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "catalog/packed.hpp"

namespace rigor::estimate {
namespace {

using doctest::Approx;

constexpr std::string_view kHeader = "kind,key,value,high,rows\n";

Calibration table(std::string_view lines) {
  const auto parsed = Calibration::parse(std::string(kHeader) + std::string(lines));
  REQUIRE_MESSAGE(parsed.has_value(), lines);
  return *parsed;
}

Error refused(std::string_view lines) {
  const auto parsed = Calibration::parse(std::string(kHeader) + std::string(lines));
  REQUIRE_MESSAGE(!parsed.has_value(), lines);
  return parsed.error();
}

/// A card of a family under an engine.
SpeedScope scope() {
  return {.engine = "llama.cpp",
          .backend = "CUDA",
          .epoch = "",
          .family = "ada lovelace 8.9 geforce",
          .device = "gpu/nvidia/rtx-4090"};
}

double stream_k(const Calibration& calibration, const SpeedScope& of) {
  return calibration.resolve(of)[Factor::stream + Kernel::k_quant];
}

}  // namespace

TEST_CASE("effects and ranges are read; comments and empty lines are not") {
  const Calibration c = table(
      "effect,stream.k|*,1.25,0,100\n"
      "# fitted 2026-11\n"
      "\n"
      "range,decode,0.8,1.3,250\n"
      "effect,launch|CUDA,0.5,0,7");
  CHECK(c.effect("stream.k|*") == Approx(std::log(1.25)));
  CHECK(c.effect("launch|CUDA") == Approx(std::log(0.5)));
  CHECK(c.rows("stream.k|*") == 100);
  CHECK(c.rows("launch|CUDA") == 7);
  CHECK(c.effect("launch|ROCm") == 0);
  CHECK(c.rows("launch|ROCm") == 0);
}

TEST_CASE("a line that is none is an error that names it") {
  struct Case {
    std::string_view lines, where;
  };
  for (const auto& [lines, where] :
       {Case{"effect,stream.k|*,1.25,0\n", "calibration:2"},
        Case{"effect,a|*,1,0,5\neffect,b|*,one,0,5\n", "calibration:3"},
        Case{"effect,a|*,1,0,5\n\neffect,b|*,1,0,5,6\n", "calibration:4"},
        Case{"effect,a|*,1,0,\n", "calibration:2"}, Case{"range,decode,0.8,,9\n", "calibration:2"},
        Case{"# remark\nrange,decode,nan,1,9\n", "calibration:3"},
        Case{"effect,a|*,0,0,5\n", "calibration:2"}, Case{"effect,a|*,-1,0,5\n", "calibration:2"},
        Case{"range,decode,1.3,0.8,9\n", "calibration:2"},
        Case{"effects,a|*,1,0,5\n", "calibration:2"}}) {
    CAPTURE(lines);
    const Error error = refused(lines);
    CHECK(error.code == ErrorCode::malformed);
    CHECK(error.where == where);
  }
}

TEST_CASE("where nothing was measured, factors are their priors") {
  const SpeedConstants none = Calibration().resolve(scope());
  const SpeedConstants other = table("effect,stream|vllm/ROCm,3,0,9\n").resolve(scope());
  std::set<std::string> names;
  for (int i = 0; i < kFactors; ++i) {
    const auto factor = static_cast<Factor>(i);
    CAPTURE(factor_name(factor));
    CHECK(prior_value(factor) > 0);
    CHECK(none[factor] == Approx(prior_value(factor)));
    CHECK(other[factor] == Approx(prior_value(factor)));
    names.insert(factor_name(factor));
  }
  CHECK(names.size() == static_cast<std::size_t>(kFactors));
  CHECK(factor_name(Factor::stream + Kernel::k_quant) == "stream.k");
  CHECK(factor_name(Factor::compute + Kernel::grouped4) == "compute.grouped4");
  CHECK(factor_name(Factor::launch) == "launch");
}

TEST_CASE("effects multiply, and each reaches only what it names") {
  const Calibration c = table(
      "effect,stream.k|*,1.1,0,1\n"
      "effect,stream.k|CUDA,1.2,0,1\n"
      "effect,stream|llama.cpp/CUDA,1.3,0,1\n"
      "effect,stream|CUDA:ada lovelace 8.9 geforce,1.5,0,1\n"
      "effect,stream.k|CUDA:ada lovelace 8.9 geforce,1.7,0,1\n"
      "effect,stream|CUDA:gpu/nvidia/rtx-4090,1.9,0,1\n");
  const double prior = prior_value(Factor::stream);
  CHECK(stream_k(c, scope()) == Approx(prior * 1.1 * 1.2 * 1.3 * 1.5 * 1.7 * 1.9));
  SpeedScope other = scope();
  other.device = "gpu/nvidia/rtx-4080";
  CHECK(stream_k(c, other) == Approx(prior * 1.1 * 1.2 * 1.3 * 1.5 * 1.7));
  other.family = "blackwell 12.0 geforce";
  CHECK(stream_k(c, other) == Approx(prior * 1.1 * 1.2 * 1.3));
  other.engine = "vllm";
  CHECK(stream_k(c, other) == Approx(prior * 1.1 * 1.2));
  other.backend = "ROCm";
  CHECK(stream_k(c, other) == Approx(prior * 1.1));
  // Another format shares what is not its own.
  const SpeedConstants all = c.resolve(scope());
  CHECK(all[Factor::stream + Kernel::q8] == Approx(prior * 1.3 * 1.5 * 1.9));
  CHECK(all[Factor::compute + Kernel::k_quant] == Approx(prior_value(Factor::compute)));
}

TEST_CASE("settings, drivers and programs have effects where they are named") {
  const Calibration c = table(
      "effect,cache|CUDA+fa0,0.5,0,1\n"
      "effect,attention|CUDA:ada lovelace 8.9 geforce+fa0,0.6,0,1\n"
      "effect,cache|CUDA+q,0.7,0,1\n"
      "effect,launch|CUDA+slow,2,0,1\n"
      "effect,train_compute|trl/train%axolotl,1.2,0,1\n");
  const auto ratio = [&](Factor factor, const SpeedScope& of) {
    return c.resolve(of)[factor] / prior_value(factor);
  };
  SpeedScope s = scope();
  CHECK(ratio(Factor::cache, s) == Approx(1));
  CHECK(ratio(Factor::launch, s) == Approx(1));
  s.flash_attention = false;
  CHECK(ratio(Factor::cache, s) == Approx(0.5));
  CHECK(ratio(Factor::attention, s) == Approx(0.6));
  s.quantized_cache = true;
  CHECK(ratio(Factor::cache, s) == Approx(0.35));
  CHECK(ratio(Factor::scan, s) == Approx(1));
  s.driver = "slow";
  CHECK(ratio(Factor::launch, s) == Approx(2));
  SpeedScope trains{.engine = "trl", .backend = "train"};
  CHECK(ratio(Factor::train_compute, trains) == Approx(1));
  trains.program = "axolotl";
  CHECK(ratio(Factor::train_compute, trains) == Approx(1.2));
}

TEST_CASE("an empty epoch is the newest fitted one, an unknown one the newest before it") {
  const Calibration c = table(
      "effect,stream|llama.cpp/CUDA@2024-2,1.1,0,9\n"
      "effect,stream|llama.cpp/CUDA@2026-1,1.3,0,9\n"
      "effect,stream|llama.cpp/CUDA@2025-1,1.2,0,9\n"
      "effect,stream|llama.cpp/ROCm@2026-2,9,0,9\n");
  const double prior = prior_value(Factor::stream);
  struct Case {
    const char* epoch;
    double effect;
  };
  for (const auto& [epoch, effect] :
       {Case{"", 1.3}, Case{"2026-1", 1.3}, Case{"2031-2", 1.3}, Case{"2025-2", 1.2},
        Case{"2025-1", 1.2}, Case{"2024-2", 1.1}, Case{"2024-1", 1}, Case{"2019-1", 1}}) {
    CAPTURE(epoch);
    SpeedScope s = scope();
    s.epoch = epoch;
    CHECK(stream_k(c, s) == Approx(prior * effect));
  }
  SpeedScope unfitted = scope();
  unfitted.engine = "exllama";
  CHECK(stream_k(c, unfitted) == Approx(prior));
}

TEST_CASE("evidence is of the device, else of its family, else of others") {
  const Calibration c = table(
      "effect,stream|CUDA:ada lovelace 8.9 geforce,1,0,300\n"
      "effect,stream|CUDA:gpu/nvidia/rtx-4090,1,0,120\n"
      "effect,train_compute|train:gpu/nvidia/rtx-4090,1,0,40\n");
  SpeedScope s = scope();
  CHECK(c.support(s) == Support::device);
  CHECK(c.support_rows(s) == 120);
  s.device = "gpu/nvidia/rtx-4080";
  CHECK(c.support(s) == Support::family);
  CHECK(c.support_rows(s) == 300);
  s.backend = "Vulkan";
  CHECK(c.support(s) == Support::extrapolated);
  CHECK(c.support_rows(s) == 0);
  s = scope();
  s.backend = "train";
  CHECK(c.support(s) == Support::device);
  CHECK(c.support_rows(s) == 40);
  for (const Support support : {Support::device, Support::family, Support::extrapolated})
    CHECK_FALSE(to_text(support).empty());
}

TEST_CASE("a range is that of the nearest group that has one") {
  const std::string effects = "effect,stream|CUDA:gpu/nvidia/rtx-4090,1,0,9\n";
  std::string ranges = "range,decode,0.1,10,9\n";
  const auto low = [&](std::string_view metric) {
    return table(effects + ranges).range(metric, scope()).low;
  };
  CHECK(low("decode") == 0.1);
  CHECK(low("prefill") == SpeedRange{}.low);
  ranges += "range,decode|llama.cpp/CUDA,0.2,10,9\n";
  CHECK(low("decode") == 0.2);
  ranges += "range,decode|llama.cpp/CUDA:ada lovelace 8.9 geforce,0.3,10,9\n";
  CHECK(low("decode") == 0.3);
  ranges += "range,decode|llama.cpp/CUDA:gpu/nvidia/rtx-4090,0.4,10,9\n";
  CHECK(low("decode") == 0.4);
}

TEST_CASE("ranges of a family or of neither come from rows held out by device") {
  const std::string ranges =
      "range,decode,0.9,1.1,9\n"
      "range,decode|llama.cpp/CUDA,0.8,1.2,9\n"
      "range,decode|family,0.7,1.3,9\n"
      "range,decode|far,0.6,1.4,9\n";
  const std::string family = "effect,stream|CUDA:ada lovelace 8.9 geforce,1,0,9\n";
  CHECK(table(ranges).range("decode", scope()).low == 0.6);
  CHECK(table(family + ranges).range("decode", scope()).low == 0.7);
  const std::string engine = "range,decode|llama.cpp/CUDA|family,0.75,1.3,9\n";
  CHECK(table(family + ranges + engine).range("decode", scope()).low == 0.75);
  const std::string own =
      "range,decode|llama.cpp/CUDA:ada lovelace 8.9 geforce|family,0.77,1.3,9\n";
  CHECK(table(family + ranges + engine + own).range("decode", scope()).low == 0.77);
}

TEST_CASE("the calibration that is built in is read, and covers the common engines") {
  const auto c = Calibration::parse(catalog::packed_calibration());
  REQUIRE(c.has_value());
  for (const char* engine : {"llama.cpp", "vllm"}) {
    SpeedScope s = scope();
    s.engine = engine;
    CAPTURE(engine);
    CHECK(c->support(s) == Support::device);
    const SpeedConstants k = c->resolve(s);
    for (const double value : k.value) {
      CHECK(std::isfinite(value));
      CHECK(value > 0);
    }
    for (const char* metric : {"decode", "prefill", "output", "training"}) {
      const SpeedRange range = c->range(metric, s);
      CHECK(range.low < 1);
      CHECK(range.high > 1);
    }
  }
}

}  // namespace rigor::estimate
