#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {

Findings cooler_socket(const Assembly& rig) {
  Findings found;
  if (rig.first("cpu") == nullptr) return found;
  for (const Item* cooler : rig.all("cooler")) {
    Facts facts(rig);
    const auto wanted = facts.text(rig.first("cpu"), "socket");
    const auto sockets = facts.texts(cooler, "sockets");
    if (!facts.complete()) {
      found.push_back(facts.unknown("whether the cooler fits the socket"));
      continue;
    }
    const bool fits = std::any_of(sockets->begin(), sockets->end(), [&](const std::string& one) {
      return lower(one) == lower(*wanted);
    });
    found.push_back(
        fits ? facts.finding(Severity::ok, fmt::format("{} fits {}", cooler->name(), *wanted))
             : facts.finding(Severity::error,
                             fmt::format("{} is made for {}, the processor's socket is {}",
                                         cooler->name(), join(*sockets, ", "), *wanted),
                             fmt::format("a cooler or a mounting kit for {}", *wanted)));
  }
  return found;
}

}  // namespace rigor::check
