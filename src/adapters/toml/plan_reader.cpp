#include "adapters/toml/plan_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "adapters/toml/plan_parts.hpp"
#include "adapters/toml/site_reader.hpp"
#include "base/text.hpp"

namespace rigor::adapters {
namespace {

using cost::PlanFile;

constexpr int kLongest = 240;  // months
constexpr double kMostRate = 1;
constexpr double kMonthHours = 744;
constexpr ShareRange kGrowth = {-0.9, 9};

constexpr std::array<std::pair<std::string_view, cost::Depreciation>, 6> kMethods = {{
    {"none", cost::Depreciation::none},
    {"straight-line", cost::Depreciation::straight_line},
    {"declining", cost::Depreciation::declining},
    {"double-declining", cost::Depreciation::double_declining},
    {"macrs-5", cost::Depreciation::macrs_5},
    {"at-once", cost::Depreciation::at_once},
}};

/// The table under `key`; an empty one when it is absent, so that one path reads both.
const TomlNode& table_at(PlanTable& root, std::string_view key, const PlanContext& context) {
  static const TomlNode kNothing;
  const TomlNode* node = root.plain().take(key);
  if (node == nullptr) return kNothing;
  if (node->type == TomlNode::Type::table) return *node;
  context.diagnostics.error(node->where, fmt::format("{}: a table is wanted", key),
                            fmt::format("write [{}], with one pair of brackets", key));
  return kNothing;
}

void read_budget(const TomlNode& node, const PlanContext& context, cost::Budget& budget) {
  PlanTable table(node, "[budget]", context);
  budget.at_start = table.price("at_start");
  budget.per_month = table.price("per_month");
  budget.reserve = table.price("reserve");
  for (const TomlNode* item : table.tables("extra")) {
    PlanTable extra(*item, "extra", context);
    const auto month = extra.month("month");
    const auto amount = extra.price("amount");
    if (month && amount) {
      budget.extra.push_back({*month, *amount});
    } else if (item->find("month") == nullptr || item->find("amount") == nullptr) {
      context.diagnostics.error(item->where, "extra: month and amount are both wanted",
                                "{ month = \"2026-06\", amount = \"2000 USD\" }");
    }
    extra.finish();
  }
  table.finish();
}

void read_tax(const TomlNode& node, const PlanContext& context, cost::Tax& tax) {
  PlanTable table(node, "[tax]", context);
  tax.sales = table.share("sales", "18 %", {});
  tax.income = table.share("income", "23 %", {0, 0.99});
  std::vector<std::string> names;
  names.reserve(kMethods.size());
  for (const auto& [name, method] : kMethods) names.emplace_back(name);
  const std::string word = table.plain().choice("depreciation", names, "none");
  for (const auto& [name, method] : kMethods) {
    if (name == word) tax.method = method;
  }
  tax.declining_rate = table.share("declining_rate", "30 %", {0, 0.99});
  tax.life = table.duration("life", 12, kLongest);
  tax.salvage = table.share("salvage", "10 %", {});
  if (tax.method == cost::Depreciation::declining && !tax.declining_rate)
    table.error("depreciation", "depreciation: its rate is not said",
                "add declining_rate = \"30 %\"");
  table.finish();
}

std::optional<cost::Financing> read_financing(const TomlNode& node, const PlanContext& context) {
  if (node.members.empty()) return std::nullopt;
  PlanTable table(node, "[financing]", context);
  cost::Financing financing;
  financing.share = table.share("share", "50 %", {}).value_or(1.0);
  financing.rate = table.share("rate", "7 %", {0, kMostRate}).value_or(0.0);
  const auto term = table.duration("term", 1, kLongest);
  if (node.find("term") == nullptr)
    table.error("term", "[financing] has no \"term\"", "add term = \"24 months\"");
  if (node.find("rate") == nullptr)
    table.error("rate", "[financing] has no \"rate\"", "add rate = \"7 %\", of a year");
  financing.term = term.value_or(1);
  table.finish();
  return financing;
}

void read_ownership(const TomlNode& node, const PlanContext& context, cost::Ownership& own) {
  PlanTable table(node, "[ownership]", context);
  own.tariff = table.rate("tariff", "kWh");
  own.tariff_growth = table.share("tariff_growth", "3 %", kGrowth);
  own.space = table.rate("space", "month");
  own.staff_hours = table.hours("staff_hours", kMonthHours);
  own.staff_rate = table.rate("staff_rate", "h");
  own.failures = table.share("failures", "3 %", {});
  own.warranty = table.duration("warranty", 0, kLongest);
  own.insurance = table.rate("insurance", "month");
  own.shipping = table.price("shipping");
  own.disposal = table.price("disposal");
  if (own.staff_hours && *own.staff_hours > 0 && !own.staff_rate)
    table.error("staff_hours", "staff_hours: what an hour costs is not said",
                fmt::format("add staff_rate = \"50 {}/h\"", context.currency.text()));
  table.finish();
}

void read_resale(const TomlNode& node, const PlanContext& context, cost::Resale& resale) {
  PlanTable table(node, "[resale]", context);
  resale.share = table.share("share", "60 %", {0, 10});
  resale.fee = table.share("fee", "10 %", {0, 0.99});
  resale.curve = table.text("curve");
  table.finish();
}

void read_renting(const TomlNode& node, const PlanContext& context, cost::CloudHabits& renting) {
  PlanTable table(node, "[renting]", context);
  renting.idle = table.share("idle", "20 %", {0, 10});
  renting.interruption = table.share("interruption", "10 %", {0, 10});
  renting.storage = table.rate("storage", "month");
  renting.egress = table.rate("egress", "month");
  renting.price_growth = table.share("price_growth", "-10 %", kGrowth);
  table.finish();
}

void read_limits(const TomlNode& node, const PlanContext& context, cost::Limits& limits) {
  PlanTable table(node, "[limits]", context);
  if (node.find("purchases_per_month") != nullptr)
    limits.purchases_per_month =
        static_cast<int>(table.plain().count("purchases_per_month", 1, 1, 1000));
  const auto watts = table.plain().quantity("wall_power", "1800 W", Watts{}, 1e6 * watt);
  if (watts) limits.wall_watts = watts->in(watt);
  const std::string noise = table.text("noise");
  if (!noise.empty()) {
    const Result<double> level = parse_sound_level(noise);
    if (level) limits.noise = *level;
    if (!level) table.error("noise", "noise: " + level.error().message, level.error().hint);
  }
  limits.rebuild_hours = table.hours("rebuild", kMonthHours);
  table.finish();
}

/// Time and rates: what everything else is measured in.
void read_frame(PlanTable& root, const PlanContext& context, PlanFile& plan) {
  const auto horizon = root.duration("horizon", 1, kLongest);
  plan.horizon = horizon.value_or(0);
  plan.discount_rate = root.share("discount_rate", "8 %", {0, kMostRate});
  plan.inflation = root.share("inflation", "2.5 %", {-0.2, kMostRate});
  const std::string basis = root.plain().choice("rates_are", {"nominal", "real"}, "nominal");
  plan.basis = basis == "real" ? cost::Basis::real : cost::Basis::nominal;
  if (plan.basis == cost::Basis::real && !plan.inflation)
    root.error("rates_are", "rates_are: real rates need the inflation",
               "add inflation = \"2.5 %\", of a year");
  read_budget(table_at(root, "budget", context), context, plan.budget);
  read_tax(table_at(root, "tax", context), context, plan.tax);
  plan.financing = read_financing(table_at(root, "financing", context), context);
  read_ownership(table_at(root, "ownership", context), context, plan.ownership);
  read_resale(table_at(root, "resale", context), context, plan.resale);
  read_renting(table_at(root, "renting", context), context, plan.renting);
  read_limits(table_at(root, "limits", context), context, plan.limits);
}

Currency read_currency(TableReader& table) {
  const TomlNode* node = table.take("currency");
  if (node == nullptr) return {};
  const Result<Currency> currency = parse_currency(node->text);
  if (currency) return *currency;
  table.error(*node, "currency: " + currency.error().message, currency.error().hint);
  return {};
}

PlanFile read_root(const TomlNode& node, const std::string& file, Diagnostics& diagnostics) {
  if (node.find("workload") != nullptr) {
    diagnostics.error({file}, "this is a work file, a plan file is wanted",
                      "a plan file has horizon, start and prices");
    return {};
  }
  PlanFile plan;
  if (const TomlNode* rates = node.find("rates")) plan.rates = read_rates(*rates, diagnostics);
  TableReader first(node, "the plan file", diagnostics);
  plan.currency = read_currency(first);
  // The currency of the answers must itself be worth something.
  if (!plan.rates.dollars({1, plan.currency, {}}))
    first.error(
        *node.find("currency"),
        fmt::format("currency: no exchange rate for {}", plan.currency.text()),
        fmt::format("state it in the file: [rates] with {} = \"0.27 USD\"", plan.currency.text()));
  PlanContext context{diagnostics, plan.rates, plan.currency, {}};
  PlanTable root(node, "the plan file", context);
  for (const std::string_view known : {"currency", "rates"}) root.plain().take(known);
  plan.name = root.text("name");
  for (const std::string_view key : {"start", "horizon"}) {
    if (node.find(key) == nullptr)
      diagnostics.error(node.where, fmt::format("the plan file has no \"{}\"", key),
                        key == "start" ? "add start = \"2025-10\", the first month"
                                       : "add horizon = \"36 months\"");
  }
  plan.start = root.month("start").value_or(cost::Month{});
  context.start = plan.start;
  read_frame(root, context, plan);
  read_market(root, context, plan);
  read_intentions(root, context, plan);
  root.finish();
  return plan;
}

}  // namespace

cost::PlanFile read_plan(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  if (trim(text).empty()) {
    diagnostics.error({file}, "the file is empty", "a plan file has start, horizon and prices");
    return {};
  }
  const Result<TomlNode> root = parse_toml(text, file);
  if (!root) {
    diagnostics.error({root.error().where}, root.error().message, root.error().hint);
    return {};
  }
  PlanFile plan = read_root(*root, file, diagnostics);
  diagnostics.sort();
  return plan;
}

}  // namespace rigor::adapters
