#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

struct Unmodelled {
  std::string_view engine;  ///< part of the engine's name, lower case
  std::string_view why;
};

constexpr std::string_view kNoEstimator = "rigor has no estimator for this engine";

constexpr std::array kUnmodelled = {
    Unmodelled{
        "rkllm",
        "runs on a neural processor with a format of its own; rigor has no estimator for it"},
    Unmodelled{"ds4", "a program for one network; rigor has no estimator for it"},
    Unmodelled{"torchao", "peak of a quantization script, not of serving"},
    Unmodelled{"openvino", kNoEstimator},
    Unmodelled{"lmdeploy", "takes a cache pool whose size the row does not state"},
    Unmodelled{"ctranslate", kNoEstimator},
    Unmodelled{"onnx", "an arena allocator that rigor does not model"},
    Unmodelled{"lightning", "a training framework used to generate; rigor has no estimator for it"},
    Unmodelled{"tensorrt", "takes a fraction of the card that the row does not state"},
    Unmodelled{"optimum", "takes a fraction of the card that the row does not state"},
    Unmodelled{"deepspeed", "inference kernels with workspaces that the row does not state"},
    Unmodelled{"sglang", "takes a fraction of the card; rigor has no estimator for its pool"},
    Unmodelled{"ctransformers", "a wrapper whose context and buffers the row does not state"},
};

const Unmodelled* find(const Row& row) {
  const std::string engine = lower(row["engine"]);
  const auto found = std::find_if(kUnmodelled.begin(), kUnmodelled.end(),
                                  [&](const Unmodelled& u) { return contains(engine, u.engine); });
  return found == kUnmodelled.end() ? nullptr : &*found;
}

}  // namespace

bool accepts_unmodelled(const Row& row) {
  return is_memory_row(row) && find(row) != nullptr;
}

Prediction predict_unmodelled(const Row& row, Siblings, Library&) {
  return unmapped(fmt::format("{}: {}", row["engine"], find(row)->why));
}

}  // namespace rigor::evidence
