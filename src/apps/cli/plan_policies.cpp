// The user's own paths, step by step. A part of plan_terms.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/cli/plan_terms.hpp"

namespace rigor::apps {
namespace {

using plan::Cents;

/// Index of the option a step is about; the error names the step.
Result<std::size_t> option_of(const cost::Step& step, const Terms& terms,
                              const catalog::Catalog& catalog) {
  const Result<const catalog::Entry*> entry = catalog.find(step.ref);
  if (!entry)
    return fail(entry.error().code, entry.error().message, to_text(step.where), entry.error().hint);
  const auto found = std::ranges::find(terms.options, (*entry)->id, &plan::PartOption::ref);
  if (found == terms.options.end())
    return fail(ErrorCode::not_found, fmt::format("{} is no candidate of the plan", (*entry)->name),
                to_text(step.where), "add a [[part]] with its ref and prices");
  return static_cast<std::size_t>(found - terms.options.begin());
}

/// Adds a step to the purchase of its month.
Result<void> take(const cost::Step& step, const Terms& terms, const catalog::Catalog& catalog,
                  const cost::Terms& money, plan::Purchase& purchase) {
  std::optional<Cents> stated;
  if (step.price) {
    const Result<Cents> read = money.worth(*step.price);
    if (!read) return tl::unexpected<Error>(read.error());
    stated = *read * std::abs(step.count);
  }
  if (step.ref.empty()) {
    purchase.beside += stated.value_or(0);
    return {};
  }
  const Result<std::size_t> which = option_of(step, terms, catalog);
  if (!which) return tl::unexpected<Error>(which.error());
  const plan::PartOption& option = terms.options[*which];
  int& pieces = purchase.counts[*which];
  pieces += step.count;
  if (pieces < 0)
    return fail(ErrorCode::malformed,
                fmt::format("more of {} are sold than there are", option.name),
                to_text(step.where));
  const auto month = static_cast<std::size_t>(purchase.month);
  if (stated) {
    purchase.price += step.count > 0 ? *stated : -*stated;
  } else if (step.count < 0) {
    purchase.price += step.count * option.sale[month];
  } else if (option.buy[month] == plan::kNever) {
    purchase.is_on_sale = false;
  } else {
    purchase.price += step.count * option.buy[month];
  }
  return {};
}

}  // namespace

Result<std::vector<plan::Purchase>> purchases_of(const cost::Policy& policy,
                                                 const cost::PlanFile& plan, const Terms& terms,
                                                 const catalog::Catalog& catalog,
                                                 const cost::Terms& money) {
  std::vector<cost::Step> steps = policy.steps;
  std::ranges::stable_sort(steps, {}, &cost::Step::month);
  plan::Counts counts;
  for (const plan::PartOption& option : terms.options) counts.push_back(option.owned);
  std::vector<plan::Purchase> purchases;
  for (const cost::Step& step : steps) {
    const int month = step.month - plan.start;
    if (month < 0 || month >= plan.horizon) continue;
    if (purchases.empty() || purchases.back().month != month)
      purchases.push_back({.month = month, .counts = counts, .is_priced = true});
    if (const Result<void> done = take(step, terms, catalog, money, purchases.back()); !done)
      return tl::unexpected<Error>(done.error());
    counts = purchases.back().counts;
  }
  return purchases;
}

}  // namespace rigor::apps
