#include "apps/cli/costing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/cli/costing_answer.hpp"
#include "apps/cli/own.hpp"
#include "apps/cli/plan_document.hpp"
#include "apps/cli/renting.hpp"
#include "apps/cli/work_file.hpp"
#include "base/text.hpp"
#include "catalog/field_reader.hpp"

namespace rigor::apps {
namespace {

using cost::WorkOnRig;
using workload::Workload;

/// What the plan says of a rig's part; null when nothing.
const cost::Candidate* candidate_of(const std::string& id, const cost::PlanFile& plan,
                                    const std::vector<std::string>& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!id.empty() && ids[i] == id) return &plan.parts[i];
  }
  return nullptr;
}

/// Catalogue ids of the plan's parts, in its order.
Result<std::vector<std::string>> part_ids(const cost::PlanFile& plan, const Session& session) {
  std::vector<std::string> ids;
  for (const cost::Candidate& part : plan.parts) {
    Result<std::string> id = session.catalog.resolve(part.ref);
    if (!id) {
      Error error = id.error();
      error.where = to_text(part.where);
      return tl::unexpected<Error>(std::move(error));
    }
    ids.push_back(std::move(*id));
  }
  return ids;
}

/// What a stated total has beyond the priced parts: the parts without a price are in it.
std::optional<cost::OwnPart> not_itemised(const hardware::Rig& rig) {
  const std::vector<Price> sums = hardware::totals(rig);
  if (!rig.stated_total || sums.size() > 1) return std::nullopt;
  const bool has_sum = !sums.empty();
  if (has_sum && sums.front().currency != rig.stated_total->currency) return std::nullopt;
  const Price rest = has_sum ? *rig.stated_total - sums.front() : *rig.stated_total;
  if (rest.minor <= 0) return std::nullopt;
  cost::OwnPart part;
  part.kind = "other";
  part.name = "not itemised, by the rig's stated total";
  part.price = rest;
  return part;
}

Result<std::vector<cost::OwnPart>> own_parts(const Costing& costing, const Session& session) {
  std::vector<std::string> ids;
  if (costing.plan) {
    Result<std::vector<std::string>> found = part_ids(*costing.plan, session);
    if (!found) return tl::unexpected<Error>(found.error());
    ids = std::move(*found);
  }
  std::vector<cost::OwnPart> parts;
  const adapters::RigFile& rig = costing.machine->rig;
  for (std::size_t i = 0; i < rig.rig.parts.size(); ++i) {
    const hardware::PlacedPart& placed = rig.rig.parts[i];
    if (rig.rig.stated_total && !placed.price) continue;  // in the total
    cost::OwnPart part{placed.id,     placed.kind, placed.name, placed.count, placed.price,
                       placed.bought, {},          {},          nullptr};
    if (const catalog::Field* msrp = rig.entries[i].find("msrp")) {
      Diagnostics judged_by_lint;
      part.list_price = catalog::FieldReader(rig.entries[i], judged_by_lint).price("msrp");
      part.list_source = fmt::format("{}, {}", msrp->provenance.cite, msrp->provenance.as_of);
    }
    if (costing.plan) part.candidate = candidate_of(placed.id, *costing.plan, ids);
    parts.push_back(std::move(part));
  }
  if (auto rest = not_itemised(rig.rig)) parts.push_back(std::move(*rest));
  return parts;
}

/// The currency of the rig's first price, else dollars.
Currency usual_currency(const hardware::Rig& rig) {
  for (const hardware::PlacedPart& part : rig.parts) {
    if (part.price) return part.price->currency;
  }
  return {};
}

/// The last month in which a part was bought, else that of the habits.
cost::Month usual_start(const hardware::Rig& rig, const cost::MoneyHabits& habits) {
  std::optional<cost::Month> last;
  for (const hardware::PlacedPart& part : rig.parts) {
    const Result<cost::Month> month = cost::parse_month(part.bought);
    if (month && (!last || *last < *month)) last = *month;
  }
  return last.value_or(cost::parse_month(habits.as_of).value_or(cost::month_of(2026, 1)));
}

/// Rates of the plan; those of the rig's currencies that it leaves out; what was typed.
Result<ExchangeRates> all_rates(const Arguments& arguments, const Costing& costing) {
  const hardware::Rig& rig = costing.machine->rig.rig;
  ExchangeRates rates = costing.plan ? costing.plan->rates : rig.rates;
  for (const hardware::PlacedPart& part : rig.parts) {
    if (!part.price || rates.dollars(*part.price)) continue;
    const Price one = *parse_price("1 " + part.price->currency.text());
    const Result<Dollars> dollars = rig.rates.dollars(one);
    if (dollars) rates.set(one.currency, dollars->in(USD));
  }
  if (const auto typed = arguments.text("rate")) {
    const Result<void> added = add_rates(*typed, rates);
    if (!added) return tl::unexpected<Error>(added.error());
  }
  return rates;
}

/// Plain numbers of [[uncertain]] are in the plan's own currency.
void convert_uncertain(cost::PlanFile& plan, double factor) {
  for (cost::Uncertain& one : plan.uncertain) {
    const auto lever = cost::find_lever(one.what);
    if (!lever) continue;
    const cost::LeverUnit unit = cost::levers()[cost::index(*lever)].unit;
    const bool is_money = unit == cost::LeverUnit::money ||
                          unit == cost::LeverUnit::money_per_hour ||
                          unit == cost::LeverUnit::money_per_kwh;
    if (!is_money) continue;
    for (double* value : {&one.low, &one.likely, &one.high}) *value *= factor;
  }
}

Result<void> set_terms(const Arguments& arguments, Costing& costing) {
  const hardware::Rig& rig = costing.machine->rig.rig;
  Result<ExchangeRates> rates = all_rates(arguments, costing);
  if (!rates) return tl::unexpected<Error>(rates.error());
  if (costing.plan) costing.plan->rates = *rates;
  cost::TermsInput input;
  input.plan = costing.plan ? &*costing.plan : nullptr;
  input.habits = &costing.habits;
  input.site = rig.site;
  input.rates = *rates;
  input.currency = usual_currency(rig);
  input.start = usual_start(rig, costing.habits);
  const Currency stated = costing.plan ? costing.plan->currency : input.currency;
  if (const auto typed = arguments.text("currency")) {
    const Result<Currency> currency = parse_currency(*typed);
    if (!currency) {
      return fail(ErrorCode::usage, currency.error().message, "--currency", currency.error().hint);
    }
    input.currency = *currency;
    if (costing.plan) costing.plan->currency = *currency;
  }
  Result<cost::Terms> terms = cost::make_terms(input);
  if (!terms) return tl::unexpected<Error>(terms.error());
  costing.terms = std::move(*terms);
  if (!costing.plan || stated == costing.terms.currency) return {};
  const Result<double> factor = costing.terms.worth(cost::MoneyRate{1, stated});
  if (!factor) return tl::unexpected<Error>(factor.error());
  convert_uncertain(*costing.plan, *factor);
  return {};
}

/// The plan's uses of a workload; an error for those of none.
Result<void> check_uses(const std::optional<cost::PlanFile>& plan,
                        const std::vector<Workload>& workloads) {
  if (!plan) return {};
  std::vector<std::string> names;
  names.reserve(workloads.size());
  for (const Workload& workload : workloads) names.push_back(workload.name);
  for (const cost::Use& use : plan->uses) {
    if (std::find(names.begin(), names.end(), use.workload) != names.end()) continue;
    const std::string hint = did_you_mean(use.workload, names);
    return fail(ErrorCode::not_found,
                fmt::format("the work file has no workload \"{}\"", use.workload),
                to_text(use.where), hint.empty() ? "it has: " + join(names, ", ") : hint);
  }
  return {};
}

std::vector<const cost::Use*> uses_of(const std::string& name, const Costing& costing) {
  std::vector<const cost::Use*> uses;
  if (!costing.plan) return uses;
  for (const cost::Use& use : costing.plan->uses) {
    if (use.workload == name) uses.push_back(&use);
  }
  return uses;
}

bool is_used(const Workload& workload, const std::vector<const cost::Use*>& uses) {
  const bool in_plan = std::any_of(uses.begin(), uses.end(), [](const cost::Use* use) {
    return use->hours.value_or(0) > 0 || use->tokens.value_or(0) > 0;
  });
  return in_plan || workload.hours_per_month.value_or(0) > 0 ||
         workload.tokens_per_month.value_or(0) > 0;
}

double prompt_share(const std::vector<const cost::Use*>& uses, const cost::MoneyHabits& habits) {
  constexpr double kMost = 0.999;
  double share = habits.prompt_share.expected;
  for (const cost::Use* use : uses) share = use->prompt_share.value_or(share);
  return std::min(share, kMost);
}

/// At the wall; where no supply is listed, the DC side over what supplies usually waste.
Range<double> wall_kilowatts(const estimate::ActivityPower& power,
                             const cost::MoneyHabits& habits) {
  constexpr Watts kilowatt = 1000 * watt;
  const Range<Watts>& known = power.feed.wall ? *power.feed.wall : power.draw.total;
  Range<double> wall = {known.low.in(kilowatt), known.expected.in(kilowatt),
                        known.high.in(kilowatt)};
  if (power.feed.wall) return wall;
  const Range<double>& efficiency = habits.supply_efficiency;
  return {wall.low / efficiency.high, wall.expected / efficiency.expected,
          wall.high / efficiency.low};
}

/// Asks the rig and everything that may be rented for each workload that has hours.
void add_work(const std::vector<Workload>& workloads, std::span<const place::OwnRow> own,
              Costing& costing, Session& session) {
  Renter renter(costing.offers, costing.terms, costing.machine->calibration, session);
  std::vector<Placed> placed;
  for (const Workload& workload : workloads) {
    WorkOnRig work;
    work.name = workload.name;
    work.uses = uses_of(workload.name, costing);
    if (!is_used(workload, work.uses)) {
      costing.report.idle_work.push_back(workload.name);
      continue;
    }
    const place::WorkPower on_rig =
        work_of(*costing.machine, workload, own, placed, session, costing.is_bad);
    if (!on_rig.missing.empty()) {
      costing.report.undone.push_back(fmt::format("{}: {}", workload.name, on_rig.missing));
      continue;
    }
    const place::WorkPhase& phase = on_rig.phases.front();
    work.wall_kw = wall_kilowatts(phase.power, costing.habits);
    work.hours = on_rig.hours.value_or(0);
    work.growth = workload.growth_per_year.value_or(0);
    work.tokens_per_s = phase.rate.expected;
    work.is_private = workload.keep_private;
    if (!work.is_private)
      renter.match(workload, phase.rate, prompt_share(work.uses, costing.habits), work);
    costing.work.push_back(std::move(work));
  }
}

Result<void> read_catalogue(Costing& costing, const Session& session) {
  Result<cost::MoneyHabits> habits = cost::money_habits(session.catalog);
  if (!habits) return tl::unexpected<Error>(habits.error());
  costing.habits = std::move(*habits);
  Result<cost::ValueCurves> curves = cost::value_curves(session.catalog);
  if (!curves) return tl::unexpected<Error>(curves.error());
  costing.curves = std::move(*curves);
  return {};
}

/// The bill and the offers. Requires: the terms are set.
Result<void> set_prices(Costing& costing, const Session& session) {
  const Result<std::vector<cost::OwnPart>> parts = own_parts(costing, session);
  if (!parts) return tl::unexpected<Error>(parts.error());
  const std::string curve = costing.plan ? costing.plan->resale.curve : std::string();
  Result<cost::Bill> bill = cost::make_bill(*parts, costing.terms, costing.curves, curve);
  if (!bill) return tl::unexpected<Error>(bill.error());
  costing.bill = std::move(*bill);
  const hardware::Rig& rig = costing.machine->rig.rig;
  costing.report.is_cards_only =
      std::none_of(rig.parts.begin(), rig.parts.end(), [](const hardware::PlacedPart& part) {
        return part.kind == "board" || part.kind == "system" || part.kind == "other";
      });
  costing.report.in_total = rig.stated_total ? hardware::unpriced(rig) : 0;
  if (costing.bill.parts.empty())
    return fail(ErrorCode::unsupported, "no part of the rig has a price",
                costing.machine->rig.rig.name,
                "add price = \"2225 ILS\" to its parts, or [[part]] new = {…} to the plan");
  const cost::PlanFile* plan = costing.plan ? &*costing.plan : nullptr;
  Result<cost::Offers> offers = cost::make_offers(session.catalog, plan, costing.terms);
  if (!offers) return tl::unexpected<Error>(offers.error());
  costing.offers = std::move(*offers);
  return {};
}

void set_machine_use(Costing& costing) {
  const hardware::Site& site = costing.machine->rig.rig.site;
  const estimate::ActivityPower idle =
      estimate::power_sheet(costing.machine->machine).at(hardware::Activity::idle);
  cost::MachineUse& use = costing.report.machine;
  use.idle_kw = wall_kilowatts(idle, costing.habits).expected;
  if (!idle.feed.wall)
    costing.terms.assumptions.push_back(
        {"supply, which the rig does not list",
         cost::percent_text(costing.habits.supply_efficiency.expected) + " efficient",
         costing.habits.source("money.supply_efficiency")});
  if (site.hours_on) use.hours_on = site.hours_on->in(3600 * second);
  if (site.cooling_cop && site.cooling_season)
    use.cooling = *site.cooling_season / *site.cooling_cop;
}

}  // namespace

Result<std::unique_ptr<Costing>> cost_of(const Arguments& arguments, const CostFlags& flags,
                                         Session& session) {
  const auto work_path = arguments.text("work");
  if (!work_path)
    return fail(ErrorCode::usage, "what the rig is for is not said", {},
                "add --work WORK, a file with [[workload]] tables");
  auto costing = std::make_unique<Costing>();
  if (const auto path = arguments.text("plan")) {
    Result<cost::PlanFile> plan = read_plan_file(*path, session);
    if (!plan) return tl::unexpected<Error>(plan.error());
    costing->plan = std::move(*plan);
  }
  const Result<std::vector<Workload>> workloads = read_workloads(*work_path, session);
  if (!workloads) return tl::unexpected<Error>(workloads.error());
  Result<std::unique_ptr<Machine>> machine =
      open_machine(arguments.positional[0], std::nullopt, session);
  if (!machine) return tl::unexpected<Error>(machine.error());
  costing->machine = std::move(*machine);
  const Result<void> read = read_catalogue(*costing, session);
  if (!read) return tl::unexpected<Error>(read.error());
  const Result<void> termed = set_terms(arguments, *costing);
  if (!termed) return tl::unexpected<Error>(termed.error());
  const Result<void> priced = set_prices(*costing, session);
  if (!priced) return tl::unexpected<Error>(priced.error());
  const Result<void> known = check_uses(costing->plan, *workloads);
  if (!known) return tl::unexpected<Error>(known.error());
  set_machine_use(*costing);
  const auto own =
      own_rows(arguments, costing->machine->rig.rig, costing->machine->calibration, session);
  if (!own) return tl::unexpected<Error>(own.error());
  add_work(*workloads, *own, *costing, session);
  const Result<void> answered = answer(arguments, flags, *costing);
  if (!answered) return tl::unexpected<Error>(answered.error());
  return costing;
}

}  // namespace rigor::apps
