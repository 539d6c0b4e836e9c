// Speeds of simple questions against the catalogue and the calibration that are built in.
#include "place/speed.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/packed.hpp"
#include "evidence/mapper.hpp"

namespace rigor::place {
namespace {

using doctest::Approx;
using estimate::Support;

evidence::Library& library() {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  static evidence::Library lookups(all);
  return lookups;
}

const estimate::Calibration& calibration() {
  static const auto fitted = estimate::Calibration::parse(catalog::packed_calibration());
  REQUIRE(fitted.has_value());
  return *fitted;
}

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

Asked llama(const char* device = "gpu/nvidia/rtx-4090", int count = 1) {
  return {device, count, "llama-3.1-8b", "q4_k_m", "engine/llama.cpp"};
}

void check_contained(const Ranged& figure) {
  CHECK(figure.low > 0);
  CHECK(figure.low < figure.expected);
  CHECK(figure.expected < figure.high);
  CHECK(std::isfinite(figure.high));
}

}  // namespace

TEST_CASE("one user on one card: near the bandwidth, and prompts near the rate") {
  const Asked asked = llama();
  const InferenceSpeed speed = asked.speed();
  // 1008 GB/s over 4.6 GB of weights are at most 220 a second; llama-bench prints 145 to 160.
  CHECK(speed.decode.expected > 120);
  CHECK(speed.decode.expected < 200);
  CHECK(speed.decode.low < 150);
  CHECK(speed.decode.high > 150);
  CHECK(speed.prefill.expected > 4000);
  CHECK(speed.prefill.expected < 30000);
  for (const Ranged& figure :
       {speed.prefill, speed.first_token, speed.decode, speed.per_token, speed.aggregate})
    check_contained(figure);
  CHECK(speed.prompt == 512);
  CHECK(speed.depth == 768);
  CHECK(speed.per_token.expected == Approx(1 / speed.decode.expected));
  CHECK(speed.per_token.low == Approx(1 / speed.decode.high));
  CHECK(speed.first_token.expected ==
        Approx(512 / speed.prefill.expected + speed.per_token.expected));
  CHECK(speed.decode_step.total().in(second) == Approx(speed.per_token.expected));
  CHECK(speed.support == Support::device);
  CHECK(speed.support_rows > 0);
  CHECK(speed.supporter == asked.cards[0].name);
  CHECK_FALSE(speed.link_is_assumed);
}

TEST_CASE("what is asked about: the stated prompt, no more than the context") {
  Asked asked = llama();
  asked.question.workload.inference.prompt = 4000;
  CHECK(asked.speed().prompt == 4000);
  CHECK(asked.speed().depth == 4256);
  const double at_4256 = asked.speed().decode.expected;
  asked.question.workload.inference = {.context = 300};
  CHECK(asked.speed().prompt == 300);
  CHECK(asked.speed().depth == 300);
  CHECK(asked.speed().decode.expected > at_4256);
}

TEST_CASE("many users get more together and each one less") {
  Asked asked{"gpu/nvidia/rtx-4090", 1, "llama-3.1-8b", "awq-4bit-g128", "engine/vllm"};
  const InferenceSpeed one = asked.speed();
  double before = one.aggregate.expected;
  CHECK(before <= one.decode.expected * 1.01);
  for (const int users : {2, 4, 8, 16, 32, 64, 128}) {
    CAPTURE(users);
    asked.question.workload.inference.sequences = users;
    const InferenceSpeed many = asked.speed();
    CHECK(many.sequences == users);
    CHECK(many.aggregate.expected > before);
    CHECK(many.aggregate.expected < users * one.decode.expected);
    CHECK(many.batch_step.total() > one.decode_step.total());
    CHECK(many.decode.expected == one.decode.expected);
    before = many.aggregate.expected;
  }
}

TEST_CASE("users together are never served less than one alone, on whatever runs") {
  for (const char* device : {"gpu/nvidia/rtx-3060-12gb", "gpu/nvidia/tesla-p40",
                             "gpu/nvidia/h100-sxm-80gb", "gpu/amd/radeon-rx-7900-xtx"}) {
    for (const int devices : {0, 1}) {
      Asked asked = llama(device);
      asked.place_on(devices);
      CAPTURE(device);
      CAPTURE(devices);
      double before = 0;
      for (const int users : {1, 2, 3, 8, 64, 65, 200}) {
        asked.question.workload.inference.sequences = users;
        const InferenceSpeed speed = asked.speed();
        CAPTURE(users);
        CHECK(speed.aggregate.expected >= before * 0.999);
        before = std::max(before, users == 1 ? speed.aggregate.expected : before);
      }
    }
  }
}

TEST_CASE("layers over two cards are as fast as one for one user, cut matrices faster") {
  Asked asked = llama("gpu/nvidia/rtx-4090", 2);
  asked.place_on(1);
  const double one = asked.speed().decode.expected;
  asked.place_on(2);
  const InferenceSpeed split = asked.speed();
  CHECK(split.decode.expected < one);
  CHECK(split.decode.expected > 0.9 * one);
  CHECK(split.link_is_assumed);
  CHECK(split.decode_step[estimate::TimeTerm::communication] > Seconds{});
  Asked cut{"gpu/nvidia/h100-sxm-80gb", 4, "llama-3.3-70b", "bf16", "engine/vllm"};
  cut.cut(2);
  const double two = cut.speed().decode.expected;
  cut.cut(4);
  CHECK(cut.speed().decode.expected > 1.2 * two);
  CHECK(cut.speed().decode.expected < 2 * two);
}

TEST_CASE("copies serve in parallel, but take turns on one device") {
  Asked asked = llama("gpu/nvidia/rtx-4090", 2);
  asked.question.workload.inference.sequences = 8;
  asked.place_on(1);
  const double alone = asked.speed().aggregate.expected;
  asked.placement.replicas = 2;
  const double parallel = asked.speed().aggregate.expected;
  CHECK(parallel > alone);
  asked.placement.copies = 2;
  CHECK(asked.speed().aggregate.expected == Approx(parallel / 2));
  CHECK(asked.speed().aggregate.expected < alone);
}

TEST_CASE("the host alone runs at its own memory's speed, with the evidence for processors") {
  Asked asked = llama();
  asked.place_on(0);
  const InferenceSpeed speed = asked.speed();
  const double limit = asked.question.host.bandwidth / asked.question.network->weights() * second;
  CHECK(speed.decode.expected < limit);
  CHECK(speed.decode.expected > 0.4 * limit);
  check_contained(speed.decode);
  CHECK(speed.support != Support::extrapolated);
  CHECK(speed.support_rows > 0);
  // The processor's own constants, as the fit names them.
  const estimate::SpeedConstants fitted =
      calibration().resolve(estimate::scope_of(asked.question.host, "llama.cpp"));
  CHECK(speed_rig(asked.question, calibration()).host.constants.value == fitted.value);
}

TEST_CASE("layers left on the host cost what its memory is slower") {
  Asked asked = llama();
  const double all = asked.speed().decode.expected;
  asked.placement.host_layers = 16;
  const double half = asked.speed().decode.expected;
  asked.place_on(0);
  const double none = asked.speed().decode.expected;
  CHECK(all > half);
  CHECK(half > none);
  CHECK(half < 2.2 * none);
}

TEST_CASE("what is missing for a speed is said") {
  Asked asked = llama();
  const auto needs = [&] { return speed_needs(asked.question, asked.placement); };
  CHECK(needs().empty());
  asked.question.host = {};
  CHECK(needs().empty());
  asked.placement.host_layers = 3;
  CHECK(needs().find("the bandwidth of the host's memory") != std::string::npos);
  asked.placement = {};
  asked.placement.devices = 0;
  CHECK(needs().find("the bandwidth of the host's memory") != std::string::npos);
  asked.question.workload.kind = workload::Kind::finetune;
  CHECK(needs() == "training without an accelerator is not estimated");
  asked.place_on(1);
  CHECK(needs().empty());
  asked.placement.optimizer = workload::Offload::host;
  CHECK(needs().find("the bandwidth of the host's memory") != std::string::npos);
  asked.placement.optimizer = workload::Offload::none;
  asked.cards[0].bandwidth = {};
  CHECK(needs() == "the bandwidth of the device is unknown");
  asked.cards[0].bandwidth = BytesPerSecond::from_base(1e12);
  asked.cards[0].fp32 = asked.cards[0].fp16 = asked.cards[0].bf16 = {};
  CHECK(needs() == "the rate of the device is unknown");
  asked.question.network = library().network("bge-m3", "bf16");
  REQUIRE(asked.question.network != nullptr);
  CHECK(needs() == "speed is estimated for networks that generate text");
}

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

TEST_CASE("own measurements correct the figure they speak of, and its parts") {
  Asked asked("gpu/nvidia/rtx-4090", 1, "llama-3.1-8b", "Q4_K_M", "engine/llama.cpp");
  const auto speed = [&] {
    return inference_speed(asked.question, asked.placement,
                           speed_rig(asked.question, calibration()), calibration());
  };
  const InferenceSpeed plain = speed();
  const OwnRow row{.setting = {.engine = "llama.cpp",
                               .backend = "CUDA",
                               .device = "gpu/nvidia/rtx-4090",
                               .network = shape_of(*asked.question.network),
                               .form = "q4_k_m",
                               .size = plain.depth},
                   .logarithm = std::log(0.9)};
  asked.question.own = std::span(&row, 1);
  const InferenceSpeed own = speed();
  CHECK(own.decode_own.rows == 1);
  CHECK(own.decode.expected == Approx(0.9 * plain.decode.expected).epsilon(0.015));
  CHECK(own.decode.high / own.decode.low < plain.decode.high / plain.decode.low);
  CHECK(own.decode.expected * own.decode_step.total().in(second) == Approx(1));
  CHECK(own.per_token.expected == Approx(1 / own.decode.expected));
  CHECK(own.prefill_own.rows == 0);
  CHECK(own.prefill.expected == plain.prefill.expected);
  CHECK(own.prefill.low == plain.prefill.low);
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
