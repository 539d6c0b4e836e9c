#include "report/cost_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/cost_words.hpp"

namespace rigor::report {
namespace {

using cost::Item;

/// One column of the table of years: ledger columns from `first` to before `last`.
struct Period {
  std::string title;
  int first, last;
};

/// At once, then year by year, as many as fit; the rest together; the total.
std::vector<Period> periods(int months, std::size_t most) {
  std::vector<Period> list = {{"at once", 0, 1}};
  const int years = (months + cost::kMonthsPerYear - 1) / cost::kMonthsPerYear;
  for (int year = 1; year <= years; ++year) {
    const int first = 1 + (year - 1) * cost::kMonthsPerYear;
    const bool is_rest = list.size() + 2 >= most && year < years;
    const int last = is_rest ? months + 1 : std::min(months + 1, first + cost::kMonthsPerYear);
    const std::string title =
        is_rest ? fmt::format("years {}-{}", year, years) : fmt::format("year {}", year);
    list.push_back({title, first, last});
    if (is_rest) break;
  }
  list.push_back({"total", 0, months + 1});
  return list;
}

class YearTable {
 public:
  explicit YearTable(const CostReport& report) : report_(report) {
    double largest = 0;
    for (const double sum : report.results.owned_sum) largest = std::max(largest, std::fabs(sum));
    for (const double sum : report.results.rented_sum) largest = std::max(largest, sum);
    for (const cost::PricedPart& part : report.bill->parts)
      largest = std::max(largest, static_cast<double>(part.paid) / unit());
    width_ = std::max<std::size_t>(9, whole_amount(-largest).size() + 1);
    const std::size_t most = std::max<std::size_t>(4, (kTextWidth - kName) / width_);
    periods_ = periods(report.input.months(), most);
  }

  std::string head() const {
    std::string text = fmt::format("  {:<{}}", "", kName - 2);
    for (const Period& period : periods_) text += fmt::format("{:>{}}", period.title, width_);
    return text + "\n";
  }
  template <class Cell>
  std::string row(std::string_view name, const Cell& cell) const {
    std::string text = fmt::format("  {:<{}}", name, kName - 2);
    bool is_empty = true;
    for (const Period& period : periods_) {
      const double value = cell(period) / unit();
      is_empty = is_empty && value == 0;
      text += fmt::format("{:>{}}", value == 0 ? "-" : whole_amount(value), width_);
    }
    return is_empty ? std::string() : text + "\n";
  }
  [[nodiscard]] double unit() const { return report_.input.minor_per_major; }

 private:
  static constexpr std::size_t kName = 24;
  const CostReport& report_;
  std::vector<Period> periods_;
  std::size_t width_ = 9;
};

std::string match_text(const CostReport& report, const cost::WorkOnRig& work, cost::Rent rent) {
  const auto which = static_cast<std::size_t>(rent);
  const std::string currency = report.terms->currency.text();
  const std::optional<cost::Match>& match = work.match[which];
  if (!match) return wrapped(fmt::format("{}: {}", to_text(rent), work.missing[which]), 4);
  std::string text = wrapped(fmt::format("{}: {}", to_text(rent), match->name), 4);
  if (rent == cost::Rent::api) {
    text += fmt::format("      {} {}/Mtok\n", amount_text(match->per_mtok), currency);
  } else {
    text += fmt::format("      {:.4g} {}/h, {:.2f} ({:.2f} to {:.2f}) rented hours for one here,\n",
                        match->per_hour, currency, match->ratio.expected, match->ratio.low,
                        match->ratio.high);
    text += fmt::format("      {} {}/Mtok{}\n", amount_text(match->per_mtok), currency,
                        rent == cost::Rent::committed ? " if it works all month" : "");
  }
  return text + wrapped(match->source, 6);
}

}  // namespace

std::string amount_text(double major) {
  if (std::fabs(major) >= 100) return whole_amount(major);
  if (std::fabs(major) < 0.1) return fmt::format("{:.3g}", major);
  return fmt::format("{:.2f}", major);
}

std::string whole_amount(double major) {
  const auto whole = std::llround(major);
  std::string text = fmt::format("{}", std::abs(whole));
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return (whole < 0 ? "-" : "") + text;
}

std::string wrapped(std::string_view text, std::size_t indent) {
  constexpr char kGlue = '\x1f';
  const std::string margin(indent, ' ');
  std::string out, line;
  const auto flush = [&] {
    std::replace(line.begin(), line.end(), kGlue, ' ');
    if (!line.empty()) out += margin + line + "\n";
    line.clear();
  };
  // A percentage stays on one line.
  std::string joined(text);
  for (std::size_t at = joined.find(" %"); at != std::string::npos; at = joined.find(" %", at))
    joined[at] = kGlue;
  for (const std::string_view word : split(joined, ' ')) {
    if (word.empty()) continue;
    if (!line.empty() && indent + line.size() + 1 + word.size() > kTextWidth) flush();
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  flush();
  return out;
}

std::string months_text(const std::optional<double>& months) {
  if (!months) return "never within the horizon";
  return fmt::format("{:.1f} months", *months);
}

std::string ledger_text(const CostReport& report) {
  const YearTable table(report);
  std::string text = fmt::format("\nwhat owning costs, {}\n", report.terms->currency.text());
  text += table.head();
  for (std::size_t i = 0; i < cost::kItems; ++i) {
    const Item item = static_cast<Item>(i);
    text += table.row(to_text(item), [&](const Period& period) {
      return static_cast<double>(report.ledger.sum(item, period.first, period.last));
    });
  }
  const auto owned = [&](const Period& period) {
    std::int64_t sum = 0;
    for (int t = period.first; t < period.last; ++t) sum += report.ledger.owned(t);
    return static_cast<double>(sum);
  };
  text += table.row("together", owned);
  if (!report.unrented.empty()) return text;
  const auto rented = [&](const Period& period) {
    std::int64_t sum = 0;
    for (int t = period.first; t < period.last; ++t)
      sum += report.ledger.rented[static_cast<std::size_t>(t)];
    return static_cast<double>(sum);
  };
  text += table.row(fmt::format("rented, {}", to_text(report.against)), rented);
  return text + table.row("rented less owned",
                          [&](const Period& period) { return rented(period) - owned(period); });
}

std::string bill_text(const CostReport& report) {
  const cost::Bill& bill = *report.bill;
  const double unit = report.input.minor_per_major;
  std::string text = fmt::format("\nparts, {}\n  {:<50}{:>12}{:>14}\n",
                                 report.terms->currency.text(), "", "price", "worth at end");
  for (const cost::PricedPart& part : bill.parts) {
    std::string name = part.count == 1 ? part.name : fmt::format("{} x {}", part.count, part.name);
    if (name.size() > 48) name = name.substr(0, 47) + ".";
    text += fmt::format("  {:<50}{:>12}{:>14}\n", name,
                        whole_amount(static_cast<double>(part.paid) / unit),
                        whole_amount(static_cast<double>(part.value_at_end) / unit));
    if (part.is_owned)
      text += wrapped("bought before the start: what selling it would bring, no payment", 4);
    if (part.price_from != "the rig file") text += wrapped("price: " + part.price_from, 4);
  }
  for (const std::string& name : bill.unpriced) text += wrapped(name + ": no price, left out", 2);
  if (report.in_total > 0)
    text += wrapped(fmt::format("{} more line{} of the rig without a price: the stated total holds "
                                "{}",
                                report.in_total, report.in_total == 1 ? "" : "s",
                                report.in_total == 1 ? "it" : "them"),
                    2);
  if (report.is_cards_only)
    text += wrapped("the rig lists cards only: the machine around them is in no figure here", 2);
  // Parts share few sources of their worth, so each is told once.
  std::vector<std::string> told;
  for (const cost::PricedPart& part : bill.parts) {
    if (std::find(told.begin(), told.end(), part.value_from) != told.end()) continue;
    told.push_back(part.value_from);
    text += wrapped("worth: " + part.value_from, 2);
  }
  return text;
}

std::string work_text(const CostReport& report) {
  const std::string currency = report.terms->currency.text();
  std::string text = "\nthe work, in the first month\n";
  for (const cost::WorkOnRig& work : *report.work) {
    const double hours = cost::hours_in(work, report.terms->start, 0);
    text += wrapped(work.name, 2);
    text += fmt::format("    {:.4g} h, {:.0f} W at the wall, {:.4g} tokens/s\n", hours,
                        1000 * work.wall_kw.expected, work.tokens_per_s);
    if (report.results.hour.owned > 0 && work.tokens_per_s > 0)
      text += fmt::format("    owned: {} {}/Mtok\n",
                          amount_text(report.results.hour.owned * 1e6 / work.tokens_per_s / 3600),
                          currency);
    if (work.is_private) {
      text += wrapped("private: may not be rented", 4);
      continue;
    }
    for (const cost::Rent rent :
         {cost::Rent::on_demand, cost::Rent::spot, cost::Rent::committed, cost::Rent::api})
      text += match_text(report, work, rent);
  }
  for (const std::string& undone : report.undone) text += wrapped("cannot be done: " + undone, 2);
  for (const std::string& name : report.idle_work)
    text += wrapped(name + ": no hours stated, costs nothing here", 2);
  if (report.fullest_month > report.machine.hours_on)
    text += wrapped(fmt::format("the fullest month has {:.0f} h of work, the machine is on for "
                                "{:.0f} h: it cannot do all of it",
                                report.fullest_month, report.machine.hours_on),
                    2);
  return text;
}

std::string assumptions_text(const CostReport& report) {
  std::string text = "\nwhat this rests on\n";
  for (const cost::Assumption& one : report.terms->assumptions)
    text += wrapped(fmt::format("{}: {}", one.what, one.value), 2) + wrapped(one.source, 6);
  return text;
}

std::string cost_text(const CostReport& report) {
  std::string text = wrapped(report.rig, 0) + verdict_text(report) + ledger_text(report);
  text += bill_text(report) + work_text(report);
  if (report.unrented.empty()) {
    text += alternatives_text(report) + results_text(report) + sensitivity_text(report) +
            chance_text(report);
  }
  if (!report.policy.empty())
    text += "\n" + wrapped(
                       "later purchases are paid here, but the work stays what the rig does now: "
                       "what it does with them is asked with a rig file that has them",
                       2);
  return text + extras_text(report) + assumptions_text(report);
}

}  // namespace rigor::report
