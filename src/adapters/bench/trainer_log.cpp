// Training runs: trainer_state.json, train_results.json and all_results.json of transformers, and
// the lines that trainers print. A run with many steps is one figure: the median without the first
// steps, which warm up.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "adapters/bench/bench_readers.hpp"
#include "base/diagnostic.hpp"
#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters::bench {
namespace {

/// A rate as trainers name it, best first: tokens say more than samples, whole runs than steps.
struct RateName {
  std::string_view key, metric, framework;
};
constexpr std::array kRates = {
    RateName{"effective_tokens_per_sec", "tokens_per_s", "LLaMA-Factory"},
    RateName{"train_tokens_per_second", "tokens_per_s_per_gpu", "TRL"},
    RateName{"tokens_per_second_per_gpu", "tokens_per_s_per_gpu", "torchtune"},
    RateName{"tokens/train_per_sec_per_gpu", "tokens_per_s_per_gpu", "axolotl"},
    RateName{"tps", "tokens_per_s_per_gpu", "torchtitan"},
    RateName{"tokens_per_second", "tokens_per_s", "TRL"},
    RateName{"tokens_per_sec", "tokens_per_s", "TRL"},
    RateName{"tokens per second", "tokens_per_s", "TRL"},
    RateName{"tokens/second", "tokens_per_s", "TRL"},
    RateName{"tokens/sec", "tokens_per_s", "TRL"},
    RateName{"tokens/s", "tokens_per_s", "TRL"},
    RateName{"tok/sec", "tokens_per_s", "TRL"},
    RateName{"tok/s", "tokens_per_s", "TRL"},
    RateName{"train_samples_per_second", "samples_per_s", "TRL"},
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '/';
}

/// The text of the number after `key` and its separators; nothing when the key is not there.
std::optional<std::string> value_after(std::string_view line, std::string_view key) {
  for (std::size_t at = line.find(key); at != line.npos; at = line.find(key, at + 1)) {
    std::string_view rest = line.substr(at + key.size());
    if ((at > 0 && is_word(line[at - 1])) || rest.empty() || is_word(rest.front())) continue;
    const std::size_t skip = rest.find_first_not_of(" \t:='\"");
    if (skip == 0 || skip == rest.npos) continue;
    rest = rest.substr(skip);
    std::string text(rest.substr(0, rest.find_first_of(" \t\r,'\"}|;)")));
    // "49,210": a comma before three digits groups thousands.
    while (text.size() < rest.size() && rest[text.size()] == ',' && rest.size() > text.size() + 3 &&
           std::all_of(rest.begin() + static_cast<std::ptrdiff_t>(text.size()) + 1,
                       rest.begin() + static_cast<std::ptrdiff_t>(text.size()) + 4,
                       [](char c) { return c >= '0' && c <= '9'; }))
      text += rest.substr(text.size(), 4);
    std::erase(text, ',');
    return text;
  }
  return std::nullopt;
}

/// "8546.68 tok/s": the number before the name.
std::optional<std::string> value_before(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == line.npos || at == 0 || key.find('/') == key.npos) return std::nullopt;
  const std::string_view before = trim(line.substr(0, at));
  const std::size_t start = before.find_last_not_of("0123456789.,");
  std::string text(start == before.npos ? before : before.substr(start + 1));
  std::erase(text, ',');
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string> value_of(std::string_view line, std::string_view key) {
  std::optional<std::string> after = value_after(line, key);
  return after ? after : value_before(line, key);
}

struct Figure {
  const RateName* name = nullptr;
  std::vector<double> values;
  int line = 0;  ///< of the last
};

/// The rate every line but the first few states, with its spread.
evidence::Row row_of(const Figure& figure) {
  std::vector<double> steady = figure.values;
  const std::size_t warm = steady.size() < 3 ? 0 : std::max<std::size_t>(1, steady.size() / 10);
  steady.erase(steady.begin(), steady.begin() + static_cast<std::ptrdiff_t>(warm));
  std::sort(steady.begin(), steady.end());
  const double middle = 0.5 * (steady[(steady.size() - 1) / 2] + steady[steady.size() / 2]);
  evidence::Row row;
  row.line = figure.line;
  row.columns = {{"framework", std::string(figure.name->framework)},
                 {"metric", std::string(figure.name->metric)},
                 {"value", plain(middle)},
                 {"quality", "A"}};
  if (steady.size() > 3) {
    double squares = 0;
    for (const double value : steady) squares += (value - middle) * (value - middle);
    row.columns["stddev"] = plain(std::sqrt(squares / static_cast<double>(steady.size() - 1)));
    row.columns["notes"] = fmt::format("median of {} steps", steady.size());
  }
  return row;
}

/// The last entry of the history that has a rate of the whole run.
const JsonNode* whole_run(const JsonNode& state) {
  const JsonNode* history = state.find("log_history");
  if (history == nullptr || history->list() == nullptr) return nullptr;
  const JsonNode* found = nullptr;
  for (const JsonNode& entry : *history->list()) {
    if (entry.find("train_samples_per_second") != nullptr) found = &entry;
  }
  return found;
}

/// Without the escapes that colour a terminal's lines.
std::string without_colour(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const std::size_t escape = std::min(text.find("\x1b["), text.size());
    plain += text.substr(0, escape);
    text.remove_prefix(escape);
    if (text.empty()) break;
    const std::size_t end = text.find('m');
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return plain;
}

std::string model_of(const Record& record) {
  for (const std::string_view key : {"model_name_or_path", "_name_or_path", "model"}) {
    if (record.has(key)) return std::string(record[key]);
  }
  return {};
}

}  // namespace

bool is_trainer(const Object& object) {
  if (object.node.find("log_history") != nullptr) return true;
  return object.node.find("train_runtime") != nullptr ||
         object.node.find("train_samples_per_second") != nullptr;
}

Result<BenchLog> read_trainer_json(const Object& object) {
  const JsonNode* run = &object.node;
  const bool is_state = object.node.find("log_history") != nullptr;
  if (is_state) run = whole_run(object.node);
  if (run == nullptr) {
    return fail(ErrorCode::malformed, "no entry of log_history has train_samples_per_second",
                object.where, "transformers writes it when training has ended");
  }
  const Record record = record_of({*run, object.where, object.line});
  const auto named = std::find_if(kRates.begin(), kRates.end(), [&](const RateName& rate) {
    return record.fields.contains(rate.key);
  });
  if (named == kRates.end())
    return fail(ErrorCode::malformed, "no rate is in it", object.where,
                "train_samples_per_second or train_tokens_per_second is needed");
  const Result<double> rate = positive(record, named->key);
  if (!rate) return tl::unexpected<Error>(rate.error());
  evidence::Row row = row_of({&*named, {*rate}, object.line});
  const Record whole = record_of(object);
  row.columns["model"] = row.columns["model_file"] = model_of(whole);
  if (whole.has("train_batch_size") && whole.number("train_batch_size"))
    row.columns["micro_batch"] = whole["train_batch_size"];
  BenchLog log{.tool = "transformers' Trainer", .format = "JSON", .trains = true};
  log.rows.push_back(std::move(row));
  return log;
}

bool has_training_rates(std::string_view text) {
  const std::string plain = without_colour(text);
  for (const std::string_view line : split(plain, '\n')) {
    for (const RateName& rate : kRates) {
      if (value_after(line, rate.key) || value_before(line, rate.key)) return true;
    }
  }
  return false;
}

Result<BenchLog> read_trainer_lines(std::string_view text, const std::string& file) {
  const std::string plain_text = without_colour(text);
  const std::vector<std::string_view> lines = split(plain_text, '\n');
  for (const RateName& rate : kRates) {
    Figure figure{.name = &rate, .values = {}};
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::optional<std::string> stated = value_of(lines[i], rate.key);
      if (!stated) continue;
      Record record{{{std::string(rate.key), *stated}},
                    to_text(Location{file, static_cast<int>(i) + 1}),
                    static_cast<int>(i) + 1};
      const Result<double> value = positive(record, rate.key);
      if (!value) return tl::unexpected<Error>(value.error());
      figure.values.push_back(*value);
      figure.line = record.line;
    }
    if (figure.values.empty()) continue;
    BenchLog log{.tool = "a trainer's log", .format = "lines", .trains = true};
    log.tool = std::string(rate.framework == "TRL" ? "a trainer" : rate.framework);
    log.rows.push_back(row_of(figure));
    return log;
  }
  return fail(ErrorCode::malformed, "no line states a rate", file);
}

}  // namespace rigor::adapters::bench
