#include "report/json.hpp"

#include <fmt/format.h>

#include <cmath>

namespace rigor::report {

void Json::indent() {
  text_ += "\n" + std::string(static_cast<std::size_t>(depth_) * 2, ' ');
}

void Json::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!fresh_) text_ += ",";
  if (depth_ > 0) indent();
  fresh_ = false;
}

Json& Json::begin_object() {
  separate();
  text_ += "{";
  ++depth_;
  fresh_ = true;
  return *this;
}

Json& Json::end_object() {
  --depth_;
  if (!fresh_) indent();
  text_ += "}";
  fresh_ = false;
  return *this;
}

Json& Json::begin_list() {
  separate();
  text_ += "[";
  ++depth_;
  fresh_ = true;
  return *this;
}

Json& Json::end_list() {
  --depth_;
  if (!fresh_) indent();
  text_ += "]";
  fresh_ = false;
  return *this;
}

Json& Json::key(std::string_view name) {
  value(name);
  text_ += ": ";
  after_key_ = true;
  return *this;
}

Json& Json::value(std::string_view content) {
  separate();
  text_ += '"';
  for (const char c : content) {
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (c == '\n') {
      text_ += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      text_ += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      text_ += c;
    }
  }
  text_ += '"';
  return *this;
}

Json& Json::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  text_ += std::fabs(number) < 9e15 && number == std::floor(number) ? fmt::format("{:.0f}", number)
                                                                    : fmt::format("{}", number);
  return *this;
}

Json& Json::value(std::int64_t number) {
  separate();
  text_ += fmt::format("{}", number);
  return *this;
}

Json& Json::value(bool truth) {
  separate();
  text_ += truth ? "true" : "false";
  return *this;
}

Json& Json::null() {
  separate();
  text_ += "null";
  return *this;
}

}  // namespace rigor::report
