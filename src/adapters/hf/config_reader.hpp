// Reads values out of a config.json by name. Publishers call the same thing by several names: the
// first name that is there and not null counts. The first value of a wrong kind or out of bounds is
// remembered. Layer 10.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/json/json_node.hpp"

namespace rigor::adapters {

class ConfigReader {
 public:
  using Names = std::initializer_list<std::string_view>;

  ConfigReader(const JsonNode& root, std::string file) : root_(&root), file_(std::move(file)) {}

  [[nodiscard]] bool has(std::string_view name) const { return find({name}) != nullptr; }
  /// A whole number from 0 to 2^30.
  int count(Names names, int fallback = 0);
  /// A whole number, or the element of a list that belongs to this layer.
  int count_of_layer(Names names, std::size_t layer, int fallback = 0);
  bool flag(Names names, bool fallback = false);
  double real(Names names, double fallback);
  std::string text(Names names);
  std::vector<int> counts(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  /// The member `name` as a reader of its own; its errors are not kept here. Nothing when it is no
  /// object.
  [[nodiscard]] std::optional<ConfigReader> inside(std::string_view name) const;
  [[nodiscard]] const JsonNode* find(Names names) const;

  /// Empty when everything that was asked for made sense.
  [[nodiscard]] const std::string& complaint() const { return complaint_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  void complain(std::string message);
  /// What the file leaves open or rigor cannot describe; no error.
  void note(std::string message) { notes_.push_back(std::move(message)); }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  /// The file makes sense, but rigor cannot describe what it says. Only the first reason is kept.
  void give_up(std::string reason);
  [[nodiscard]] const std::string& obstacle() const { return obstacle_; }

 private:
  int bounded(const JsonNode& node, std::string_view name, int fallback);

  const JsonNode* root_;
  std::string file_;
  std::string complaint_;
  std::string obstacle_;
  std::vector<std::string> notes_;
};

}  // namespace rigor::adapters
