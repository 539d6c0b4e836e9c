// Links of devices, and machines that hold one network together.
#include "place/machines.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "catalogue_scene.hpp"
#include "place/rank.hpp"

namespace rigor::place {
namespace {

using doctest::Approx;
using scene::calibration;
using scene::library;
using workload::Placement;

/// A network on equal cards in equal machines.
struct Joined {
  std::vector<hardware::Accelerator> cards;
  Question question;

  Joined(const char* device, int machines, int each, const char* network, const char* engine,
         workload::Backend backend = workload::Backend::cuda) {
    cards.assign(static_cast<std::size_t>(machines * each), *library().device(device));
    const bool llama = std::string_view(engine) == "engine/llama.cpp";
    question.network = library().network(network, llama ? "q4_k_m" : "awq-4bit-g128");
    question.engine = library().engine(engine);
    REQUIRE(question.network != nullptr);
    REQUIRE(question.engine != nullptr);
    question.accelerators = cards;
    question.backend = backend;
    question.workload.inference.machines = machines;
    question.workload.inference.network = BytesPerSecond::from_base(1.25e9);
  }
  Joined(const Joined&) = delete;
  Joined& operator=(const Joined&) = delete;

  [[nodiscard]] InferenceSpeed speed() const {
    const Candidate best = rank(question, calibration()).front();
    return inference_speed(question, best.answer.placement, speed_rig(question, calibration()),
                           calibration());
  }
};

hardware::Accelerator seated(int generation, int lanes) {
  hardware::Accelerator card{.pcie_generation = 4, .pcie_lanes = 16};
  card.slot.generation = generation;
  card.slot.lanes = lanes;
  return card;
}

}  // namespace

TEST_CASE("a narrower slot lengthens the time on the wire alone") {
  using estimate::effective_slot;
  const BytesPerSecond own = estimate::own_bandwidth(seated(0, 0));
  CHECK(effective_slot(seated(0, 0), 0.1) == own);
  // All of the time is the wire's: as much slower as the slot is narrower.
  CHECK(effective_slot(seated(4, 8), 0.84) / own == Approx(0.5));
  CHECK(effective_slot(seated(4, 8), 2.0) / own == Approx(0.5));
  // Half of it is: 1 / (1 + 0.5 x (2 - 1)).
  CHECK(effective_slot(seated(4, 8), 0.42) / own == Approx(1 / 1.5));
  CHECK(rc::check("a wider slot is never slower", [] {
    const int lanes = *rc::gen::inRange(1, 16), generation = *rc::gen::inRange(1, 5);
    const double wire = *rc::gen::inRange(1, 1000) / 1000.0;
    RC_ASSERT(effective_slot(seated(generation, lanes), wire) <=
              effective_slot(seated(generation, lanes + 1), wire));
  }));
}

TEST_CASE("bridges join pairs, and a ring over two pairs goes over the slots") {
  Joined four("gpu/nvidia/rtx-3090", 1, 4, "llama-3.1-8b", "engine/vllm");
  for (std::size_t i = 0; i < 4; ++i) four.cards[i].bridge = static_cast<int>(i / 2);
  Placement placement;
  placement.devices = 2;
  placement.device = {0, 1};
  CHECK(detail::ring_link(four.question, placement, 0.84).in(GB / second) == Approx(56.25));
  placement.device = {1, 2};
  CHECK(detail::ring_link(four.question, placement, 0.84).in(GB / second) == Approx(31.52));
  placement.devices = 4;
  placement.device = {0, 1, 2, 3};
  CHECK(detail::ring_link(four.question, placement, 0.84).in(GB / second) == Approx(31.52));
}

TEST_CASE("machines take equal shares, machine by machine") {
  Joined joined("gpu/nvidia/rtx-3090", 2, 4, "llama-3.1-70b", "engine/llama.cpp");
  CHECK(machines_of(joined.question) == 2);
  CHECK(devices_of_machine(joined.question) == 4);
  Placement placement;
  put_devices(joined.question, 4, placement);
  CHECK(placement.accelerator(0) == 0);
  CHECK(placement.accelerator(1) == 1);
  CHECK(placement.accelerator(2) == 4);
  CHECK(placement.accelerator(3) == 5);
  for (const Candidate& one : rank(joined.question, calibration()))
    CHECK(one.answer.placement.devices % 2 == 0);
  joined.question.workload.kind = workload::Kind::finetune;
  CHECK(machines_of(joined.question) == 1);
}

TEST_CASE("two machines hold what one does not") {
  const Joined joined("gpu/nvidia/rtx-5060-ti-16gb", 2, 1, "qwen3-32b", "engine/llama.cpp");
  CHECK(rank(joined.question, calibration()).front().answer.verdict.fit == estimate::Fit::fits);
  CHECK(one_machine(joined.question, joined.speed(), calibration()) == 0);
  const Joined small("gpu/nvidia/rtx-5060-ti-16gb", 2, 1, "qwen3-4b", "engine/llama.cpp");
  CHECK(one_machine(small.question, small.speed(), calibration()) > small.speed().decode.expected);
}

TEST_CASE("a faster network is never slower") {
  struct Case {
    const char* device;
    int each;
    const char* engine;
    workload::Backend backend;
  };
  for (const auto& [device, each, engine, backend] :
       {Case{"gpu/nvidia/rtx-3090", 1, "engine/llama.cpp", workload::Backend::cuda},
        Case{"gpu/nvidia/rtx-3090", 2, "engine/vllm", workload::Backend::cuda},
        Case{"system/amd/ryzen-ai-max-395-128gb", 1, "engine/llama.cpp",
             workload::Backend::rocm}}) {
    CAPTURE(device);
    CAPTURE(engine);
    Joined joined(device, 2, each, "llama-3.1-8b", engine, backend);
    double decode = 0, prefill = 0;
    for (const double gigabits : {0.1, 1.0, 2.5, 10.0, 25.0, 40.0, 100.0, 400.0}) {
      joined.question.workload.inference.network = BytesPerSecond::from_base(1.25e8 * gigabits);
      const InferenceSpeed speed = joined.speed();
      CHECK(speed.decode.expected >= decode);
      CHECK(speed.prefill.expected >= prefill);
      CHECK(speed.decode.low <= speed.decode.expected);
      CHECK(speed.decode.expected <= speed.decode.high);
      CHECK(speed.network > 0);
      decode = speed.decode.expected;
      prefill = speed.prefill.expected;
    }
  }
}

TEST_CASE("tensor parallelism stays within a machine unless it is asked for") {
  Joined joined("gpu/nvidia/rtx-3090", 2, 2, "llama-3.1-8b", "engine/vllm");
  for (const Candidate& one : rank(joined.question, calibration()))
    CHECK(one.answer.placement.tensor <= 2);
  const double inside = joined.speed().decode.expected;
  joined.question.workload.wish.tensor = 4;
  const InferenceSpeed across = joined.speed();
  CHECK(across.network > 0.3);
  CHECK(across.decode.expected < inside);
}

TEST_CASE("a network that is not stated is asked for") {
  Joined joined("gpu/nvidia/rtx-3090", 2, 1, "llama-3.1-8b", "engine/llama.cpp");
  joined.question.workload.inference.network = {};
  const Placement placement = choose(joined.question).placement;
  CHECK(speed_needs(joined.question, placement).starts_with("the network between the machines"));
  joined.question.host.network = BytesPerSecond::from_base(1.25e9);
  CHECK(speed_needs(joined.question, placement).empty());
}

TEST_CASE("engines that do not join machines say so") {
  Joined joined("gpu/nvidia/rtx-3090", 2, 1, "llama-3.1-8b", "engine/llama.cpp");
  CHECK(problem_with_machines(joined.question).empty());
  joined.question.workload.wish.tensor = 2;
  CHECK(problem_with_machines(joined.question).starts_with("llama.cpp shares layers"));
  joined.question.workload.wish = {.replicas = 2};
  CHECK(problem_with_machines(joined.question).starts_with("replicas are copies"));
  joined.question.workload.wish = {};
  joined.question.engine = library().engine("engine/exllamav3");
  REQUIRE(joined.question.engine != nullptr);
  CHECK(problem_with_machines(joined.question).find("does not share a network") !=
        std::string::npos);
}

}  // namespace rigor::place
