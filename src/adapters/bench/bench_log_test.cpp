// Logs as their tools write them, and logs that are broken: what is read, and what is said.
#include "adapters/bench/bench_log.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace rigor::adapters {
namespace {

BenchLog read(const std::string& text) {
  Result<BenchLog> log = read_bench_log(text, "log");
  REQUIRE_MESSAGE(log.has_value(), log.error().message);
  return std::move(*log);
}

std::string refusal(const std::string& text) {
  const Result<BenchLog> log = read_bench_log(text, "log");
  REQUIRE(!log.has_value());
  return log.error().where + ": " + log.error().message;
}

/// One test as llama-bench -o json prints it.
std::string test(std::string_view rate, int prompt = 0, int made = 128,
                 std::string_view more = "") {
  return fmt::format(
      R"({{"build_commit": "8cf427ff", "build_number": 5163, "cpu_info": "AMD", )"
      R"("gpu_info": "NVIDIA GeForce RTX 4080", "backends": "CUDA", )"
      R"("model_filename": "models/Qwen2.5-7B-Instruct-Q4_K_M.gguf", )"
      R"("model_type": "qwen2 7B Q4_K - Medium", "model_size": 4677120000, )"
      R"("model_n_params": 7615616512, "n_ubatch": 512, "n_gpu_layers": 99, "n_cpu_moe": 0, )"
      R"("split_mode": "layer", "flash_attn": true, "n_prompt": {}, "n_gen": {}, "n_depth": 0, )"
      R"("test_time": "2025-04-24T11:58:50Z", "avg_ts": {}, "stddev_ts": 1.04{}}})",
      prompt, made, rate, more);
}

constexpr std::string_view kTable =
    "| model                  |     size | params | backend | ngl |            test |          t/s "
    "|\n"
    "| ---------------------- | -------: | -----: | ------- | --: | --------------: | -----------: "
    "|\n";

std::string table_row(std::string_view test, std::string_view rate) {
  return fmt::format("| qwen2 7B Q4_K - Medium | 4.36 GiB | 7.62 B | CUDA | -1 | {} | {} |\n", test,
                     rate);
}

}  // namespace

TEST_CASE("llama-bench's JSON, JSON lines and CSV say the same") {
  const std::string csv =
      "build_commit,gpu_info,backends,model_filename,n_prompt,n_gen,avg_ts,stddev_ts\n"
      "\"8cf427ff\",\"NVIDIA GeForce RTX "
      "4080\",\"CUDA\",\"m.gguf\",\"0\",\"128\",\"118.5\",\"1.04\"\n";
  for (const std::string& text : {"[\n" + test("118.5") + "\n]\n", test("118.5") + "\n",
                                  "ggml: found 1\n[" + test("118.5") + "]", csv}) {
    CAPTURE(text);
    const BenchLog log = read(text);
    CHECK(log.tool == "llama-bench");
    CHECK_FALSE(log.trains);
    REQUIRE(log.rows.size() == 1);
    const evidence::Row& row = log.rows[0];
    CHECK(row["metric"] == "decode_tps");
    CHECK(row["value"] == "118.5");
    CHECK(row["stddev"] == "1.04");
    CHECK(row["n_gen"] == "128");
    CHECK(row["backend"] == "CUDA");
    CHECK(row["device"] == "NVIDIA GeForce RTX 4080");
    CHECK(row["device_count"] == "1");
  }
}

TEST_CASE("a test of llama-bench in the words of evidence") {
  const evidence::Row row = read("[" + test("7100", 512, 0) + "]").rows.at(0);
  CHECK(row["metric"] == "prefill_tps");
  CHECK(row["date"] == "2025-04-24");
  CHECK(row["engine_version"] == "8cf427ff (b5163)");
  CHECK(row["model_file"] == "Qwen2.5-7B-Instruct-Q4_K_M.gguf");
  CHECK(row["model_size_gib"] == "4.3559");
  CHECK(row["flash_attn"] == "1");
  CHECK(row["host_offload"] == "0");
  CHECK(row.note("n_ubatch") == "512");
  const auto offloaded = [&](std::string_view more) {
    return read("[" + test("7", 0, 9, more) + "]").rows.at(0)["host_offload"] == "1";
  };
  CHECK(offloaded(R"(, "tensor_buft_overrides": "exps=CPU")"));
  CHECK(offloaded(R"(, "no_kv_offload": true)"));
  CHECK_FALSE(offloaded(R"(, "tensor_buft_overrides": "none")"));
}

TEST_CASE("llama-bench's table, with what other programs print around it") {
  const BenchLog log =
      read("ggml_cuda_init: found 1 CUDA devices:\n" + std::string(kTable) +
           table_row("pp512", "7340.20 \xC2\xB1 23.45") +
           table_row("tg128 @ d4096", "116.71 \xC2\xB1 0.60") + table_row("tg 64", "120.6") +
           table_row("pp512+tg128", "300.1") + "\nbuild: 8cf427ff (5163)\n");
  CHECK(log.format == "table");
  REQUIRE(log.rows.size() == 3);
  CHECK(log.rows[0]["n_prompt"] == "512");
  CHECK(log.rows[0]["value"] == "7340.2");
  CHECK(log.rows[0]["stddev"] == "23.45");
  CHECK(log.rows[0]["parameters"] == "7620000000");
  CHECK(log.rows[0]["model_size_gib"] == "4.3600");
  CHECK(log.rows[0]["engine_version"] == "8cf427ff (b5163)");
  CHECK(log.rows[0]["flash_attn"] == "1");  // -1 layers: of a build that takes it by itself
  CHECK(log.rows[1]["context_depth"] == "4096");
  CHECK(log.rows[1].line == 5);
  CHECK(log.rows[2]["n_gen"] == "64");
  CHECK(log.skipped.size() == 1);
}

TEST_CASE("vLLM's benchmarks") {
  const BenchLog serve = read(
      R"({"date": "20260424-115850", "model_id": "Qwen/Qwen2.5-7B-AWQ", "num_prompts": 200,
          "request_rate": "inf", "max_concurrency": 16, "duration": 50.0, "completed": 200,
          "total_input_tokens": 102400, "total_output_tokens": 51200, "output_throughput": 1024.0,
          "median_ttft_ms": 140.0, "median_tpot_ms": 13.9, "input_lens": [512], "errors": [""]})");
  REQUIRE(serve.rows.size() == 2);
  CHECK(serve.tool == "vllm bench serve");
  CHECK(serve.rows[0]["metric"] == "output_tps_total");
  CHECK(serve.rows[0]["concurrency"] == "16");
  CHECK(serve.rows[0]["n_prompt"] == "512");
  CHECK(serve.rows[0]["n_gen"] == "256");
  CHECK(serve.rows[0]["date"] == "2026-04-24");
  CHECK(serve.rows[1]["metric"] == "tpot_ms");
  CHECK(serve.skipped.size() == 1);
  const BenchLog throughput = read(
      R"({"elapsed_time": 30.0, "num_requests": 200, "total_num_tokens": 153600,
          "requests_per_second": 6.67, "tokens_per_second": 5120.0})");
  CHECK(throughput.rows.at(0)["metric"] == "total_tps");
  CHECK(throughput.rows.at(0)["tokens_each"] == "768");
  const BenchLog latency = read(R"({"avg_latency": 2.5, "latencies": [2.5], "percentiles": {}})");
  CHECK(latency.rows.at(0)["batch_seconds"] == "2.5");
}

TEST_CASE("trainers") {
  struct Case {
    const char* text;
    const char* metric;
    const char* value;
    const char* framework;
  };
  for (const Case& c : {
           Case{"{'loss': 1.2}\n{'train_runtime': 437.8, 'train_samples_per_second': 2.132}\n",
                "samples_per_s", "2.132", "TRL"},
           Case{"{'train_samples_per_second': 2.1, 'train_tokens_per_second': 2100.5}",
                "tokens_per_s_per_gpu", "2100.5", "TRL"},
           Case{R"({"train_runtime": 437.8, "train_samples_per_second": 2.132, "epoch": 3.0})",
                "samples_per_s", "2.132", "TRL"},
           Case{R"({"log_history": [{"loss": 1}, {"train_samples_per_second": 3.5}]})",
                "samples_per_s", "3.5", "TRL"},
           Case{"Step 1 | loss:1 tokens_per_second_per_gpu:100\n"
                "Step 2 | loss:1 tokens_per_second_per_gpu:900\n"
                "Step 3 | loss:1 tokens_per_second_per_gpu:902\n",
                "tokens_per_s_per_gpu", "901", "torchtune"},
           Case{"\x1b[31mstep: 10 \x1b[34mtps: 5,762 \x1b[36mtflops: 100.0\x1b[0m\n",
                "tokens_per_s_per_gpu", "5762", "torchtitan"},
           Case{"step 1 | loss: 9.8 | time: 1800.00ms | tok/sec: 9000.00\n", "tokens_per_s", "9000",
                "TRL"},
           Case{"Batch 1 | Throughput: 49,210 tokens/sec\n", "tokens_per_s", "49210", "TRL"},
       }) {
    CAPTURE(c.text);
    const BenchLog log = read(c.text);
    CHECK(log.trains);
    REQUIRE(log.rows.size() == 1);
    CHECK(log.rows[0]["metric"] == c.metric);
    CHECK(log.rows[0]["value"] == c.value);
    CHECK(log.rows[0]["framework"] == c.framework);
  }
}

TEST_CASE("logs that are broken") {
  struct Case {
    std::string text, said;
  };
  for (const Case& c : {
           Case{"", "log: the file is empty"},
           Case{" \n\t\n", "log: the file is empty"},
           Case{"nothing of the kind\n", "log: no tool that rigor knows wrote this"},
           Case{R"({"a": 1})", "log: no tool that rigor knows wrote this"},
           Case{"[]", "log: no tool that rigor knows wrote this"},
           Case{"[\n]", "log: no object of a benchmark is in it"},
           Case{"[\n1, 2]", "log: no object of a benchmark is in it"},
           Case{"CREATE TABLE x; INSERT INTO llama_bench (a) VALUES (1);",
                "log: this is llama-bench's SQL"},
           Case{"===== Serving Benchmark Result =====\n",
                "log: this is what vllm bench serve prints"},
           Case{"eval rate:            40.12 tokens/s\n",
                "log: these are timings of a single chat"},
           Case{"id,source,locator,metric\n", "log: this is a table of evidence already"},
           Case{"[" + test("-3") + "]", "log: test 1: avg_ts is -3: a measured figure is above 0"},
           Case{"[" + test("0") + "]", "log: test 1: avg_ts is 0: a measured figure is above 0"},
           Case{"[" + test("NaN") + "]",
                "log: test 1: avg_ts is \"null or NaN\", which is no number"},
           Case{"[" + test("\"fast\"") + "]",
                "log: test 1: avg_ts is \"fast\", which is no number"},
           Case{"[" + test("0.1185", 0, 128, R"(, "avg_ns": 1080168776)") + "]",
                "log: test 1: avg_ts is 0.1185, but tokens over avg_ns give 118.5"},
           Case{"[" + test("5", 0, 0) + "]",
                "log: test 1: n_prompt and n_gen are no numbers of tokens"},
           Case{test("5") + "\n" + test("-5") + "\n",
                "log:2: avg_ts is -5: a measured figure is above 0"},
       }) {
    CAPTURE(c.text);
    CHECK(refusal(c.text) == c.said);
  }
}

TEST_CASE("tables and lines that are broken") {
  const std::string paced =
      R"({"output_throughput": 10.0, "completed": 2, "total_input_tokens": 4, "request_rate": 4.0,)"
      R"( "total_output_tokens": 4, "max_concurrency": null})";
  const std::string header(kTable);
  struct Case {
    std::string text, said;
  };
  for (const Case& c : {
           Case{"build_commit,model_type,n_prompt,n_gen\na,b,0,128\n",
                "log:1: the table has no column \"avg_ts\" and \"backends\""},
           Case{"model_type,backends,n_prompt,n_gen,avg_ts\nb,CUDA,0,128\n",
                "log:2: 4 fields where the header has 5"},
           Case{"model_type,backends,n_prompt,n_gen,avg_ts\n", "log: the table has no rows"},
           Case{"model_type,backends,n_prompt,n_gen,avg_ts\nb,CUDA,0,128,nan\n",
                "log:2: avg_ts is \"nan\", which is no number"},
           Case{header, "log: the table has no rows"},
           Case{header + table_row("tg128", "3 min"),
                "log:3: avg_ts is \"3 min\", which is no number"},
           Case{header + table_row("tg", "3"), "log:3: \"tg\" is no test of llama-bench"},
           Case{header + "| a | b |\n", "log:3: 2 cells where the header has 7"},
           Case{"| model | size | params | test | ms |\n",
                "log:1: the table has no column \"backend\""},
           Case{paced,
                "log:1: requests were sent at a rate of 4: what came out is what was asked "
                "for, not what the rig can do"},
           Case{R"({"log_history": []})",
                "log:1: no entry of log_history has train_samples_per_second"},
           Case{"Step 1 | tokens_per_second_per_gpu:nan\n",
                "log:1: tokens_per_second_per_gpu is \"nan\", which is no number"},
       }) {
    CAPTURE(c.text);
    CHECK(refusal(c.text) == c.said);
  }
}

TEST_CASE("a log that was cut off is no log") {
  const std::string whole = "[" + test("118.5") + "]";
  for (std::size_t end = 1; end + 1 < whole.size(); end += 7)
    CHECK_FALSE(read_bench_log(whole.substr(0, end), "log").has_value());
}

}  // namespace rigor::adapters
