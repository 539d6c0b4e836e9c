#include <cmath>

#include "report/cost_text.hpp"
#include "report/json.hpp"

namespace rigor::report {
namespace {

using cost::Item;

std::string_view name_of(cost::Lever lever) {
  return cost::levers()[cost::index(lever)].name;
}

/// "electricity, at work" -> "electricity_at_work_in_currency".
std::string item_key(Item item) {
  std::string key;
  for (const char c : std::string(to_text(item))) {
    if (c == ',') continue;
    key += c == ' ' ? '_' : c;
  }
  return key + "_in_currency";
}

/// A value, or null with the reason beside it.
void optional(Json& json, const std::string& key, const std::optional<double>& value,
              std::string_view why) {
  json.key(key);
  if (value) {
    json.value(*value);
    return;
  }
  json.null().member(key + "_reason", why);
}

void ledger_json(Json& json, const CostReport& report) {
  const double unit = report.input.minor_per_major;
  json.key("years").begin_list();
  const int months = report.input.months();
  for (int first = 0, year = 0; first <= months; ++year) {
    const int last = std::min(months + 1, year == 0 ? 1 : first + cost::kMonthsPerYear);
    json.begin_object().member("year", year);
    std::int64_t owned = 0, rented = 0;
    for (int t = first; t < last; ++t) {
      owned += report.ledger.owned(t);
      rented += report.ledger.rented[static_cast<std::size_t>(t)];
    }
    for (std::size_t i = 0; i < cost::kItems; ++i) {
      const Item item = static_cast<Item>(i);
      json.member(item_key(item), static_cast<double>(report.ledger.sum(item, first, last)) / unit);
    }
    json.member("owned_in_currency", static_cast<double>(owned) / unit);
    json.member("rented_in_currency", static_cast<double>(rented) / unit).end_object();
    first = last;
  }
  json.end_list();
}

void bill_json(Json& json, const CostReport& report) {
  const double unit = report.input.minor_per_major;
  json.key("parts").begin_list();
  for (const cost::PricedPart& part : report.bill->parts) {
    json.begin_object().member("name", part.name).member("count", part.count);
    json.member("price_in_currency", static_cast<double>(part.paid) / unit);
    json.member("worth_at_end_in_currency", static_cast<double>(part.value_at_end) / unit);
    json.member("is_owned_before", part.is_owned).member("price_source", part.price_from);
    json.member("worth_source", part.value_from).end_object();
  }
  json.end_list().key("parts_without_price").begin_list();
  for (const std::string& name : report.bill->unpriced) json.value(name);
  json.end_list();
}

void match_json(Json& json, const cost::WorkOnRig& work, cost::Rent rent) {
  const auto which = static_cast<std::size_t>(rent);
  const std::string key = rent == cost::Rent::on_demand ? "on_demand"
                          : rent == cost::Rent::api     ? "api"
                                                        : std::string(to_text(rent));
  const std::optional<cost::Match>& match = work.match[which];
  json.key(key);
  if (!match) {
    json.null().member(key + "_reason", work.is_private ? "private" : work.missing[which]);
    return;
  }
  json.begin_object().member("offer", match->name).member("source", match->source);
  if (rent != cost::Rent::api) {
    json.member("gpus", match->gpus).member("price_in_currency_per_h", match->per_hour);
    json.key("rented_h_per_own_h").begin_object().member("low", match->ratio.low);
    json.member("expected", match->ratio.expected).member("high", match->ratio.high).end_object();
  }
  json.member("in_currency_per_million_tokens", match->per_mtok).end_object();
}

void work_json(Json& json, const CostReport& report) {
  json.key("workloads").begin_list();
  for (const cost::WorkOnRig& work : *report.work) {
    json.begin_object().member("name", work.name).member("is_private", work.is_private);
    json.member("hours_in_first_month", cost::hours_in(work, report.terms->start, 0));
    json.member("wall_w", 1000 * work.wall_kw.expected);
    json.member("tokens_per_s", work.tokens_per_s);
    std::optional<double> owned;
    if (report.results.hour.owned > 0 && work.tokens_per_s > 0)
      owned = report.results.hour.owned * 1e6 / work.tokens_per_s / 3600;
    optional(json, "owned_in_currency_per_million_tokens", owned, "no hours or no rate");
    for (const cost::Rent rent :
         {cost::Rent::on_demand, cost::Rent::spot, cost::Rent::committed, cost::Rent::api})
      match_json(json, work, rent);
    json.end_object();
  }
  json.end_list().key("cannot_be_done").begin_list();
  for (const std::string& undone : report.undone) json.value(undone);
  json.end_list().key("without_hours").begin_list();
  for (const std::string& name : report.idle_work) json.value(name);
  json.end_list();
}

void results_json(Json& json, const CostReport& report) {
  const cost::Results& results = report.results;
  json.key("results").begin_object().member("against", to_text(report.against));
  json.member("owned_present_value_in_currency", results.owned);
  json.member("rented_present_value_in_currency", results.rented);
  json.member("npv_in_currency", results.npv).key("irr_per_year").begin_list();
  for (const double rate : results.irr.rates) json.value(rate);
  json.end_list().member("irr_sign_changes", results.irr.sign_changes);
  optional(json, "mirr_per_year", results.mirr, "the flows have one sign");
  optional(json, "payback_months", results.payback, "never within the horizon");
  optional(json, "discounted_payback_months", results.discounted_payback,
           "never within the horizon");
  optional(json, "profitability_index", results.profitability, "nothing is paid at the start");
  json.member("owned_in_currency_per_year", results.owned_a_year);
  json.member("rented_in_currency_per_year", results.rented_a_year);
  const bool pays = results.hours.at && results.hours.pays_above;
  optional(json, "break_even_h_per_month", pays ? results.hours.at : std::nullopt,
           "no number of hours makes them even");
  optional(json, "break_even_share_of_hours", results.utilisation,
           "no number of hours makes them even");
  json.member("owned_in_currency_per_h", results.hour.owned);
  optional(json, "rented_in_currency_per_h", results.hour.rented, "nothing is rented");
  optional(json, "owned_in_currency_per_gpu_h",
           report.gpus > 0 ? std::optional(results.hour.owned / report.gpus) : std::nullopt,
           "the rig has no cards");
  json.end_object();
}

void alternatives_json(Json& json, const CostReport& report) {
  json.key("alternatives").begin_list();
  for (const cost::Alternative& one : report.alternatives) {
    json.begin_object().member("rent", to_text(one.rent));
    const bool has = one.missing.empty();
    const auto value = [&](double v) { return has ? std::optional<double>(v) : std::nullopt; };
    optional(json, "total_in_currency", value(one.total), one.missing);
    optional(json, "present_value_in_currency", value(one.present), one.missing);
    optional(json, "owning_instead_npv_in_currency", value(one.npv), one.missing);
    json.end_object();
  }
  json.end_list();
}

void sensitivity_json(Json& json, const CostReport& report) {
  json.key("tornado").begin_list();
  for (const cost::Swing& swing : report.swings) {
    json.begin_object().member("what", name_of(swing.lever)).member("low", swing.low);
    json.member("base", swing.base).member("high", swing.high);
    json.member("npv_at_low_in_currency", swing.at_low);
    json.member("npv_at_high_in_currency", swing.at_high).end_object();
  }
  json.end_list().key("two_way").begin_object();
  json.member("across", name_of(report.two_way.across)).key("columns").begin_list();
  for (const double value : report.two_way.columns) json.value(value);
  json.end_list().member("down", name_of(report.two_way.down)).key("rows").begin_list();
  for (const double value : report.two_way.rows) json.value(value);
  json.end_list().key("npv_in_currency").begin_list();
  for (const auto& row : report.two_way.value) {
    json.begin_list();
    for (const double value : row) json.value(value);
    json.end_list();
  }
  json.end_list().end_object().key("switch_values").begin_list();
  for (const cost::Switch& one : report.switches) {
    json.begin_object().member("what", name_of(one.lever)).member("base", one.base);
    optional(json, "at", one.at, "it never turns the answer");
    json.member("owning_pays_above", one.pays_above).end_object();
  }
  json.end_list();
}

void chance_json(Json& json, const CostReport& report) {
  const cost::Chances& chances = report.chances;
  json.key("chance").begin_object().member("draws", chances.draws);
  json.member("seed", static_cast<std::int64_t>(chances.seed));
  json.member("mean_in_currency", chances.mean).member("deviation_in_currency", chances.deviation);
  json.member("p5_in_currency", chances.p5).member("p50_in_currency", chances.p50);
  json.member("p95_in_currency", chances.p95).member("share_above_zero", chances.above_zero);
  json.member("cvar_5_in_currency", chances.cvar).key("margins").begin_list();
  for (std::size_t i = 0; i < chances.spread_by.size(); ++i) {
    const cost::Margin& margin = report.ranges.chance[i];
    json.begin_object().member("what", name_of(margin.lever)).member("low", margin.pert.low);
    json.member("likely", margin.pert.likely).member("high", margin.pert.high);
    json.member("share_of_spread", chances.spread_by[i]).end_object();
  }
  json.end_list().key("rank_correlations").begin_list();
  for (const cost::RankTie& tie : report.ranges.ties) {
    json.begin_object().member("a", name_of(report.ranges.chance[tie.a].lever));
    json.member("b", name_of(report.ranges.chance[tie.b].lever)).member("rank", tie.rank);
    json.end_object();
  }
  json.end_list().end_object();
}

void extras_json(Json& json, const CostReport& report) {
  const double unit = report.input.minor_per_major;
  json.key("paths").begin_list();
  for (const PathTotal& path : report.paths) {
    json.begin_object().member("name", path.name);
    json.member("total_in_currency", static_cast<double>(path.total) / unit);
    if (path.stated) json.member("stated_in_currency", static_cast<double>(*path.stated) / unit);
    json.end_object();
  }
  json.end_list().key("used").begin_list();
  for (const UsedReport& used : report.used) {
    json.begin_object().member("name", used.name).member("new_in_currency", used.fresh);
    json.member("used_in_currency", used.used).member("working_in_currency", used.working);
    json.member("fair_used_in_currency", used.fair).member("test_h", used.test_hours);
    json.member("failure_share", used.failure).end_object();
  }
  json.end_list();
  if (!report.book) return;
  json.key("books").begin_object().key("years").begin_list();
  for (const cost::BookYear& year : report.book->view.years) {
    json.begin_object();
    json.member("written_off_in_currency", static_cast<double>(year.written_off) / unit);
    json.member("left_in_currency", static_cast<double>(year.left) / unit);
    json.member("tax_saved_in_currency", year.tax_saved / unit).end_object();
  }
  json.end_list().member("tax_on_sale_in_currency", report.book->view.tax_on_sale / unit);
  json.member("present_value_in_currency", report.book->view.present_value / unit).end_object();
}

}  // namespace

std::string cost_json(const CostReport& report) {
  Json json;
  json.begin_object().member("schema_version", 1).key("cost").begin_object();
  json.member("rig", report.rig).member("policy", report.policy);
  json.member("currency", report.terms->currency.text());
  json.member("start", to_text(report.terms->start)).member("horizon_months", report.terms->months);
  json.member("discount_rate_per_year", report.terms->discount_rate);
  json.member("inflation_per_year", report.terms->inflation);
  ledger_json(json, report);
  bill_json(json, report);
  work_json(json, report);
  if (report.unrented.empty()) {
    alternatives_json(json, report);
    results_json(json, report);
    sensitivity_json(json, report);
    chance_json(json, report);
  } else {
    json.key("results").null().member("results_reason", report.unrented);
  }
  extras_json(json, report);
  json.key("assumptions").begin_list();
  for (const cost::Assumption& one : report.terms->assumptions) {
    json.begin_object().member("what", one.what).member("value", one.value);
    json.member("source", one.source).end_object();
  }
  json.end_list().end_object().end_object();
  return json.text();
}

}  // namespace rigor::report
