// Speeds of simple questions against the catalogue and the calibration that are built in.
#include <cmath>

#include "place/pace.hpp"
#include "speed_scene.hpp"

namespace rigor::place {

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

TEST_CASE("a search goes by the rate that the answer states, whatever is asked for") {
  Asked asked = llama("gpu/nvidia/rtx-4090", 2);
  workload::Inference& inference = asked.question.workload.inference;
  const auto same = [&] {
    Pace pace(asked.question, calibration());
    CHECK(pace.of(asked.question, asked.placement) == Approx(asked.speed().aggregate.expected));
  };
  same();
  const double usual = asked.speed().aggregate.expected;
  inference.answer = 32;
  inference.prompt = 4000;
  same();
  CHECK(asked.speed().aggregate.expected < usual);  // a short answer carries its prompt
  inference.sequences = 8;
  same();
  asked.placement.replicas = 2;
  asked.placement.pipeline = 1;
  same();
}

}  // namespace rigor::place
