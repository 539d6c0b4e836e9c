// Own rows: names of networks, what the rig adds and contradicts, judgement, and the table.
#include "evidence/own_row.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "catalogue_scene.hpp"
#include "evidence/own_table.hpp"

namespace rigor::evidence {
namespace {

using doctest::Approx;
using scene::library;

hardware::Rig rig(std::initializer_list<const char*> cards) {
  hardware::Rig made;
  for (const char* id : cards) {
    const hardware::Accelerator* card = library().device(id);
    REQUIRE(card != nullptr);
    made.accelerators.push_back(*card);
  }
  return made;
}

constexpr const char* k4090 = "gpu/nvidia/rtx-4090";

/// As a reader of llama-bench leaves it.
Row logged() {
  Row row;
  row.columns = {{"engine", "llama.cpp"}, {"backend", "CUDA"},
                 {"date", "2026-01-02"},  {"device", "NVIDIA GeForce RTX 4090"},
                 {"device_count", "1"},   {"model_file", "Qwen2.5-7B-Instruct-Q4_K_M.gguf"},
                 {"flash_attn", "1"},     {"parameters", "7615616512"},
                 {"host_offload", "0"},   {"n_prompt", "0"},
                 {"n_gen", "128"},        {"context_depth", "0"},
                 {"concurrency", "1"},    {"metric", "decode_tps"},
                 {"value", "150"},        {"stddev", "1.5"},
                 {"notes", "ngl=99"}};
  return row;
}

Row changed(std::string_view column, std::string_view text) {
  Row row = logged();
  row.columns[std::string(column)] = std::string(text);
  return row;
}

Row training() {
  Row row;
  row.columns = {{"framework", "TRL"}, {"metric", "tokens_per_s"}, {"value", "2500"}};
  return row;
}

Row whole(const Row& row, const OwnWords& words = {}, const hardware::Rig& of = rig({k4090})) {
  const Result<Row> done = complete_own(row, words, of, library());
  REQUIRE_MESSAGE(done.has_value(), done.error().message);
  return *done;
}

std::string refusal(const Row& row, const OwnWords& words = {},
                    const hardware::Rig& of = rig({k4090})) {
  const Result<Row> done = complete_own(row, words, of, library());
  REQUIRE_FALSE(done.has_value());
  return done.error().message;
}

}  // namespace

TEST_CASE("networks and recipes by the names of files and hubs") {
  struct Case {
    const char* name;
    const char* network;
    const char* recipe;
  };
  for (const Case& c : {
           Case{"models/Qwen2.5-7B-Instruct-Q4_K_M.gguf", "qwen2.5-7b", "Q4_K_M"},
           Case{"Qwen_Qwen3-30B-A3B-Instruct-2507-IQ4_XS.gguf", "qwen3-30b-a3b", "IQ4_XS"},
           Case{"C:\\m\\Meta-Llama-3.1-8B-Instruct-Q8_0.gguf", "llama-3.1-8b", "Q8_0"},
           Case{"Llama-3.1-70B-Instruct.Q4_K_M-00001-of-00002.gguf", "llama-3.1-70b", "Q4_K_M"},
           Case{"gpt-oss-20b-mxfp4.gguf", "gpt-oss-20b", "MXFP4"},
           Case{"google_gemma-3-12b-it-Q4_0.gguf", "gemma-3-12b", "Q4_0"},
           Case{"Qwen/Qwen2.5-7B-Instruct-AWQ", "qwen2.5-7b", "AWQ"},
           Case{"Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4", "qwen2.5-7b", "GPTQ-INT4"},
           Case{"meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b", ""},
           Case{"qwen2 7B Q4_K - Medium", "", "Q4_K_M"},
           Case{"llama 8B IQ2_XXS - 2.0625 bpw", "", "IQ2_XXS"},
           Case{"Qwen2.5-Coder-7B-Instruct-Q4_K_M.gguf", "qwen2.5-coder-7b", "Q4_K_M"},
           Case{"something-else-9b-Q4_K_M.gguf", "", "Q4_K_M"},
           Case{"", "", ""},
       }) {
    CAPTURE(c.name);
    CHECK(own_network(c.name, library()) == c.network);
    CHECK(own_quantization(c.name, library()) == c.recipe);
  }
}

TEST_CASE("the rig and the catalogue complete a row") {
  const Row row = whole(logged());
  CHECK(row["model_id"] == "qwen2.5-7b");
  CHECK(row["quant"] == "Q4_K_M");
  CHECK(row["device_id"] == k4090);
  CHECK(row["device_count"] == "1");
  CHECK(row["source"] == "own");
  CHECK(whole(changed("model_file", "x.gguf"),
              {{"model", "qwen2.5-7b"}, {"quantization", "Q4_K_M"}})["model_id"] == "qwen2.5-7b");
}

TEST_CASE("a log that contradicts the rig or the network") {
  CHECK(refusal(changed("device", "NVIDIA GeForce RTX 3090")) ==
        "the log is of NVIDIA GeForce RTX 3090, the rig has NVIDIA GeForce RTX 4090");
  CHECK(refusal(changed("device", "NVIDIA GeForce RTX 4090, NVIDIA GeForce RTX 4090")) ==
        "the log is of 2 devices, the rig has 1");
  CHECK(refusal(logged(), {{"devices", "3"}}) == "the log is of 3 devices, the rig has 1");
  CHECK(refusal(logged(), {{"model", "llama-3.1-8b"}}) ==
        "the log's network has 7.62 billion parameters, llama-3.1-8b has 8.03");
  CHECK(refusal(changed("backend", "CPU")) ==
        "the figure is of a processor, and the rig states none");
  hardware::Rig host = rig({});
  host.host = *library().processor("cpu/amd/ryzen-9-9900x");
  Row on_host = changed("backend", "CPU");
  on_host.columns["cpu"] = "AMD Ryzen 9 7950X 16-Core Processor";
  CHECK(refusal(on_host, {}, host) ==
        "the log is of AMD Ryzen 9 7950X, the rig has " + host.host.processor);
  on_host.columns["cpu"] = "AMD Ryzen 9 9900X 12-Core Processor";
  CHECK(whole(on_host, {}, host)["device_id"] == "cpu/amd/ryzen-9-9900x");
  CHECK(refusal(logged(), {}, rig({})) == "the rig has no accelerator, and the log is of one");
  CHECK(refusal(changed("device_count", "2"), {}, rig({k4090, "gpu/nvidia/rtx-3090"})) ==
        "a row speaks of equal devices, and these differ");
}

TEST_CASE("a partner's card is the card the log names") {
  const hardware::Rig of = rig({"gpu/gigabyte/gv-n506twf2-16gd"});
  CHECK(whole(changed("device", "NVIDIA GeForce RTX 5060 Ti"), {}, of)["device_id"] ==
        "gpu/gigabyte/gv-n506twf2-16gd");
  CHECK(refusal(changed("device", "NVIDIA GeForce RTX 5070 Ti"), {}, of) != "");
  CHECK(refusal(changed("device", "AMD Radeon Graphics"), {}, of) != "");
}

TEST_CASE("what a log does not say is asked for") {
  CHECK(refusal(changed("model_file", "odd-9b.gguf")) ==
        "\"odd-9b.gguf\" is no network the catalogue knows by this name");
  CHECK(refusal(changed("model_file", "Qwen2.5-7B.gguf")) ==
        "the log does not say how the weights are stored");
  CHECK(refusal(changed("notes", "ngl=20")) ==
        "part of the network sat in the host's memory: rows of this kind are not compared");
  Row served = changed("engine", "vLLM");
  served.columns["device"] = served.columns["device_count"] = "";
  CHECK(refusal(served, {}, rig({k4090, k4090})) ==
        "the log does not say how many of the rig's 2 devices it is of");
  served.columns["n_gen"] = "";
  CHECK(refusal(served) == "the log does not say how long the answers are");
  CHECK(refusal(training(), {{"model", "llama-3.1-8b"}}) == "this is a log of training");
  CHECK(refusal(training(), {{"model", "llama-3.1-8b"}, {"method", "lora"}}) ==
        "the log does not say how long the sequences are");
  CHECK(refusal(logged(), {{"method", "lora"}}) == "--train is for logs of training");
}

TEST_CASE("own rows are judged as rigor speaks today") {
  const OwnVerdict v = judge_own(whole(logged()), library());
  CHECK(v.refused == "");
  REQUIRE(v.row.has_value());
  CHECK(v.measured == 150);
  CHECK(v.low < v.estimated);
  CHECK(v.row->logarithm == Approx(std::log(150 / v.estimated)));
  CHECK(v.row->noise == Approx(0.01));
  // Qwen2.5 Coder has the same matrices; Qwen3 8B has not.
  CHECK(v.row->setting.network == place::shape_of(*library().network("qwen2.5-coder-7b", "Q8_0")));
  CHECK(v.row->setting.network != place::shape_of(*library().network("qwen3-8b", "Q4_K_M")));
  CHECK(v.row->setting.size == 64);
  Row older = whole(logged());
  older.columns["date"] = "2024-03-01";
  CHECK(judge_own(older, library()).estimated == Approx(v.estimated));
  // A time is a rate the other way round.
  Row time = whole(logged());
  time.columns["metric"] = "tpot_ms";
  time.columns["value"] = "6.666666667";
  CHECK(judge_own(time, library()).row->logarithm == Approx(v.row->logarithm).epsilon(0.01));
}

TEST_CASE("what no device can have done is refused") {
  const OwnVerdict v = judge_own(whole(changed("value", "900")), library());
  CHECK(v.refused.find("more than the device's bandwidth allows") != std::string::npos);
  CHECK_FALSE(v.row.has_value());
}

TEST_CASE("training rows correct training by the same engine and method") {
  const OwnWords words = {{"model", "llama-3.1-8b"},
                          {"method", "qlora"},
                          {"sequence", "2048"},
                          {"micro-batch", "2"},
                          {"engine", "unsloth"}};
  const Row row = whole(training(), words);
  CHECK(row["framework"] == "unsloth");
  const OwnVerdict v = judge_own(row, library());
  REQUIRE_MESSAGE(v.row.has_value(), v.refused);
  CHECK(v.row->setting.engine == "unsloth");
  CHECK(v.row->setting.form == "qlora");
  CHECK(v.row->setting.size == 4096);
}

TEST_CASE("a table takes each measurement once") {
  const Row first = whole(logged());
  Row second = first;
  second.columns["value"] = "151";
  OwnAddition added = add_rows({own_columns(), {}}, {first, second, first});
  CHECK(added.is_new == std::vector<bool>{true, true, false});
  REQUIRE(added.table.rows.size() == 2);
  CHECK(added.table.rows[1]["id"] == "own-2");
  const Result<Table> again = parse_csv(table_csv(added.table), "t");
  REQUIRE(again.has_value());
  CHECK(again->header == own_columns());
  CHECK(same_measurement(again->rows[0], first));
  added = add_rows(*again, {second, changed("value", "152")});
  CHECK(added.is_new == std::vector<bool>{false, true});
  CHECK(added.table.rows.back()["id"] == "own-3");
}

TEST_CASE("rows that cannot be used are named with their line") {
  Table table{own_columns(), {whole(logged()), whole(logged())}};
  table.rows[0].line = 2;
  table.rows[1].line = 3;
  table.rows[1].columns["device_id"] = "gpu/none";
  const OwnReading reading = read_own(table, library());
  CHECK(reading.rows.size() == 1);
  REQUIRE(reading.unused.size() == 1);
  CHECK(reading.unused[0].line == 3);
  CHECK(reading.unused[0].reason == "the catalogue has no device \"gpu/none\"");
}

}  // namespace rigor::evidence
