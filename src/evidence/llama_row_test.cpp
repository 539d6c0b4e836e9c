#include "evidence/llama_row.hpp"

#include <doctest/doctest.h>

#include "evidence/llama_threads.hpp"

namespace rigor::evidence {
namespace {

using Columns = std::initializer_list<std::pair<const char*, const char*>>;
using estimate::LlamaEpoch;

/// A compute buffer of the fork's log with these columns changed.
Row row_with(Columns changes) {
  Row row;
  row.columns = {{"engine", "ik_llama.cpp or mainline"},
                 {"metric", "mem_compute_buffer_gib"},
                 {"device_count", "2"},
                 {"date", "2025-05-11"},
                 {"value", "1.5"},
                 {"notes",
                  "llama.cpp log: compute buffer on CUDA1; n_ctx=16384 n_batch=2048 n_ubatch=1024 "
                  "flash_attn=1"}};
  for (const auto& [column, text] : changes) row.columns[column] = text;
  return row;
}

LlamaRun alone(const Row& row) {
  return read_run(row, {});
}

}  // namespace

TEST_CASE("a row's notes become settings") {
  const Row row = row_with({});
  const LlamaRow read = read_llama_row(row);
  CHECK(read.figure == LlamaFigure::compute);
  CHECK(read.buffer == "CUDA1");
  CHECK(read.index == 1);
  CHECK(read.context == 16384);
  CHECK(read.micro_batch == 1024);
  CHECK(read.flash_attention == true);
  CHECK(read.devices == 2);
  CHECK(read.fork);
  CHECK_FALSE(read.offloads);
  CHECK(read.key_type == nullptr);
}

TEST_CASE("buffers lie where their name says") {
  struct Case {
    const char* notes;
    LlamaPlace place;
    int index;
  };
  for (const Case& c : {
           Case{"model buffer on CUDA0; n_ctx=", LlamaPlace::device, 0},
           Case{"model buffer on CUDA15, n_ctx=8192", LlamaPlace::device, 15},
           Case{"model buffer on ROCm1;", LlamaPlace::device, 1},
           Case{"model buffer on Vulkan0;", LlamaPlace::device, 0},
           Case{"model buffer on Metal, n_ctx=8192", LlamaPlace::device, 0},
           Case{"model buffer on CUDA_Host;", LlamaPlace::host, 0},
           Case{"model buffer on CPU;", LlamaPlace::host, 0},
           Case{"model buffer on CPU_Mapped;", LlamaPlace::host, 0},
           Case{"model buffer on CUDA_Split;", LlamaPlace::other, 0},
           Case{"model buffer on AMX;", LlamaPlace::other, 0},
           Case{"KV self size total; n_ctx=512", LlamaPlace::none, 0},
           Case{"recurrent-state buffer on Vulkan0; n_ctx=4096", LlamaPlace::device, 0},
       }) {
    CAPTURE(c.notes);
    const Row row = row_with({{"notes", c.notes}});
    CHECK(read_llama_row(row).place == c.place);
    CHECK(read_llama_row(row).index == c.index);
  }
}

TEST_CASE("lengths that logs print differently") {
  struct Case {
    const char* notes;
    int context, micro_batch;
  };
  for (const Case& c : {
           Case{"buffer on CPU; n_ctx=512 n_batch=512 n_ubatch=256 flash_attn=0", 512, 256},
           Case{"buffer on CPU; n_ctx= n_batch= n_ubatch= flash_attn=", 0, 0},
           Case{"buffer on CUDA0, n_ctx=8192", 8192, 512},
           // llama-perplexity prints a chunk; four of them fill its batch.
           Case{"buffer on CPU; n_ctx=512, n_batch= n_ubatch= flash_attn=", 2048, 512},
       }) {
    CAPTURE(c.notes);
    const Row row = row_with({{"notes", c.notes}});
    CHECK(read_llama_row(row).context == c.context);
    CHECK(read_llama_row(row).micro_batch == c.micro_batch);
  }
}

TEST_CASE("the build is known by number, else by date, and a mapped file betrays mainline") {
  struct Case {
    const char *engine, *version, *date, *notes;
    LlamaEpoch epoch;
  };
  constexpr const char* kFork = "ik_llama.cpp or mainline";
  for (const Case& c : {
           Case{"llama.cpp", "b2824 4426e298", "2024-05-09", "", LlamaEpoch::b2800},
           Case{"llama.cpp", "a4575513 (b5863)", "2025-07-15", "", LlamaEpoch::b6000},
           Case{"llama.cpp", "b9100", "2024-01-01", "", LlamaEpoch::b9000},
           Case{"llama.cpp", "b10909", "", "", LlamaEpoch::b10900},
           Case{"llama.cpp", "f3e182816", "2026-05-07", "", LlamaEpoch::b9000},
           Case{"llama.cpp", "", "", "", LlamaEpoch::b10900},
           Case{kFork, "", "2025-05-11", "compute buffer on CUDA0;", LlamaEpoch::ik_2025},
           Case{kFork, "", "2025-04-26", "model buffer on CPU_Mapped;", LlamaEpoch::b2800},
       }) {
    CAPTURE(c.version);
    const Row row = row_with({{"engine", c.engine},
                              {"engine_version", c.version},
                              {"date", c.date},
                              {"notes", c.notes}});
    CHECK(epoch_of(alone(row)) == c.epoch);
  }
}

TEST_CASE("slots stand in the log's name") {
  const Row four = row_with({{"engine", "llama.cpp"}, {"locator", "raw/rocm/np4/server.log@3aa"}});
  const Row eight = row_with({{"engine", "llama.cpp"}, {"locator", "raw/server-np8.log@3aa"}});
  const Row one = row_with({{"engine", "llama.cpp"}, {"locator", "raw/server.log@3aa"}});
  CHECK(read_llama_row(four).slots == 4);
  CHECK(read_llama_row(eight).slots == 8);
  CHECK(read_llama_row(one).slots == 1);
}

TEST_CASE(
    "rows of one run share their settings; other runs of the log only lend what they agree on") {
  const Row own =
      row_with({{"notes", "compute buffer on CPU; n_ctx=512, n_batch= n_ubatch= flash_attn="}});
  const Row same =
      row_with({{"metric", "mem_kv_total_gib"},
                {"notes", "KV self size total; n_ctx=512, n_batch= n_ubatch= flash_attn="}});
  const Row longer = row_with({});
  const std::vector<const Row*> log = {&own, &same, &longer};
  const LlamaRun run = read_run(own, log);
  REQUIRE(run.others.size() == 1);
  CHECK(run.others.front().row == &same);
  CHECK(run.flash_attention == true);
}

TEST_CASE("a log with two figures for one buffer holds two runs") {
  const Row own = row_with({});
  const Row twin = row_with({{"value", "1.9"}});
  const Row repeated = row_with({{"value", "1.501"}});
  CHECK(read_run(own, std::vector<const Row*>{&own, &twin}).contradicts(LlamaFigure::compute));
  CHECK_FALSE(
      read_run(own, std::vector<const Row*>{&own, &repeated}).contradicts(LlamaFigure::compute));
}

TEST_CASE("threads are found by the end of a locator, or by their number") {
  CHECK(thread_settings("x/pull/409) @8337e4cd38:30")->attention_limit == 0);
  CHECK(thread_settings("x/issues/437) @8337e4cd38:5318")->attention_limit == 512);
  CHECK(thread_settings("x/pull/409) @8337e4cd38:31") == nullptr);
  CHECK(thread_settings("") == nullptr);
}

}  // namespace rigor::evidence
