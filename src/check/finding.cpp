#include "check/finding.hpp"

namespace rigor::check {

std::string_view to_text(Severity severity) {
  switch (severity) {
    case Severity::ok: return "ok";
    case Severity::info: return "info";
    case Severity::unknown: return "unknown";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "";
}

}  // namespace rigor::check
