// Networks and machines made up for the tests of the speed estimates: dense, routed and recurrent
// networks in one or two formats, devices with arbitrary constants. Layer 5.
#pragma once

#include <rapidcheck.h>

#include <cmath>

#include "estimate/operations.hpp"
#include "estimate/speed/inference_speed.hpp"

namespace rigor::estimate {

/// Between `low` and `high`, every order of magnitude as likely.
inline double any_between(double low, double high) {
  const double share = *rc::gen::inRange(0, 1001) / 1000.0;
  return low * std::pow(high / low, share);
}

/// Each of what a calibration fits, a little wider than it may fit.
inline SpeedConstants any_constants() {
  SpeedConstants k;
  for (double& value : k.value) value = any_between(0.05, 1.5);
  k[Factor::half_tokens] = any_between(1, 500);
  k[Factor::launch_recurrent] = any_between(0.3, 3);
  k[Factor::launch_experts] = any_between(0.3, 3);
  k[Factor::train_half] = any_between(1, 2000);
  for (const Factor time :
       {Factor::launch, Factor::step, Factor::hop, Factor::reduce, Factor::train_launch})
    k[time] = any_between(1e-7, 1e-3);
  k[Factor::sequence] = k[Factor::step] * any_between(1e-3, 1);
  return k;
}

inline Executor any_executor() {
  Executor e{.bandwidth = BytesPerSecond::from_base(any_between(2e10, 8e12)),
             .peak = FlopsPerSecond::from_base(any_between(5e11, 2e15)),
             .constants = any_constants()};
  e.plain = e.peak * any_between(0.05, 1);
  return e;
}

inline void store(Matrices& matrices, double elements) {
  matrices.elements = elements;
  for (int formats = *rc::gen::inRange(1, 3); formats > 0; --formats) {
    const auto kernel = static_cast<std::size_t>(*rc::gen::inRange(0, kKernels));
    matrices.stored[kernel] += elements * any_between(0.2, 4) * byte;
  }
}

/// Dense or routed, with and without windows and recurrent layers.
inline Operations any_operations() {
  Operations o;
  o.hidden = 64 * *rc::gen::inRange(4, 200);
  o.vocabulary = *rc::gen::inRange(1000, 200000);
  o.layers = *rc::gen::inRange(1, 100);
  const double matrix = o.hidden * o.hidden;
  o.attention_layers = static_cast<int>(o.layers);
  store(o.matrices[static_cast<std::size_t>(Operation::attention)], 3 * matrix * o.layers);
  store(o.matrices[static_cast<std::size_t>(Operation::head)], o.hidden * o.vocabulary);
  if (*rc::gen::arbitrary<bool>()) {
    o.experts = *rc::gen::inRange(2, 300);
    o.experts_used = *rc::gen::inRange(1, static_cast<int>(o.experts) + 1);
    o.expert_layers = static_cast<int>(o.layers);
    store(o.matrices[static_cast<std::size_t>(Operation::experts)],
          matrix * o.experts * o.layers * any_between(0.1, 3));
  } else {
    o.dense_layers = static_cast<int>(o.layers);
    store(o.matrices[static_cast<std::size_t>(Operation::feed_forward)], 8 * matrix * o.layers);
  }
  if (*rc::gen::arbitrary<bool>()) {
    o.recurrent_layers = *rc::gen::inRange(1, 60);
    o.recurrent_kernels = 10.0 * o.recurrent_layers;
    o.state = 16 * o.hidden * o.recurrent_layers;
    store(o.matrices[static_cast<std::size_t>(Operation::recurrent)], 4 * matrix * o.layers);
  }
  o.attention_kinds = *rc::gen::inRange(1, 4);
  for (int i = 0; i < o.attention_kinds; ++i) {
    AttentionKind& kind = o.attention[static_cast<std::size_t>(i)];
    kind.layers = *rc::gen::inRange(1, 60);
    kind.window = i == 0 ? 0 : *rc::gen::inRange(1, 8000);
    kind.heads = *rc::gen::inRange(1, 128);
    kind.key_width = kind.value_width = 128.0 * *rc::gen::inRange(1, 16);
    kind.compute = kind.expanded = 256 * kind.heads;
  }
  return o;
}

}  // namespace rigor::estimate
