// Any text as the log of a benchmark.
#include "adapters/bench/bench_log.hpp"
#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto log = rigor::adapters::read_bench_log(rigor::fuzz::text_of(data, size), "log");
  if (!log) {
    RIGOR_ASSERT(!log.error().message.empty());
    return 0;
  }
  for (const auto& row : log->rows) RIGOR_ASSERT(row.number("value") > 0);
  return 0;
}
