// What a plan file says of intentions: uses, named paths of purchases, what is uncertain.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/toml/plan_parts.hpp"

namespace rigor::adapters {
namespace {

constexpr double kMonthHours = 744;  // of 31 days
constexpr double kMostTokens = 1e15, kMostWatts = 1e6;
constexpr int kMostPieces = 64;

cost::Use read_use(const TomlNode& node, const PlanContext& context) {
  PlanTable table(node, "[[use]]", context);
  cost::Use use;
  use.where = table.where();
  use.workload = table.plain().required_text("workload");
  use.hours = table.hours("hours", kMonthHours);
  use.tokens = table.plain().real("tokens", 0, kMostTokens);
  use.prompt_share = table.share("prompt_share", "75 %", {});
  use.from = table.month("from");
  use.until = table.month("until");
  if (use.hours && use.tokens)
    table.error("tokens", "[[use]] has both hours and tokens", "one of them says how much");
  if (!use.hours && !use.tokens && !use.prompt_share)
    table.error("hours", "[[use]] does not say how much", "add hours = \"320 h\" of each month");
  if (use.from && use.until && *use.until < *use.from)
    table.error("until", "until: it ends before it begins",
                fmt::format("from says {}", cost::to_text(*use.from)));
  table.finish();
  return use;
}

/// "month = 6" after the start, or "month = \"2026-04\"".
cost::Month step_month(PlanTable& table, const TomlNode& node, const PlanContext& context,
                       int horizon) {
  const TomlNode* month = node.find("month");
  if (month == nullptr) {
    table.error("month", "the step has no \"month\"",
                "add month = 6, counted from the start, or month = \"2026-04\"");
    return context.start;
  }
  cost::Month when = context.start;
  if (month->type == TomlNode::Type::integer) {
    when = when.plus(static_cast<int>(table.plain().count("month", 0, 0, 600)));
  } else {
    when = table.month("month").value_or(context.start);
  }
  const int after = when - context.start;
  const bool is_known = context.start != cost::Month{};
  if (is_known && (after < 0 || (horizon > 0 && after > horizon)))
    table.error("month", fmt::format("month: {} lies outside the plan", cost::to_text(when)),
                fmt::format("the plan runs from {} to {}", cost::to_text(context.start),
                            cost::to_text(context.start.plus(horizon))));
  return when;
}

cost::Step read_step(const TomlNode& node, const PlanContext& context, int horizon) {
  PlanTable table(node, "a step", context);
  cost::Step step;
  step.where = table.where();
  step.month = step_month(table, node, context, horizon);
  step.what = table.text("what");
  step.ref = table.text("ref");
  step.count = static_cast<int>(table.plain().count("count", 1, -kMostPieces, kMostPieces));
  step.price = table.price("price");
  const auto watts = table.plain().quantity("watts", "1112 W", Watts{}, kMostWatts * watt);
  if (watts) step.watts = watts->in(watt);
  if (step.what.empty() && step.ref.empty())
    table.error("what", "the step does not say what is bought",
                "add ref = \"gpu/…\" or what = \"UPS\"");
  if (step.ref.empty() && !step.price)
    table.error("price", "the step has no price", "add price = \"600 USD\"");
  if (step.count == 0) table.error("count", "count: nothing is bought or sold", "leave it out");
  if (step.what.empty()) step.what = step.ref;
  table.finish();
  return step;
}

cost::Policy read_policy(const TomlNode& node, const PlanContext& context, int horizon) {
  PlanTable table(node, "[[policy]]", context);
  cost::Policy policy;
  policy.where = table.where();
  policy.name = table.plain().required_text("name");
  policy.summary = table.text("summary");
  policy.stated_total = table.price("stated_total");
  for (const TomlNode* step : table.tables("step"))
    policy.steps.push_back(read_step(*step, context, horizon));
  std::stable_sort(policy.steps.begin(), policy.steps.end(),
                   [](const cost::Step& a, const cost::Step& b) { return a.month < b.month; });
  table.finish();
  return policy;
}

/// Plain numbers: the unit is that of the value which is uncertain, or percentages of it.
std::optional<double> bound(PlanTable& table, const TomlNode& node, std::string_view key) {
  const TomlNode* value = node.find(key);
  if (value == nullptr) {
    table.error(key, fmt::format("[[uncertain]] has no \"{}\"", key),
                "low, likely and high are all wanted");
    return std::nullopt;
  }
  if (value->type == TomlNode::Type::text) return table.share(key, "60 %", {-1, 1e4});
  return table.plain().real(key, -1e12, 1e12);
}

cost::Uncertain read_uncertain(const TomlNode& node, const PlanContext& context) {
  PlanTable table(node, "[[uncertain]]", context);
  cost::Uncertain one;
  one.where = table.where();
  one.what = table.plain().required_text("what");
  const auto low = bound(table, node, "low");
  const auto likely = bound(table, node, "likely");
  const auto high = bound(table, node, "high");
  if (low && likely && high) {
    one.low = *low, one.likely = *likely, one.high = *high;
    if (!(one.low <= one.likely && one.likely <= one.high))
      table.error("likely", "low, likely and high do not rise", "the lowest comes first");
  }
  table.finish();
  return one;
}

cost::Correlated read_correlated(const TomlNode& node, const PlanContext& context) {
  PlanTable table(node, "[[correlated]]", context);
  cost::Correlated one;
  one.where = table.where();
  one.a = table.plain().required_text("a");
  one.b = table.plain().required_text("b");
  const auto rank = table.plain().real("rank", -1, 1);
  if (!rank && node.find("rank") == nullptr)
    table.error("rank", "[[correlated]] has no \"rank\"", "a number from -1 to 1");
  one.rank = rank.value_or(0);
  table.finish();
  return one;
}

}  // namespace

void read_intentions(PlanTable& root, const PlanContext& context, cost::PlanFile& plan) {
  for (const TomlNode* node : root.tables("use")) plan.uses.push_back(read_use(*node, context));
  for (const TomlNode* node : root.tables("policy"))
    plan.policies.push_back(read_policy(*node, context, plan.horizon));
  for (const TomlNode* node : root.tables("uncertain"))
    plan.uncertain.push_back(read_uncertain(*node, context));
  for (const TomlNode* node : root.tables("correlated"))
    plan.correlated.push_back(read_correlated(*node, context));
}

}  // namespace rigor::adapters
