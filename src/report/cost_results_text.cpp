#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/cost_words.hpp"

namespace rigor::report {
namespace {

using cost::Lever;
using cost::LeverUnit;
using cost::Rent;

const cost::LeverSpec& spec_of(Lever lever) {
  return cost::levers()[cost::index(lever)];
}

/// "1.39 USD" of a rented hour, and the like, for a sentence.
std::string_view turning_words(Lever lever) {
  switch (lever) {
    case Lever::cloud_price: return "a rented hour costs";
    case Lever::hours: return "the work takes";
    case Lever::resale: return "the market pays at the end, of all prices,";
    case Lever::tariff: return "electricity costs";
    case Lever::purchase: return "the first purchase costs";
    case Lever::later_purchase: return "later purchases cost";
    default: return spec_of(lever).name;
  }
}

std::string per_month(Lever lever) {
  return lever == Lever::hours ? " a month" : "";
}

std::string turning_text(const CostReport& report, const cost::Switch& one) {
  const Currency currency = report.terms->currency;
  const std::string now = lever_text(one.lever, one.base, currency) + per_month(one.lever);
  const bool is_right = report.results.npv > 0;
  if (!one.at) {
    return wrapped(fmt::format("Whatever {}, owning {} (now {}).", turning_words(one.lever),
                               is_right ? "stays right" : "does not pay", now),
                   2);
  }
  const std::string at = lever_text(one.lever, *one.at, currency) + per_month(one.lever);
  if (is_right) {
    return wrapped(
        fmt::format("Owning stops being right when {} {} {}; now {}.", turning_words(one.lever),
                    one.pays_above ? "less than" : "more than", at, now),
        2);
  }
  return wrapped(fmt::format("Owning would pay if {} {} {}; now {}.", turning_words(one.lever),
                             one.pays_above ? "more than" : "less than", at, now),
                 2);
}

std::string named(std::string_view name, const std::string& value) {
  return fmt::format("  {:<36}{}\n", name, value);
}

std::string irr_text(const CostReport& report) {
  const cost::Irr& irr = report.results.irr;
  const double inflation = report.terms->inflation;
  if (irr.rates.empty()) {
    return named("internal rate of return (IRR)",
                 irr.sign_changes == 0 ? "none: the flows have one sign" : "none");
  }
  std::string text;
  for (const double rate : irr.rates) {
    std::string value = fmt::format("{:.2f} % a year", 100 * rate);
    if (inflation != 0)
      value += fmt::format(", {:.2f} % real", 100 * cost::real_rate(rate, inflation));
    text += named(text.empty() ? "internal rate of return (IRR)" : "", value);
  }
  if (irr.sign_changes > 1)
    text += wrapped(fmt::format("the flows change sign {} times, so several rates may solve them: "
                                "trust the NPV",
                                irr.sign_changes),
                    4);
  return text;
}

/// "0.10, 0.15, 0.40 USD/kWh": the unit once, at the end.
std::string list_text(Lever lever, std::initializer_list<double> values, std::string_view between,
                      Currency currency) {
  std::string text;
  std::size_t left = values.size();
  for (const double value : values) {
    std::string one = lever_text(lever, value, currency);
    const std::size_t space = one.rfind(' ');
    const bool has_unit = space != std::string::npos && spec_of(lever).unit != LeverUnit::factor;
    if (--left > 0 && has_unit) one.resize(space);
    text += one;
    if (left > 0) text += between;
  }
  return text;
}

/// Bar of a swing, the widest being full.
std::string bar(double size, double widest) {
  constexpr double kLongest = 16;
  const auto length = widest > 0 ? std::lround(kLongest * size / widest) : 0;
  return std::string(static_cast<std::size_t>(std::max(1L, length)), '#');
}

std::string two_way_text(const CostReport& report) {
  const cost::TwoWay& table = report.two_way;
  const Currency currency = report.terms->currency;
  std::string text = wrapped("NPV by hours a month (across) and resale (down)", 2);
  text += fmt::format("  {:<10}", "");
  for (const double column : table.columns)
    text += fmt::format("{:>12}", lever_text(table.across, column, currency));
  text += "\n";
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    text += fmt::format("  {:<10}", lever_text(table.down, table.rows[i], currency));
    for (const double value : table.value[i]) text += fmt::format("{:>12}", whole_amount(value));
    text += "\n";
  }
  return text;
}

}  // namespace

std::string lever_text(Lever lever, double value, Currency currency) {
  switch (spec_of(lever).unit) {
    case LeverUnit::hours: return fmt::format("{:.0f} h", value);
    case LeverUnit::money: return fmt::format("{} {}", whole_amount(value), currency.text());
    case LeverUnit::money_per_hour: return fmt::format("{:.2f} {}/h", value, currency.text());
    case LeverUnit::money_per_kwh: return fmt::format("{:.3g} {}/kWh", value, currency.text());
    case LeverUnit::share: return fmt::format("{:.1f} %", 100 * value);
    case LeverUnit::factor: return fmt::format("x {:.2f}", value);
  }
  return {};
}

std::string verdict_text(const CostReport& report) {
  const std::string currency = report.terms->currency.text();
  std::string text = wrapped(fmt::format("owning it for {} months from {}{}{}",
                                         report.terms->months, to_text(report.terms->start),
                                         report.policy.empty() ? "" : ", path: ", report.policy),
                             0);
  if (!report.unrented.empty())
    return text + "\n" + wrapped("Nothing is compared: " + report.unrented + ".", 0);
  const double npv = report.results.npv;
  text +=
      "\n" + wrapped(fmt::format("{} is cheaper than {} ({}) by {} {} in today's money.",
                                 npv > 0 ? "Owning" : "Renting", npv > 0 ? "renting" : "owning",
                                 to_text(report.against), whole_amount(std::fabs(npv)), currency),
                     0);
  const cost::Alternative* cheapest = nullptr;
  for (const cost::Alternative& one : report.alternatives) {
    if (one.missing.empty() && (cheapest == nullptr || one.npv < cheapest->npv)) cheapest = &one;
  }
  if (cheapest != nullptr && cheapest->rent != report.against)
    text += wrapped(fmt::format("The cheapest way to rent is another ({}): against it owning is {} "
                                "by {} {}.",
                                to_text(cheapest->rent), cheapest->npv > 0 ? "cheaper" : "dearer",
                                whole_amount(std::fabs(cheapest->npv)), currency),
                    0);
  if (report.chances.draws > 0)
    text += wrapped(
        fmt::format("With what is not certain, owning pays in {:.0f} of 100 cases against {}.",
                    100 * report.chances.above_zero, to_text(report.against)),
        0);
  return text;
}

std::string alternatives_text(const CostReport& report) {
  std::string text = fmt::format("\nways to rent the same work, {}\n  {:<14}{:>12}{:>16}{:>22}\n",
                                 report.terms->currency.text(), "", "total", "today's money",
                                 "owning instead (NPV)");
  for (const cost::Alternative& one : report.alternatives) {
    if (!one.missing.empty()) {
      text += wrapped(fmt::format("{}: {}", to_text(one.rent), one.missing), 2);
      continue;
    }
    text += fmt::format("  {:<14}{:>12}{:>16}{:>22}\n", to_text(one.rent), whole_amount(one.total),
                        whole_amount(one.present), whole_amount(one.npv));
  }
  text +=
      fmt::format("  {:<14}{:>12}{:>16}\n", "owning", whole_amount(report.results.owned_sum.back()),
                  whole_amount(report.results.owned));
  const bool some_private = std::any_of(report.work->begin(), report.work->end(),
                                        [](const cost::WorkOnRig& one) { return one.is_private; });
  if (some_private)
    text += wrapped("private work is done by owning only; renting is not charged for it", 2);
  return text;
}

std::string results_text(const CostReport& report) {
  const cost::Results& results = report.results;
  const std::string currency = report.terms->currency.text();
  std::string text = fmt::format("\nowning against renting {}\n", to_text(report.against));
  text +=
      named("net present value (NPV)", fmt::format("{} {}", whole_amount(results.npv), currency));
  text += irr_text(report);
  if (results.mirr)
    text += named("modified IRR", fmt::format("{:.2f} % a year", 100 * *results.mirr));
  text += named("payback", months_text(results.payback));
  text += named("payback, discounted", months_text(results.discounted_payback));
  if (results.profitability)
    text += named("profitability index", fmt::format("{:.2f}", *results.profitability));
  text += named("equal amounts a year",
                fmt::format("owned {}, rented {} {}", whole_amount(results.owned_a_year),
                            whole_amount(results.rented_a_year), currency));
  if (results.utilisation && results.hours.at) {
    text += named("break-even use", fmt::format("{:.0f} h a month ({:.0f} % of all hours)",
                                                *results.hours.at, 100 * *results.utilisation));
  } else {
    text += named("break-even use", "none: no number of hours makes them even");
  }
  if (results.hour.rented) {
    text += named(report.gpus > 1 ? "an hour of this work" : "a GPU-hour of this work",
                  fmt::format("owned {}, rented {} {}", amount_text(results.hour.owned),
                              amount_text(*results.hour.rented), currency));
    if (report.gpus > 1)
      text +=
          named(fmt::format("a GPU-hour, of {} cards", report.gpus),
                fmt::format("owned {}, rented {} {}", amount_text(results.hour.owned / report.gpus),
                            amount_text(*results.hour.rented / report.gpus), currency));
    text +=
        wrapped("costs and hours discounted alike; at the break-even both are the rented one", 4);
  }
  return text;
}

std::string sensitivity_text(const CostReport& report) {
  const Currency currency = report.terms->currency;
  std::string text =
      fmt::format("\nwhat moves it most: NPV at both ends of each range, {}\n", currency.text());
  const double widest = report.swings.empty() ? 0 : report.swings.front().size();
  for (const cost::Swing& swing : report.swings) {
    const std::string range = list_text(swing.lever, {swing.low, swing.high}, " to ", currency);
    text += fmt::format("  {:<16}{:<27}{:>8}{:>9}  {}\n", spec_of(swing.lever).name, range,
                        whole_amount(swing.at_low), whole_amount(swing.at_high),
                        bar(swing.size(), widest));
  }
  text += two_way_text(report);
  text += "\nwhere the answer turns\n";
  for (const cost::Switch& one : report.switches) text += turning_text(report, one);
  return text;
}

std::string chance_text(const CostReport& report) {
  const cost::Chances& chances = report.chances;
  if (chances.draws == 0) return {};
  const Currency currency = report.terms->currency;
  std::string text =
      fmt::format("\nchance: NPV of {} draws, seed {}, {}\n",
                  whole_amount(static_cast<double>(chances.draws)), chances.seed, currency.text());
  text += named("mean", whole_amount(chances.mean));
  text += named("5 %, 50 %, 95 % of draws lie below",
                fmt::format("{}, {}, {}", whole_amount(chances.p5), whole_amount(chances.p50),
                            whole_amount(chances.p95)));
  text += named("owning pays in", fmt::format("{:.1f} % of draws", 100 * chances.above_zero));
  text += named("mean of the worst 5 % (CVaR)", whole_amount(chances.cvar));
  text += fmt::format("  {:<16}{:<38}{:>12}{:>9}\n", "drawn", "lowest, likeliest, highest", "",
                      "of spread");
  for (std::size_t i = 0; i < report.ranges.chance.size(); ++i) {
    const cost::Margin& margin = report.ranges.chance[i];
    text +=
        fmt::format("  {:<16}{:<50}{:>7.0f} %\n", spec_of(margin.lever).name,
                    list_text(margin.lever, {margin.pert.low, margin.pert.likely, margin.pert.high},
                              ", ", currency),
                    100 * chances.spread_by[i]);
  }
  for (const cost::RankTie& tie : report.ranges.ties)
    text += fmt::format("  tied: {} and {}, rank correlation {:g}\n",
                        spec_of(report.ranges.chance[tie.a].lever).name,
                        spec_of(report.ranges.chance[tie.b].lever).name, tie.rank);
  return text + wrapped(report.ranges.from_plan
                            ? "ranges: the plan"
                            : "ranges: rigor catalog show choice/money, and the "
                              "intervals of speed and power",
                        2);
}

std::string extras_text(const CostReport& report) {
  std::string text;
  const std::string currency = report.terms->currency.text();
  const double unit = report.input.minor_per_major;
  if (!report.paths.empty()) text += fmt::format("\npaths of the plan, totals in {}\n", currency);
  for (const PathTotal& path : report.paths) {
    text += fmt::format("  {:<40}{:>12}", path.name.substr(0, 39),
                        whole_amount(static_cast<double>(path.total) / unit));
    if (path.stated && *path.stated != path.total)
      text += fmt::format("  stated: {}", whole_amount(static_cast<double>(*path.stated) / unit));
    text += "\n";
  }
  if (!report.used.empty())
    text += fmt::format("\nbought used instead of new, {} a piece\n", currency);
  for (const UsedReport& used : report.used) {
    text += wrapped(
        fmt::format("{}: new {}, used {}; one that works costs {}", used.name,
                    amount_text(used.fresh), amount_text(used.used), amount_text(used.working)),
        2);
    text += wrapped(fmt::format("{:g} h of tests at {} and {:.0f} % that fail for good; used is "
                                "worth its risk below {}",
                                used.test_hours, amount_text(used.hour), 100 * used.failure,
                                amount_text(used.fair)),
                    4);
    text += wrapped(
        "hedges: a returns window, payment that protects the buyer, a load test with "
        "memory check before it ends, serial number and firmware compared",
        4);
  }
  if (!report.book) return text;
  text += fmt::format("\nthe books (not what the market pays), {}\n  {:<8}{:>14}{:>14}{:>14}\n",
                      currency, "year", "written off", "left", "tax saved");
  int year = 1;
  for (const cost::BookYear& one : report.book->view.years)
    text += fmt::format("  {:<8}{:>14}{:>14}{:>14}\n", year++,
                        whole_amount(static_cast<double>(one.written_off) / unit),
                        whole_amount(static_cast<double>(one.left) / unit),
                        whole_amount(one.tax_saved / unit));
  text += named("tax on the sale", whole_amount(report.book->view.tax_on_sale / unit));
  return text + named("worth of it all, today's money",
                      whole_amount(report.book->view.present_value / unit));
}

}  // namespace rigor::report
