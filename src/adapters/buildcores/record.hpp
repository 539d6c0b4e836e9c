// One record of the BuildCores open database (https://github.com/buildcores/buildcores-open-db, one
// JSON file per part): typed access to its members. That database writes 0, "" and null for what is
// not known; all three read as absent here, and every value that is there but cannot be used is
// noted, so that an import can say what it left out. Layer 10.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/json/json_node.hpp"

namespace rigor::adapters::buildcores {

/// A value of a record that was not taken over.
struct LeftOut {
  std::string key;  ///< as the database writes it: "connectors.eps_8_pin"
  std::string why;  ///< "0: unknown there", "a text where a number is wanted"
};

/// Paths name members of objects, joined by dots. `root` must outlive the record.
class Record {
 public:
  explicit Record(const JsonNode& root) : root_(root) {}

  /// Null where any member of the path is absent.
  [[nodiscard]] const JsonNode* at(std::string_view path) const;
  /// Without outer spaces and with single inner ones; empty when unknown. Control characters and
  /// broken UTF-8 make a text unusable.
  std::string text(std::string_view path);
  /// Positive numbers only: 0 is unknown, less is noted as impossible.
  std::optional<double> number(std::string_view path);
  /// As `number`, and whole.
  std::optional<int> count(std::string_view path);
  std::optional<bool> truth(std::string_view path);
  /// The usable texts of a list.
  std::vector<std::string> texts(std::string_view path);

  /// Notes it once, however often the member is read.
  void leave_out(std::string_view path, std::string why);
  [[nodiscard]] const std::vector<LeftOut>& left_out() const { return left_out_; }

 private:
  const JsonNode& root_;
  std::vector<LeftOut> left_out_;
};

/// Without outer spaces and with single inner ones.
std::string tidy(std::string_view text);

}  // namespace rigor::adapters::buildcores
