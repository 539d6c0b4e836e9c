// Findings about a file a person wrote: all problems are collected, none stops the reading. Layer
// 0.
#pragma once

#include <string>
#include <vector>

namespace rigor {

/// A place in a text. Lines and columns count from 1; 0 means unknown.
struct Location {
  std::string file = {};
  int line = 0;
  int column = 0;
  bool operator==(const Location&) const = default;
};

/// `file:line:column`, leaving out what is unknown.
std::string to_text(const Location& location);

enum class Severity { note, warning, error };

struct Diagnostic {
  Severity severity = Severity::error;
  Location where = {};
  std::string message = {};
  std::string hint = {};  ///< what to write instead; may be empty
};

/// Grows while a file is read. A reader that added an error must not be trusted with its result.
class Diagnostics {
 public:
  void error(Location where, std::string message, std::string hint = {});
  void warning(Location where, std::string message, std::string hint = {});
  /// By file, line and column, as a person walks through the file; those of one place keep their
  /// order.
  void sort();
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] int errors() const { return errors_; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
  int errors_ = 0;
};

/// One line per diagnostic, hints indented below: the form every verb prints on stderr.
std::string to_text(const Diagnostics& diagnostics);

}  // namespace rigor
