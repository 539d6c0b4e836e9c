#include "report/power_sheet_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/text.hpp"
#include "report/fit_text.hpp"
#include "report/power_parts_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using estimate::ActivityPower;
using estimate::PowerSheet;
using hardware::Activity;
using hardware::Component;

constexpr std::array<const char*, hardware::kActivities> kActivityNames = {
    "idle", "generating", "prompts", "training", "at limits"};
constexpr double kPercent = 100;

struct NamedComponent {
  Component component;
  const char* name;
};
constexpr std::array<NamedComponent, estimate::kComponents> kNamed = {
    {{Component::card, "graphics cards"},
     {Component::system, "machine (at the wall)"},
     {Component::processor, "processor"},
     {Component::board, "board"},
     {Component::memory, "memory"},
     {Component::drive, "drives"},
     {Component::network, "network cards"},
     {Component::fan, "fans"},
     {Component::pump, "water cooling"}}};

/// One row: a name and a cell per activity.
template <class Cell>
std::string row(const std::string& name, const PowerSheet& sheet, const Cell& cell) {
  std::string text = fmt::format("  {:<22}", name);
  for (const ActivityPower& one : sheet.activity) text += fmt::format("{:>11}", cell(one));
  return text + "\n";
}

std::string watts_text(const Range<Watts>& range) {
  return whole_text(range.expected.in(watt));
}

/// Rows under a total: what may be less and more.
std::string span(const Range<Watts>& range) {
  return span_text(range.low.in(watt), range.high.in(watt));
}

std::string draws(const PowerSheet& sheet) {
  std::string text = fmt::format("  {:<22}", "");
  for (const char* name : kActivityNames) text += fmt::format("{:>11}", name);
  text += "\n";
  for (const NamedComponent& named : kNamed) {
    if (sheet.at(Activity::limit).draw.at(named.component).high <= Watts{}) continue;
    text += row(named.name, sheet,
                [&](const ActivityPower& one) { return watts_text(one.draw.at(named.component)); });
  }
  text +=
      row("together", sheet, [](const ActivityPower& one) { return watts_text(one.draw.total); });
  return text +
         row("  low to high", sheet, [](const ActivityPower& one) { return span(one.draw.total); });
}

/// Rows beyond the supply: load, wall, amperes.
std::string wall_rows(const PowerSheet& sheet, bool has_supply) {
  std::string text;
  if (has_supply) {
    text += row("load of the supply, %", sheet, [](const ActivityPower& one) {
      return fmt::format("{:.1f}", kPercent * one.feed.load.expected);
    });
  }
  if (!sheet.at(Activity::limit).feed.wall) return text + "  at the wall: not known (see below)\n";
  if (has_supply) {
    text += row("at the wall, W", sheet,
                [](const ActivityPower& one) { return watts_text(*one.feed.wall); });
    text +=
        row("  low to high", sheet, [](const ActivityPower& one) { return span(*one.feed.wall); });
  }
  return text + row(fmt::format("amperes at {:g} V", sheet.mains.in(hardware::volt)), sheet,
                    [](const ActivityPower& one) {
                      return fmt::format("{:.1f}", one.current->expected.in(hardware::ampere));
                    });
}

/// What 730 hours of each cost, where a tariff is known.
std::string month_rows(const PowerReport& report) {
  const PowerSheet& sheet = *report.sheet;
  if (!sheet.at(Activity::limit).feed.wall) return {};
  const Seconds month = place::kHoursPerMonth * 3600.0 * second;
  std::string text = row("kWh in 730 hours", sheet, [&](const ActivityPower& one) {
    return whole_text((one.feed.wall->expected * month).in(kWh));
  });
  if (!report.rig->site.tariff) return text + "  cost: state [site] tariff\n";
  return text + row("USD in 730 hours", sheet, [&](const ActivityPower& one) {
           const Dollars cost = one.feed.wall->expected * month * *report.rig->site.tariff;
           return fmt::format("{:.2f}", cost.in(USD));
         });
}

std::string settings_line(const hardware::Rig& rig) {
  std::string text;
  if (rig.settings.gpu_power_limit)
    text +=
        fmt::format("graphics cards limited to {:g} W\n", rig.settings.gpu_power_limit->in(watt));
  if (rig.settings.cpu_power_limit)
    text += fmt::format("processor limited to {:g} W\n", rig.settings.cpu_power_limit->in(watt));
  return text;
}

std::string verdict(const PowerReport& report) {
  std::string text;
  for (const std::string& over : report.sheet->over) text += "OVERLOADED  " + over + "\n";
  for (const place::UpsCover& cover : report.covers) {
    if (cover.missing.empty() && cover.fit == estimate::LoadFit::over)
      text += "OVERLOADED  " + cover.ups->name + ": does not last until the machine is off\n";
  }
  for (const std::string& missing : report.sheet->missing) text += "UNKNOWN     " + missing + "\n";
  if (text.empty()) text = "nothing is overloaded\n";
  return text;
}

}  // namespace

std::string whole_text(double value) {
  return grouped(std::llround(value));
}

std::string span_text(double low, double high) {
  return fmt::format("{:.0f}-{:.0f}", low, high);
}

std::string power_sheet_text(const PowerReport& report) {
  const PowerSheet& sheet = *report.sheet;
  std::string text = report.rig->name + "\n" + settings_line(*report.rig) + verdict(report);
  text += "\nwatts drawn from the supply (expected)\n" + draws(sheet);
  text += wall_rows(sheet, !sheet.supplies.empty()) + month_rows(report);
  text += supplies_text(sheet) + circuit_text(sheet, report.rig->site) + advice_text(sheet);
  text += ups_text(report) + heat_text(report) + noise_text(report);
  return text + power_work_text(report);
}

std::string power_unknown_text(const PowerReport& report) {
  return unknown_text(*report.machine->rig.electrical);
}

}  // namespace rigor::report
