#include "evidence/memory_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

constexpr double kRecipeMayBeOff = 0.9;

/// The longest number at the start of `text`; a dot that ends a sentence is not part of it.
std::optional<double> leading_number(std::string_view text) {
  std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  while (end > 0 && text[end - 1] == '.') --end;
  const Result<double> value = parse_number(text.substr(0, end));
  return value ? std::optional<double>(*value) : std::nullopt;
}

}  // namespace

bool is_memory_row(const Row& row) {
  const std::string_view metric = row["metric"];
  return !row["engine"].empty() &&
         (metric.starts_with("mem_") || metric.starts_with("kv_cache_capacity"));
}

bool is_total(const Row& row) {
  const std::string_view metric = row["metric"];
  return metric == "mem_peak_gib" || metric == "mem_alloc_gib" || metric == "mem_rss_peak_gib" ||
         metric == "mem_total_vram_gib";
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::optional<double> number_after(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    std::string_view rest = text.substr(at + word.size());
    if (!rest.empty() && std::string_view(" =:").find(rest.front()) != std::string_view::npos)
      rest.remove_prefix(1);
    if (const auto number = leading_number(rest)) return number;
  }
  return std::nullopt;
}

std::optional<double> number_before(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = trim(text.substr(0, at));
  const std::size_t start = before.find_last_not_of("0123456789.");
  return leading_number(start == std::string_view::npos ? before : before.substr(start + 1));
}

int count_note(const Row& row, std::string_view key, int fallback) {
  const auto number = leading_number(row.note(key));
  return number ? static_cast<int>(*number) : fallback;
}

int count_of(const Row& row, std::string_view column, int fallback) {
  return static_cast<int>(row.number(column, fallback));
}

std::optional<Version> version_of(std::string_view text) {
  const std::size_t start = text.find_first_of("0123456789");
  if (start == std::string_view::npos) return std::nullopt;
  const std::vector<std::string_view> pieces = split(text.substr(start), '.');
  const auto number = [&](std::size_t i) {
    const auto value = i < pieces.size() ? leading_number(pieces[i]) : std::nullopt;
    return value ? static_cast<int>(*value) : 0;
  };
  return Version{number(0), number(1)};
}

std::optional<double> group_size(std::string_view quantization) {
  const std::string text = lower(quantization);
  return number_after(text, "g");
}

Prediction unmapped(std::string reason) {
  return {.status = Status::unmapped, .reason = std::move(reason)};
}

Prediction gated(std::string reason) {
  return {.status = Status::gated, .reason = std::move(reason)};
}

Prediction mapped(const estimate::Interval& interval, Bytes unit,
                  const estimate::Network& network) {
  return {.status = Status::mapped,
          .low = interval.low.in(unit),
          .expected = interval.expected.in(unit),
          .high = interval.high.in(unit),
          .family = network.architecture.family};
}

Bytes figure(const Row& row, Bytes unit) {
  return row.number("value") * unit;
}

std::optional<std::string> implausible(const Row& row, Bytes unit, const Gate& gate) {
  const Bytes stated = figure(row, unit);
  if (!(stated > Bytes{})) return "the figure is not positive";
  if (gate.memory > Bytes{} && stated > gate.memory) {
    return fmt::format("{} on devices that have {}", to_text_binary(stated),
                       to_text_binary(gate.memory));
  }
  const bool all_there = row["host_offload"] != "1" && is_total(row);
  if (all_there && stated < kRecipeMayBeOff * gate.weights) {
    return fmt::format("{} in all is less than the weights alone ({})", to_text_binary(stated),
                       to_text_binary(gate.weights));
  }
  return std::nullopt;
}

}  // namespace rigor::evidence
