// A training step small enough to be derived by hand. Layer 5.
#pragma once

#include "estimate/memory/inference_fixture.hpp"
#include "estimate/speed/training_speed.hpp"

namespace rigor::estimate::training_task {

using namespace workload;

inline constexpr double kMatrices = 4 * 49872;          // of the fixture's four layers
inline constexpr double kActive = kMatrices + 64000;    // and its head
inline constexpr double kTrained = 4 * 50000 + 128000;  // and its vectors and the embedding
inline constexpr double kScores =
    2 * 4 * 128 * 50.0;  // four layers, 128 multiply-adds, half of 100
inline constexpr double kPeak = 1e12, kBandwidth = 1e9, kLink = 1e8, kHostBandwidth = 5e8,
                        kHostLink = 2e8;
inline constexpr double kTokens = 200;

inline Network counted_network() {
  Network n = fixture_network();
  n.operations = make_operations(n.architecture);
  const auto put = [&](Operation operation, double elements) {
    Matrices& m = n.operations.matrices[static_cast<std::size_t>(operation)];
    m.elements = elements;
    m.stored[0] = 2 * elements * byte;
  };
  put(Operation::attention, kMatrices / 4);
  put(Operation::feed_forward, kMatrices * 3 / 4);
  put(Operation::head, 64000);
  return n;
}

/// Two sequences of 100 tokens, nothing recomputed, on a machine that reaches all of its limits
/// and starts kernels in no time.
struct Task {
  Network network = counted_network();
  Engine engine = {};
  FineTune finetune = {.sequence = 100, .micro_batch = 2, .checkpointing = Checkpointing::none};
  Placement placement = {};
  TrainingRig rig = {};

  Task() {
    rig.device.bandwidth = BytesPerSecond::from_base(kBandwidth);
    rig.device.peak = FlopsPerSecond::from_base(kPeak);
    rig.device.plain = FlopsPerSecond::from_base(kPeak / 10);
    rig.device.constants.value.fill(1);
    for (const Factor f : {Factor::train_half, Factor::train_launch, Factor::train_exposed})
      rig.device.constants[f] = 0;
    rig.host = rig.device;
    rig.host.bandwidth = BytesPerSecond::from_base(kHostBandwidth);
    rig.link = BytesPerSecond::from_base(kLink);
    rig.host_link = BytesPerSecond::from_base(kHostLink);
  }
  void share(int data, Sharding sharding) {
    placement.devices = placement.data = data;
    placement.sharding = sharding;
  }
  [[nodiscard]] TrainingTime step() const {
    const hardware::Host host;
    return training_step({network, engine, finetune, placement, {}, host}, rig);
  }
  [[nodiscard]] double seconds(StepTerm term) const { return step()[term].in(second); }
};

inline constexpr double kForward = 2 * kActive * kTokens / kPeak;
inline constexpr double kAttention = kScores * kTokens / kPeak;
inline constexpr double kComputing = 3 * kForward + 3.5 * kAttention;

}  // namespace rigor::estimate::training_task
