#include "adapters/toml/work_reader.hpp"

#include <fmt/format.h>

#include "adapters/toml/table_reader.hpp"
#include "base/text.hpp"

namespace rigor::adapters {
namespace {

using workload::Kind;
using workload::Setting;
using workload::Workload;

/// A scalar as the text a setting takes; empty when it is a table or a list.
std::string scalar_text(const TomlNode& node) {
  switch (node.type) {
    case TomlNode::Type::text: return node.text;
    case TomlNode::Type::integer: return fmt::format("{}", node.integer);
    case TomlNode::Type::real: return fmt::format("{}", node.real);
    case TomlNode::Type::boolean: return node.boolean ? "on" : "off";
    default: return {};
  }
}

bool applies(const Setting& setting, Kind kind) {
  return setting.applies_to == 'b' || (setting.applies_to == 'i') == (kind == Kind::inference);
}

void read_setting(TableReader& table, const Setting& setting, Workload& workload) {
  const TomlNode* node = table.take(setting.name);
  if (node == nullptr) return;
  const std::string text = scalar_text(*node);
  if (text.empty()) {
    const std::string_view is = node->type == TomlNode::Type::text ? "empty" : node->type_name();
    table.error(*node,
                fmt::format("{}: {} is wanted, this is {}", setting.name, setting.value, is));
    return;
  }
  if (!applies(setting, workload.kind)) {
    table.error(*node, fmt::format("{} says nothing about {}", setting.name,
                                   workload.kind == Kind::inference ? "inference" : "fine-tuning"));
    return;
  }
  const std::string problem = setting.apply(workload, text);
  if (!problem.empty()) table.error(*node, fmt::format("{}: {}", setting.name, problem));
}

Workload read_workload(const TomlNode& node, Diagnostics& diagnostics) {
  TableReader table(node, "[[workload]]", diagnostics);
  Workload workload;
  workload.name = table.required_text("name");
  workload.kind = table.choice("kind", {"inference", "finetune"}, "inference") == "finetune"
                      ? Kind::finetune
                      : Kind::inference;
  workload.model = table.required_text("model");
  for (const Setting& setting : workload::settings()) read_setting(table, setting, workload);
  table.finish();
  return workload;
}

}  // namespace

std::vector<Workload> read_work(std::string_view text, const std::string& file,
                                Diagnostics& diagnostics) {
  if (trim(text).empty()) {
    diagnostics.error({file}, "the file is empty",
                      "a work file has [[workload]] tables with name, kind and model");
    return {};
  }
  const Result<TomlNode> root = parse_toml(text, file);
  if (!root) {
    diagnostics.error({root.error().where}, root.error().message, root.error().hint);
    return {};
  }
  TableReader table(*root, "the work file", diagnostics);
  const TomlNode* list = table.take("workload");
  table.finish();
  std::vector<Workload> workloads;
  if (list == nullptr || list->type != TomlNode::Type::array || list->items.empty()) {
    diagnostics.error(root->where, "the file has no [[workload]]",
                      "add one with name, kind and model");
    return workloads;
  }
  for (const TomlNode& node : list->items) {
    if (node.type == TomlNode::Type::table) {
      workloads.push_back(read_workload(node, diagnostics));
    } else {
      diagnostics.error(node.where, "a [[workload]] is a table");
    }
  }
  return workloads;
}

}  // namespace rigor::adapters
