// One optimizer step derived by hand, term by term.
#include "estimate/speed/training_speed.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "estimate/speed/training_task.hpp"

namespace rigor::estimate {
namespace {

using namespace workload;
using namespace training_task;
using doctest::Approx;
}  // namespace

TEST_CASE("full fine-tuning on one device: two, four, and what attention adds") {
  const Task task;
  CHECK(task.seconds(StepTerm::forward) == Approx(kForward));
  CHECK(task.seconds(StepTerm::backward) == Approx(2 * kForward));
  CHECK(task.seconds(StepTerm::attention) == Approx(3.5 * kAttention));
  // States 8 B and master 4 B read and written, gradients 2 B read, weights 2 B read and written.
  CHECK(task.seconds(StepTerm::optimizer) == Approx((2 * 12 + 2 + 4) * kTrained / kBandwidth));
  for (const StepTerm none : {StepTerm::recompute, StepTerm::dequantize, StepTerm::communication,
                              StepTerm::transfer, StepTerm::bubble, StepTerm::launch})
    CHECK(task.seconds(none) == 0);
  const TrainingTime step = task.step();
  CHECK(step.tokens == kTokens);
  CHECK(step.total().in(second) == Approx(kComputing + 30 * kTrained / kBandwidth));
  CHECK(step.tokens_per_s() == Approx(kTokens / step.total().in(second)));
  CHECK(step.flop_per_token == Approx(6 * kActive + 3 * kScores));
  for (int i = 0; i < kStepTerms; ++i) CHECK_FALSE(to_text(static_cast<StepTerm>(i)).empty());
}

TEST_CASE("adapters need half of the backward pass, frozen layers no gradients of weights") {
  Task task;
  task.finetune.frozen_share = 0.25;
  CHECK(task.seconds(StepTerm::backward) == Approx(1.75 * kForward));
  task.finetune = {.method = Method::lora, .sequence = 100, .micro_batch = 2};
  task.finetune.checkpointing = Checkpointing::none;
  task.finetune.adapter_parameters = 1000;
  CHECK(task.seconds(StepTerm::forward) == Approx(kForward));
  CHECK(task.seconds(StepTerm::backward) == Approx(kForward));
  CHECK(task.seconds(StepTerm::attention) == Approx(3.5 * kAttention));
  CHECK(task.seconds(StepTerm::dequantize) == 0);
  CHECK(task.seconds(StepTerm::optimizer) < 100 * 1000 / kBandwidth);
  CHECK(task.step().flop_per_token == Approx(4 * kActive + 3 * kScores));
}

TEST_CASE("experts on several devices: tokens travel to them, their gradients less") {
  Task task;
  task.share(4, Sharding::none);
  const double gradients = 2 * 0.75 * 2 * kTrained;
  const auto sent = [&] { return kLink * (task.seconds(StepTerm::communication) + kComputing); };
  CHECK(sent() == Approx(gradients));
  Operations& o = task.network.operations;
  const double routed = kMatrices / 2;
  o.matrices[static_cast<std::size_t>(Operation::experts)].elements = routed;
  o.matrices[static_cast<std::size_t>(Operation::feed_forward)].elements -= routed;
  o.expert_layers = 4;
  o.experts = o.experts_used = 2;
  CHECK(sent() == Approx(gradients));  // every device has all experts
  task.placement.expert = 4;
  const double x = routed / task.network.elements();
  // Dispatched and combined, forward and backward, four layers, two experts, three of four away.
  const double tokens = 4 * 4 * 2 * 0.75 * 2 * kTokens * task.network.architecture.hidden;
  CHECK(sent() == Approx((1 - x) * gradients + tokens));
}

TEST_CASE("checkpointing runs the forward pass again") {
  Task task;
  for (const Checkpointing again : {Checkpointing::full, Checkpointing::offloaded}) {
    task.finetune.checkpointing = again;
    CHECK(task.seconds(StepTerm::recompute) == Approx(kForward));
    CHECK(task.seconds(StepTerm::attention) == Approx(4.5 * kAttention));
    // Repeated work is no merit.
    CHECK(task.step().flop_per_token == Approx(6 * kActive + 3 * kScores));
  }
  task.finetune.checkpointing = Checkpointing::selective;
  CHECK(task.seconds(StepTerm::recompute) == Approx(0.35 * kForward));
  CHECK(task.seconds(StepTerm::attention) == Approx(3.5 * kAttention));
}

TEST_CASE("a quantized base is expanded in every pass over the layers") {
  Task task;
  task.finetune.method = Method::qlora;
  const double once = 4.5 * kMatrices / kBandwidth;
  CHECK(task.seconds(StepTerm::dequantize) == Approx(2 * once));
  task.finetune.checkpointing = Checkpointing::full;
  task.finetune.accumulation = 3;
  CHECK(task.seconds(StepTerm::dequantize) == Approx(3 * 3 * once));
  CHECK(task.seconds(StepTerm::backward) == Approx(3 * kForward));
}

TEST_CASE("few tokens fill a device less; kernels set the pace where there is little to do") {
  Task task;
  task.rig.device.constants[Factor::train_half] = kTokens;
  CHECK(task.seconds(StepTerm::forward) == Approx(2 * kForward));
  task.rig.device.constants[Factor::train_half] = 0;
  // 40 kernels of four layers in three passes take as long as the work.
  task.rig.device.constants[Factor::train_launch] = kComputing / (40 * 4 * 3);
  CHECK(task.seconds(StepTerm::launch) == Approx((std::sqrt(2.0) - 1) * kComputing));
  task.rig.device.constants[Factor::train_launch] *= 1000;
  CHECK(task.seconds(StepTerm::launch) == Approx(999 * kComputing).epsilon(1e-3));
}

TEST_CASE("recipe fp32 computes without matrix units; eager attention computes every pair") {
  Task task;
  task.finetune.recipe = Recipe::fp32;
  CHECK(task.seconds(StepTerm::forward) == Approx(10 * kForward));
  task.finetune.recipe = Recipe::mixed;
  task.finetune.attention = Attention::eager;
  CHECK(task.seconds(StepTerm::attention) == Approx(2 * 3.5 * kAttention));
  task.finetune.attention = Attention::flash;
  task.network.operations.attention[0].window = 10;
  CHECK(task.seconds(StepTerm::attention) == Approx(3.5 * kAttention * 10 / 50));
}

TEST_CASE("gradients are exchanged once a step; sharded weights are gathered in every pass") {
  Task task;
  task.share(4, Sharding::zero2);
  const double exchange = 2 * 0.75 * 2 * kTrained;
  CHECK(task.seconds(StepTerm::communication) == Approx(exchange / kLink - kComputing));
  CHECK(task.seconds(StepTerm::optimizer) ==
        Approx(30 * kTrained / kBandwidth - (2 * 12 + 2) * 0.75 * kTrained / kBandwidth));
  CHECK(task.step().tokens == 4 * kTokens);
  const Seconds zero2 = task.step()[StepTerm::communication];
  task.placement.sharding = Sharding::zero3;
  const double gathered = 0.75 * (2 * 2 + 2) * kTrained;
  CHECK(task.seconds(StepTerm::communication) == Approx(gathered / kLink - kComputing));
  CHECK(task.step()[StepTerm::communication] > zero2);
  task.finetune.accumulation = 2;
  CHECK(task.seconds(StepTerm::communication) == Approx(2 * (gathered / kLink - kComputing)));
}

TEST_CASE("what cannot be hidden is seen, and nothing is sent by one device alone") {
  Task task;
  task.share(4, Sharding::zero1);
  const double all = 2 * 0.75 * 2 * kTrained / kLink;
  task.rig.device.constants[Factor::train_exposed] = 0.25;
  CHECK(task.seconds(StepTerm::communication) == Approx(0.25 * all + (0.75 * all - kComputing)));
  task.rig.link *= 1e6;
  CHECK(task.seconds(StepTerm::communication) == Approx(0.25e-6 * all));
  task.share(1, Sharding::zero3);
  CHECK(task.seconds(StepTerm::communication) == 0);
}

TEST_CASE("tensor parallelism divides the work and adds four sums a layer") {
  Task task;
  task.placement.devices = task.placement.tensor = 2;
  CHECK(task.seconds(StepTerm::forward) == Approx(kForward / 2));
  CHECK(task.seconds(StepTerm::attention) == Approx(3.5 * kAttention / 2));
  const double sums = 4 * 4 * (2.0 * 1 / 2) * 2 * kTokens * 64;
  CHECK(task.seconds(StepTerm::communication) == Approx(sums / kLink - kComputing / 2));
  CHECK(task.step().tokens == kTokens);
}

TEST_CASE("a pipeline waits for its first and last micro-batch; a sequence may be shared") {
  Task task;
  task.placement.devices = task.placement.pipeline = 2;
  task.finetune.accumulation = 4;
  CHECK(task.seconds(StepTerm::bubble) == Approx(4 * kComputing / 2 / 4));
  Task shared;
  shared.placement.devices = shared.placement.context = 2;
  CHECK(shared.seconds(StepTerm::forward) == Approx(kForward / 2));
  CHECK(shared.step().tokens == kTokens);
}

TEST_CASE("an optimizer on the host runs at the host's bandwidth, and both ways cross the link") {
  Task task;
  task.placement.optimizer = Offload::host;
  CHECK(task.seconds(StepTerm::optimizer) == Approx(30 * kTrained / kHostBandwidth));
  CHECK(task.seconds(StepTerm::transfer) == Approx((2 + 2) * kTrained / kHostLink));
  // Four processes share the host's memory; each steps a quarter.
  task.share(4, Sharding::zero3);
  CHECK(task.seconds(StepTerm::optimizer) == Approx(30 * kTrained / kHostBandwidth));
  CHECK(task.seconds(StepTerm::transfer) == Approx(4 * kTrained / 4 / kHostLink));
  Task moved;
  moved.placement.parameters = Offload::host;
  moved.finetune.accumulation = 3;
  CHECK(moved.seconds(StepTerm::transfer) == Approx(3 * 2 * 2 * kTrained / kHostLink));
}

}  // namespace rigor::estimate
