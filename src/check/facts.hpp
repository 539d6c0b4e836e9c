// The values behind a finding. A rule asks for them here, so that whoever reads the finding sees
// what it stands on, and so that a missing value can never pass for a good one. Layer 6.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/assembly.hpp"
#include "check/finding.hpp"
#include "units/quantity.hpp"

namespace rigor::check {

/// Reads values and remembers which. One per finding.
class Facts {
 public:
  explicit Facts(const Assembly& rig) : rig_(rig) {}

  /// The first part of a kind; missing when the rig lists none.
  const Item* need(std::string_view kind);

  // Values of a part. Absent ones, and all of an absent part, are noted as missing.
  std::optional<std::string> text(const Item* item, std::string_view key);
  std::optional<std::vector<std::string>> texts(const Item* item, std::string_view key);
  std::optional<int> count(const Item* item, std::string_view key);
  std::optional<double> real(const Item* item, std::string_view key);
  std::optional<bool> flag(const Item* item, std::string_view key);
  template <class Q>
  std::optional<Q> quantity(const Item* item, std::string_view key) {
    const std::optional<double> base = quantity_as(item, key, Q::dimension);
    return base ? std::optional(Q::from_base(*base)) : std::nullopt;
  }
  // Limits of the rules (choice/limits of the catalogue); lint sees to it that they are there.
  double limit(std::string_view key);        ///< a plain number or a count
  double limit_share(std::string_view key);  ///< "50 %" is 0.5
  template <class Q>
  Q limit(std::string_view key) {
    return Q::from_base(limit_as(key, Q::dimension));
  }
  /// Notes what no reader above covers: a site without a breaker.
  void miss(std::string part, std::string key, Location where = {});
  /// The same for what no rig file can state, only the catalogue.
  void miss_in_catalogue(std::string part, std::string what);
  /// Whether the part states it; not noted.
  static bool states(const Item* item, std::string_view key);

  [[nodiscard]] bool complete() const { return missing_.empty(); }

  /// A verdict of a rule that has all it needs.
  Finding finding(Severity severity, std::string message, std::string fix = {});
  /// The same with figures. `room` is limit less value where more is worse, else the other way.
  Finding measured(Severity severity, Figure value, Figure limit, double room, std::string message,
                   std::string fix = {});
  /// What cannot be said while values are missing: "whether the card fits the case".
  Finding unknown(const std::string& question);

 private:
  const catalog::Field* field(const Item* item, std::string_view key);
  void note(const std::string& part, const catalog::Field& field);
  double limit_as(std::string_view key, Dimension dimension);
  std::optional<double> quantity_as(const Item* item, std::string_view key, Dimension dimension);

  const Assembly& rig_;
  std::vector<Used> used_;
  std::vector<Missing> missing_;
};

}  // namespace rigor::check
