// Simple questions against the catalogue and the calibration that are built in, for tests.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "catalogue_scene.hpp"
#include "place/speed.hpp"

namespace rigor::place {

using doctest::Approx;
using estimate::Support;
using scene::calibration;
using scene::library;

/// A network on equal cards in a machine with a processor, and everything the question points to.
struct Asked {
  std::vector<hardware::Accelerator> cards;
  Question question;
  workload::Placement placement;

  Asked(const char* device, int count, const char* network, const char* quantization,
        const char* engine) {
    const hardware::Accelerator* card = library().device(device);
    const hardware::Host* host = library().processor("cpu/amd/ryzen-9-7950x");
    REQUIRE(card != nullptr);
    REQUIRE(host != nullptr);
    cards.assign(static_cast<std::size_t>(count), *card);
    question.network = library().network(network, quantization);
    question.engine = library().engine(engine);
    REQUIRE(question.network != nullptr);
    REQUIRE(question.engine != nullptr);
    question.accelerators = cards;
    question.host = *host;
    question.workload.inference.context = 8192;
    place_on(count);
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  void place_on(int count) {
    placement = {};
    placement.devices = placement.pipeline = count;
    for (int i = 0; i < count; ++i)
      placement.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  }
  void cut(int ways) {
    place_on(ways);
    placement.pipeline = 1;
    placement.tensor = ways;
    placement.split = workload::Split::tensor;
  }
  [[nodiscard]] InferenceSpeed speed() const {
    CHECK(speed_needs(question, placement).empty());
    return inference_speed(question, placement, speed_rig(question, calibration()), calibration());
  }
  [[nodiscard]] TrainingSpeed training() {
    question.workload.kind = workload::Kind::finetune;
    CHECK(speed_needs(question, placement).empty());
    return training_speed(question, placement, calibration());
  }
};

inline Asked llama(const char* device = "gpu/nvidia/rtx-4090", int count = 1) {
  return {device, count, "llama-3.1-8b", "q4_k_m", "engine/llama.cpp"};
}

inline void check_contained(const Ranged& figure) {
  CHECK(figure.low > 0);
  CHECK(figure.low < figure.expected);
  CHECK(figure.expected < figure.high);
  CHECK(std::isfinite(figure.high));
}

}  // namespace rigor::place
