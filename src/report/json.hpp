// A small writer of JSON text: objects, lists, texts escaped, numbers as short as they can be. It
// keeps the order of the calls, which is what a person reading the output wants. Layer 9.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rigor::report {

class Json {
 public:
  Json& begin_object();
  Json& end_object();
  Json& begin_list();
  Json& end_list();
  Json& key(std::string_view name);
  Json& value(std::string_view text);
  Json& value(const char* text) { return value(std::string_view(text)); }
  Json& value(double number);  ///< infinities and NaN become null
  Json& value(std::int64_t number);
  Json& value(int number) { return value(static_cast<std::int64_t>(number)); }
  Json& value(bool truth);
  Json& null();
  template <class T>
  Json& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  /// The text so far, with a newline at the end.
  [[nodiscard]] std::string text() const { return text_ + "\n"; }

 private:
  void separate();
  void indent();
  std::string text_;
  int depth_ = 0;
  bool fresh_ = true;  // nothing stands in the innermost container yet
  bool after_key_ = false;
};

}  // namespace rigor::report
