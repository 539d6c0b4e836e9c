#include "adapters/json/json_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/diagnostic.hpp"

namespace rigor::adapters {
namespace {

using nlohmann::json;

constexpr int kDeepest = 64;
constexpr std::size_t kLongestText = 4ULL << 20;

Location place(std::string_view text, const std::string& file, std::size_t at) {
  const std::string_view before = text.substr(0, std::min(at, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.find_last_of('\n') + 1;  // npos + 1 is 0
  return {file, static_cast<int>(lines) + 1, static_cast<int>(before.size() - line_start) + 1};
}

/// Words of Python's json module at the start of `rest`; 0 when there is none.
std::size_t python_number(std::string_view rest) {
  constexpr std::array<std::string_view, 3> kWords = {"NaN", "Infinity", "-Infinity"};
  for (const std::string_view word : kWords) {
    if (rest.starts_with(word)) return word.size();
  }
  return 0;
}

/// Looks over the text before anything is built from it: bounds nesting and lengths, replaces
/// Python's numbers. What is no JSON at all is left to the parser to find.
class Survey {
 public:
  explicit Survey(std::string_view text) : text_(text) {}

  /// Empty, or why the text is refused; `at` is then the place.
  std::string run() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      run_ = is_word(c) ? run_ + 1 : 0;
      if ((c == '"' && !skip_text()) || run_ > kLongestText) {
        return fmt::format("a text of more than {} bytes", kLongestText);
      }
      if ((c == '{' || c == '[') && ++depth_ > kDeepest) {
        return fmt::format("nested deeper than {} levels", kDeepest);
      }
      if (c == '}' || c == ']') --depth_;
      if (c == 'N' || c == 'I' || c == '-') replace_number();
    }
    if (copied_ > 0) clean_.append(text_.substr(copied_));
    return {};
  }

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::string_view clean() const {
    return copied_ > 0 ? std::string_view(clean_) : text_;
  }

 private:
  static bool is_word(char c) {
    return std::string_view(" \t\r\n\",:[]{}").find(c) == std::string_view::npos;
  }

  /// Leaves `at_` on the closing quote.
  bool skip_text() {
    const std::size_t start = at_;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
      if (at_ - start > kLongestText) return false;
    }
    return true;
  }

  void replace_number() {
    const std::size_t length = python_number(text_.substr(at_));
    if (length == 0) return;
    clean_.append(text_.substr(copied_, at_ - copied_));
    clean_ += "null";
    at_ += length - 1;
    copied_ = at_ + 1;
  }

  std::string_view text_;
  std::string clean_;       // the text up to `copied_`, with null instead of Python's numbers
  std::size_t copied_ = 0;  // 0: nothing had to be replaced
  std::size_t at_ = 0;
  std::size_t run_ = 0;  // length of the word at `at_`
  int depth_ = 0;
};

/// nlohmann's callbacks, forwarded.
class Forwarder final : public nlohmann::json_sax<json> {
 public:
  explicit Forwarder(JsonEvents& events) : events_(events) {}

  bool null() override {
    return tell([&] { events_.scalar(std::monostate()); });
  }
  bool boolean(bool value) override {
    return tell([&] { events_.scalar(value); });
  }
  bool number_integer(number_integer_t value) override {
    return tell([&] { events_.scalar(value); });
  }
  bool number_unsigned(number_unsigned_t value) override {
    constexpr auto kTop = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    return tell([&] {
      if (value <= kTop) {
        events_.scalar(static_cast<std::int64_t>(value));
      } else {
        events_.scalar(static_cast<double>(value));
      }
    });
  }
  bool number_float(number_float_t value, const string_t&) override {
    return tell([&] { events_.scalar(value); });
  }
  bool string(string_t& value) override {
    return tell([&] { events_.scalar(std::move(value)); });
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    return tell([&] { events_.begin_object(); });
  }
  bool key(string_t& name) override {
    return tell([&] { events_.key(std::move(name)); });
  }
  bool end_object() override {
    return tell([&] { events_.end_object(); });
  }
  bool start_array(std::size_t) override {
    return tell([&] { events_.begin_list(); });
  }
  bool end_array() override {
    return tell([&] { events_.end_list(); });
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& problem) override {
    position_ = position;
    message_ = problem.what();
    return false;
  }

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  template <class Call>
  bool tell(Call call) {
    call();
    return events_.refusal().empty();
  }

  JsonEvents& events_;
  std::size_t position_ = 0;
  std::string message_;
};

/// "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error …" without its
/// preamble.
std::string plain(const std::string& message) {
  const std::size_t colon = message.find(": ");
  std::string text = colon == std::string::npos ? message : message.substr(colon + 2);
  constexpr std::size_t kLongest = 200;
  if (text.size() > kLongest) text.resize(kLongest);
  return "this is not valid JSON: " + text;
}

}  // namespace

void JsonEvents::refuse(std::string why) {
  if (refusal_.empty()) refusal_ = std::move(why);
}

Result<void> parse_json(std::string_view text, const std::string& file, JsonEvents& events) {
  Survey survey(text);
  if (std::string why = survey.run(); !why.empty()) {
    return fail(ErrorCode::limit, std::move(why), to_text(place(text, file, survey.at())));
  }
  Forwarder forwarder(events);
  if (json::sax_parse(survey.clean(), &forwarder)) return {};
  if (!events.refusal().empty()) return fail(ErrorCode::malformed, events.refusal(), file);
  const std::size_t at = forwarder.position() > 0 ? forwarder.position() - 1 : 0;
  return fail(ErrorCode::malformed, plain(forwarder.message()), to_text(place(text, file, at)));
}

}  // namespace rigor::adapters
