#include "adapters/bench/bench_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adapters/bench/bench_readers.hpp"
#include "adapters/bytes/plain_text.hpp"
#include "base/diagnostic.hpp"
#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters {
namespace bench {

std::string_view Record::operator[](std::string_view field) const {
  const auto found = fields.find(field);
  return found == fields.end() ? std::string_view{} : std::string_view(found->second);
}

bool Record::has(std::string_view field) const {
  return !(*this)[field].empty();
}

std::optional<double> Record::number(std::string_view field) const {
  const Result<double> value = parse_number(trim((*this)[field]));
  return value ? std::optional<double>(*value) : std::nullopt;
}

Record record_of(const Object& object) {
  Record record;
  record.where = object.where;
  record.line = object.line;
  for (const JsonMember& member : *object.node.object()) {
    const auto& value = member.node.value;
    std::string& text = record.fields[member.name];
    if (const auto* yes = std::get_if<bool>(&value)) text = *yes ? "1" : "0";
    if (const auto* whole = std::get_if<std::int64_t>(&value)) text = fmt::format("{}", *whole);
    if (const auto* number = std::get_if<double>(&value)) text = fmt::format("{}", *number);
    if (const auto* words = std::get_if<std::string>(&value)) text = *words;
    if (member.node.is_null()) text = "null or NaN";
  }
  return record;
}

Result<double> positive(const Record& record, std::string_view field) {
  const std::string_view text = trim(record[field]);
  if (text.empty())
    return fail(ErrorCode::malformed, fmt::format("\"{}\" is missing", field), record.where);
  const auto value = record.number(field);
  if (!value) {
    return fail(ErrorCode::malformed,
                fmt::format("{} is \"{}\", which is no number", field, shown(text, 40)),
                record.where);
  }
  if (*value <= 0) {
    return fail(ErrorCode::malformed,
                fmt::format("{} is {}: a measured figure is above 0", field, text), record.where);
  }
  return *value;
}

Result<void> agree(const Record& record, std::string_view field, double stated, double derived,
                   std::string_view how) {
  constexpr double kApart = 0.25;
  if (derived <= 0 || std::fabs(std::log(stated / derived)) < kApart) return {};
  return fail(ErrorCode::malformed,
              fmt::format("{} is {:.6g}, but {} give {:.6g}", field, stated, how, derived),
              record.where, "rates are tokens per second; give the log as the tool wrote it");
}

std::string plain(double value) {
  return fmt::format("{:.6g}", value);
}

namespace {

/// The text with its lines before the first JSON blanked out: standard error often goes into the
/// same file. Empty: no line begins JSON.
std::string json_part(std::string_view text) {
  std::string blank;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::string_view start = trim(line);
    const bool opens = start == "[" || start == "{" || start.starts_with("[{") ||
                       start.starts_with("{\"") || start.starts_with("[ {");
    if (opens) return blank + std::string(text);
    blank += '\n';
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return {};
}

bool is_lines_of_objects(std::string_view json) {
  const std::size_t start = json.find_first_not_of(" \t\r\n");
  const std::string_view line = trim(json.substr(start, json.find('\n', start) - start));
  return line.starts_with('{') && line.ends_with('}');
}

Error no_objects(const std::string& where) {
  return {ErrorCode::malformed, "no object of a benchmark is in it", where,
          "a result of llama-bench, vLLM or a trainer is a JSON object, or a list of them"};
}

Result<std::vector<Object>> objects_by_line(std::string_view json, const std::string& file) {
  std::vector<Object> objects;
  int number = 0;
  for (const std::string_view line : split(json, '\n')) {
    ++number;
    if (!trim(line).starts_with('{')) continue;
    const std::string where = to_text(Location{file, number});
    Result<JsonNode> node = read_json(line, where);
    if (!node) return tl::unexpected<Error>(node.error());
    objects.push_back({std::move(*node), where, number});
  }
  if (objects.empty()) return tl::unexpected<Error>(no_objects(file));
  return objects;
}

Result<std::vector<Object>> objects_of(std::string_view json, const std::string& file) {
  if (is_lines_of_objects(json)) return objects_by_line(json, file);
  Result<JsonNode> root = read_json(json, file);
  if (!root) return tl::unexpected<Error>(root.error());
  std::vector<Object> objects;
  if (root->object() != nullptr) {
    objects.push_back({std::move(*root), file, 1});
    return objects;
  }
  const JsonNode::List* list = root->list();
  if (list == nullptr) return tl::unexpected<Error>(no_objects(file));
  for (const JsonNode& node : *list) {
    const int number = static_cast<int>(objects.size()) + 1;
    if (node.object() == nullptr) return tl::unexpected<Error>(no_objects(file));
    objects.push_back({node, fmt::format("{}: test {}", file, number), number});
  }
  if (objects.empty()) return tl::unexpected<Error>(no_objects(file));
  return objects;
}

Error unknown_tool(const std::string& file) {
  return {ErrorCode::unsupported, "no tool that rigor knows wrote this", file,
          "it reads llama-bench (-o json, jsonl, csv or md), vllm bench serve --save-result,\n"
          "vllm bench throughput and latency --output-json, trainer_state.json and\n"
          "train_results.json of transformers, and logs of trainers with tokens per second"};
}

Result<BenchLog> read_objects(const std::string& json, const std::string& file) {
  const Result<std::vector<Object>> objects = objects_of(json, file);
  if (!objects) return tl::unexpected<Error>(objects.error());
  if (is_trainer(objects->front())) return read_trainer_json(objects->front());
  std::vector<Record> records;
  for (const Object& object : *objects) records.push_back(record_of(object));
  const auto all = [&](bool (*is)(const Record&)) {
    return std::all_of(records.begin(), records.end(), is);
  };
  if (all(is_llama_bench))
    return read_llama_bench(records, is_lines_of_objects(json) ? "JSON lines" : "JSON");
  if (all(is_vllm)) return read_vllm(records);
  return tl::unexpected<Error>(unknown_tool(file));
}

/// Formats whose tool is known and that are not read: what to do instead.
std::optional<Error> known_but_not_read(std::string_view text, const std::string& file) {
  const auto has = [&](std::string_view part) { return text.find(part) != text.npos; };
  if (has("INSERT INTO llama_bench") || has("INSERT INTO test "))
    return Error{ErrorCode::unsupported, "this is llama-bench's SQL", file,
                 "run llama-bench with -o json"};
  if (has("Serving Benchmark Result"))
    return Error{ErrorCode::unsupported, "this is what vllm bench serve prints", file,
                 "run it with --save-result and give the JSON file it writes"};
  if (has("llama_perf_context_print") || has("llama_print_timings") || has("eval rate:"))
    return Error{ErrorCode::unsupported, "these are timings of a single chat", file,
                 "llama-bench -o json measures the same with known lengths"};
  if (text.starts_with("id,source,locator,"))
    return Error{ErrorCode::unsupported, "this is a table of evidence already", file,
                 "rigor speed RIG MODEL --own FILE.csv uses it as it is"};
  return std::nullopt;
}

}  // namespace
}  // namespace bench

Result<BenchLog> read_bench_log(std::string_view text, const std::string& file) {
  using namespace bench;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (trim(text).empty()) return fail(ErrorCode::malformed, "the file is empty", file);
  if (std::optional<Error> other = known_but_not_read(text, file))
    return tl::unexpected<Error>(std::move(*other));
  if (has_llama_table(text)) return read_llama_table(text, file);
  const std::string json = json_part(text);
  if (!json.empty() &&
      !has_training_rates(text.substr(0, text.size() - std::min(text.size(), json.size()))))
    return read_objects(json, file);
  if (is_llama_csv(text)) return read_llama_csv(text, file);
  if (has_training_rates(text)) return read_trainer_lines(text, file);
  return tl::unexpected<Error>(unknown_tool(file));
}

}  // namespace rigor::adapters
