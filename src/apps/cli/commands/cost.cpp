// rigor cost RIG --work WORK: what owning costs, against renting the same work.
#include <fmt/format.h>

#include "adapters/files/files.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/costing.hpp"
#include "apps/cli/own.hpp"
#include "base/text.hpp"
#include "report/cost_charts.hpp"

namespace rigor::apps {
namespace {

constexpr long long kFewestDraws = 100, kMostDraws = 100'000'000;

constexpr std::array kOptions = {
    Option{"work", "WORK", "what the rig is for: a file with [[workload]] tables"},
    Option{"plan", "PLAN", "horizon, rates, prices, taxes, offers: a plan file"},
    Option{"policy", "NAME", "count the later purchases of this [[policy]] of the plan"},
    Option{"against", "WAY", "what owning is held against: on-demand, spot, committed or api"},
    Option{"draws", "N", "draws of chance (100000)"},
    Option{"seed", "N", "where the draws begin (1); the same seed gives the same draws"},
    Option{"currency", "CODE", "of the answer: USD, EUR, ILS, …"},
    Option{"rate", "RATES", "what other currencies are worth: \"1 ILS = 0.27 USD\""},
    Option{"svg", "FILE", "draw FILE, FILE-tornado.svg and FILE-chance.svg"},
    kOwnOption,
    kNoOwnOption,
    Option{"json", "", "one JSON object instead of text"},
    Option{"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
};

Result<std::optional<cost::Rent>> against_of(const Arguments& arguments) {
  const auto typed = arguments.text("against");
  if (!typed) return std::optional<cost::Rent>();
  static const std::vector<std::string> kNames = {"on-demand", "spot", "committed", "api"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == *typed) return std::optional(static_cast<cost::Rent>(i));
  }
  const std::string hint = did_you_mean(*typed, kNames);
  return fail(ErrorCode::usage, fmt::format("\"{}\" is no way of renting", *typed), "--against",
              hint.empty() ? "one of: " + join(kNames, ", ") : hint);
}

Result<CostFlags> flags_of(const Arguments& arguments) {
  const CostFlags usual;
  const Result<long long> draws = arguments.number("draws", usual.draws, kFewestDraws, kMostDraws);
  if (!draws) return tl::unexpected<Error>(draws.error());
  const Result<long long> seed = arguments.number("seed", 1, 0, INT64_MAX);
  if (!seed) return tl::unexpected<Error>(seed.error());
  const Result<std::optional<cost::Rent>> against = against_of(arguments);
  if (!against) return tl::unexpected<Error>(against.error());
  return CostFlags{*draws, static_cast<std::uint64_t>(*seed), *against};
}

Result<void> write_chart(const std::string& path, const std::string& svg, Session& session) {
  const Result<void> done = adapters::write_file(path, svg);
  if (done) session.err += fmt::format("wrote {}\n", path);
  return done;
}

Result<void> draw(const std::string& path, const report::CostReport& report, Session& session) {
  if (!report.unrented.empty()) {
    session.err += "no chart: nothing is compared\n";
    return {};
  }
  const std::string stem = path.ends_with(".svg") ? path.substr(0, path.size() - 4) : path;
  Result<void> done = write_chart(stem + ".svg", report::cumulative_svg(report), session);
  if (done && !report.swings.empty())
    done = write_chart(stem + "-tornado.svg", report::tornado_svg(report), session);
  if (done && !report.chances.histogram.empty())
    done = write_chart(stem + "-chance.svg", report::chance_svg(report), session);
  return done;
}

Exit run_cost(const Arguments& arguments, Session& session) {
  const Result<CostFlags> flags = flags_of(arguments);
  if (!flags) return session.refuse(flags.error());
  const Result<std::unique_ptr<Costing>> costing = cost_of(arguments, *flags, session);
  if (!costing) {
    const Exit exit = session.refuse(costing.error());
    return costing.error().code == ErrorCode::unsupported ? Exit::unknown : exit;
  }
  const report::CostReport& report = (*costing)->report;
  if (const auto path = arguments.text("svg")) {
    const Result<void> drawn = draw(*path, report, session);
    if (!drawn) return session.refuse(drawn.error());
  }
  session.out += arguments.has("json") ? report::cost_json(report) : report::cost_text(report);
  if ((*costing)->is_bad) return Exit::usage;
  const bool all_done = report.undone.empty() && report.fullest_month <= report.machine.hours_on;
  return all_done ? Exit::yes : Exit::no;
}

}  // namespace

Command cost_command() {
  return {"cost",
          "RIG",
          1,
          1,
          "what owning a rig costs for its work, year by year, against renting the same work",
          kOptions,
          run_cost};
}

}  // namespace rigor::apps
