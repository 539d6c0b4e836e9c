#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/diagnostic.hpp"
#include "base/text.hpp"
#include "evidence/row.hpp"
#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

using Record = std::vector<std::string>;

/// Reads one record after the other.
class Scanner {
 public:
  Scanner(std::string_view text, const std::string& file) : text_(text), file_(file) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] int line() const { return line_; }
  [[nodiscard]] std::string where(int line) const { return to_text(Location{file_, line}); }

  Result<Record> record() {
    Record fields;
    for (;;) {
      Result<std::string> field = peek() == '"' ? quoted() : plain();
      if (!field) return tl::unexpected<Error>(field.error());
      fields.push_back(std::move(*field));
      if (done() || end_line()) return fields;
      if (peek() != ',')
        return fail(ErrorCode::malformed, "text after a closing quote", where(line_));
      ++at_;
    }
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  /// Steps over a line end, if one is here.
  bool end_line() {
    const std::size_t width = text_.substr(at_).starts_with("\r\n") ? 2
                              : peek() == '\n' || peek() == '\r'    ? 1
                                                                    : 0;
    at_ += width;
    line_ += width > 0 ? 1 : 0;
    return width > 0;
  }

  Result<std::string> plain() {
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    const std::string_view field = text_.substr(at_, end - at_);
    at_ = end;
    return std::string(field);
  }

  Result<std::string> quoted() {
    const int opened = line_;
    std::string field;
    for (++at_; !done(); ++at_) {
      if (peek() == '\n') ++line_;
      if (peek() != '"') {
        field += peek();
      } else if (text_.substr(at_ + 1).starts_with('"')) {
        field += '"';
        ++at_;
      } else {
        ++at_;
        return field;
      }
    }
    return fail(ErrorCode::malformed, "a quote is opened and never closed", where(opened));
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  int line_ = 1;
};

bool is_blank(const Record& record) {
  return record.size() == 1 && trim(record.front()).empty();
}

}  // namespace

std::string_view Row::operator[](std::string_view column) const {
  const auto found = columns.find(column);
  return found == columns.end() ? std::string_view{} : std::string_view(found->second);
}

double Row::number(std::string_view column, double fallback) const {
  return parse_number(trim((*this)[column])).value_or(fallback);
}

std::string_view Row::note(std::string_view key) const {
  const std::string_view notes = (*this)["notes"];
  const std::string wanted = std::string(key) + "=";
  for (std::size_t at = notes.find(wanted); at != std::string_view::npos;
       at = notes.find(wanted, at + 1)) {
    constexpr std::string_view kBefore = " ,;(";
    if (at > 0 && kBefore.find(notes[at - 1]) == std::string_view::npos) continue;
    const std::string_view rest = notes.substr(at + wanted.size());
    return rest.substr(0, rest.find_first_of(" ,;"));
  }
  return {};
}

Result<Table> parse_csv(std::string_view text, const std::string& file) {
  Scanner scanner(text, file);
  Table table;
  while (!scanner.done()) {
    const int line = scanner.line();
    const Result<Record> record = scanner.record();
    if (!record) return tl::unexpected<Error>(record.error());
    if (is_blank(*record)) continue;
    if (table.header.empty()) {
      table.header = *record;
      continue;
    }
    if (record->size() != table.header.size()) {
      return fail(ErrorCode::malformed,
                  fmt::format("{} field{} where the header has {}", record->size(),
                              record->size() == 1 ? "" : "s", table.header.size()),
                  scanner.where(line));
    }
    Row row;
    row.line = line;
    for (std::size_t i = 0; i < record->size(); ++i)
      row.columns.emplace(table.header[i], (*record)[i]);
    table.rows.push_back(std::move(row));
  }
  if (table.header.empty()) return fail(ErrorCode::malformed, "the table has no header", file);
  return table;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace rigor::evidence
