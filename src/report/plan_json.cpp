// The plan as one JSON object, and as a chart. Parts of plan_text.hpp.
#include <array>

#include "report/json.hpp"
#include "report/plan_text.hpp"

namespace rigor::report {

namespace {

using plan::Course;

class Members {
 public:
  Members(Json& json, const PlanReport& report)
      : json_(json), report_(report), per_major_(report.model->purse().minor_per_major) {}

  void refusal(const plan::Refusal& refusal) {
    constexpr std::array kCauses = {"opening", "work", "moves", "cash"};
    json_.key("refusal").begin_object();
    json_.member("cause", kCauses[static_cast<std::size_t>(refusal.cause)]);
    json_.member("month", to_text(report_.start.plus(refusal.month)));
    money("short_at_start", refusal.short_by);
    money("short_per_month", refusal.short_per_month);
    json_.end_object();
  }

  void course(const Course& course) {
    json_.begin_object();
    json_.member("name", course.name);
    if (!course.summary.empty()) json_.member("summary", course.summary);
    money("present_cost", present(course.score));
    money("regret", present(course.score - report_.best.score));
    money("lowest_cash", course.least_cash);
    json_.member("task_months_undone", course.unserved);
    json_.member("possible", course.is_feasible());
    steps(course);
    json_.key("cash").begin_list();
    for (const plan::Cents cash : course.cash) json_.value(static_cast<double>(cash) / per_major_);
    json_.end_list().key("undone").begin_list();
    for (std::size_t t = 0; t < course.unserved_tasks.size(); ++t)
      for (const std::string& task : course.unserved_tasks[t])
        json_.begin_object()
            .member("month", to_text(report_.start.plus(static_cast<int>(t))))
            .member("task", task)
            .end_object();
    json_.end_list().key("troubles").begin_list();
    for (const plan::Trouble& trouble : course.troubles)
      json_.begin_object()
          .member("month", to_text(report_.start.plus(trouble.month)))
          .member("what", trouble.what)
          .end_object();
    json_.end_list().end_object();
  }

  void proof() {
    const plan::Proof& proof = report_.answer->solution->proof;
    json_.key("proof").begin_object();
    json_.member("optimal", proof.is_optimal);
    json_.member("recomputed", proof.recomputed);
    json_.member("score", report_.answer->solution->books.score);
    json_.member("lower_bound_score", proof.lower_bound);
    json_.member("unlimited_cash_score", proof.relaxed);
    json_.member("plans_tried", proof.plans_tried);
    json_.member("arcs", static_cast<std::int64_t>(proof.arcs));
    json_.member("arcs_in_last_search", static_cast<std::int64_t>(proof.arcs_left));
    json_.member("labels", static_cast<std::int64_t>(proof.labels));
    json_.end_object();
  }

  void switches() {
    json_.key("now").begin_list();
    for (const plan::SwitchPrice& price : report_.switches) {
      json_.begin_object();
      json_.member("part", report_.model->options()[price.option].name);
      json_.member("buy", price.is_bought_now);
      money("price", price.price);
      if (price.flips_at) {
        money("flips_at", *price.flips_at);
      } else {
        json_.key("flips_at").null();
      }
      json_.end_object();
    }
    json_.end_list();
  }

  void front() {
    if (!report_.front) return;
    json_.key("front").begin_object().member("whole", report_.front->is_whole);
    json_.key("plans").begin_list();
    for (const plan::FrontPlan& each : report_.front->plans) {
      const plan::Score undone = report_.instance->unserved_weight * each.books.unserved;
      json_.begin_object();
      money("cash_at_start", each.needed);
      money("present_cost", present(each.books.score - undone));
      json_.member("task_months_undone", each.books.unserved);
      json_.end_object();
    }
    json_.end_list().end_object();
  }

 private:
  void money(std::string_view name, plan::Cents cents) {
    json_.member(name, static_cast<double>(cents) / per_major_);
  }
  void steps(const Course& course) {
    json_.key("steps").begin_list();
    plan::Counts here = report_.model->configurations().front().counts;
    for (std::size_t t = 0; t < course.parts.size(); ++t) {
      const std::string change = change_text(*report_.model, here, course.parts[t]);
      if (!change.empty())
        json_.begin_object()
            .member("month", to_text(report_.start.plus(static_cast<int>(t))))
            .member("what", change)
            .end_object();
      here = course.parts[t];
    }
    json_.end_list();
  }

  Json& json_;
  const PlanReport& report_;
  double per_major_;
};

}  // namespace

std::string plan_json(const PlanReport& report) {
  Json json;
  Members members(json, report);
  const plan::Model& model = *report.model;
  json.begin_object().member("schema_version", 1).key("plan").begin_object();
  json.member("rig", report.rig).member("name", report.name);
  json.member("start", to_text(report.start)).member("months", model.purse().months);
  json.member("currency", report.currency.text());
  json.member("combinations", static_cast<std::int64_t>(model.combinations()));
  json.member("configurations", static_cast<std::int64_t>(model.configurations().size()));
  if (report.answer->refusal) {
    members.refusal(*report.answer->refusal);
  } else {
    json.key("best");
    members.course(report.best);
    members.proof();
    json.key("paths").begin_list();
    for (const auto* list : {&report.named, &report.own})
      for (const Course& course : *list) members.course(course);
    json.end_list();
    members.switches();
    members.front();
  }
  json.key("broken_today").begin_list();
  for (const std::string& rule : report.broken_today) json.value(rule);
  json.end_list().key("unknown_today").begin_list();
  for (const std::string& rule : report.unknown_today) json.value(rule);
  json.end_list().key("notes").begin_list();
  for (const std::string& note : report.notes) json.value(note);
  return json.end_list().end_object().end_object().text();
}

Chart plan_chart(const PlanReport& report) {
  Chart chart{.title = report.rig + ": cash by plan",
              .x_title = "months from " + to_text(report.start),
              .y_title = report.currency.text()};
  const double per_major = report.model->purse().minor_per_major;
  const auto curve = [&](const Course& course, ChartSeries::Look look) {
    ChartSeries series{.look = look, .name = course.name};
    for (std::size_t t = 0; t < course.cash.size(); ++t)
      series.points.push_back(
          {static_cast<double>(t + 1), static_cast<double>(course.cash[t]) / per_major});
    return series;
  };
  chart.series.push_back(curve(report.best, ChartSeries::Look::line));
  ChartSeries bought{.look = ChartSeries::Look::marked, .colour = 0};
  plan::Counts here = report.model->configurations().front().counts;
  for (std::size_t t = 0; t < report.best.parts.size(); ++t) {
    const std::string change = change_text(*report.model, here, report.best.parts[t]);
    here = report.best.parts[t];
    if (change.empty()) continue;
    bought.points.push_back(chart.series.front().points[t]);
    bought.labels.push_back(change.substr(0, change.find(';')));
  }
  if (!bought.points.empty()) chart.series.push_back(std::move(bought));
  for (const auto* list : {&report.named, &report.own})
    for (const Course& course : *list)
      if (course.is_feasible() && course.cash != report.best.cash)
        chart.series.push_back(curve(course, ChartSeries::Look::dashed));
  return chart;
}

}  // namespace rigor::report
