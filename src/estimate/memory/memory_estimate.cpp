#include "estimate/memory/memory_estimate.hpp"

#include <algorithm>

namespace rigor::estimate {

std::string_view to_text(Term term) {
  static constexpr std::array<std::string_view, kTerms> names = {
      "weights",         "KV cache",         "recurrent state", "draft",          "vision tower",
      "compute buffer",  "graph copies",     "prompt pool",     "upload staging", "adapter",
      "gradients",       "optimizer states", "master weights",  "activations",    "logits and loss",
      "dequantization",  "communication",    "CUDA graphs",     "cache pool",     "runtime context",
      "desktop reserve", "fragmentation"};
  return names[static_cast<std::size_t>(term)];
}

Interval spread(Bytes expected, double share) {
  return {std::max(Bytes{}, expected * (1 - share)), expected, expected * (1 + share)};
}

Interval DeviceMemory::total() const {
  Interval sum;
  for (const Interval& term : terms) sum += term;
  return sum;
}

std::string_view to_text(Fit fit) {
  switch (fit) {
    case Fit::fits: return "fits";
    case Fit::tight: return "tight";
    case Fit::does_not_fit: return "does not fit";
    case Fit::unknown: return "unknown";
  }
  return "unknown";
}

namespace {

Verdict judge(const DeviceMemory& memory, int index) {
  const Interval total = memory.total();
  if (memory.capacity <= Bytes{}) {
    const Bytes allowed = index == kHost ? kAnyHost : Bytes{};
    return {total.high > allowed ? Fit::unknown : Fit::fits, index, {}, {}};
  }
  const Bytes headroom = memory.capacity - total.high;
  if (total.expected > memory.capacity) {
    return {Fit::does_not_fit, index, total.expected - memory.capacity, headroom};
  }
  if (total.high > memory.capacity)
    return {Fit::tight, index, total.high - memory.capacity, headroom};
  return {Fit::fits, index, {}, headroom};
}

/// Later in this order is worse.
int badness(Fit fit) {
  switch (fit) {
    case Fit::fits: return 0;
    case Fit::unknown: return 1;
    case Fit::tight: return 2;
    case Fit::does_not_fit: return 3;
  }
  return 3;
}

}  // namespace

Verdict verdict(const MemoryEstimate& estimate) {
  Verdict worst = judge(estimate.host, kHost);
  if (estimate.devices > 0 && worst.fit == Fit::fits) worst = judge(estimate.device[0], 0);
  for (int i = 0; i < estimate.devices; ++i) {
    const Verdict own = judge(estimate.device[static_cast<std::size_t>(i)], i);
    const int difference = badness(own.fit) - badness(worst.fit);
    const bool tighter =
        own.fit == Fit::fits ? own.headroom < worst.headroom : own.shortfall > worst.shortfall;
    if (difference > 0 || (difference == 0 && tighter)) worst = own;
  }
  return worst;
}

}  // namespace rigor::estimate
