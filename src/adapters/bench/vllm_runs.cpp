// vLLM's benchmarks: `vllm bench serve --save-result` (vllm/benchmarks/serve.py), `vllm bench
// throughput --output-json` and `vllm bench latency --output-json`. The last two name neither
// network nor lengths.
#include <fmt/format.h>

#include <cmath>

#include "adapters/bench/bench_readers.hpp"
#include "base/text.hpp"

namespace rigor::adapters::bench {
namespace {

bool is_serving(const Record& run) {
  return run.fields.contains("output_throughput") || run.fields.contains("total_output_tokens");
}
bool is_throughput(const Record& run) {
  return run.fields.contains("requests_per_second") && run.fields.contains("tokens_per_second");
}
bool is_latency(const Record& run) {
  return run.fields.contains("avg_latency") && run.fields.contains("latencies");
}

/// "20250424-115850" -> "2025-04-24".
std::string day(std::string_view date) {
  if (date.size() < 8 || date.substr(0, 8).find_first_not_of("0123456789") != date.npos)
    return std::string(date.substr(0, std::min<std::size_t>(10, date.size())));
  return fmt::format("{}-{}-{}", date.substr(0, 4), date.substr(4, 2), date.substr(6, 2));
}

evidence::Row row_of(const Record& run, std::string_view metric, double value) {
  evidence::Row row;
  row.line = run.line;
  row.columns = {{"engine", "vLLM"},
                 {"date", day(run["date"])},
                 {"model", std::string(run["model_id"])},
                 {"model_file", std::string(run["model_id"])},
                 {"host_offload", "0"},
                 {"speculative", run.fields.contains("spec_decode_num_drafts") ? "1" : "0"},
                 {"metric", std::string(metric)},
                 {"value", plain(value)}};
  if (run.has("date")) row.columns["notes"] = fmt::format("test_time={}", run["date"]);
  return row;
}

/// Requests at the same time; 0: the load was paced, so that the figure is the load's.
double concurrency(const Record& run) {
  const double most = run.number("max_concurrency").value_or(0);
  if (most > 0) return most;
  const std::string rate = lower(run["request_rate"]);
  const bool all_at_once = rate.empty() || rate == "inf" || rate == "null";
  return all_at_once ? run.number("num_prompts").value_or(run.number("completed").value_or(0)) : 0;
}

Result<void> add_serving(const Record& run, BenchLog& log) {
  const Result<double> rate = positive(run, "output_throughput");
  if (!rate) return tl::unexpected<Error>(rate.error());
  const Result<double> requests = positive(run, "completed");
  const Result<double> read = positive(run, "total_input_tokens");
  const Result<double> written = positive(run, "total_output_tokens");
  for (const Result<double>* there : {&requests, &read, &written}) {
    if (!*there) return tl::unexpected<Error>(there->error());
  }
  const double completed = *requests, made = *written;
  const double seconds = run.number("duration").value_or(0);
  if (seconds > 0) {
    const Result<void> same =
        agree(run, "output_throughput", *rate, made / seconds, "total_output_tokens over duration");
    if (!same) return same;
  }
  const double together = concurrency(run);
  if (together <= 0) {
    return fail(ErrorCode::unsupported,
                fmt::format("requests were sent at a rate of {}: what came out is what was asked "
                            "for, not what the rig can do",
                            run["request_rate"]),
                run.where, "run it with --request-rate inf or --max-concurrency N");
  }
  const auto add = [&](std::string_view metric, double value) {
    evidence::Row row = row_of(run, metric, value);
    row.columns["n_prompt"] = plain(std::round(*read / completed));
    row.columns["n_gen"] = plain(std::round(made / completed));
    row.columns["concurrency"] = plain(std::min(together, completed));
    log.rows.push_back(std::move(row));
  };
  add("output_tps_total", *rate);
  for (const std::string_view name : {"ttft_ms", "tpot_ms"}) {
    const std::string field = "median_" + std::string(name);
    if (!run.fields.contains(field)) continue;
    if (together > 1 && name == "ttft_ms") {
      log.skipped.push_back(
          fmt::format("{}: {}: under load it depends on how requests arrive", run.where, field));
      continue;
    }
    const Result<double> time = positive(run, field);
    if (!time) return tl::unexpected<Error>(time.error());
    add(name, *time);
  }
  return {};
}

/// What the command line of the benchmark said is left to who adds it.
Result<void> add_throughput(const Record& run, BenchLog& log) {
  const Result<double> rate = positive(run, "tokens_per_second");
  if (!rate) return tl::unexpected<Error>(rate.error());
  const Result<double> requests = positive(run, "num_requests");
  if (!requests) return tl::unexpected<Error>(requests.error());
  evidence::Row row = row_of(run, "total_tps", *rate);
  row.columns["concurrency"] = plain(*requests);
  const double tokens = run.number("total_num_tokens").value_or(0);
  if (tokens > 0) row.columns["tokens_each"] = plain(std::round(tokens / *requests));
  log.rows.push_back(std::move(row));
  return {};
}

Result<void> add_latency(const Record& run, BenchLog& log) {
  const Result<double> seconds = positive(run, "avg_latency");
  if (!seconds) return tl::unexpected<Error>(seconds.error());
  evidence::Row row = row_of(run, "output_tps_total", *seconds);
  row.columns["batch_seconds"] = plain(*seconds);
  log.rows.push_back(std::move(row));
  return {};
}

}  // namespace

bool is_vllm(const Record& record) {
  return is_serving(record) || is_throughput(record) || is_latency(record);
}

Result<BenchLog> read_vllm(const std::vector<Record>& runs) {
  const Record& first = runs.front();
  const char* tool = is_serving(first)      ? "vllm bench serve"
                     : is_throughput(first) ? "vllm bench throughput"
                                            : "vllm bench latency";
  BenchLog log{.tool = tool, .format = "JSON"};
  for (const Record& run : runs) {
    const Result<void> done = is_serving(run)      ? add_serving(run, log)
                              : is_throughput(run) ? add_throughput(run, log)
                                                   : add_latency(run, log);
    if (!done) return tl::unexpected<Error>(done.error());
  }
  return log;
}

}  // namespace rigor::adapters::bench
