// llama-bench: JSON, JSON lines and CSV have the same fields, one record for each test.
// Fields: tools/llama-bench/llama-bench.cpp of llama.cpp, test::get_fields.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/bench/bench_readers.hpp"
#include "base/diagnostic.hpp"
#include "base/text.hpp"

namespace rigor::adapters::bench {
namespace {

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

/// Without these a test says nothing.
constexpr std::array<std::string_view, 4> kNeeded = {"avg_ts", "n_prompt", "n_gen", "backends"};

Result<void> complete(const Record& test) {
  for (const std::string_view field : kNeeded) {
    if (test.fields.find(field) != test.fields.end()) continue;
    return fail(ErrorCode::malformed, fmt::format("the test has no field \"{}\"", field),
                test.where, "give the log as llama-bench wrote it, with all its fields");
  }
  if (!test.has("model_type") && !test.has("model_filename"))
    return fail(ErrorCode::malformed, "the test names no model: no field \"model_type\"",
                test.where, "give the log as llama-bench wrote it, with all its fields");
  return {};
}

/// "CUDA0/CUDA1" or "a, b": how many.
int pieces(std::string_view text, char separator) {
  return static_cast<int>(split(text, separator).size());
}

std::string device_count(const Record& test) {
  if (test["split_mode"] == "none") return "1";
  const std::string_view chosen = test["devices"];
  if (!chosen.empty() && chosen != "auto") return fmt::format("{}", pieces(chosen, '/'));
  const std::string_view gpus = test["gpu_info"];
  return gpus.empty() ? std::string() : fmt::format("{}", pieces(gpus, ','));
}

/// On, off, and auto, which takes it where it can.
std::string flash_attention(const Record& test) {
  const std::string_view stated = test["flash_attn"];
  if (!stated.empty()) return stated == "0" || stated == "off" ? "0" : "1";
  // Tables leave out what is the default: auto since -ngl is -1 by default, off before.
  return test["n_gpu_layers"] == "-1" ? "1" : "0";
}

bool on_host(const Record& test) {
  const std::string_view overrides = test["tensor_buft_overrides"];
  const bool overridden = overrides.find("CPU") != overrides.npos;
  return test.number("n_cpu_moe").value_or(0) > 0 || overridden || test["no_kv_offload"] == "1" ||
         (test["n_gpu_layers"] == "0" && test["backends"] != "CPU");
}

std::string notes(const Record& test) {
  std::string text;
  for (const std::string_view field : {"n_gpu_layers", "n_batch", "n_ubatch", "n_threads", "type_k",
                                       "type_v", "split_mode", "n_cpu_moe", "test_time"}) {
    if (!test.has(field)) continue;
    const std::string_view name = field == "n_gpu_layers" ? "ngl" : field;
    text += fmt::format("{}{}={}", text.empty() ? "" : "; ", name, test[field]);
  }
  return text;
}

std::string version(const Record& test) {
  if (!test.has("build_commit")) return {};
  return fmt::format("{} (b{})", test["build_commit"], test["build_number"]);
}

/// "CUDA", "ROCm", "MTL,BLAS"; accelerated processors are processors.
std::string backend(std::string_view stated) {
  for (const std::string_view name : split(stated, ',')) {
    if (trim(name) != "BLAS" && trim(name) != "CPU" && trim(name) != "ZenDNN")
      return std::string(trim(name)) + (stated.find("RPC") != stated.npos ? " RPC" : "");
  }
  return "CPU";
}

std::string file_name(std::string_view path) {
  return std::string(path.substr(path.find_last_of("/\\") + 1));
}

evidence::Row row_of(const Record& test, double rate) {
  const bool prompt = test.number("n_prompt").value_or(0) > 0;
  evidence::Row row;
  row.line = test.line;
  const double size = test.number("model_size").value_or(0) / kGiB;
  row.columns = {{"engine", "llama.cpp"},
                 {"engine_version", version(test)},
                 {"backend", backend(test["backends"])},
                 {"date", std::string(test["test_time"].substr(0, 10))},
                 {"device", std::string(test["gpu_info"])},
                 {"device_count", device_count(test)},
                 {"host_offload", on_host(test) ? "1" : "0"},
                 {"cpu", std::string(test["cpu_info"])},
                 {"model", std::string(test["model_type"])},
                 {"model_file", file_name(test["model_filename"])},
                 {"parameters", std::string(test["model_n_params"])},
                 {"model_size_gib", size > 0 ? fmt::format("{:.4f}", size) : ""},
                 {"flash_attn", flash_attention(test)},
                 {"n_prompt", std::string(test["n_prompt"])},
                 {"n_gen", std::string(test["n_gen"])},
                 {"context_depth", test.has("n_depth") ? std::string(test["n_depth"]) : "0"},
                 {"concurrency", "1"},
                 {"speculative", "0"},
                 {"metric", prompt ? "prefill_tps" : "decode_tps"},
                 {"value", plain(rate)},
                 {"stddev", std::string(test["stddev_ts"])},
                 {"notes", notes(test)}};
  return row;
}

}  // namespace

bool is_llama_bench(const Record& record) {
  return record.fields.contains("avg_ts") || record.fields.contains("build_commit") ||
         record.fields.contains("model_filename");
}

Result<BenchLog> read_llama_bench(const std::vector<Record>& tests, std::string format) {
  BenchLog log{.tool = "llama-bench", .format = std::move(format)};
  for (const Record& test : tests) {
    if (Result<void> done = complete(test); !done) return tl::unexpected<Error>(done.error());
    const Result<double> rate = positive(test, "avg_ts");
    if (!rate) return tl::unexpected<Error>(rate.error());
    const auto prompt = test.number("n_prompt"), made = test.number("n_gen");
    if (!prompt || !made || *prompt < 0 || *made < 0 || *prompt + *made <= 0)
      return fail(ErrorCode::malformed, "n_prompt and n_gen are no numbers of tokens", test.where);
    const double seconds = test.number("avg_ns").value_or(0) / 1e9;
    if (seconds > 0) {
      const Result<void> same =
          agree(test, "avg_ts", *rate, (*prompt + *made) / seconds, "tokens over avg_ns");
      if (!same) return tl::unexpected<Error>(same.error());
    }
    if (*prompt > 0 && *made > 0) {
      log.skipped.push_back(fmt::format("{}: prompt and answer timed together (-pg)", test.where));
      continue;
    }
    log.rows.push_back(row_of(test, *rate));
  }
  return log;
}

bool is_llama_csv(std::string_view text) {
  const std::string_view header = text.substr(0, text.find('\n'));
  for (const std::string_view name : {"avg_ts", "build_commit", "model_filename", "model_type"}) {
    if (header.find(name) != header.npos && header.find(',') != header.npos) return true;
  }
  return false;
}

Result<BenchLog> read_llama_csv(std::string_view text, const std::string& file) {
  const Result<evidence::Table> table = evidence::parse_csv(text, file);
  if (!table) return tl::unexpected<Error>(table.error());
  std::string missing;
  for (const std::string_view field : kNeeded) {
    const auto& header = table->header;
    if (std::find(header.begin(), header.end(), field) == header.end())
      missing += fmt::format("{}\"{}\"", missing.empty() ? "" : " and ", field);
  }
  if (!missing.empty()) {
    return fail(ErrorCode::malformed, fmt::format("the table has no column {}", missing),
                to_text(Location{file, 1}),
                "give the table as llama-bench -o csv wrote it, with all its columns");
  }
  std::vector<Record> tests;
  for (const evidence::Row& row : table->rows)
    tests.push_back({row.columns, to_text(Location{file, row.line}), row.line});
  if (tests.empty()) return fail(ErrorCode::malformed, "the table has no rows", file);
  return read_llama_bench(tests, "CSV");
}

}  // namespace rigor::adapters::bench
