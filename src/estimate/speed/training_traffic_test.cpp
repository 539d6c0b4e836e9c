// What a step moves beyond its machine, derived by hand.
#include "estimate/speed/training_traffic.hpp"

#include <doctest/doctest.h>

#include "estimate/speed/training_task.hpp"

namespace rigor::estimate {
namespace {

using namespace workload;
using namespace training_task;
using doctest::Approx;

constexpr double kNetwork = 1e5, kRead = 4e5, kWrite = 1e5;

/// The task with a network and a drive.
struct Linked : Task {
  Linked() {
    rig.network = BytesPerSecond::from_base(kNetwork);
    rig.read = BytesPerSecond::from_base(kRead);
    rig.write = BytesPerSecond::from_base(kWrite);
  }
};

}  // namespace

TEST_CASE("machines sum their gradients in a ring, behind the last micro-batch") {
  Linked task;
  CHECK(task.seconds(StepTerm::network) == 0);
  task.finetune.machines = 4;
  const double all = 2 * 0.75 * 2 * kTrained / kNetwork;
  CHECK(task.step().exchanged.in(byte) == Approx(2 * 0.75 * 2 * kTrained));
  CHECK(task.seconds(StepTerm::network) == Approx(all - kComputing));
  CHECK(task.step().tokens == 4 * kTokens);
  task.finetune.accumulation = 3;
  CHECK(task.seconds(StepTerm::network) == Approx(all - kComputing));
  task.rig.device.constants[Factor::train_exposed] = 0.25;
  CHECK(task.seconds(StepTerm::network) == Approx(0.25 * all + 0.75 * all - kComputing));
  task.rig.network *= 1e9;
  CHECK(task.seconds(StepTerm::network) == Approx(0.25e-9 * all));
}

TEST_CASE("parameters are averaged once in so many steps, and nothing hides that") {
  Linked task;
  task.finetune.machines = 2;
  task.finetune.sync_every = 10;
  CHECK(task.seconds(StepTerm::network) == Approx(2 * kTrained / kNetwork / 10));
  // Weights kept in F32 are averaged in F32.
  task.finetune.recipe = Recipe::amp;
  CHECK(task.seconds(StepTerm::network) == Approx(4 * kTrained / kNetwork / 10));
}

TEST_CASE("an optimizer on a drive is read and written in every step, gradients with it") {
  Linked task;
  task.placement.optimizer = Offload::nvme;
  const double states = (8 + 4 + 2) * kTrained;
  CHECK(task.seconds(StepTerm::storage) == Approx(states / kRead + states / kWrite));
  // Four processes share the drive; each moves its quarter.
  task.share(4, Sharding::zero3);
  CHECK(task.seconds(StepTerm::storage) == Approx(states / kRead + states / kWrite));
  task.placement.optimizer = Offload::host;
  CHECK(task.seconds(StepTerm::storage) == 0);
}

TEST_CASE("parameters on a drive are read in every pass and written once") {
  Linked task;
  task.placement.parameters = Offload::nvme;
  task.finetune.accumulation = 3;
  const double weights = 2 * kTrained;
  CHECK(task.seconds(StepTerm::storage) == Approx(3 * 2 * weights / kRead + weights / kWrite));
}

TEST_CASE("samples are fetched behind the step, or it waits for them") {
  Linked task;
  CHECK(task.step().data.in(byte) == Approx(4 * kTokens));
  const double rest = task.step().total().in(second);
  CHECK(task.seconds(StepTerm::loading) == 0);
  // Two samples of a whole sequence each.
  task.finetune.sample_bytes = 1e6 * byte;
  CHECK(task.step().data.in(byte) == Approx(2e6));
  CHECK(task.seconds(StepTerm::loading) == Approx(2e6 / kRead - rest));
  CHECK(task.step().total().in(second) == Approx(2e6 / kRead));
  // Every machine reads its own part from its own drive.
  task.finetune.machines = 2;
  CHECK(task.step().data.in(byte) == Approx(2e6));
  task.rig.read = {};
  CHECK(task.seconds(StepTerm::loading) == 0);
}

TEST_CASE("a checkpoint is weights, states and master weights; of adapters, theirs") {
  Linked task;
  CHECK(task.step().checkpoint == Bytes{});
  task.finetune.save_every = 20;
  CHECK(task.step().checkpoint.in(byte) == Approx((2 + 8 + 4) * kTrained));
  CHECK(task.seconds(StepTerm::saving) == Approx(14 * kTrained / kWrite / 20));
  // Sharded states are the same checkpoint.
  task.share(4, Sharding::zero3);
  CHECK(task.step().checkpoint.in(byte) == Approx(14 * kTrained));
  task.rig.write = BytesPerSecond::from_base(1e12);
  CHECK(task.seconds(StepTerm::saving) == Approx(14 * kTrained / (4 * 0.65e9) / 20));
  task.share(1, Sharding::none);
  CHECK(task.seconds(StepTerm::saving) == Approx(14 * kTrained / 0.65e9 / 20));
  task.rig.write = {};
  CHECK(task.seconds(StepTerm::saving) == 0);
  CHECK(task.step().checkpoint > Bytes{});
  Linked adapters;
  adapters.finetune.method = Method::lora;
  adapters.finetune.adapter_parameters = 1000;
  adapters.finetune.save_every = 1;
  adapters.engine.constants[static_cast<std::size_t>(Constant::adapter_bytes)] = 4;
  CHECK(adapters.step().checkpoint.in(byte) >= (4 + 8) * 1000);
  CHECK(adapters.step().checkpoint.in(byte) < 20 * 1000);
}

}  // namespace rigor::estimate
