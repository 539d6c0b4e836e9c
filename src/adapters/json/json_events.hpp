// JSON text as a series of events, so that nlohmann's header is included in one source only and
// large documents need no tree. Nesting, lengths of texts and the number of values are bounded.
// Layer 10.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"

namespace rigor::adapters {

/// monostate is null. Whole numbers beyond the signed 64-bit range come as double.
using JsonScalar = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

class JsonEvents {
 public:
  JsonEvents() = default;
  JsonEvents(const JsonEvents&) = delete;
  JsonEvents& operator=(const JsonEvents&) = delete;
  virtual ~JsonEvents() = default;

  virtual void scalar(JsonScalar value) = 0;
  virtual void key(std::string name) = 0;
  virtual void begin_object() = 0;
  virtual void end_object() = 0;
  virtual void begin_list() = 0;
  virtual void end_list() = 0;

  /// Stops the parse; it ends with this message and the place in the text.
  void refuse(std::string why);
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

 private:
  std::string refusal_;
};

/// Errors name file:line:column. Python's NaN and Infinity, which are no JSON but stand in many
/// config.json, are read as null.
Result<void> parse_json(std::string_view text, const std::string& file, JsonEvents& events);

}  // namespace rigor::adapters
