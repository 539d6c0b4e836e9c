// What a limit does to an answer, what its cards draw, which limits are refused.
#include "place/power.hpp"

#include <doctest/doctest.h>

#include "catalogue_scene.hpp"
#include "place/energy.hpp"

namespace rigor::place {
namespace {

using doctest::Approx;
using scene::calibration;
using scene::library;

/// A network on equal cards, and what is said of it.
struct Asked {
  std::vector<hardware::Accelerator> cards;
  Question question;
  workload::Placement placement;

  explicit Asked(const char* device, int count = 1) {
    const hardware::Accelerator* card = library().device(device);
    REQUIRE(card != nullptr);
    cards.assign(static_cast<std::size_t>(count), *card);
    question.network = library().network("llama-3.1-8b", "q4_k_m");
    question.engine = library().engine("engine/llama.cpp");
    question.accelerators = cards;
    question.host = *library().processor("cpu/amd/ryzen-9-7950x");
    question.workload.inference.context = 8192;
    placement.devices = placement.pipeline = count;
    for (int i = 0; i < count; ++i)
      placement.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  void limit(double watts) { question.workload.power_limit = watts * watt; }
  [[nodiscard]] estimate::SpeedRig rig() const { return speed_rig(question, calibration()); }
  [[nodiscard]] InferenceSpeed speed() const {
    return inference_speed(question, placement, rig(), calibration());
  }
  [[nodiscard]] PowerUse power() const {
    return inference_power(question, placement, rig(), calibration(), speed());
  }
};

}  // namespace

TEST_CASE("a limit at the default changes nothing") {
  Asked asked("gpu/nvidia/rtx-4090");
  const InferenceSpeed free = asked.speed();
  asked.limit(450);
  const InferenceSpeed same = asked.speed();
  CHECK(same.decode.expected == Approx(free.decode.expected));
  CHECK(same.prefill.low == Approx(free.prefill.low));
  CHECK(same.aggregate.high == Approx(free.aggregate.high));
}

TEST_CASE("under a limit every phase runs at its own share of the rate") {
  Asked asked("gpu/nvidia/rtx-5090");
  const InferenceSpeed free = asked.speed();
  asked.limit(400);
  const InferenceSpeed limited = asked.speed();
  const PowerUse power = asked.power();
  REQUIRE(power.decode.has_value());
  REQUIRE(power.prefill.has_value());
  CHECK(limited.decode.expected ==
        Approx(free.decode.expected * power.decode->factor.expected).epsilon(0.002));
  CHECK(limited.prefill.expected ==
        Approx(free.prefill.expected * power.prefill->factor.expected).epsilon(0.002));
  CHECK(power.decode->factor.expected > power.prefill->factor.expected);
  // The rate's own interval, and the limit's on top.
  CHECK(limited.decode.low / limited.decode.expected < free.decode.low / free.decode.expected);
}

TEST_CASE("a higher limit is never slower and never saves energy per watt drawn") {
  Asked asked("gpu/nvidia/rtx-3090");
  double before = 0, drawn = 0;
  for (const double watts : {150., 200., 250., 300., 350.}) {
    CAPTURE(watts);
    asked.limit(watts);
    const InferenceSpeed speed = asked.speed();
    const PowerUse power = asked.power();
    CHECK(speed.decode.expected >= before);
    CHECK(power.decode->watts.expected >= drawn);
    CHECK(power.decode->watts.high <= watts + 1e-9);
    CHECK(power.decode->joules.low > 0);
    CHECK(power.decode->joules.low < power.decode->joules.expected);
    CHECK(power.decode->joules.expected < power.decode->joules.high);
    before = speed.decode.expected;
    drawn = power.decode->watts.expected;
  }
}

TEST_CASE("energy per token is what the cards draw over the rate") {
  const Asked asked("gpu/nvidia/rtx-4090");
  const PowerUse power = asked.power();
  CHECK(power.missing.empty());
  CHECK(!power.limited);
  CHECK(power.limit == 450 * watt);
  CHECK(power.decode->joules.expected ==
        Approx(power.decode->watts.expected / asked.speed().decode.expected));
  // 393 W were measured generating, evidence/power.csv.
  CHECK(power.decode->watts.expected == Approx(393).epsilon(0.05));
  CHECK(power.decode->factor.low == 1);
}

TEST_CASE("of two cards in a row one waits while the other works") {
  const Asked one("gpu/nvidia/rtx-3090"), two("gpu/nvidia/rtx-3090", 2);
  const double alone = one.power().decode->watts.expected;
  const double both = two.power().decode->watts.expected;
  CHECK(both > alone);
  CHECK(both < 1.3 * alone);
}

TEST_CASE("training has its own curve") {
  Asked asked("gpu/nvidia/rtx-4090");
  asked.question.workload.kind = workload::Kind::finetune;
  asked.question.workload.finetune.method = workload::Method::qlora;
  const TrainingSpeed free = training_speed(asked.question, asked.placement, calibration());
  asked.limit(250);
  const TrainingSpeed limited = training_speed(asked.question, asked.placement, calibration());
  const PowerUse power = training_power(asked.question, asked.placement, calibration(), limited);
  REQUIRE(power.training.has_value());
  CHECK(limited.tokens.expected < free.tokens.expected);
  CHECK(limited.tokens.expected ==
        Approx(free.tokens.expected * power.training->factor.expected).epsilon(0.01));
  CHECK(limited.utilisation < free.utilisation);
  CHECK(power.training->watts.expected == Approx(250).epsilon(0.02));
  CHECK(power.training->joules.expected ==
        Approx(power.training->watts.expected / limited.tokens.expected));
}

TEST_CASE("limits that no card takes are refused with the reason") {
  struct Case {
    const char* device;
    double watts;
    const char* problem;
  };
  for (const auto& [device, watts, problem] :
       {Case{"gpu/nvidia/rtx-3090", 300, ""}, Case{"gpu/nvidia/rtx-3090", 350, ""},
        Case{"gpu/nvidia/rtx-3090", 351,
             "NVIDIA GeForce RTX 3090 has a board power of 350 W: a limit of 351 W is above it"},
        Case{"gpu/nvidia/rtx-5090", 399, "NVIDIA GeForce RTX 5090 takes no limit below 400 W"},
        Case{"gpu/nvidia/rtx-4090", 179,
             "179 W is below 40 % of the 450 W of NVIDIA GeForce RTX 4090: cards refuse such "
             "limits"},
        Case{"gpu/nvidia/rtx-4090", 180, ""}}) {
    CAPTURE(watts);
    Asked asked(device);
    asked.limit(watts);
    CHECK(problem_with_power_limit(asked.question) == problem);
  }
}

TEST_CASE("a limit above a smaller card's default leaves that card at it") {
  Asked asked("gpu/nvidia/rtx-5090");
  const Asked small("gpu/nvidia/rtx-5060-ti-16gb");
  asked.cards.push_back(small.cards[0]);
  asked.question.accelerators = asked.cards;
  asked.limit(450);
  CHECK(problem_with_power_limit(asked.question).empty());
  CHECK(limit_share(asked.question, asked.cards[0]) == Approx(450.0 / 575));
  CHECK(limit_share(asked.question, asked.cards[1]) == Approx(1));
  asked.limit(576);  // no card goes that far
  CHECK_FALSE(problem_with_power_limit(asked.question).empty());
  asked.limit(150);  // the larger card does not go that low
  CHECK(problem_with_power_limit(asked.question) ==
        "NVIDIA GeForce RTX 5090 takes no limit below 400 W");
}

TEST_CASE("without a board power, or with a whole machine's, there is no energy") {
  Asked asked("gpu/nvidia/rtx-3090");
  asked.cards[0].board_power = {};
  CHECK(asked.power().missing == "the board power of NVIDIA GeForce RTX 3090 is not known");
  asked.limit(200);
  CHECK(problem_with_power_limit(asked.question) ==
        "the board power of NVIDIA GeForce RTX 3090 is not known: nothing to compare a limit with");
  const Asked machine("system/nvidia/dgx-spark");
  CHECK(machine.power().missing.find("whole machine") != std::string::npos);
}

TEST_CASE("products of figures keep their order, and errors add as squares") {
  const Ranged a{80, 100, 125}, exact{2, 2, 2};
  const Ranged twice = product(a, exact);
  CHECK(twice.low == Approx(160));
  CHECK(twice.high == Approx(250));
  const Ranged both = product(a, {0.8, 1, 1.25});
  CHECK(both.low > 64);
  CHECK(both.low < 80);
}

}  // namespace rigor::place
