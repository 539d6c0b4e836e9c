// What a program reaches of a device's limits, resolved for one device: plain numbers for the hot
// path. The values come from the calibration (calibration.hpp). Layer 5.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "estimate/operations.hpp"

namespace rigor::estimate {

/// One fitted number.
enum class Factor : std::uint8_t {
  stream,                       ///< first of kKernels: share of bandwidth, weights of a format
  compute = stream + kKernels,  ///< first of kKernels: share of the peak, prompts
  unpack = compute + kKernels,  ///< first of kKernels: plain operations per weight that is read
  expert_stream = unpack + kKernels,  ///< on top of `stream` for routed experts
  expert_compute,                     ///< on top of `compute` for routed experts
  repeat,  ///< share of the first token's time that each further one of a small batch costs again
  matrix,  ///< how far matrix units are used: exponent of their rate over the plain one
  cache,   ///< share of bandwidth, reading keys and values
  attention,         ///< share of the peak, attention of prompts
  scan,              ///< share of the plain rate, recurrent states of prompts
  half_tokens,       ///< tokens of a batch at which matrices reach half of what they do at most
  half_experts,      ///< the same for routed experts, as a multiple
  launch,            ///< seconds of one kernel
  launch_recurrent,  ///< kernels of a recurrent layer, as a multiple of those counted
  launch_experts,    ///< kernels of a layer of experts, likewise
  step,              ///< seconds of one step beside its kernels
  sequence,          ///< seconds of every further sequence in a step
  hop,               ///< seconds to hand hidden states to the next device
  reduce,            ///< seconds of one all-reduce of a short message
  wire,              ///< share of the link
  // Training.
  train_compute,    ///< share of the peak, matrices
  train_attention,  ///< share of the peak, attention
  train_half,       ///< tokens of a micro-batch at which matrices reach half of that
  train_dequant,    ///< share of bandwidth while quantized weights are expanded
  train_optimizer,  ///< share of bandwidth while the optimizer steps
  train_launch,     ///< seconds of one kernel
  train_wire,       ///< share of the link
  train_exposed,    ///< share of communication that is never hidden
};
inline constexpr int kFactors = static_cast<int>(Factor::train_exposed) + 1;
constexpr Factor operator+(Factor first, Kernel kernel) {
  return static_cast<Factor>(static_cast<int>(first) + static_cast<int>(kernel));
}
/// As the calibration's file names it: "stream.k", "launch".
std::string factor_name(Factor factor);

struct SpeedConstants {
  std::array<double, kFactors> value = {};

  [[nodiscard]] double operator[](Factor factor) const {
    return value[static_cast<std::size_t>(factor)];
  }
  double& operator[](Factor factor) { return value[static_cast<std::size_t>(factor)]; }
};

}  // namespace rigor::estimate
