#include "adapters/json/json_node.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/bytes/plain_text.hpp"
#include "adapters/json/json_events.hpp"

namespace rigor::adapters {
namespace {

constexpr std::size_t kMostNodes = 300'000;

/// Builds the tree; a container is finished in the place it stands in when it ends.
class TreeBuilder final : public JsonEvents {
 public:
  void scalar(JsonScalar value) override {
    JsonNode node;
    std::visit([&](auto&& content) { node.value = std::forward<decltype(content)>(content); },
               std::move(value));
    place(std::move(node));
  }
  void key(std::string name) override { open_.back().key = std::move(name); }
  void begin_object() override { begin(JsonNode::Object()); }
  void begin_list() override { begin(JsonNode::List()); }
  void end_list() override { end(); }
  void end_object() override {
    refuse_twins(*open_.back().node.object());
    end();
  }

  JsonNode take() { return std::move(root_); }

 private:
  struct Open {
    JsonNode node;
    std::string key;  // of the member that comes next
  };

  template <class Container>
  void begin(Container empty) {
    Open open;
    open.node.value = std::move(empty);
    open_.push_back(std::move(open));
  }

  void end() {
    JsonNode node = std::move(open_.back().node);
    open_.pop_back();
    place(std::move(node));
  }

  void place(JsonNode node) {
    if (++nodes_ > kMostNodes) refuse(fmt::format("more than {} values", kMostNodes));
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (auto* list = std::get_if<JsonNode::List>(&parent.node.value)) {
      list->push_back(std::move(node));
    } else if (auto* object = std::get_if<JsonNode::Object>(&parent.node.value)) {
      object->push_back({std::move(parent.key), std::move(node)});
    }
  }

  void refuse_twins(const JsonNode::Object& object) {
    std::vector<std::string_view> names;
    names.reserve(object.size());
    for (const JsonMember& member : object) names.emplace_back(member.name);
    std::sort(names.begin(), names.end());
    const auto twin = std::adjacent_find(names.begin(), names.end());
    if (twin != names.end()) refuse(fmt::format("the key \"{}\" appears twice", shown(*twin)));
  }

  std::vector<Open> open_;
  JsonNode root_;
  std::size_t nodes_ = 0;
};

}  // namespace

const JsonNode* JsonNode::find(std::string_view key) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  for (const JsonMember& member : *members) {
    if (member.name == key) return &member.node;
  }
  return nullptr;
}

std::string_view JsonNode::type_name() const {
  constexpr std::string_view kNames[] = {"null",   "true or false", "a whole number", "a number",
                                         "a text", "a list",        "an object"};
  return kNames[value.index()];
}

Result<JsonNode> read_json(std::string_view text, const std::string& file) {
  TreeBuilder builder;
  return parse_json(text, file, builder).map([&] { return builder.take(); });
}

}  // namespace rigor::adapters
