// The table llama-bench prints by default (-o md): other names for the fields, the test in one word
// ("pp512 @ d4096"), the rate with its spread. Lines of other programs around it are passed over.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/bench/bench_readers.hpp"
#include "adapters/bytes/plain_text.hpp"
#include "base/diagnostic.hpp"
#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters::bench {
namespace {

struct ShownName {
  std::string_view shown, field;
};
constexpr std::array kNames = {
    ShownName{"model", "model_type"},  ShownName{"backend", "backends"},
    ShownName{"ngl", "n_gpu_layers"},  ShownName{"sm", "split_mode"},
    ShownName{"threads", "n_threads"}, ShownName{"nkvo", "no_kv_offload"},
    ShownName{"fa", "flash_attn"},     ShownName{"dev", "devices"},
    ShownName{"ts", "tensor_split"},   ShownName{"ot", "tensor_buft_overrides"},
    ShownName{"t/s", "avg_ts"},
};

std::string field_of(std::string_view shown) {
  const auto known = std::find_if(kNames.begin(), kNames.end(),
                                  [&](const ShownName& name) { return name.shown == shown; });
  return std::string(known == kNames.end() ? shown : known->field);
}

std::vector<std::string_view> cells(std::string_view line) {
  std::vector<std::string_view> all = split(trim(line), '|');
  if (all.size() < 3) return {};
  all.erase(all.begin());
  all.pop_back();
  for (std::string_view& cell : all) cell = trim(cell);
  return all;
}

bool has(const std::vector<std::string_view>& header, std::string_view name) {
  return std::find(header.begin(), header.end(), name) != header.end();
}

bool is_header(const std::vector<std::string_view>& line) {
  const int known = (has(line, "model") ? 1 : 0) + (has(line, "size") ? 1 : 0) +
                    (has(line, "params") ? 1 : 0) + (has(line, "backend") ? 1 : 0) +
                    (has(line, "test") ? 1 : 0) + (has(line, "t/s") ? 1 : 0);
  return known >= 3;
}

bool is_rule(const std::vector<std::string_view>& line) {
  return std::all_of(line.begin(), line.end(), [](std::string_view cell) {
    return !cell.empty() && cell.find_first_not_of("-: ") == cell.npos;
  });
}

/// "pp512", "tg128 @ d4096", "tg 128", "pp512+tg128"; nothing when it is none of them.
bool read_test(std::string_view text, Record& test) {
  test.fields["n_prompt"] = test.fields["n_gen"] = test.fields["n_depth"] = "0";
  bool any = false;
  while (!(text = trim(text)).empty()) {
    const std::string_view field = text.starts_with("pp")    ? "n_prompt"
                                   : text.starts_with("tg")  ? "n_gen"
                                   : text.starts_with("@ d") ? "n_depth"
                                                             : "";
    if (field.empty()) return false;
    text = trim(text.substr(field == "n_depth" ? 3 : 2));
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 9) return false;
    test.fields[std::string(field)] = text.substr(0, digits);
    text.remove_prefix(digits);
    if (text.starts_with('+')) text.remove_prefix(1);
    any = true;
  }
  return any;
}

/// "131.42 ± 0.59".
void read_rate(Record& test) {
  const std::string text = test.fields["avg_ts"];
  for (const std::string_view sign : {"\xC2\xB1", "+/-", "\xB1"}) {
    const std::size_t at = text.find(sign);
    if (at == text.npos) continue;
    test.fields["avg_ts"] = trim(std::string_view(text).substr(0, at));
    test.fields["stddev_ts"] = trim(std::string_view(text).substr(at + sign.size()));
    return;
  }
}

/// "4.36 GiB" and "7.62 B" as bytes and a count.
void read_sizes(Record& test) {
  const auto scaled = [&](std::string_view shown, std::string_view field, std::string_view unit,
                          double scale) {
    const std::string_view text = test[shown];
    if (!text.ends_with(unit)) return;
    const Result<double> value = parse_number(trim(text.substr(0, text.size() - unit.size())));
    if (value) test.fields[std::string(field)] = fmt::format("{:.0f}", *value * scale);
  };
  scaled("size", "model_size", "GiB", 1024.0 * 1024.0 * 1024.0);
  scaled("size", "model_size", "MiB", 1024.0 * 1024.0);
  scaled("params", "model_n_params", "B", 1e9);
  scaled("params", "model_n_params", "M", 1e6);
}

/// "build: 8cf427ff (5163)".
void read_build(std::string_view line, std::vector<Record>& tests) {
  const std::size_t open = line.find('('), close = line.find(')');
  if (!line.starts_with("build: ") || open == line.npos || close == line.npos) return;
  for (Record& test : tests) {
    if (test.has("build_commit")) continue;
    test.fields["build_commit"] = trim(line.substr(7, open - 7));
    test.fields["build_number"] = line.substr(open + 1, close - open - 1);
  }
}

Result<Record> read_line(const std::vector<std::string_view>& header,
                         const std::vector<std::string_view>& line, const std::string& where) {
  Record test;
  test.where = where;
  if (line.size() != header.size()) {
    return fail(ErrorCode::malformed,
                fmt::format("{} cells where the header has {}", line.size(), header.size()), where);
  }
  for (std::size_t i = 0; i < line.size(); ++i)
    test.fields[field_of(header[i])] = std::string(line[i]);
  if (!read_test(test["test"], test)) {
    return fail(ErrorCode::malformed,
                fmt::format("\"{}\" is no test of llama-bench", shown(test["test"], 40)), where,
                "tests are called pp512 (a prompt), tg128 (generating) or tg128 @ d4096");
  }
  read_rate(test);
  read_sizes(test);
  return test;
}

}  // namespace

bool has_llama_table(std::string_view text) {
  for (const std::string_view line : split(text, '\n')) {
    if (line.find('|') != line.npos && is_header(cells(line))) return true;
  }
  return false;
}

Result<BenchLog> read_llama_table(std::string_view text, const std::string& file) {
  std::vector<Record> tests;
  std::vector<std::string_view> header;
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    const std::string where = to_text(Location{file, ++number});
    read_build(trim(line), tests);
    const std::vector<std::string_view> found = cells(line);
    if (found.empty() || is_rule(found)) continue;
    if (is_header(found)) {
      header = found;
      for (const std::string_view name : {"model", "backend", "test", "t/s"}) {
        if (!has(header, name))
          return fail(ErrorCode::malformed, fmt::format("the table has no column \"{}\"", name),
                      where, "give the table as llama-bench wrote it, with all its columns");
      }
      continue;
    }
    if (header.empty()) continue;
    Result<Record> test = read_line(header, found, where);
    if (!test) return tl::unexpected<Error>(test.error());
    test->line = number;
    tests.push_back(std::move(*test));
  }
  if (tests.empty()) return fail(ErrorCode::malformed, "the table has no rows", file);
  return read_llama_bench(tests, "table");
}

}  // namespace rigor::adapters::bench
