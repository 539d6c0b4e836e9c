// The answer to "how much memory": for every device and the host, terms with low, expected and
// high. Terms sum to totals in all three. Fixed size, no allocation. Layer 5.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "units/quantity.hpp"
#include "workload/placement.hpp"

namespace rigor::estimate {

enum class Term : std::uint8_t {
  weights,
  kv_cache,
  recurrent_state,
  draft,  ///< MTP layer or draft network: weights and its own cache
  vision,
  compute,       ///< engine's compute buffer; activations while inferring
  graph_copies,  ///< further copies of the graph's inputs under layer split
  prompt_pool,   ///< temporaries of prompt processing (ROCm, cuBLAS)
  staging,       ///< upload buffers
  adapter,       ///< LoRA weights
  gradients,
  optimizer,
  master_weights,
  activations,
  logits,
  dequantization,  ///< scratch of 4-bit weights
  communication,   ///< gathers, buckets, NCCL
  cuda_graphs,
  cache_pool,  ///< what a preallocating engine takes beyond the cache that is needed
  runtime,     ///< driver context, libraries
  reserve,     ///< desktop, compositor
  fragmentation,
};
inline constexpr int kTerms = static_cast<int>(Term::fragmentation) + 1;
std::string_view to_text(Term term);

struct Interval {
  Bytes low = {}, expected = {}, high = {};
  Interval& operator+=(const Interval& other) {
    low += other.low;
    expected += other.expected;
    high += other.high;
    return *this;
  }
  bool operator==(const Interval&) const = default;
};
/// expected +- share, never below 0.
Interval spread(Bytes expected, double share);

struct DeviceMemory {
  std::array<Interval, kTerms> terms = {};
  Bytes capacity = {};  ///< what programs can use; 0: unknown

  Interval& operator[](Term term) { return terms[static_cast<std::size_t>(term)]; }
  const Interval& operator[](Term term) const { return terms[static_cast<std::size_t>(term)]; }
  [[nodiscard]] Interval total() const;
};

struct MemoryEstimate {
  int devices = 0;  ///< used entries of `device`, in the order of the placement
  std::array<DeviceMemory, workload::kMostDevices> device = {};
  DeviceMemory host;
};

enum class Fit : std::uint8_t {
  fits,   ///< even the high estimate is below the capacity
  tight,  ///< the expected one fits, the high one does not
  does_not_fit,
  unknown,  ///< a capacity that decides is not known
};
std::string_view to_text(Fit fit);

inline constexpr int kHost = -1;
/// A host that takes no more than this need not be described: any machine that holds an accelerator
/// has it.
inline constexpr Bytes kAnyHost = 4 * GiB;

/// The worst device decides. `shortfall` is what the expected (does not fit) or high (tight) total
/// exceeds.
struct Verdict {
  Fit fit = Fit::fits;
  int binding = 0;  ///< index into MemoryEstimate::device, or kHost
  Bytes shortfall = {};
  Bytes headroom = {};  ///< capacity minus high of the binding device; negative when tight or worse
};
Verdict verdict(const MemoryEstimate& estimate);

}  // namespace rigor::estimate
