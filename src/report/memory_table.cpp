#include "report/memory_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace rigor::report {
namespace {

using estimate::DeviceMemory;
using estimate::Interval;
using estimate::Term;

constexpr int kLabel = 18;
constexpr int kColumn = 12;
constexpr int kBar = 10;
/// Below this an amount is not worth a row.
constexpr Bytes kWorthShowing = 0.5 * MiB;

struct Column {
  std::string name;
  const DeviceMemory* memory;
};

/// Devices whose terms are the same share one column.
std::vector<Column> columns_of(const place::Answer& answer) {
  std::vector<Column> columns;
  const int devices = answer.memory.devices;
  for (int first = 0; first < devices;) {
    const DeviceMemory& memory = answer.memory.device[static_cast<std::size_t>(first)];
    int last = first;
    while (last + 1 < devices &&
           answer.memory.device[static_cast<std::size_t>(last) + 1].terms == memory.terms)
      ++last;
    columns.push_back(
        {last == first ? fmt::format("GPU {}", first) : fmt::format("GPU {}-{}", first, last),
         &memory});
    first = last + 1;
  }
  columns.push_back({"host", &answer.memory.host});
  return columns;
}

std::string gib(Bytes amount) {
  if (amount < kWorthShowing) return "-";
  return fmt::format("{:.2f}", amount.in(GiB));
}

std::string row(const std::string& label, const std::vector<std::string>& cells) {
  std::string text = fmt::format("{:<{}}", label, kLabel);
  for (const std::string& cell : cells) text += fmt::format("{:>{}}", cell, kColumn);
  return text + "\n";
}

template <class F>
std::string row_of(const std::string& label, const std::vector<Column>& columns, const F& cell) {
  std::vector<std::string> cells;
  cells.reserve(columns.size());
  for (const Column& column : columns) cells.push_back(cell(*column.memory));
  return row(label, cells);
}

/// "######>...": expected as '#', up to high as '>'; '!' at the end when more is needed than there
/// is.
std::string bar(const DeviceMemory& memory) {
  if (memory.capacity <= Bytes{}) return "";
  const Interval total = memory.total();
  const auto cells = [&](Bytes amount) {
    return std::clamp(static_cast<int>(std::lround(amount.in(memory.capacity) * kBar)), 0, kBar);
  };
  const auto filled = static_cast<std::size_t>(cells(total.expected));
  const auto reached = static_cast<std::size_t>(cells(total.high));
  std::string text = std::string(filled, '#') + std::string(reached - filled, '>');
  text.resize(kBar, '.');
  if (total.expected > memory.capacity) text.back() = '!';
  return text;
}

void device_json(Json& json, const DeviceMemory& memory) {
  const Interval total = memory.total();
  const auto amounts = [&](const Interval& interval) {
    json.begin_object().member("low_bytes", interval.low.in(byte));
    json.member("expected_bytes", interval.expected.in(byte))
        .member("high_bytes", interval.high.in(byte))
        .end_object();
  };
  json.key("terms").begin_object();
  for (int t = 0; t < estimate::kTerms; ++t) {
    const auto term = static_cast<Term>(t);
    if (memory[term].high <= Bytes{}) continue;
    json.key(estimate::to_text(term));
    amounts(memory[term]);
  }
  json.end_object().key("total");
  amounts(total);
  if (memory.capacity > Bytes{}) {
    json.member("capacity_bytes", memory.capacity.in(byte));
  } else {
    json.key("capacity_bytes").null().member("capacity_reason", "the rig does not state it");
  }
}

}  // namespace

std::string memory_table(const place::Question& question, const place::Answer& answer) {
  (void)question;
  const std::vector<Column> columns = columns_of(answer);
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const Column& column : columns) names.push_back(column.name);
  std::string text = row("GiB", names);
  for (int t = 0; t < estimate::kTerms; ++t) {
    const auto term = static_cast<Term>(t);
    const bool shown = std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
      return (*column.memory)[term].expected >= kWorthShowing;
    });
    if (!shown) continue;
    text += row_of(std::string(estimate::to_text(term)), columns,
                   [&](const DeviceMemory& memory) { return gib(memory[term].expected); });
  }
  text += row_of("total", columns,
                 [](const DeviceMemory& memory) { return gib(memory.total().expected); });
  text +=
      row_of("  low", columns, [](const DeviceMemory& memory) { return gib(memory.total().low); });
  text += row_of("  high", columns,
                 [](const DeviceMemory& memory) { return gib(memory.total().high); });
  text += row_of("capacity", columns, [](const DeviceMemory& memory) {
    return memory.capacity > Bytes{} ? gib(memory.capacity) : std::string("unknown");
  });
  text += row_of("used", columns, [](const DeviceMemory& memory) {
    return memory.capacity > Bytes{}
               ? fmt::format("{:.0f} %", 100 * memory.total().expected.in(memory.capacity))
               : "";
  });
  return text + row_of("", columns, bar);
}

void memory_json(Json& json, const place::Question& question, const place::Answer& answer) {
  json.key("devices").begin_list();
  for (int d = 0; d < answer.memory.devices; ++d) {
    const std::size_t index = answer.placement.accelerator(d);
    json.begin_object().member("device", question.accelerators[index].id);
    device_json(json, answer.memory.device[static_cast<std::size_t>(d)]);
    json.end_object();
  }
  json.end_list().key("host").begin_object();
  device_json(json, answer.memory.host);
  json.end_object();
}

}  // namespace rigor::report
