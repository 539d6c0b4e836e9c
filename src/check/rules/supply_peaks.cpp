#include <fmt/format.h>

#include <array>

#include "check/rules/all.hpp"
#include "check/rules/power_facts.hpp"

namespace rigor::check {
namespace {

using estimate::ExcursionState;
using estimate::LoadFit;

constexpr std::array<std::string_view, hardware::kBuckets> kLengths = {"0.1 ms", "1 ms", "10 ms",
                                                                       "100 ms"};

/// The bucket whose independent peaks come nearest to what is promised, or go furthest beyond.
std::size_t tightest(const estimate::Peaks& peaks) {
  std::size_t worst = 0;
  const auto share = [](const ExcursionState& state) {
    return state.independent.expected / state.allowance;
  };
  for (std::size_t b = 1; b < peaks.size(); ++b) {
    if (share(peaks[b]) > share(peaks[worst])) worst = b;
  }
  return worst;
}

std::string standard_text(estimate::ExcursionStandard standard) {
  switch (standard) {
    case estimate::ExcursionStandard::atx3_strong:
    case estimate::ExcursionStandard::atx3: return "ATX 3 promises";
    case estimate::ExcursionStandard::partly: return "its maker promises";
    case estimate::ExcursionStandard::none: break;
  }
  return "older than ATX 3 it promises no more than its rating,";
}

Finding judge_supply(const Assembly& rig, const estimate::SupplyReport& report) {
  Facts facts(rig);
  read_draw(rig, facts);
  const Item* supply = &rig.items[report.part.supply->part];
  facts.quantity<Watts>(supply, "power");
  if (!report.part.supply->is_server) facts.text(supply, "atx_version");
  if (!facts.complete())
    return facts.unknown(
        fmt::format("whether {} rides through the cards' peaks", report.part.supply->name));
  const std::size_t worst = tightest(report.peaks);
  const ExcursionState& state = report.peaks[worst];
  const double now = state.independent.expected.in(watt), limit = state.allowance.in(watt);
  // Where nothing is promised, supplies still ride through some of it: that is no error. All cards
  // at once is the worst case, which few machines meet.
  const bool promised = estimate::promises_peaks(report.standard);
  Severity level = Severity::ok;
  if (report.peaks_fit != LoadFit::fits) level = promised ? Severity::warning : Severity::info;
  if (report.peaks_fit == LoadFit::over) level = promised ? Severity::error : Severity::warning;
  const std::string limit_of_cards = limit_text(rig.sheet.supply_advice);
  return facts.measured(
      level, {now, "W"}, {limit, "W"}, limit - now,
      fmt::format("{}: peaks of {} reach {:.0f} W ({:.0f} if all cards peak at once), {} {:.0f} W",
                  report.part.supply->name, kLengths[worst], now, state.together.expected.in(watt),
                  standard_text(report.standard), limit),
      level == Severity::ok
          ? ""
          : "an ATX 3.1 supply, a larger one, or " +
                (limit_of_cards.empty() ? "a lower power limit" : limit_of_cards));
}

}  // namespace

/// Peaks of the cards above their limits against what supplies promise to ride through.
Findings supply_peaks(const Assembly& rig) {
  Findings found;
  if (rig.all("gpu").empty()) return found;
  for (const estimate::SupplyReport& report : rig.sheet.supplies) {
    if (!report.part.peaks.empty()) found.push_back(judge_supply(rig, report));
  }
  return found;
}

}  // namespace rigor::check
