#include <fmt/format.h>

#include "report/power_sheet_text.hpp"

namespace rigor::report {
namespace {

using estimate::PowerSheet;
using hardware::Activity;

std::string watts(const PowerSheet& sheet, Activity activity) {
  return whole_text(sheet.at(activity).draw.total.expected.in(watt));
}

}  // namespace

std::string power_summary(const PowerSheet& sheet) {
  std::string text = fmt::format(
      "\npower\n  {} W idle, {} generating, {} training, {} with everything at its limits\n",
      watts(sheet, Activity::idle), watts(sheet, Activity::decode),
      watts(sheet, Activity::training), watts(sheet, Activity::limit));
  const estimate::ActivityPower& most = sheet.at(Activity::limit);
  if (most.feed.wall) {
    text +=
        fmt::format("  at the wall then {} W ({})", whole_text(most.feed.wall->expected.in(watt)),
                    span_text(most.feed.wall->low.in(watt), most.feed.wall->high.in(watt)));
    if (most.current)
      text +=
          fmt::format(", {:.1f} A at {:.0f} V{}", most.current->expected.in(hardware::ampere),
                      sheet.mains.in(hardware::volt), sheet.mains_is_assumed ? " (assumed)" : "");
    text += "\n";
  }
  if (most.noise.level)
    text += fmt::format("  {:.0f} dB(A) ({:.0f} to {:.0f}) at {:g} m\n", most.noise.level->expected,
                        most.noise.level->low, most.noise.level->high,
                        most.noise.distance.in(Metres::from_base(1)));
  return text;
}

void power_summary_json(Json& json, const PowerSheet& sheet) {
  const estimate::ActivityPower& most = sheet.at(Activity::limit);
  json.member("idle_w", sheet.at(Activity::idle).draw.total.expected.in(watt));
  json.member("decode_w", sheet.at(Activity::decode).draw.total.expected.in(watt));
  json.member("training_w", sheet.at(Activity::training).draw.total.expected.in(watt));
  json.member("limit_w", most.draw.total.expected.in(watt));
  if (most.feed.wall) {
    json.member("limit_wall_w", most.feed.wall->expected.in(watt));
  } else {
    json.key("limit_wall_w").null().member("reason", "no supply whose efficiency is known");
  }
}

}  // namespace rigor::report
