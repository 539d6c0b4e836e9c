#include "apps/cli/commands/evidence_add.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/bench/bench_log.hpp"
#include "adapters/files/files.hpp"
#include "apps/cli/own.hpp"
#include "apps/cli/problem.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "evidence/own_row.hpp"
#include "evidence/own_table.hpp"
#include "report/own_text.hpp"

namespace rigor::apps {
namespace {

/// Settings of a workload that a log may leave unsaid.
constexpr std::array<std::string_view, 19> kSettings = {
    "quantization", "engine",        "backend",   "devices",        "tensor",
    "pipeline",     "prompt",        "sequences", "sequence",       "micro_batch",
    "accumulation", "rank",          "targets",   "optimizer",      "recipe",
    "attention",    "checkpointing", "zero",      "flash_attention"};

/// Everything that is said beside the log, each value checked as `rigor speed` would.
Result<evidence::OwnWords> said(const Arguments& arguments) {
  evidence::OwnWords words;
  workload::Workload scratch;
  for (const auto& [flag, value] : arguments.values) {
    const workload::Setting* setting = workload::find_setting(flag == "train" ? "method" : flag);
    if (setting != nullptr) {
      const std::string problem = setting->apply(scratch, value);
      if (!problem.empty()) return fail(ErrorCode::usage, problem, "--" + flag);
    }
    words[flag == "train" ? "method" : flag] = value;
  }
  const auto answer = arguments.number("answer", 1, 1, 1 << 24);
  if (!answer) return tl::unexpected<Error>(answer.error());
  const std::string date = arguments.text("date").value_or("2000-01");
  const bool is_date = (date.size() == 7 || date.size() == 10) && date[4] == '-' &&
                       date.find_first_not_of("0123456789-") == date.npos;
  if (!is_date)
    return fail(ErrorCode::usage, fmt::format("\"{}\" is no date", date), "--date",
                "write it as 2026-03-31 or 2026-03");
  return words;
}

Result<evidence::Table> table_so_far(const std::string& path) {
  if (!adapters::exists(path)) return evidence::Table{evidence::own_columns(), {}};
  return read_evidence(path);
}

Error with_place(Error error, const std::string& file, int line, bool has_lines) {
  if (error.where.empty()) error.where = has_lines ? fmt::format("{}:{}", file, line) : file;
  return error;
}

/// The log's rows, whole and judged.
Result<std::vector<report::AddedRow>> judged(const adapters::BenchLog& log, const std::string& file,
                                             const evidence::OwnWords& words,
                                             const hardware::Rig& rig, evidence::Library& library) {
  std::vector<report::AddedRow> rows;
  const bool has_lines = log.format != "JSON";
  for (const evidence::Row& logged : log.rows) {
    Result<evidence::Row> whole = evidence::complete_own(logged, words, rig, library);
    if (!whole)
      return tl::unexpected<Error>(with_place(whole.error(), file, logged.line, has_lines));
    whole->columns["locator"] = fmt::format("{}{}{}", file, has_lines ? ":" : "#", logged.line);
    evidence::OwnVerdict verdict = evidence::judge_own(*whole, library);
    rows.push_back({std::move(*whole), std::move(verdict)});
  }
  return rows;
}

/// Puts the rows that stand into the table and writes it; the old file stays until the new one is
/// whole.
Result<void> store(report::Addition& addition, bool only_look) {
  Result<evidence::Table> table = table_so_far(addition.path);
  if (!table) return tl::unexpected<Error>(table.error());
  std::vector<evidence::Row> rows;
  for (const report::AddedRow& one : addition.rows) {
    if (one.verdict.refused.empty()) rows.push_back(one.row);
  }
  const evidence::OwnAddition added = evidence::add_rows(std::move(*table), rows);
  std::size_t next = 0;
  for (report::AddedRow& one : addition.rows) {
    if (one.verdict.refused.empty()) one.is_new = added.is_new[next++];
  }
  addition.rows_in_table = static_cast<int>(added.table.rows.size());
  const bool any = std::find(added.is_new.begin(), added.is_new.end(), true) != added.is_new.end();
  if (!any || only_look) return {};
  const Result<void> written =
      adapters::replace_file(addition.path, evidence::table_csv(added.table));
  if (written) addition.written = true;
  return written;
}

Exit exit_of(const report::Addition& addition) {
  const bool any = std::any_of(addition.rows.begin(), addition.rows.end(),
                               [](const auto& row) { return row.verdict.refused.empty(); });
  return any ? Exit::yes : Exit::usage;
}

Result<report::Addition> add(const Arguments& arguments, const hardware::Rig& rig,
                             Session& session) {
  const std::string& file = arguments.positional[2];
  report::Addition addition;
  addition.path = arguments.text("to").value_or(own_path(arguments.positional[1]));
  if (addition.path.empty())
    return fail(ErrorCode::usage, "a rig of words has no file to keep measurements beside", {},
                "add --to FILE.csv, and give it to rigor speed with --own");
  const Result<evidence::OwnWords> words = said(arguments);
  if (!words) return tl::unexpected<Error>(words.error());
  const Result<std::string> text = adapters::read_file(file);
  if (!text) return tl::unexpected<Error>(text.error());
  Result<adapters::BenchLog> log = adapters::read_bench_log(*text, file);
  if (!log) return tl::unexpected<Error>(log.error());
  const Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return tl::unexpected<Error>(calibration.error());
  evidence::Library library = own_library(rig, session, *calibration);
  Result<std::vector<report::AddedRow>> rows = judged(*log, file, *words, rig, library);
  if (!rows) return tl::unexpected<Error>(rows.error());
  addition.tool = log->tool;
  addition.format = log->format;
  addition.skipped = std::move(log->skipped);
  addition.rows = std::move(*rows);
  const Result<void> stored = store(addition, arguments.has("dry-run"));
  if (!stored) return tl::unexpected<Error>(stored.error());
  return addition;
}

}  // namespace

std::vector<Option> evidence_add_options() {
  std::vector<Option> options = {
      {"to", "FILE.csv", "add: the table to add to (default: RIG.evidence.csv beside the rig)"},
      {"dry-run", "", "add: show what would be added, write nothing"},
      {"model", "ID", "add: the network, where the log's name for it is not the catalogue's"},
      {"train", "METHOD", "add: a log of training by this method: full, lora or qlora"},
      {"answer", "TOKENS", "add: tokens generated for each request"},
      {"date", "DATE", "add: when it was measured, 2026-03-31"},
  };
  static const std::vector<Option> settings = workload_options({});
  for (const std::string_view name : kSettings) {
    const workload::Setting* wanted = workload::find_setting(name);
    for (const Option& option : settings) {
      if (workload::find_setting(option.name) == wanted) options.push_back(option);
    }
  }
  return options;
}

Exit run_evidence_add(const Arguments& arguments, Session& session) {
  const Result<adapters::RigFile> rig = open_rig(arguments.positional[1], session);
  if (!rig) return session.refuse(rig.error());
  const Result<report::Addition> addition = add(arguments, rig->rig, session);
  if (!addition) return session.refuse(addition.error());
  session.out +=
      arguments.has("json") ? report::addition_json(*addition) : report::addition_text(*addition);
  if (exit_of(*addition) != Exit::yes)
    session.err +=
        fmt::format("rigor: {}: none of its rows can be used\n", arguments.positional[2]);
  return exit_of(*addition);
}

}  // namespace rigor::apps
