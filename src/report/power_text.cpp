#include "report/power_text.hpp"

#include <fmt/format.h>

#include <array>

#include "report/speed_text.hpp"

namespace rigor::report {
namespace {

using estimate::Phase;
using place::PhasePower;
using place::PowerUse;

struct NamedPhase {
  Phase phase;
  const std::optional<PhasePower> PowerUse::* member;
  const char* doing;   ///< "generating"
  const char* energy;  ///< the line of its energy
};
constexpr std::array<NamedPhase, 4> kNamed = {
    {{Phase::decode, &PowerUse::decode, "generating", "energy, one user"},
     {Phase::output, &PowerUse::output, "serving", "energy, all users"},
     {Phase::prefill, &PowerUse::prefill, "prompts", "energy, prompts"},
     {Phase::training, &PowerUse::training, "training", "energy, training"}}};

template <class Each>
void each_phase(const PowerUse& power, const Each& each) {
  for (const NamedPhase& named : kNamed) {
    const std::optional<PhasePower>& phase = power.*named.member;
    if (phase) each(named, *phase);
  }
}

double kwh_per_million(double joules) {
  return joules * 1e6 * joule.in(kWh);
}

/// "RTX 3090 rows" or where else the curves come from.
std::string basis(const PowerUse& power, const PhasePower& phase) {
  if (phase.support.rows == 0) return "nothing was measured";
  return phase.support.family
             ? fmt::format("{} rows of its family ({})", phase.support.rows, power.family)
             : fmt::format("{} rows of other families, all NVIDIA cards", phase.support.rows);
}

void ranged_json(Json& json, const char* name, const place::Ranged& value) {
  json.key(name).begin_object().member("low", value.low).member("expected", value.expected);
  json.member("high", value.high).end_object();
}

}  // namespace

std::string limit_text(const PowerUse& power) {
  if (!power.limited || !power.missing.empty()) return {};
  std::string text =
      fmt::format("power limit {:g} of {:g} W: ", power.limit.in(watt), power.board.in(watt));
  std::string below;
  bool is_first = true;
  each_phase(power, [&](const NamedPhase& named, const PhasePower& phase) {
    text += fmt::format("{}{} x{:.2f} ({:.2f} to {:.2f})", is_first ? "" : ", ", named.doing,
                        phase.factor.expected, phase.factor.low, phase.factor.high);
    is_first = false;
    if (phase.below_measured)
      below += fmt::format("no limit this low was measured for {}: the interval is wider\n",
                           named.doing);
  });
  return text + "\n" + below;
}

std::string energy_text(const PowerUse& power) {
  if (!power.missing.empty()) return fmt::format("no energy: {}\n", power.missing);
  std::string text;
  each_phase(power, [&](const NamedPhase& named, const PhasePower& phase) {
    text += figure_line(named.energy, phase.joules, "J/token");
    const std::string draws =
        fmt::format("  drawn while {}", named.phase == Phase::prefill ? "reading" : named.doing);
    text += figure_line(draws.c_str(), phase.watts, "W");
  });
  return text;
}

std::string energy_note(const PowerUse& power) {
  if (!power.missing.empty()) return {};
  std::string text = "energy is that of the cards alone; kWh per million tokens:";
  bool is_first = true;
  each_phase(power, [&](const NamedPhase& named, const PhasePower& phase) {
    text += fmt::format("{} {} {:.3g}", is_first ? "" : ",", named.doing,
                        kwh_per_million(phase.joules.expected));
    is_first = false;
  });
  return text + "\n";
}

std::string energy_line(const PowerUse& power) {
  if (!power.missing.empty()) return {};
  std::string text = "energy of the cards:";
  bool is_first = true;
  each_phase(power, [&](const NamedPhase& named, const PhasePower& phase) {
    text += fmt::format("{} {} {} J/token", is_first ? "" : ",", named.doing,
                        ranged_text(phase.joules));
    is_first = false;
  });
  return text;
}

std::string power_explain(const PowerUse& power, const estimate::PowerCalibration& fitted) {
  if (!power.missing.empty()) return fmt::format("no power: {}\n", power.missing);
  std::string text =
      "power (docs/models/33-power-limit.md), shares of the default limit\n"
      "  clock: ((limit - fixed) / (bite - fixed))^(1/3), linear below the knee\n"
      "  rate: 1 / sqrt(1 - core^2 + (core / clock)^2), over that at the default limit\n"
      "  energy: watts drawn by the cards / tokens per second; a waiting card draws idle\n"
      "constants (calibration/power.csv)\n";
  const estimate::PowerConstants constants = fitted.resolve(power.family);
  each_phase(power, [&](const NamedPhase& named, const PhasePower& phase) {
    text += fmt::format("  {}: {}\n   ", named.doing, basis(power, phase));
    for (const estimate::CurveField& field : estimate::kCurveFields)
      text += fmt::format(" {} = {:.3g}", field.name, constants[named.phase].*field.member);
    text += "\n";
  });
  return text + fmt::format("  idle = {:.3g}\n", constants.idle);
}

void power_json(Json& json, const PowerUse& power) {
  json.key("power");
  if (!power.missing.empty()) {
    json.null().member("power_reason", power.missing);
    return;
  }
  json.begin_object().member("scope", "cards").member("limited", power.limited);
  json.member("power_limit_w", power.limit.in(watt)).member("board_power_w", power.board.in(watt));
  each_phase(power, [&](const NamedPhase& named, const PhasePower& phase) {
    json.key(to_text(named.phase)).begin_object();
    ranged_json(json, "rate_factor", phase.factor);
    ranged_json(json, "draw_w", phase.watts);
    ranged_json(json, "energy_j_per_token", phase.joules);
    json.member("energy_kwh_per_million_tokens", kwh_per_million(phase.joules.expected));
    json.member("below_measured", phase.below_measured);
    json.member("support", phase.support.family ? "family" : "general");
    json.member("support_rows", phase.support.rows).end_object();
  });
  json.end_object();
}

}  // namespace rigor::report
