#include "check/rules/fits_case.hpp"

#include <fmt/format.h>

namespace rigor::check {

Finding fits_case(const Assembly& rig, const Item& part, std::string_view key,
                  std::string_view room, const std::string& what, const std::string& fix) {
  Facts facts(rig);
  const auto own = facts.quantity<Metres>(&part, key);
  const auto most = facts.quantity<Metres>(rig.first("case"), room);
  if (!facts.complete()) return facts.unknown(fmt::format("whether {} fits the case", part.name()));
  const double size = own->in(millimetre);
  const double limit = most->in(millimetre);
  const std::string message =
      fmt::format("{}: {:.0f} mm, the case has {:.0f} mm for {}", part.name(), size, limit, what);
  const bool fits = size <= limit;
  return facts.measured(fits ? Severity::ok : Severity::error, {size, "mm"}, {limit, "mm"},
                        limit - size, message, fits ? "" : fix);
}

}  // namespace rigor::check
