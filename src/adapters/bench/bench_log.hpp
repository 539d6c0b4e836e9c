// Logs of benchmarks and trainers as rows of evidence, in the log's own words: llama-bench, vLLM's
// benchmarks, Hugging Face's Trainer and others that print tokens per second. What wrote a log is
// told from its content. Layer 10.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "evidence/row.hpp"

namespace rigor::adapters {

/// What a log says. Rows have the columns of evidence/README.md as far as the log states them, and
/// `model_file`, `parameters`, `devices`, `steps` for who completes them. Every figure is positive.
struct BenchLog {
  std::string tool;    ///< "llama-bench"
  std::string format;  ///< "JSON"
  bool trains = false;
  std::vector<evidence::Row> rows;
  std::vector<std::string> skipped;  ///< what is no figure rigor asks, and why
};

/// Errors: nothing in it, no tool that is known, a table without the columns it needs, a figure
/// that is no positive number, figures that contradict each other. They name the line where the
/// format has lines.
Result<BenchLog> read_bench_log(std::string_view text, const std::string& file);

}  // namespace rigor::adapters
