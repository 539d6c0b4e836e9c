// What a rule found: value, limit and margin, how bad it is, what was read for it and what would
// help. Layer 6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "catalog/entry.hpp"

namespace rigor::check {

/// In the order of weight. `unknown` is never `ok`: something needed for the answer is not stated.
enum class Severity : std::uint8_t { ok, info, unknown, warning, error };
/// "ok", "info", "unknown", "warning", "error".
std::string_view to_text(Severity severity);

/// A number with the unit it is printed in: {480, "W"}. Units of counts are plurals: "lanes".
struct Figure {
  double number = 0;
  std::string_view unit = {};
};

/// A value that a rule read.
struct Used {
  std::string part = {};  ///< name, as in the rig file or the catalogue
  std::string key = {};
  std::string value = {};
  catalog::Provenance provenance = {};
};

/// Names of `Missing::part` that are no parts: a kind that the rig does not list, its [site].
inline constexpr std::string_view kTheRig = "the rig", kTheSite = "[site]";

/// A value that a rule needed and nobody states.
struct Missing {
  std::string part = {};  ///< name, kTheRig or kTheSite
  std::string key = {};   ///< of the part or the site; the kind of part that is not listed
  Location where = {};
  bool only_catalogue = false;  ///< no key of a rig file says it
};

struct Finding {
  std::string_view rule = {};  ///< id of the rule, set by `judge`
  Severity severity = Severity::ok;
  std::string message = {};  ///< one sentence, with the parts' names
  std::optional<Figure> value = {}, limit = {};
  /// Room left in the unit of the limit; negative: overstepped. Empty without value and limit.
  std::optional<Figure> margin = {};
  std::string fix = {};  ///< the cheapest way out; empty when nothing is wrong
  std::vector<Used> used = {};
  std::vector<Missing> missing = {};
};

}  // namespace rigor::check
