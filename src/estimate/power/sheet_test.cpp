// A whole rig: draws, supplies, circuit, limits. Parts are made by hand, so that every sum can be.
#include "estimate/power/sheet.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace rigor::estimate {
namespace {

using doctest::Approx;
using hardware::Activity;
using hardware::Component;
using hardware::Consumer;
using hardware::Electrical;

hardware::Habits plain_habits() {
  hardware::Habits habits;
  habits.power_factor = exactly(1.0);
  habits.battery_age = exactly(1.0);
  habits.inverter = exactly(0.9);
  habits.peukert_lead = exactly(1.2);
  habits.shutdown = exactly(60 * second);
  habits.radiator_section = exactly(110 * watt);
  habits.case_flow = exactly(0.5);
  habits.case_rise = exactly(15 * kelvin);
  habits.slowest_fan = 0.3;
  habits.wall_conductance = exactly(1.0);
  habits.leakage = exactly(0.5);
  habits.noise_supply = exactly(30.0);
  return habits;
}

Consumer part(Component component, double watts, int count = 1) {
  Consumer one;
  one.component = component;
  one.count = count;
  one.draw.fill(exactly(watts * watt));
  return one;
}

Consumer cards(int count, double watts, hardware::Cooling cooling = hardware::Cooling::blower) {
  Consumer one = part(Component::card, watts, count);
  one.accelerator = 0;
  one.board_power = watts * watt;
  one.cooling = cooling;
  one.noise = exactly(45.0);
  one.excursion.factor.fill(exactly(1.0));
  return one;
}

/// A rig, its habits and its site, standing still so that pointers hold.
struct Scene {
  Electrical electrical;
  hardware::Habits habits = plain_habits();
  std::vector<hardware::Accelerator> accelerators{1};
  PowerCalibration power;
  hardware::Site site;

  Scene(int count, double watts, double others) {
    accelerators[0].vendor = hardware::Vendor::nvidia;
    accelerators[0].board_power = watts * watt;
    accelerators[0].lowest_power_limit = 100 * watt;
    electrical.consumers = {part(Component::processor, others)};
    if (count > 0) electrical.consumers.insert(electrical.consumers.begin(), cards(count, watts));
  }
  Scene& fed(double watts, double efficiency, int pieces = 1) {
    hardware::Supply supply;
    supply.name = "P";
    supply.count = pieces;
    supply.power = watts * watt;
    supply.curve = {{115 * hardware::volt, 0.1, efficiency},
                    {115 * hardware::volt, 1.0, efficiency}};
    electrical.supplies.push_back(supply);
    return *this;
  }
  Scene& on(double volts, double amperes) {
    site.voltage = volts * hardware::volt;
    site.breaker = amperes * hardware::ampere;
    return *this;
  }
  [[nodiscard]] PowerCase input() const {
    return {{&electrical, accelerators, &power}, &habits, site};
  }
  [[nodiscard]] PowerSheet sheet() const { return power_sheet(input()); }
};

}  // namespace

TEST_CASE("the published machine: 1655 W of 1600 W, 1799 W and 15.0 A at the wall") {
  // 4 x 300 + 350 + 105 W of board, memory, drives and fans; 92 % at the load of 103 %.
  const Scene rig = Scene(4, 300, 455).fed(1600, 0.92).on(120, 15);
  const PowerSheet sheet = rig.sheet();
  const ActivityPower& limits = sheet.at(Activity::limit);
  CHECK(limits.draw.total.expected == 1655 * watt);
  CHECK(limits.feed.load.expected == Approx(1.034).epsilon(0.001));
  CHECK(limits.feed.wall->expected.in(watt) == Approx(1799).epsilon(0.0005));
  CHECK(limits.current->expected.in(hardware::ampere) == Approx(15.0).epsilon(0.001));
  CHECK(sheet.circuit->allowed.in(hardware::ampere) == Approx(12));
  CHECK(sheet.circuit->fit == LoadFit::over);
  CHECK(sheet.supplies.at(0).fit == LoadFit::over);
  CHECK(sheet.over.size() == 2);
  CHECK(sheet.missing.empty());
  // 1440 W at the wall are 1324.8 W: 869.8 W for four cards, 217.4 W each.
  CHECK(sheet.advice.is_needed);
  CHECK(sheet.advice.limit == 215 * watt);
  CHECK(sheet.advice.decode.expected < 1);
  CHECK(sheet.advice.training.expected < 1);
}

TEST_CASE("two of its cards on 1300 W are 80.4 %, four RTX 3090 on 1600 W are 1620 W") {
  const PowerSheet two = Scene(2, 300, 445).fed(1300, 0.92).on(120, 15).sheet();
  CHECK(two.at(Activity::limit).feed.load.expected == Approx(0.804).epsilon(0.001));
  CHECK(two.over.empty());
  CHECK_FALSE(two.advice.is_needed);
  // 4 x 350 + 120 W of an EPYC 7252 + 100 W for everything else.
  const PowerSheet four = Scene(4, 350, 220).fed(1600, 0.92).sheet();
  CHECK(four.at(Activity::limit).draw.total.expected == 1620 * watt);
  CHECK(four.supplies.at(0).fit == LoadFit::over);
  CHECK_FALSE(four.circuit.has_value());
  // 1600 W less 220 W for others: 345 W each.
  CHECK(four.advice.limit == 345 * watt);
}

TEST_CASE("without the curves of cards the limits are judged all the same") {
  const Scene rig = Scene(4, 300, 455).fed(1600, 0.92).on(120, 15);
  PowerCase input = rig.input();
  input.rig.power = nullptr;
  const PowerSheet bare = power_sheet(input), whole = rig.sheet();
  CHECK(bare.over == whole.over);
  CHECK(bare.advice.limit == whole.advice.limit);
  CHECK(bare.at(Activity::limit).noise.level == whole.at(Activity::limit).noise.level);
  CHECK_FALSE(bare.at(Activity::training).feed.wall.has_value());
}

TEST_CASE("no limit is low enough, or nobody asks for one") {
  CHECK_FALSE(Scene(4, 300, 1500).fed(1600, 0.9).sheet().advice.limit.has_value());
  const PowerSheet none = Scene(0, 300, 1700).fed(1600, 0.9).sheet();
  CHECK_FALSE(none.advice.is_needed);
  CHECK(none.over.size() == 1);
}

TEST_CASE("several supplies share the cards, and one takes the rest") {
  const PowerSheet sheet = Scene(4, 350, 250).fed(1200, 0.9, 2).sheet();
  REQUIRE(sheet.supplies.size() == 2);
  // 250 + 350 and 3 x 350 would be fuller than 250 + 2 x 350 = 950 and 700.
  CHECK(sheet.supplies[0].at_limit.dc.expected.in(watt) == Approx(950));
  CHECK(sheet.supplies[1].at_limit.dc.expected.in(watt) == Approx(700));
  CHECK(sheet.at(Activity::limit).feed.load.expected == Approx(950.0 / 1200));
  CHECK(sheet.at(Activity::limit).feed.wall->expected.in(watt) == Approx(1650 / 0.9));
  // A server supply gets the board only when there is no other.
  Scene mixed = Scene(2, 350, 250).fed(1200, 0.9).fed(500, 0.9);
  mixed.electrical.supplies[0].is_server = true;
  const PowerSheet parts = mixed.sheet();
  CHECK_FALSE(parts.supplies[0].part.has_rest);
  CHECK(parts.supplies[1].part.has_rest);
}

TEST_CASE("a supply without a curve leaves the wall unknown, no supply everything") {
  Scene rig = Scene(1, 300, 200).fed(1000, 0.9);
  rig.electrical.supplies[0].curve.clear();
  rig.electrical.unknown.push_back({"P", "psu/p", "efficiency", ""});
  const PowerSheet sheet = rig.sheet();
  CHECK_FALSE(sheet.at(Activity::limit).feed.wall.has_value());
  CHECK(sheet.at(Activity::limit).feed.load.expected == Approx(0.5));
  CHECK(sheet.missing.size() == 1);
  CHECK(Scene(1, 300, 200).sheet().missing.size() == 1);
  Scene machine(0, 300, 200);
  machine.electrical.consumers = {part(Component::system, 240)};
  machine.electrical.has_built_in_supply = true;
  CHECK(machine.sheet().missing.empty());
  CHECK(machine.sheet().at(Activity::limit).feed.wall->expected == 240 * watt);
}

TEST_CASE("peaks above what ATX 3 promises are an overload, older supplies promise nothing") {
  Scene rig = Scene(2, 300, 200).fed(900, 0.9);
  rig.electrical.supplies[0].atx_version = 3.1;
  rig.electrical.supplies[0].has_16pin = true;
  rig.electrical.consumers[0].excursion.factor.fill(exactly(3.0));
  // 800 + sqrt(2) x 600 = 1649 W of 200, 180, 160 % and 120 % of 900: the last two fail.
  const PowerSheet sheet = rig.sheet();
  CHECK(sheet.supplies.at(0).peaks_fit == LoadFit::over);
  CHECK(sheet.over.size() == 1);
  CHECK(sheet.advice.is_needed);
  rig.electrical.supplies[0].atx_version = 2.4;
  CHECK(rig.sheet().over.empty());
  CHECK(rig.sheet().supplies.at(0).standard == ExcursionStandard::none);
}

TEST_CASE("blowers heat the room, open cards the case") {
  Scene rig = Scene(4, 300, 455).fed(1600, 0.92);
  CHECK(rig.sheet().air->heat.expected.in(watt) == Approx(455));
  rig.electrical.consumers[0] = cards(4, 300, hardware::Cooling::open);
  const PowerSheet open = rig.sheet();
  CHECK(open.air->heat.expected.in(watt) == Approx(1655));
  // 1655 W at 15 K: 194 CFM at 1.2 kg/m3; at 22 degrees 0.3 % more. Two fans of 200 CFM give half.
  CHECK(open.air->needed.expected.in(CFM) == Approx(194).epsilon(0.006));
  CHECK_FALSE(open.air->speed.has_value());
  hardware::Fan fan;
  fan.count = 2;
  fan.airflow = 200 * CFM;
  fan.max_noise = 40;
  rig.electrical.fans = {fan};
  CHECK(rig.sheet().air->speed->expected == Approx(0.97).epsilon(0.01));
  rig.electrical.is_open = true;
  CHECK_FALSE(rig.sheet().air.has_value());
}

TEST_CASE("a cooler needs a tenth more than the package power") {
  Scene rig = Scene(0, 300, 350).fed(1000, 0.9);
  const auto fit = [&](double rated) {
    hardware::Cooler cooler;
    cooler.rated = rated * watt;
    rig.electrical.coolers = {cooler};
    return *rig.sheet().coolers.at(0).fit;
  };
  CHECK(fit(220) == LoadFit::over);
  CHECK(fit(349) == LoadFit::over);
  CHECK(fit(350) == LoadFit::tight);
  CHECK(fit(384) == LoadFit::tight);
  CHECK(fit(386) == LoadFit::fits);
  // Without a rating the radiator: three sections of 110 W.
  hardware::Cooler aio;
  aio.radiator = 360 * millimetre;
  aio.fan_size = 120 * millimetre;
  rig.electrical.coolers = {aio};
  CHECK(rig.sheet().coolers.at(0).capacity->expected.in(watt) == Approx(330));
  CHECK(rig.sheet().coolers.at(0).fit == LoadFit::over);
}

TEST_CASE("noise adds up, and a ceiling is an overload") {
  // Four cards of 45 dB(A) at full load are 51.0; a supply of 30 at 75 % adds 0.02.
  Scene rig = Scene(4, 300, 0).fed(1600, 0.9);
  CHECK(rig.sheet().at(Activity::limit).noise.level->expected == Approx(51.03).epsilon(0.0003));
  rig.site.listening_distance = 2 * metre;
  CHECK(rig.sheet().at(Activity::limit).noise.level->expected == Approx(45.01).epsilon(0.0003));
  CHECK(rig.sheet().over.empty());
  rig.site.noise_ceiling = 45;
  CHECK(rig.sheet().over.size() == 1);
  // Half the heat needs half the flow: 15 dB less of the cards.
  const Electrical half = with_card_limit(rig.electrical, 150 * watt);
  rig.electrical = half;
  CHECK(rig.sheet().at(Activity::limit).noise.level->expected == Approx(30.0).epsilon(0.004));
}

TEST_CASE("a UPS by watts, volt-amperes and minutes; several share") {
  Scene rig = Scene(2, 300, 390).fed(1300, 0.99);  // 990 / 0.99 = 1000 W at the wall
  hardware::Ups ups;
  ups.name = "U";
  ups.apparent_power = 2200 * watt;
  ups.power = 1980 * watt;
  ups.runtime = {{1000 * watt, 1440 * second}, {2000 * watt, 540 * second}};
  rig.electrical.ups = {ups};
  const UpsReport one = rig.sheet().ups.at(0);
  CHECK(one.load.watts.expected == Approx(1000.0 / 1980));
  CHECK(one.runtime[index(Activity::limit)]->time.expected.in(second) == Approx(1440));
  rig.electrical.ups = {ups, ups};
  CHECK(rig.sheet().ups.at(1).load.watts.expected == Approx(500.0 / 1980));
  rig.electrical.ups = {ups};
  rig.electrical.ups[0].apparent_power = 900 * watt;
  CHECK(rig.sheet().over.size() == 1);
}

TEST_CASE("cards idle as stated, or at the share of the calibration; limits of a mixed rig") {
  Scene rig = Scene(2, 300, 0);
  const PoweredRig powered = rig.input().rig;
  const double idle = rig.power.resolve("").idle;
  CHECK(rig_draw(powered, Activity::idle).total.expected.in(watt) == Approx(600 * idle));
  rig.electrical.consumers[0].idle_is_known = true;
  rig.electrical.consumers[0].draw[index(Activity::idle)] = {10 * watt, 20 * watt, 30 * watt};
  CHECK(rig_draw(powered, Activity::idle).total.high == 60 * watt);
  CHECK(card_limits(powered).lowest == 100 * watt);
  CHECK(card_limits(powered).highest == 300 * watt);
  CHECK(card_limits(powered).cards == 2);
  // What is known of a workload replaces what cards draw by themselves.
  CHECK(rig_draw(powered, Activity::decode, exactly(123 * watt)).total.expected == 123 * watt);
  const Electrical low = with_card_limit(rig.electrical, 500 * watt);
  CHECK(low.consumers[0].at(Activity::limit) == exactly(300 * watt));
}

}  // namespace rigor::estimate
