#include "catalog/lane_graph.hpp"

#include <algorithm>
#include <optional>

#include "catalog/field_reader.hpp"
#include "units/unit_text.hpp"

namespace rigor::catalog {
namespace {

using hardware::LaneGraph;
using hardware::LaneGroup;

/// "connector[2].name" is list "connector", index 2, key "name".
struct IndexedKey {
  std::size_t index = 0;
  std::string_view key;
};

std::optional<IndexedKey> indexed(std::string_view key, std::string_view list) {
  if (!key.starts_with(list) || !key.substr(list.size()).starts_with('[')) return std::nullopt;
  const std::string_view rest = key.substr(list.size() + 1);
  const std::size_t end = rest.find("].");
  if (end == std::string_view::npos) return std::nullopt;
  const Result<double> index = parse_number(rest.substr(0, end));
  constexpr double kMost = 1000;
  if (!index || *index < 0 || *index > kMost) return std::nullopt;
  return IndexedKey{static_cast<std::size_t>(*index), rest.substr(end + 2)};
}

template <class T>
T& at(std::vector<T>& list, std::size_t index) {
  if (list.size() <= index) list.resize(index + 1);
  return list[index];
}

int count_of(const Field& field) {
  const auto* count = std::get_if<std::int64_t>(&field.value);
  return count == nullptr ? 0 : static_cast<int>(*count);
}

std::string text_of(const Field& field) {
  const auto* text = std::get_if<std::string>(&field.value);
  return text == nullptr ? std::string() : *text;
}

void read_connector(const IndexedKey& place, const Field& field, LaneGraph& graph) {
  hardware::Connector& connector = at(graph.connectors, place.index);
  if (place.key == "name") connector.name = text_of(field);
  if (place.key == "kind") connector.is_slot = text_of(field) == "slot";
  if (place.key == "size") connector.size = count_of(field);
  if (place.key == "generation") connector.generation = count_of(field);
  if (place.key == "position") connector.position = count_of(field);
}

void read_group(const IndexedKey& place, const Field& field, LaneGraph& graph) {
  LaneGroup& group = at(graph.groups, place.index);
  if (place.key == "root" && text_of(field) == "chipset") group.root = hardware::LaneRoot::chipset;
  if (place.key == "lanes") group.lanes = count_of(field);
  const std::optional<IndexedKey> mode = indexed(place.key, "modes");
  if (!mode) return;
  for (std::size_t c = 0; c < graph.connectors.size(); ++c) {
    if (graph.connectors[c].name == mode->key)
      at(group.modes, mode->index).push_back({c, count_of(field)});
  }
}

}  // namespace

LaneGraph to_lane_graph(const Entry& board, const Entry* processor) {
  LaneGraph graph;
  graph.board = board.name;
  for (const Field& field : board.fields) {
    if (const auto place = indexed(field.key, "connector")) read_connector(*place, field, graph);
  }
  for (const Field& field : board.fields) {
    if (const auto place = indexed(field.key, "lanes")) read_group(*place, field, graph);
  }
  Diagnostics ignored;
  FieldReader reader(board, ignored);
  graph.uplink_lanes = static_cast<int>(reader.count("uplink.lanes"));
  graph.uplink_generation = static_cast<int>(reader.count("uplink.generation"));
  if (processor == nullptr) return graph;
  FieldReader cpu(*processor, ignored);
  graph.processor = processor->name;
  graph.processor_lanes = static_cast<int>(cpu.count("pcie_lanes"));
  graph.processor_generation = static_cast<int>(cpu.count("pcie_generation"));
  return graph;
}

}  // namespace rigor::catalog
