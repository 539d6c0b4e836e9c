// A network small enough to estimate by hand, for the tests of the inference estimators. Layer 5.
//
// Four layers of hidden size 64: 8 heads of 8, 2 key-value heads, feed-forward 128, vocabulary
// 1000. Per layer 100,000 B in 50,000 elements, of which 128 are vectors; tables of 128,000 B each.
#pragma once

#include <vector>

#include "estimate/memory/inference_memory.hpp"

namespace rigor::estimate {

inline llm::Architecture fixture_architecture() {
  llm::Architecture a;
  a.hidden = 64;
  a.vocabulary = 1000;
  a.layers.assign(4, llm::Layer{.heads = 8, .kv_heads = 2, .head_dim = 8, .width = 128});
  return a;
}

inline Network fixture_network() {
  Network network;
  network.architecture = fixture_architecture();
  network.quantization = "BF16";
  const NetworkLayer layer{.dense = 100000 * byte,
                           .cache = {.keys = 16, .values = 16},
                           .linear_elements = 49872,
                           .small_elements = 128};
  network.layers.assign(4, layer);
  network.token_embedding = 128000 * byte;
  network.output_head = 128000 * byte;
  network.others = 128 * byte;
  network.embedding_elements = network.head_elements = 64000;
  derive(network);
  return network;
}

/// The same with its third and fourth layer limited to a window.
inline Network fixture_with_windows(int window) {
  Network network = fixture_network();
  for (const std::size_t i : {2U, 3U}) {
    network.layers[i].cache.window = window;
    network.architecture.layers[i].reach = llm::Reach::sliding;
  }
  return network;
}

/// Everything a case refers to, kept alive in one place.
struct Fixture {
  Network network = fixture_network();
  workload::Engine engine = {};
  workload::Inference inference = {.context = 100, .sequences = 1};
  workload::Placement placement = {};
  std::vector<hardware::Accelerator> accelerators = {8, card()};
  hardware::Host host = {};
  workload::Backend backend = workload::Backend::cuda;
  Bytes display_reserve = {};
  int display_device = -1;

  Fixture() {
    for (std::size_t i = 0; i < placement.device.size(); ++i) {
      placement.device[i] = static_cast<std::int8_t>(i);
    }
  }

  void set(workload::Constant constant, double value) {
    engine.constants[static_cast<std::size_t>(constant)] = value;
  }
  [[nodiscard]] InferenceCase input() const {
    return {network, engine,  inference,       placement,     accelerators,
            host,    backend, display_reserve, display_device};
  }

  static hardware::Accelerator card() {
    hardware::Accelerator a;
    a.memory = a.usable = 1e7 * byte;
    return a;
  }
};

}  // namespace rigor::estimate
