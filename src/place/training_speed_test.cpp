// Speeds of fine-tuning, on one machine and on several.
#include <array>
#include <cmath>

#include "speed_scene.hpp"

namespace rigor::place {

TEST_CASE("fine-tuning: tokens, steps and samples of one figure, below the device's peak") {
  Asked asked{"gpu/nvidia/h100-sxm-80gb", 4, "llama-3.1-8b", "bf16", "engine/trl"};
  asked.question.workload.finetune = {.method = workload::Method::lora, .sequence = 2048};
  asked.question.workload.finetune.micro_batch = 2;
  asked.place_on(1);
  const TrainingSpeed one = asked.training();
  for (const Ranged& figure : {one.tokens, one.step, one.samples}) check_contained(figure);
  CHECK(one.tokens.expected * one.step.expected == Approx(2 * 2048));
  CHECK(one.samples.expected == Approx(one.tokens.expected / 2048));
  CHECK(one.utilisation > 0.1);
  CHECK(one.utilisation < 0.8);
  CHECK(one.alone == Approx(one.tokens.expected));
  CHECK(one.support != Support::extrapolated);
  asked.place_on(4);
  asked.placement.pipeline = 1;
  asked.placement.data = 4;
  const TrainingSpeed four = asked.training();
  CHECK(four.alone == Approx(one.alone));
  CHECK(four.tokens.expected > 2 * one.tokens.expected);
  CHECK(four.tokens.expected <= 4 * one.tokens.expected * 1.0001);
  CHECK(four.utilisation <= one.utilisation * 1.0001);
  CHECK_FALSE(four.link_is_assumed);  // its NVLink is built in
}

TEST_CASE("several machines: a network is needed, and sets how far they get") {
  Asked asked{"gpu/nvidia/rtx-4090", 1, "llama-3.1-8b", "bf16", "engine/trl"};
  workload::FineTune& task = asked.question.workload.finetune;
  task = {.method = workload::Method::lora, .sequence = 2048};
  const TrainingSpeed one = asked.training();
  CHECK(one.one_machine == Approx(one.tokens.expected));
  CHECK(one.communication == 0);
  task.machines = 4;
  const auto needs = [&] { return speed_needs(asked.question, asked.placement); };
  CHECK(needs().find("give network") != std::string::npos);
  asked.question.host.network = BytesPerSecond::from_base(1.25e8);
  CHECK(needs().empty());
  const TrainingSpeed slow = asked.training();
  CHECK(slow.one_machine == Approx(one.tokens.expected));
  CHECK(slow.communication > 0);
  task.network = BytesPerSecond::from_base(1.25e10);  // what is stated goes before the port
  const TrainingSpeed fast = asked.training();
  CHECK(fast.tokens.expected > slow.tokens.expected);
  CHECK(fast.tokens.expected <= 4 * one.tokens.expected * 1.0001);
  CHECK(fast.communication < slow.communication);
  for (const Ranged& figure : {slow.tokens, slow.step, fast.samples}) check_contained(figure);
  // What the network may reach is part of the interval.
  CHECK(slow.tokens.expected / slow.tokens.low > one.tokens.expected / one.tokens.low);
}

TEST_CASE("offloading to a drive needs one, and a faster one is faster") {
  Asked asked{"gpu/nvidia/rtx-4090", 1, "llama-3.1-8b", "bf16", "engine/deepspeed"};
  asked.question.workload.finetune = {.sequence = 2048};
  asked.question.workload.kind = workload::Kind::finetune;
  asked.question.host.bandwidth = BytesPerSecond::from_base(8e10);
  asked.placement.optimizer = workload::Offload::nvme;
  const auto needs = [&] { return speed_needs(asked.question, asked.placement); };
  CHECK(needs().find("states no drive") != std::string::npos);
  asked.question.host.drive = {.name = "drive"};
  CHECK(needs().find("how fast the drive reads") != std::string::npos);
  asked.question.host.drive.read = BytesPerSecond::from_base(7e9);
  asked.question.host.drive.write = BytesPerSecond::from_base(6e9);
  CHECK(needs().empty());
  const double before = asked.training().tokens.expected;
  asked.question.host.drive.read *= 2;
  CHECK(asked.training().tokens.expected > before);
  asked.placement.optimizer = workload::Offload::host;
  CHECK(asked.training().tokens.expected > before);
}

TEST_CASE("sums over 2 to 128 machines, as InternEvo measured them") {
  // 7B on 8 A100 a machine with 4 x 100 Gbit/s: doc/train_performance.md of InternLM/InternEvo at
  // 3a665e88d3ef, tokens per device and second.
  struct Run {
    int micro_batch, accumulation;
    workload::Checkpointing checkpointing;
    std::array<double, 8> measured;
  };
  const std::array runs = {
      Run{2, 4, workload::Checkpointing::none, {4078, 3939, 3919, 3944, 3928, 3920, 3835, 3625}},
      Run{8, 1, workload::Checkpointing::full, {3314, 3268, 3323, 3217, 3260, 3215, 3199, 3163}}};
  Asked asked{"gpu/nvidia/a100-sxm-80gb", 8, "llama-2-7b", "bf16", "engine/deepspeed"};
  asked.placement.pipeline = 1;
  asked.placement.data = 8;
  asked.placement.sharding = workload::Sharding::zero1;
  asked.question.host.network = BytesPerSecond::from_base(5e10);
  for (const Run& run : runs) {
    workload::FineTune& task = asked.question.workload.finetune;
    task = {.sequence = 2048, .micro_batch = run.micro_batch, .accumulation = run.accumulation};
    task.checkpointing = run.checkpointing;
    for (std::size_t i = 1; i < run.measured.size(); ++i) {
      task.machines = 1 << i;
      CAPTURE(task.machines);
      const TrainingSpeed speed = asked.training();
      const double efficiency = speed.tokens.expected / speed.one_machine / task.machines;
      const double measured = run.measured[i] / run.measured[0];
      CHECK(std::abs(efficiency / measured - 1) < 0.10);
    }
  }
}

TEST_CASE("own measurements of training correct training") {
  Asked asked("gpu/nvidia/rtx-4090", 1, "llama-3.1-8b", "bf16", "engine/trl");
  asked.question.workload.kind = workload::Kind::finetune;
  workload::FineTune& task = asked.question.workload.finetune;
  task.method = workload::Method::lora;
  const TrainingSpeed plain = training_speed(asked.question, asked.placement, calibration());
  const OwnRow row{.setting = {.quantity = OwnQuantity::training,
                               .engine = "trl",
                               .backend = "train",
                               .device = "gpu/nvidia/rtx-4090",
                               .network = shape_of(*asked.question.network),
                               .form = "lora",
                               .size = static_cast<double>(task.sequence) * task.micro_batch},
                   .logarithm = std::log(1.2)};
  asked.question.own = std::span(&row, 1);
  const TrainingSpeed own = training_speed(asked.question, asked.placement, calibration());
  CHECK(own.own.rows == 1);
  CHECK(own.tokens.expected == Approx(1.2 * plain.tokens.expected).epsilon(0.02));
  CHECK(own.time.tokens_per_s() == Approx(own.tokens.expected));
  CHECK(own.step.expected == Approx(plain.step.expected / own.own.factor));
  CHECK(own.alone == Approx(own.tokens.expected));
  CHECK(own.utilisation == Approx(own.own.factor * plain.utilisation));
}

}  // namespace rigor::place
