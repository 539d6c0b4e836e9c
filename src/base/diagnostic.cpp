#include "base/diagnostic.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace rigor {
namespace {

const char* word(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "error";
}

}  // namespace

std::string to_text(const Location& location) {
  std::string text = location.file;
  if (location.line > 0) {
    text += ":" + std::to_string(location.line);
    if (location.column > 0) text += ":" + std::to_string(location.column);
  }
  return text;
}

void Diagnostics::error(Location where, std::string message, std::string hint) {
  ++errors_;
  all_.push_back({Severity::error, std::move(where), std::move(message), std::move(hint)});
}

void Diagnostics::warning(Location where, std::string message, std::string hint) {
  all_.push_back({Severity::warning, std::move(where), std::move(message), std::move(hint)});
}

void Diagnostics::sort() {
  std::stable_sort(all_.begin(), all_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.where.file, a.where.line, a.where.column) <
           std::tie(b.where.file, b.where.line, b.where.column);
  });
}

std::string to_text(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all()) {
    const std::string place = to_text(d.where);
    if (!place.empty()) text += place + ": ";
    text += std::string(word(d.severity)) + ": " + d.message + "\n";
    if (!d.hint.empty()) text += "  hint: " + d.hint + "\n";
  }
  return text;
}

}  // namespace rigor
