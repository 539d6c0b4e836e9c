#include "catalog/value_text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace rigor::catalog {
namespace {

struct ValueText {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::int64_t count) const { return fmt::format("{}", count); }
  std::string operator()(double real) const { return fmt::format("{}", real); }
  std::string operator()(bool truth) const { return truth ? "yes" : "no"; }
  std::string operator()(const std::vector<std::string>& list) const { return join(list, ", "); }
  std::string operator()(const std::vector<std::int64_t>& list) const {
    return fmt::format("{}", fmt::join(list, " "));
  }
};

}  // namespace

std::string to_text(const Value& value) {
  return std::visit(ValueText{}, value);
}

}  // namespace rigor::catalog
