#include "estimate/power/comfort.hpp"

#include <algorithm>
#include <cmath>

#include "estimate/power/noise.hpp"

namespace rigor::estimate {
namespace {

using hardware::Activity;
using hardware::Component;
using hardware::Consumer;
using hardware::Cooling;
using hardware::Habits;
using hardware::Site;

constexpr Kelvins kRadiatorDifference = 10 * kelvin;

double celsius_of(const Site& site) {
  return site.ambient_celsius ? site.ambient_celsius->in(kelvin) : kUsualAmbient;
}

Metres altitude_of(const Site& site) {
  return site.altitude.value_or(Metres{});
}

bool heats_case(const Consumer& consumer) {
  if (consumer.component == Component::system) return false;
  if (consumer.component != Component::card) return true;
  return consumer.cooling != Cooling::blower && consumer.cooling != Cooling::liquid;
}

std::optional<Range<Watts>> capacity(const hardware::Cooler& cooler, const Habits& habits) {
  if (cooler.rated > Watts{}) return exactly(cooler.rated);
  if (cooler.radiator <= Metres{} || cooler.fan_size <= Metres{}) return std::nullopt;
  return rising(habits.radiator_section, [&](Watts section) {
    return radiator_capacity(cooler.radiator, cooler.fan_size, section, kRadiatorDifference);
  });
}

LoadFit fit_of(const Range<Watts>& capacity, Watts load) {
  if (capacity.expected < load) return LoadFit::over;
  const bool has_reserve = capacity.low >= load && capacity.expected >= kCoolerReserve * load;
  return has_reserve ? LoadFit::fits : LoadFit::tight;
}

/// Levels of sources, as their ends; sums are made end by end.
class Sources {
 public:
  void add(const Range<double>& level, int count) {
    for (auto& [end, list] : ends_) list.push_back(level_of(level.*end, count));
  }
  [[nodiscard]] std::optional<Range<double>> at(Metres distance) const {
    Range<double> result;
    for (const auto& [end, list] : ends_) {
      const std::optional<double> sum = sum_of_levels(list);
      if (!sum) return std::nullopt;
      result.*end = level_at(*sum, kUsualDistance, distance);
    }
    return result;
  }

 private:
  std::vector<std::pair<double Range<double>::*, std::vector<double>>> ends_ = {
      {&Range<double>::low, {}}, {&Range<double>::expected, {}}, {&Range<double>::high, {}}};
};

/// A level at shares of full speed: low with the slowest, high with the fastest.
Range<double> slowed(const Range<double>& level, const Range<double>& speed) {
  return {level_at_speed(level.low, speed.low), level_at_speed(level.expected, speed.expected),
          level_at_speed(level.high, speed.high)};
}

Range<double> kept(const Range<double>& speed, double slowest) {
  return rising(speed, [&](double share) { return std::clamp(share, slowest, 1.0); });
}

void add_cards(Sources& sources, const PoweredRig& rig, const Habits& habits, Activity activity,
               const Draw& draw) {
  const Draw own = rig_draw(rig, activity);
  for (const Consumer& consumer : rig.electrical->consumers) {
    if (consumer.component != Component::card || consumer.noise.high <= 0) continue;
    // The draw of a workload is shared by the cards as their own draws are.
    const Range<Watts> drawn = consumer_draw(rig, consumer, activity);
    const Watts all = own.at(Component::card).expected;
    const double part = all > Watts{} ? drawn.expected / all : 0;
    const Watts full = consumer.count * consumer.board_power;
    const Range<double> share =
        rising(draw.at(Component::card), [&](Watts watts) { return part * watts / full; });
    sources.add(slowed(consumer.noise, kept(share, habits.slowest_fan)), consumer.count);
  }
}

void add_coolers(NoiseState& state, Sources& sources, const PoweredRig& rig, const Habits& habits,
                 const Draw& draw) {
  const double coolers = std::max<double>(1, static_cast<double>(rig.electrical->coolers.size()));
  for (const hardware::Cooler& cooler : rig.electrical->coolers) {
    if (!cooler.max_noise) {
      state.missing.push_back(cooler.name);
      continue;
    }
    const std::optional<Range<Watts>> most = capacity(cooler, habits);
    Range<double> speed = exactly(1.0);
    if (most) {
      const Range<Watts>& heat = draw.at(Component::processor);
      speed = kept({heat.low / (coolers * most->high), heat.expected / (coolers * most->expected),
                    heat.high / (coolers * most->low)},
                   habits.slowest_fan);
    }
    sources.add(slowed(exactly(*cooler.max_noise), speed), 1);
  }
}

void add_fans(NoiseState& state, Sources& sources, const PoweredRig& rig, const Habits& habits,
              const Site& site, const Range<Watts>& heat) {
  const std::optional<CaseAir> air = case_air(rig, habits, site, heat);
  const Range<double> speed = air && air->speed ? *air->speed : exactly(1.0);
  for (const hardware::Fan& fan : rig.electrical->fans) {
    if (fan.max_noise) {
      const Range<double> share = kept(speed, habits.slowest_fan);
      sources.add(slowed(exactly(*fan.max_noise), share), fan.count);
    } else {
      state.missing.push_back(fan.name);
    }
  }
  if (air && rig.electrical->fans.empty()) state.missing.emplace_back("case fans (none is listed)");
}

}  // namespace

std::vector<CoolerState> cooler_states(const PoweredRig& rig, const Habits& habits) {
  const Watts packages = rig_draw(rig, Activity::limit).at(Component::processor).expected;
  std::vector<CoolerState> states;
  const auto count = static_cast<double>(rig.electrical->coolers.size());
  for (const hardware::Cooler& cooler : rig.electrical->coolers) {
    CoolerState state{&cooler, capacity(cooler, habits), packages / count, {}};
    if (state.capacity) state.fit = fit_of(*state.capacity, state.load);
    states.push_back(state);
  }
  return states;
}

Range<Watts> case_heat(const PoweredRig& rig, const Draw& draw, Activity activity) {
  const Draw own = rig_draw(rig, activity);
  Range<Watts> heat;
  for (const Consumer& consumer : rig.electrical->consumers) {
    if (!heats_case(consumer)) continue;
    const Range<Watts> drawn = consumer_draw(rig, consumer, activity);
    if (consumer.component != Component::card) {
      heat += drawn;
      continue;
    }
    const Watts all = own.at(Component::card).expected;
    if (all > Watts{}) heat += (drawn.expected / all) * draw.at(Component::card);
  }
  return heat;
}

std::optional<CaseAir> case_air(const PoweredRig& rig, const Habits& habits, const Site& site,
                                const Range<Watts>& heat) {
  const hardware::Electrical& parts = *rig.electrical;
  if (parts.is_open || parts.has_built_in_supply || heat.high <= Watts{}) return std::nullopt;
  CaseAir air;
  air.heat = heat;
  const auto flow = [&](Watts watts, Kelvins rise) {
    return airflow(watts, rise, altitude_of(site), celsius_of(site));
  };
  air.needed = {flow(heat.low, habits.case_rise.high),
                flow(heat.expected, habits.case_rise.expected),
                flow(heat.high, habits.case_rise.low)};
  for (const hardware::Fan& fan : parts.fans) air.fans += fan.count * fan.airflow;
  if (air.fans <= AirFlow{}) return air;
  const Range<double>& kept_flow = habits.case_flow;
  air.speed = {air.needed.low / (kept_flow.high * air.fans),
               air.needed.expected / (kept_flow.expected * air.fans),
               air.needed.high / (kept_flow.low * air.fans)};
  return air;
}

std::optional<RoomState> room_state(const Habits& habits, const Site& site, Watts heat) {
  if (!site.room_volume) return std::nullopt;
  const auto room = [&](double wall, double leakage) {
    return Room{.volume = *site.room_volume,
                .ventilation = site.room_ventilation.value_or(AirFlow{}),
                .wall_conductance = wall,
                .leakage = leakage,
                .altitude = altitude_of(site),
                .celsius = celsius_of(site)};
  };
  const Range<double>& wall = habits.wall_conductance;
  const Range<double>& leakage = habits.leakage;
  RoomState state;
  state.rise = room_rise(heat, room(wall.expected, leakage.expected));
  state.low = room_rise(heat, room(wall.high, leakage.high));
  state.high = room_rise(heat, room(wall.low, leakage.low));
  state.time_constant = room_time_constant(room(wall.expected, leakage.expected));
  return state;
}

NoiseState noise_state(const PoweredRig& rig, const Habits& habits, const Site& site,
                       Activity activity, const Draw& draw,
                       const std::vector<SupplyState>& supplies) {
  NoiseState state;
  state.distance = site.listening_distance.value_or(kUsualDistance);
  Sources sources;
  add_cards(sources, rig, habits, activity, draw);
  add_coolers(state, sources, rig, habits, draw);
  add_fans(state, sources, rig, habits, site, case_heat(rig, draw, activity));
  for (const SupplyState& supply : supplies)
    sources.add(slowed(habits.noise_supply, kept(supply.load, habits.slowest_fan)), 1);
  for (const Consumer& consumer : rig.electrical->consumers) {
    if (consumer.component == Component::system) state.missing.push_back(consumer.name);
  }
  state.level = sources.at(state.distance);
  return state;
}

}  // namespace rigor::estimate
