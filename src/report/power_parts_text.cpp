#include "report/power_parts_text.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using estimate::ExcursionStandard;
using estimate::LoadFit;
using estimate::PowerSheet;
using estimate::SupplyReport;
using hardware::Activity;
using hardware::ampere;

constexpr double kPercent = 100;
constexpr Seconds kMinute = 60 * second;

std::string standard_text(const SupplyReport& report) {
  const hardware::Supply& supply = *report.part.supply;
  switch (report.standard) {
    case ExcursionStandard::atx3_strong: return fmt::format("ATX {:g}", supply.atx_version);
    case ExcursionStandard::atx3:
      return fmt::format("ATX {:g} without a 16-pin socket", supply.atx_version);
    case ExcursionStandard::partly:
      return fmt::format("ATX {:g}, ATX 3 peaks up to {:g} W", supply.atx_version,
                         supply.excursion_power.in(watt));
    case ExcursionStandard::none: break;
  }
  return supply.is_server ? "server supply: promises none" : "promises none: older than ATX 3";
}

std::string peak_row(const char* name, const SupplyReport& report,
                     Watts (*of)(const estimate::ExcursionState&)) {
  std::string text = fmt::format("    {:<20}", name);
  for (const estimate::ExcursionState& state : report.peaks)
    text += fmt::format("{:>9}", whole_text(of(state).in(watt)));
  return text + "\n";
}

std::string peaks_text(const SupplyReport& report) {
  if (report.part.peaks.empty()) return {};
  std::string text = fmt::format("    {:<20}{:>9}{:>9}{:>9}{:>9}\n", "peaks of cards, W", "100 us",
                                 "1 ms", "10 ms", "100 ms");
  text +=
      peak_row("independent (RSS)", report, [](const auto& s) { return s.independent.expected; });
  text += peak_row("all at once", report, [](const auto& s) { return s.together.expected; });
  text += peak_row("promised", report, [](const auto& s) { return s.allowance; });
  const bool promises = report.standard <= ExcursionStandard::atx3;
  const std::string standard = standard_text(report);
  switch (report.peaks_fit) {
    case LoadFit::fits: return text + "    peaks fit (" + standard + ")\n";
    case LoadFit::tight:
      return text + "    peaks tight: too high if they meet (" + standard + ")\n";
    case LoadFit::over: break;
  }
  return text + (promises ? "    peaks OVERLOADED (" : "    peaks beyond its promise (") +
         standard + ")\n";
}

std::string one_supply(const SupplyReport& report, int pieces, double mains) {
  const estimate::SupplyState& at = report.at_limit;
  std::string text = fmt::format("  {}{}\n", pieces > 1 ? fmt::format("{} x ", pieces) : "",
                                 report.part.supply->name);
  text += fmt::format("    {} of {} W at {:g} V: {:.1f} % ({:.1f} to {:.1f}), {}\n",
                      whole_text(at.dc.expected.in(watt)), whole_text(at.rated.in(watt)), mains,
                      kPercent * at.load.expected, kPercent * at.load.low, kPercent * at.load.high,
                      to_text(report.fit));
  if (report.fit != LoadFit::over && at.load.expected > estimate::kSupplyComfort) {
    text += at.load.expected > estimate::kSupplyFull
                ? "    above 90 %: hardly any reserve, and a loud fan\n"
                : "    above 80 %: little reserve for peaks and age\n";
  }
  if (at.efficiency) {
    text += fmt::format("    efficiency there {:.1f} % ({:.1f} to {:.1f})\n",
                        kPercent * at.efficiency->expected, kPercent * at.efficiency->low,
                        kPercent * at.efficiency->high);
  }
  return text + peaks_text(report);
}

bool alike(const SupplyReport& a, const SupplyReport& b) {
  return a.part.supply == b.part.supply && a.part.has_rest == b.part.has_rest &&
         a.part.peaks.size() == b.part.peaks.size() && a.at_limit.dc == b.at_limit.dc;
}

std::string minutes(const Range<Seconds>& time) {
  return fmt::format("{:.1f} min ({:.1f} to {:.1f})", time.expected.in(kMinute),
                     time.low.in(kMinute), time.high.in(kMinute));
}

std::string_view basis_text(estimate::RuntimeBasis basis) {
  switch (basis) {
    case estimate::RuntimeBasis::between: return "between published points";
    case estimate::RuntimeBasis::beyond: return "beyond published points";
    case estimate::RuntimeBasis::one_point: return "from one published point";
    case estimate::RuntimeBasis::battery: return "by the battery's energy";
  }
  return {};
}

std::string one_ups(const estimate::UpsReport& report) {
  std::string text = fmt::format("  {}\n", report.ups->name);
  if (report.load.watts.expected > 0) {
    text += fmt::format("    at the limits {:.0f} % of {:.0f} W, {:.0f} % of {:.0f} VA: {}\n",
                        kPercent * report.load.watts.expected, report.ups->power.in(watt),
                        kPercent * report.load.volt_amperes.expected,
                        report.ups->apparent_power.in(watt), to_text(report.fit));
    const bool tight_reserve =
        report.fit == LoadFit::fits && report.load.watts.expected > estimate::kUpsComfort;
    if (tight_reserve) text += "    above 80 %: no reserve for growth or an aged battery\n";
  }
  const std::array shown = {
      std::pair{Activity::idle, "idle"}, std::pair{Activity::decode, "generating"},
      std::pair{Activity::training, "training"}, std::pair{Activity::limit, "at the limits"}};
  for (const auto& [activity, name] : shown) {
    const std::optional<estimate::Runtime>& runtime = report.runtime[index(activity)];
    if (!runtime) continue;
    text += fmt::format("    {:<14} {:<28} {}\n", name, minutes(runtime->time),
                        basis_text(runtime->basis));
  }
  return text;
}

std::string cover_line(const place::UpsCover& cover) {
  if (!cover.missing.empty()) return fmt::format("    lasts long enough? {}\n", cover.missing);
  std::string need = "to shut down";
  if (cover.checkpoint > Bytes{})
    need = fmt::format("to write {} and shut down", to_text(cover.checkpoint));
  const char* verdict = cover.fit == LoadFit::fits    ? "covered"
                        : cover.fit == LoadFit::tight ? "covered when all goes well"
                                                      : "NOT COVERED";
  return fmt::format("    {}: {}\n      {}\n", need, minutes(cover.needed), verdict);
}

std::string cooler_line(const estimate::CoolerState& state) {
  if (!state.capacity || !state.fit)
    return fmt::format("  {}: its rating is not known\n", state.cooler->name);
  return fmt::format(
      "  {}\n    {:.0f} W for a processor of {:.0f} W: {}\n", state.cooler->name,
      state.capacity->expected.in(watt), state.load.in(watt),
      state.fit == LoadFit::tight ? "tight, less than 10 % reserve" : to_text(*state.fit));
}

std::string air_text(const estimate::CaseAir& air, bool has_case) {
  std::string text = fmt::format(
      "  {}: {} W to carry off, {:.0f} CFM ({:.0f} to {:.0f}), {:.0f} m3/h\n",
      has_case ? "case air" : "air, no case listed", whole_text(air.heat.expected.in(watt)),
      air.needed.expected.in(CFM), air.needed.low.in(CFM), air.needed.high.in(CFM),
      air.needed.expected.in(cubic_metre_per_hour));
  if (!air.speed) return text + "    no fan with a stated airflow is listed\n";
  text += fmt::format(
      "    listed fans: {:.0f} CFM unhindered, {:.0f} % of their speed ({:.0f} to "
      "{:.0f})\n",
      air.fans.in(CFM), kPercent * air.speed->expected, kPercent * air.speed->low,
      kPercent * air.speed->high);
  if (air.speed->expected > 1) text += "    too little air: add fans, or expect a warmer case\n";
  return text;
}

}  // namespace

std::string_view to_text(LoadFit fit) {
  switch (fit) {
    case LoadFit::fits: return "fits";
    case LoadFit::tight: return "tight";
    case LoadFit::over: break;
  }
  return "OVERLOADED";
}

std::string supplies_text(const PowerSheet& sheet) {
  if (sheet.supplies.empty()) return {};
  std::string text = "\nsupply, everything at its limit\n";
  for (std::size_t i = 0; i < sheet.supplies.size();) {
    std::size_t end = i + 1;
    while (end < sheet.supplies.size() && alike(sheet.supplies[i], sheet.supplies[end])) ++end;
    text +=
        one_supply(sheet.supplies[i], static_cast<int>(end - i), sheet.mains.in(hardware::volt));
    i = end;
  }
  if (sheet.supplies.size() > 1)
    text += "  cards are shared so that the fullest supply is as empty as it can be\n";
  return text;
}

std::string circuit_text(const PowerSheet& sheet, const hardware::Site& site) {
  if (!sheet.circuit) {
    return fmt::format("\ncircuit: not known; state [site] {}{}{}\n", site.voltage ? "" : "voltage",
                       site.voltage || site.breaker ? "" : " and ", site.breaker ? "" : "breaker") +
           (sheet.mains_is_assumed
                ? fmt::format("  {:g} V are assumed above\n", sheet.mains.in(hardware::volt))
                : "");
  }
  const estimate::CircuitReport& report = *sheet.circuit;
  std::string text =
      fmt::format("\ncircuit of {:g} A at {:g} V\n", report.circuit.breaker.in(ampere),
                  report.circuit.mains.in(hardware::volt));
  text += fmt::format(
      "  {:.1f} A may be drawn for hours (80 % of the breaker{})\n", report.allowed.in(ampere),
      report.circuit.other_load > Watts{}
          ? fmt::format(", less {:g} W of others", report.circuit.other_load.in(watt))
          : "");
  const std::optional<Range<Amperes>>& current = sheet.at(Activity::limit).current;
  if (!current || !report.fit) return text;
  return text + fmt::format("  {:.1f} A at the limits ({:.1f} to {:.1f}): {}\n",
                            current->expected.in(ampere), current->low.in(ampere),
                            current->high.in(ampere), to_text(*report.fit));
}

std::string advice_text(const PowerSheet& sheet) {
  const estimate::LimitAdvice& advice = sheet.advice;
  if (!advice.is_needed) return {};
  if (!advice.limit) {
    return fmt::format("\nno power limit of the cards is enough: the lowest is {:g} W\n",
                       advice.limits.lowest.in(watt));
  }
  const auto rate = [](const char* name, const Range<double>& factor) {
    return fmt::format("  {:<11} x{:.2f} ({:.2f} to {:.2f})\n", name, factor.expected, factor.low,
                       factor.high);
  };
  return fmt::format(
             "\nway out: limit each card to at most {:g} W (now {:g} W), which leaves of its "
             "speed\n",
             advice.limit->in(watt), advice.limits.highest.in(watt)) +
         rate("generating", advice.decode) + rate("prompts", advice.prefill) +
         rate("training", advice.training);
}

std::string ups_text(const PowerReport& report) {
  if (report.sheet->ups.empty()) return {};
  std::string text = "\nUPS, minutes on battery (low: battery at 80 % of its capacity)\n";
  for (const estimate::UpsReport& ups : report.sheet->ups) {
    text += one_ups(ups);
    for (const place::UpsCover& cover : report.covers) {
      if (cover.ups == ups.ups) text += cover_line(cover);
    }
  }
  return text;
}

std::string heat_text(const PowerReport& report) {
  const PowerSheet& sheet = *report.sheet;
  const std::optional<Range<Watts>>& wall = sheet.at(Activity::limit).feed.wall;
  std::string text;
  for (const estimate::CoolerState& state : sheet.coolers) text += cooler_line(state);
  if (sheet.air) text += air_text(*sheet.air, report.machine->rig.electrical->has_case);
  if (wall) {
    text += fmt::format("  into the room: {} W, {} BTU/h\n", whole_text(wall->expected.in(watt)),
                        whole_text(wall->expected.in(watt)*estimate::kBtuPerHourAndWatt));
  }
  if (sheet.room) {
    text += fmt::format("    the room ends {:.0f} K warmer ({:.0f} to {:.0f})\n",
                        sheet.room->rise.in(kelvin), sheet.room->low.in(kelvin),
                        sheet.room->high.in(kelvin));
  } else if (wall) {
    text += "    how warm it gets: state [site] room_volume\n";
  }
  if (wall && report.rig->site.cooling_cop) {
    text +=
        fmt::format("    removing it takes {:.0f} W more (COP {:g})\n",
                    estimate::cooling_power(wall->expected, *report.rig->site.cooling_cop).in(watt),
                    *report.rig->site.cooling_cop);
  }
  return text.empty() ? text : "\nheat, everything at its limit\n" + text;
}

std::string noise_text(const PowerReport& report) {
  const PowerSheet& sheet = *report.sheet;
  const estimate::NoiseState& most = sheet.at(Activity::limit).noise;
  if (!most.level) return {};
  std::string text = fmt::format("\nnoise at {:g} m, dB(A)\n", most.distance.in(metre));
  const std::array shown = {
      std::pair{Activity::idle, "idle"}, std::pair{Activity::decode, "generating"},
      std::pair{Activity::training, "training"}, std::pair{Activity::limit, "at the limits"}};
  for (const auto& [activity, name] : shown) {
    const std::optional<Range<double>>& level = sheet.at(activity).noise.level;
    if (level)
      text += fmt::format("  {:<14} {:.0f} ({:.0f} to {:.0f})\n", name, level->expected, level->low,
                          level->high);
  }
  if (report.rig->site.noise_ceiling)
    text += fmt::format("  the ceiling is {:g} dB(A)\n", *report.rig->site.noise_ceiling);
  for (const std::string& missing : most.missing) text += "  not in it: " + missing + "\n";
  return text;
}

std::string unknown_text(const hardware::Electrical& electrical) {
  std::string text;
  std::map<std::string, std::vector<std::string>> taken;  // by part
  std::vector<std::string> order;
  for (const hardware::Unknown& unknown : electrical.unknown) {
    const std::string part = unknown.id.empty() ? unknown.part : unknown.id;
    if (!taken.contains(part)) order.push_back(part);
    taken[part].push_back(unknown.key +
                          (unknown.instead.empty() ? " (left out)" : ": " + unknown.instead));
  }
  for (const std::string& part : order) {
    text += "  " + part + "\n";
    for (const std::string& one : taken[part]) text += "    " + one + "\n";
  }
  for (const std::string& name : electrical.uncounted) text += "  not counted: " + name + "\n";
  return text.empty() ? text : "\nnot stated by the catalogue, and what was taken instead\n" + text;
}

}  // namespace rigor::report
