#include <array>

#include "report/power_parts_text.hpp"
#include "report/power_sheet_text.hpp"

namespace rigor::report {
namespace {

using estimate::PowerSheet;
using hardware::Activity;
using hardware::ampere;

constexpr std::array<const char*, hardware::kActivities> kActivities = {"idle", "decode", "prefill",
                                                                        "training", "limit"};
constexpr std::array<const char*, estimate::kComponents> kComponents = {
    "cards",   "processor", "board",         "memory", "drives",
    "network", "fans",      "water_cooling", "system"};
constexpr std::array<const char*, hardware::kBuckets> kBuckets = {"100_us", "1_ms", "10_ms",
                                                                  "100_ms"};

/// "fits", "tight", "over".
const char* word(estimate::LoadFit fit) {
  switch (fit) {
    case estimate::LoadFit::fits: return "fits";
    case estimate::LoadFit::tight: return "tight";
    case estimate::LoadFit::over: break;
  }
  return "over";
}

void range(Json& json, const char* name, const Range<double>& value) {
  json.key(name).begin_object().member("low", value.low).member("expected", value.expected);
  json.member("high", value.high).end_object();
}

template <class Q>
void range(Json& json, const char* name, const Range<Q>& value, Q unit) {
  range(json, name,
        Range<double>{value.low.in(unit), value.expected.in(unit), value.high.in(unit)});
}

void unknown(Json& json, const std::string& name, const char* why) {
  json.key(name).null().member(name + "_reason", why);
}

void activity_json(Json& json, const estimate::ActivityPower& one) {
  json.begin_object().key("dc_by_component_w").begin_object();
  for (std::size_t i = 0; i < kComponents.size(); ++i)
    json.member(kComponents[i], one.draw.of[i].expected.in(watt));
  json.end_object();
  range(json, "dc_w", one.draw.total, watt);
  if (!one.feed.parts.empty()) range(json, "supply_load", one.feed.load);
  if (one.feed.wall && one.current) {
    range(json, "wall_w", *one.feed.wall, watt);
    range(json, "current_a", *one.current, ampere);
  } else {
    unknown(json, "wall_w", "no supply is listed, or its efficiency is not known");
  }
  if (one.noise.level) {
    range(json, "noise_dba", *one.noise.level);
  } else {
    unknown(json, "noise_dba", "no part states how loud it is");
  }
  json.end_object();
}

void supply_json(Json& json, const estimate::SupplyReport& report) {
  json.begin_object().member("name", report.part.supply->name);
  json.member("rated_w", report.at_limit.rated.in(watt));
  range(json, "dc_w", report.at_limit.dc, watt);
  range(json, "load", report.at_limit.load);
  json.member("verdict", word(report.fit)).key("peaks").begin_object();
  for (std::size_t i = 0; i < kBuckets.size(); ++i) {
    json.key(kBuckets[i]).begin_object();
    range(json, "independent_w", report.peaks[i].independent, watt);
    range(json, "together_w", report.peaks[i].together, watt);
    json.member("allowed_w", report.peaks[i].allowance.in(watt)).end_object();
  }
  json.end_object().member("peaks_verdict", word(report.peaks_fit));
  json.member("peaks_are_promised", report.standard <= estimate::ExcursionStandard::atx3);
  json.end_object();
}

void circuit_json(Json& json, const PowerSheet& sheet) {
  if (!sheet.circuit) return unknown(json, "circuit", "[site] states no voltage or no breaker");
  json.key("circuit").begin_object();
  json.member("voltage_v", sheet.circuit->circuit.mains.in(hardware::volt));
  json.member("breaker_a", sheet.circuit->circuit.breaker.in(ampere));
  json.member("allowed_a", sheet.circuit->allowed.in(ampere));
  if (sheet.circuit->share) range(json, "share", *sheet.circuit->share);
  if (sheet.circuit->fit) {
    json.member("verdict", word(*sheet.circuit->fit));
  } else {
    unknown(json, "verdict", "the draw at the wall is not known");
  }
  json.end_object();
}

void advice_json(Json& json, const estimate::LimitAdvice& advice) {
  json.key("power_limit").begin_object().member("is_needed", advice.is_needed);
  json.member("now_w", advice.limits.highest.in(watt));
  json.member("lowest_w", advice.limits.lowest.in(watt));
  if (advice.is_needed && advice.limit) {
    json.member("legal_w", advice.limit->in(watt));
    range(json, "decode_factor", advice.decode);
    range(json, "prefill_factor", advice.prefill);
    range(json, "training_factor", advice.training);
  } else {
    unknown(json, "legal_w", advice.is_needed ? "no limit is low enough" : "none is needed");
  }
  json.end_object();
}

void ups_json(Json& json, const PowerReport& report) {
  json.key("ups").begin_list();
  for (const estimate::UpsReport& ups : report.sheet->ups) {
    json.begin_object().member("name", ups.ups->name);
    range(json, "load_w_share", ups.load.watts);
    range(json, "load_va_share", ups.load.volt_amperes);
    json.member("verdict", word(ups.fit)).key("runtime_s").begin_object();
    for (std::size_t i = 0; i < kActivities.size(); ++i) {
      const std::optional<estimate::Runtime>& runtime = ups.runtime[i];
      if (runtime) {
        range(json, kActivities[i], runtime->time, second);
      } else {
        json.key(kActivities[i]).null();
      }
    }
    json.end_object();
    for (const place::UpsCover& cover : report.covers) {
      if (cover.ups != ups.ups) continue;
      range(json, "needed_s", cover.needed, second);
      if (cover.missing.empty()) {
        json.member("cover", word(cover.fit));
      } else {
        unknown(json, "cover", cover.missing.c_str());
      }
    }
    json.end_object();
  }
  json.end_list();
}

void heat_json(Json& json, const PowerSheet& sheet) {
  json.key("heat").begin_object().key("coolers").begin_list();
  for (const estimate::CoolerState& state : sheet.coolers) {
    json.begin_object().member("name", state.cooler->name).member("load_w", state.load.in(watt));
    if (state.capacity && state.fit) {
      range(json, "capacity_w", *state.capacity, watt);
      json.member("verdict", word(*state.fit));
    } else {
      unknown(json, "capacity_w", "neither a rating nor a radiator is stated");
    }
    json.end_object();
  }
  json.end_list();
  if (sheet.air) {
    range(json, "case_heat_w", sheet.air->heat, watt);
    range(json, "airflow_m3_per_h", sheet.air->needed, cubic_metre_per_hour);
    if (sheet.air->speed) {
      range(json, "fan_speed_share", *sheet.air->speed);
    } else {
      unknown(json, "fan_speed_share", "no fan with a stated airflow is listed");
    }
  }
  const auto& wall = sheet.at(Activity::limit).feed.wall;
  if (wall) {
    json.member("room_heat_w", wall->expected.in(watt));
    json.member("room_heat_btu_per_h", wall->expected.in(watt)*estimate::kBtuPerHourAndWatt);
  }
  if (sheet.room) {
    range(json, "room_rise_k",
          Range<double>{sheet.room->low.in(kelvin), sheet.room->rise.in(kelvin),
                        sheet.room->high.in(kelvin)});
  } else {
    unknown(json, "room_rise_k", "[site] states no room_volume");
  }
  json.end_object();
}

void list(Json& json, const char* name, const std::vector<std::string>& texts) {
  json.key(name).begin_list();
  for (const std::string& text : texts) json.value(text);
  json.end_list();
}

}  // namespace

void power_sheet_json(Json& json, const PowerReport& report) {
  const PowerSheet& sheet = *report.sheet;
  json.member("rig", report.rig->name).member("mains_v", sheet.mains.in(hardware::volt));
  json.member("mains_is_assumed", sheet.mains_is_assumed);
  list(json, "overloaded", sheet.over);
  list(json, "missing", sheet.missing);
  json.key("activities").begin_object();
  for (std::size_t i = 0; i < kActivities.size(); ++i) {
    json.key(kActivities[i]);
    activity_json(json, sheet.activity[i]);
  }
  json.end_object().key("supplies").begin_list();
  for (const estimate::SupplyReport& supply : sheet.supplies) supply_json(json, supply);
  json.end_list();
  circuit_json(json, sheet);
  advice_json(json, sheet.advice);
  ups_json(json, report);
  heat_json(json, sheet);
  json.key("not_stated").begin_list();
  for (const hardware::Unknown& one : report.machine->rig.electrical->unknown) {
    json.begin_object().member("part", one.part).member("id", one.id).member("key", one.key);
    json.member("instead", one.instead).end_object();
  }
  json.end_list();
  list(json, "not_counted", report.machine->rig.electrical->uncounted);
  power_work_json(json, report);
}

}  // namespace rigor::report
