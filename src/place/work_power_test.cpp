#include "place/work_power.hpp"

#include <doctest/doctest.h>

#include <string>

#include "adapters/toml/rig_reader.hpp"
#include "catalog/electrical.hpp"
#include "catalog/habits.hpp"
#include "place/power_sweep.hpp"
#include "speed_scene.hpp"

namespace rigor::place {
namespace {

/// A rig of the built-in catalogue with all that its power depends on.
struct Machine {
  adapters::RigFile rig;
  hardware::Habits habits;
  hardware::Electrical electrical;
  estimate::PowerCase input;

  explicit Machine(const std::string& parts, const std::string& site = {}) {
    Diagnostics diagnostics;
    rig = adapters::read_rig("name = \"r\"\n" + site + parts, "r.toml", scene::catalogue(),
                             diagnostics);
    REQUIRE_MESSAGE(!diagnostics.has_errors(), to_text(diagnostics));
    const Result<hardware::Habits> read = catalog::habits(scene::catalogue());
    REQUIRE(read.has_value());
    habits = *read;
    electrical = catalog::electrical(rig.rig, rig.entries, habits);
    input = {{&electrical, rig.rig.accelerators, &calibration().power()}, &habits, rig.rig.site};
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
};

std::string part(const std::string& ref, int count = 1) {
  return "[[part]]\nref = \"" + ref + "\"\ncount = " + std::to_string(count) + "\n";
}

std::string desk(int cards) {
  return part("gpu/nvidia/rtx-4090", cards) + part("cpu/amd/ryzen-9-7950x") +
         part("board/asus/proart-x870e-creator-wifi") + part("psu/seasonic/prime-tx-1600");
}

constexpr const char* kSite = "[site]\nvoltage = \"230 V\"\nbreaker = \"16 A\"\n";

}  // namespace

TEST_CASE("a workload's machine draws its cards, the rest, and what the supply loses") {
  const Machine machine(desk(1), kSite);
  const Asked asked = llama();
  const WorkPower work =
      inference_work(asked.question, asked.placement, calibration(), machine.input);
  REQUIRE(work.phases.size() == 2);
  const WorkPhase& decode = work.phases[0];
  CHECK(decode.phase == estimate::Phase::decode);
  CHECK(work.phases[1].phase == estimate::Phase::prefill);
  const estimate::Draw rest =
      estimate::rig_draw(machine.input.rig, hardware::Activity::decode, Range<Watts>{});
  const estimate::SpeedRig rig = speed_rig(asked.question, calibration());
  const InferenceSpeed speed = asked.speed();
  const PowerUse cards =
      inference_power(asked.question, asked.placement, rig, calibration(), speed);
  CHECK(decode.power.draw.total.expected.in(watt) ==
        Approx(cards.decode->watts.expected + rest.total.expected.in(watt)));
  REQUIRE(decode.power.feed.wall.has_value());
  CHECK(decode.power.feed.wall->expected > decode.power.draw.total.expected);
  REQUIRE(decode.joules.has_value());
  CHECK(decode.joules->expected ==
        Approx(decode.power.feed.wall->expected.in(watt) / speed.decode.expected));
  CHECK(decode.joules->expected > cards.decode->joules.expected);
  CHECK_FALSE(work.hours.has_value());
}

TEST_CASE("cards that have nothing to do idle beside those that work") {
  const Machine one(desk(1), kSite), two(desk(2), kSite);
  const Asked asked = llama();
  const auto watts = [&](const Machine& machine) {
    return inference_work(asked.question, asked.placement, calibration(), machine.input)
        .phases[0]
        .power.draw.total.expected.in(watt);
  };
  CHECK(watts(two) - watts(one) == Approx(18));  // idle_power of an RTX 4090
}

TEST_CASE("copies on cards of their own work at the same time") {
  const Machine machine(desk(2), kSite);
  Asked asked = llama("gpu/nvidia/rtx-4090", 2);
  asked.placement.pipeline = 1;
  asked.placement.devices = 1;
  const auto decode = [&] {
    return inference_work(asked.question, asked.placement, calibration(), machine.input).phases[0];
  };
  const WorkPhase one = decode();
  asked.placement.devices = 2;
  asked.placement.replicas = 2;
  const WorkPhase both = decode();
  CHECK(both.rate.expected == Approx(2 * one.rate.expected));
  // The second card works instead of idling with 18 W.
  const double card = both.power.draw.at(hardware::Component::card).expected.in(watt) / 2;
  CHECK(one.power.draw.at(hardware::Component::card).expected.in(watt) == Approx(card + 18));
}

TEST_CASE("hours are stated, or follow from tokens") {
  const Machine machine(desk(1), kSite);
  Asked asked = llama();
  const auto work = [&] {
    return inference_work(asked.question, asked.placement, calibration(), machine.input);
  };
  asked.question.workload.tokens_per_month = 36e6;
  // 36 million tokens at r per second are 10,000 / r hours.
  CHECK(*work().hours == Approx(10000 / work().phases[0].rate.expected));
  asked.question.workload.hours_per_month = 100;
  CHECK(*work().hours == 100);
}

TEST_CASE("a month is busy hours and idle hours, and cooling on top") {
  const Machine machine(desk(1), std::string(kSite) +
                                     "hours_on = \"200 h\"\ncooling_cop = 2\n"
                                     "cooling_season = \"50 %\"\n");
  const estimate::PowerSheet sheet = estimate::power_sheet(machine.input);
  WorkPower work;
  work.hours = 150;
  work.phases.resize(1);
  work.phases[0].power.feed.wall = exactly(1000 * watt);
  const PowerMonth month = *power_month({work}, sheet, machine.input.site);
  const double idle = sheet.at(hardware::Activity::idle).feed.wall->expected.in(watt);
  CHECK(month.idle == 50);
  CHECK_FALSE(month.is_too_long);
  CHECK(month.energy.expected.in(kWh) == Approx(150 + 50 * idle / 1000));
  CHECK(month.cooling.expected.in(kWh) == Approx(0.25 * month.energy.expected.in(kWh)));
  const PowerMonth twice = *power_month({work, work}, sheet, machine.input.site);
  CHECK(twice.is_too_long);
  CHECK(twice.idle == 0);
}

TEST_CASE("a UPS must last until the checkpoint is written and the machine is off") {
  const Machine machine(desk(1) + part("ups/apc/smt2200c"),
                        std::string(kSite) + "shutdown_time = \"60 s\"\n");
  const estimate::PowerSheet sheet = estimate::power_sheet(machine.input);
  WorkPower work;
  work.name = "full";
  work.phases.resize(1);
  work.phases[0].power.feed.wall = exactly(990 * watt);
  work.checkpoint = 600 * GB;
  work.drive = 1 * GB / second;
  // 600 s to write and 60 to shut down; 24 minutes fresh, 17.5 aged.
  const UpsCover covered = ups_cover({work}, sheet, machine.input).at(0);
  CHECK(covered.work == "full");
  CHECK(covered.needed.expected.in(second) == Approx(660));
  CHECK(covered.lasts.expected.in(second) == Approx(1440));
  CHECK(covered.fit == estimate::LoadFit::fits);
  work.checkpoint = 1200 * GB;  // 1260 s: only a fresh battery lasts
  CHECK(ups_cover({work}, sheet, machine.input).at(0).fit == estimate::LoadFit::tight);
  work.checkpoint = 1400 * GB;
  CHECK(ups_cover({work}, sheet, machine.input).at(0).fit == estimate::LoadFit::over);
  work.drive = {};
  CHECK_FALSE(ups_cover({work}, sheet, machine.input).at(0).missing.empty());
  const UpsCover alone = ups_cover({}, sheet, machine.input).at(0);
  CHECK(alone.work.empty());
  CHECK(alone.needed.expected == 60 * second);
}

TEST_CASE("a checkpoint is written by training alone") {
  const Machine machine(desk(1) + part("drive/samsung/990-pro-2tb"), kSite);
  Asked asked("gpu/nvidia/rtx-4090", 1, "qwen3-4b", "bf16", "engine/trl");
  asked.question.workload.kind = workload::Kind::finetune;
  asked.question.workload.finetune.method = workload::Method::lora;
  asked.question.host.drive = machine.rig.rig.host.drive;
  const WorkPower work =
      training_work(asked.question, asked.placement, calibration(), machine.input);
  REQUIRE(work.phases.size() == 1);
  CHECK(work.checkpoint > Bytes{});
  CHECK(work.checkpoint < 2 * GB);  // adapters and their states, not the network
  CHECK(work.drive > BytesPerSecond{});
}

TEST_CASE("the knee is the point farthest above the chord") {
  // From (0, 0) to (1, 1): 0.4 above at 0.3, 0.3 above at 0.6.
  CHECK(knee_of({0, 0.3, 0.6, 1}, {0, 0.7, 0.9, 1}) == 1);
  CHECK(knee_of({100, 130, 160, 200}, {10, 24, 28, 30}) == 1);
  CHECK(knee_of({0, 1, 2}, {0, 1, 2}) == 2);  // a straight line bends nowhere
  CHECK(knee_of({0, 1, 2}, {5, 5, 5}) == 0);  // more gives nothing
  CHECK(knee_of({7}, {1}) == 0);
}

TEST_CASE("over the power limit speed never falls, watts never fall, and the knee lies inside") {
  const Machine machine(desk(1), kSite);
  const Asked asked = llama();
  const auto sweep = power_sweep(asked.question, asked.placement, calibration(), machine.input);
  REQUIRE(sweep.has_value());
  REQUIRE(sweep->points.size() > 5);
  CHECK(sweep->points.back().limit == 450 * watt);
  for (std::size_t i = 1; i < sweep->points.size(); ++i) {
    const WorkPhase& one = sweep->points[i - 1].work;
    const WorkPhase& next = sweep->points[i].work;
    CHECK(sweep->points[i - 1].limit < sweep->points[i].limit);
    CHECK(one.rate.expected <= next.rate.expected);
    CHECK(one.power.feed.wall->expected <= next.power.feed.wall->expected);
    CHECK(one.power.noise.level->expected <= next.power.noise.level->expected);
  }
  CHECK(sweep->knee > 0);
  CHECK(sweep->knee + 1 < sweep->points.size());
  for (const SweepPoint& point : sweep->points)
    CHECK(point.work.joules->expected >= sweep->points[sweep->least].work.joules->expected);
}

}  // namespace rigor::place
