#include "report/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/fit_text.hpp"

namespace rigor::report {

namespace {

using plan::Cents;
using plan::Counts;
using plan::Course;
using plan::Score;

constexpr std::size_t kWidth = 80;

std::size_t index(int value) {
  return static_cast<std::size_t>(value);
}

class Writer {
 public:
  explicit Writer(const PlanReport& report)
      : report_(report), per_major_(report.model->purse().minor_per_major) {}

  std::string write() {
    head();
    if (report_.answer->refusal) {
      refusal(*report_.answer->refusal);
    } else {
      steps();
      work();
      proof();
      paths();
      decisions();
      front();
    }
    notes();
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    out_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }
  /// Words that run on, indented by two.
  void paragraph(std::string_view text) {
    std::string row = " ";
    for (const std::string_view word : split(text, ' ')) {
      if (row.size() + 1 + word.size() > kWidth && row.size() > 1) {
        out_ += row + "\n";
        row = "   ";
      }
      row += " ";
      row += word;
    }
    out_ += row + "\n";
  }

  [[nodiscard]] std::string whole(Cents cents) const {
    return grouped(std::llround(static_cast<double>(cents) / per_major_));
  }
  [[nodiscard]] std::string exact(Cents cents) const {
    return to_grouped_text({cents, report_.currency, {}});
  }
  [[nodiscard]] std::string month(int t) const { return to_text(report_.start.plus(t)); }

  void head() {
    const plan::Purse& purse = report_.model->purse();
    line("{}", report_.rig);
    line("plan \"{}\"", report_.name);
    line("{} months from {}, discounted at {:.3g} % a year, amounts in {}", purse.months, month(0),
         100 * purse.discount_rate, report_.currency.text());
    line("combinations of parts: {}, of which {} stand; moves between them: {}",
         grouped(static_cast<std::int64_t>(report_.model->combinations())),
         grouped(static_cast<std::int64_t>(report_.model->configurations().size())),
         grouped(static_cast<std::int64_t>(report_.instance->arcs.size())));
  }

  void refusal(const plan::Refusal& refusal) {
    using Cause = plan::Refusal::Cause;
    line("");
    line("no plan: {}", [&]() -> std::string {
      switch (refusal.cause) {
        case Cause::opening: return "the cash at the start is below the reserve";
        case Cause::work: return "no machine can run in " + month(refusal.month);
        case Cause::moves:
          return "no machine that can run in " + month(refusal.month) + " can be reached by then";
        case Cause::cash: break;
      }
      return "whatever is done, the cash falls below the reserve in " + month(refusal.month);
    }());
    if (refusal.short_by > 0)
      line("  enough would be {} more at the start", exact(refusal.short_by));
    if (refusal.short_per_month > 0)
      line("  or {} more every month", exact(refusal.short_per_month));
  }

  void steps() {
    const Course& best = report_.best;
    line("");
    line("{:<58} {:>10} {:>10}", "the best plan", "outlay", "cash");
    Counts here = report_.model->configurations().front().counts;
    bool any = false;
    for (int t = 0; t < report_.model->purse().months; ++t) {
      const Counts& next = best.parts[index(t)];
      const std::string change = change_text(*report_.model, here, next);
      if (!change.empty()) {
        any = true;
        const Cents cost = report_.model->move_cost(t, here, next);
        step(t, change, cost);
      }
      here = next;
    }
    if (!any) line("  nothing is bought or sold");
    line("  {:<56} {:>10} {:>10}", "left of the parts and the cash at the end",
         whole(report_.model->salvage(here)), whole(best.cash.back()));
    paragraph("present cost: what is paid from now on, less what the parts bring at the end");
    line("  present cost {}, lowest cash {}", exact(present(best.score)), exact(best.least_cash));
  }

  /// One thing a line; the amounts stand on the last.
  void step(int t, const std::string& change, Cents cost) {
    const std::vector<std::string_view> things = split(change, ';');
    std::string when = month(t);
    for (std::size_t i = 0; i < things.size(); ++i) {
      if (i + 1 < things.size())
        line("  {:<7}  {}", when, trim(things[i]));
      else
        line("  {:<7}  {:<47} {:>10} {:>10}", when, trim(things[i]), whole(cost),
             whole(report_.best.cash[index(t)]));
      when.clear();
    }
  }

  /// Where the work of the first and the last month is done.
  void work() {
    line("");
    const int last = report_.model->purse().months - 1;
    line("{:<50} {:>12} {:>12}", "work", month(0), month(last));
    std::vector<std::string> rented;
    for (std::size_t k = 0; k < report_.model->tasks().size(); ++k) {
      const plan::Task& task = report_.model->tasks()[k];
      line("  {:<48} {:>12} {:>12}", task.name, place_of(k, 0), place_of(k, last));
      if (task.keep_private)
        rented.push_back(task.name + ": private, never rented");
      else
        rented.push_back(task.name + ": " +
                         (task.offer.empty() ? "no offer does it"
                                             : "where not here, rented from " + task.offer));
    }
    for (const std::string& words : rented) paragraph(words);
    if (report_.best.unserved > 0)
      line("  not done at all: {} of {} task-months", report_.best.unserved,
           report_.model->tasks().size() * report_.best.parts.size());
  }

  [[nodiscard]] std::string place_of(std::size_t task, int t) const {
    const int known = report_.model->find(report_.best.parts[index(t)]);
    const auto bill =
        report_.model->bill(t, report_.model->configurations()[index(known)].judgement);
    const plan::MonthBill::Share& share = bill.shares[task];
    if (report_.model->tasks()[task].tokens[index(t)] <= 0) return "-";
    if (share.local >= 1) return "here";
    if (share.rented <= 0) return "not done";
    if (share.local <= 0) return "rented";
    return fmt::format("{:.0f} % here", 100 * share.local);
  }

  void proof() {
    const plan::Proof& proof = report_.answer->solution->proof;
    line("");
    line("{}", proof.is_optimal ? "proof: no plan is better" : "not proved to be the best plan");
    const bool work_first = report_.instance->unserved_weight > 0;
    if (!work_first) line("  with unlimited cash     at least {}", exact(present(proof.relaxed)));
    line("  arcs left to the last search  {} of {}",
         grouped(static_cast<std::int64_t>(proof.arcs_left)),
         grouped(static_cast<std::int64_t>(proof.arcs)));
    line("  labels kept                   {}", grouped(static_cast<std::int64_t>(proof.labels)));
    line("  added up anew                 {}", proof.recomputed ? "the same" : "DIFFERENT");
    if (proof.plans_tried > 0)
      line("  tried one by one              {} plans, none better", grouped(proof.plans_tried));
  }

  void path(const Course& course) {
    const Cents regret = present(course.score - report_.best.score);
    const std::int64_t worse = course.unserved - report_.best.unserved;
    line("  {:<28} {:>10} {:>9} {:>9} {:>5}  {}", course.name, whole(present(course.score)),
         whole(regret), whole(course.least_cash), worse,
         course.is_feasible() ? "yes" : "no, " + month(course.troubles.front().month));
  }

  void paths() {
    line("");
    line("{:<30} {:>10} {:>9} {:>9} {:>5}  {}", "paths", "present", "regret", "lowest", "work",
         "possible");
    line("{:<30} {:>10} {:>9} {:>9} {:>5}", "", "cost", "", "cash", "left");
    path(report_.best);
    for (const Course& course : report_.named) path(course);
    for (const Course& course : report_.own) path(course);
    for (const auto* list : {&report_.named, &report_.own})
      for (const Course& course : *list)
        for (const plan::Trouble& trouble : course.troubles)
          paragraph(fmt::format("{}, {}: {}", course.name, month(trouble.month), trouble.what));
  }

  void decisions() {
    if (report_.switches.empty()) return;
    line("");
    line("now ({})", month(0));
    for (const plan::SwitchPrice& price : report_.switches) {
      const std::string& name = report_.model->options()[price.option].name;
      const std::string now =
          price.is_bought_now ? "buy at " + exact(price.price) : "wait at " + exact(price.price);
      const std::string flip =
          !price.flips_at
              ? (price.is_bought_now ? "buy even at ten times that" : "wait at any price")
          : price.is_bought_now ? "wait from " + exact(*price.flips_at) + " on"
                                : "buy at " + exact(*price.flips_at) + " or less";
      if (name.size() > 28) line("  {}", name);
      line("  {:<28} {:<20} {}", name.size() > 28 ? "" : name, now, flip);
    }
  }

  /// What less cash would cost.
  void front() {
    if (!report_.front) return;
    line("");
    line("{:<30} {:>10} {:>5}  {}", "cash at the start", "cost", "left", "what it begins with");
    for (const plan::FrontPlan& each : report_.front->plans) {
      const Score cost = each.books.score - report_.instance->unserved_weight * each.books.unserved;
      line("  {:>28} {:>10} {:>5}  {}", whole(each.needed), whole(present(cost)),
           each.books.unserved, first_change(each));
    }
    if (!report_.front->is_whole) line("  and further ones with less");
  }

  [[nodiscard]] std::string first_change(const plan::FrontPlan& plan) const {
    const auto& all = report_.model->configurations();
    const Counts& today = all.front().counts;
    for (std::size_t t = 0; t < plan.books.configuration.size(); ++t) {
      const Counts& next = all[index(plan.books.configuration[t])].counts;
      const std::string change = change_text(*report_.model, today, next);
      if (!change.empty())
        return month(static_cast<int>(t)) + " " + change.substr(0, change.find(';'));
    }
    return "nothing";
  }

  void notes() {
    if (!report_.broken_today.empty())
      paragraph("today's machine breaks these rules already, so none was refused for them: " +
                join(report_.broken_today, ", "));
    if (!report_.unknown_today.empty())
      paragraph("not known of today's machine, so taken to hold of all: " +
                join(report_.unknown_today, ", "));
    for (const std::string& note : report_.notes) paragraph(note);
  }

  const PlanReport& report_;
  double per_major_;
  std::string out_ = {};
};

}  // namespace

plan::Cents present(plan::Score score) {
  return std::llround(static_cast<double>(score) / static_cast<double>(plan::kParWeight));
}

std::string change_text(const plan::Model& model, const Counts& from, const Counts& to) {
  std::vector<std::string> changes;
  for (const bool bought : {true, false})
    for (std::size_t o = 0; o < to.size(); ++o) {
      const int change = to[o] - from[o];
      if (change == 0 || (change > 0) != bought) continue;
      const std::string count = std::abs(change) > 1 ? fmt::format("{} ", std::abs(change)) : "";
      changes.push_back((bought ? "buy " : "sell ") + count + model.options()[o].name);
    }
  return join(changes, "; ");
}

std::string plan_text(const PlanReport& report) {
  return Writer(report).write();
}

}  // namespace rigor::report
