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
    table.error(*node, fmt::format("{}: one value is wanted, this is {}", setting.name, is),
                std::string(setting.help));
    return;
  }
  if (!applies(setting, workload.kind)) {
    const bool serves = workload.kind == Kind::inference;
    table.error(
        *node, fmt::format("{} is for {} only", setting.name, serves ? "fine-tuning" : "inference"),
        serves ? "leave it out, or write kind = \"finetune\""
               : "leave it out, or write kind = \"inference\"");
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

std::vector<Workload> read_list(const TomlNode& root, const std::string& file,
                                Diagnostics& diagnostics) {
  if (root.find("workload") == nullptr && root.find("part") != nullptr) {
    diagnostics.error({file}, "this is a rig file, a work file is wanted",
                      "a work file has [[workload]] tables with name, kind and model");
    return {};
  }
  TableReader table(root, "the work file", diagnostics);
  const TomlNode* list = table.take("workload");
  table.finish();
  if (list != nullptr && list->type == TomlNode::Type::table) {
    diagnostics.error(list->where, "the file has no [[workload]]",
                      "write [[workload]] with two brackets, since there may be several");
    return {};
  }
  if (list == nullptr || list->type != TomlNode::Type::array || list->items.empty()) {
    diagnostics.error(root.where, "the file has no [[workload]]",
                      "add one with name, kind and model");
    return {};
  }
  std::vector<Workload> workloads;
  for (const TomlNode& node : list->items) {
    if (node.type == TomlNode::Type::table) {
      workloads.push_back(read_workload(node, diagnostics));
    } else {
      diagnostics.error(node.where, "a [[workload]] is a table");
    }
  }
  return workloads;
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
  std::vector<Workload> workloads = read_list(*root, file, diagnostics);
  diagnostics.sort();
  return workloads;
}

}  // namespace rigor::adapters
