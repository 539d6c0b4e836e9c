#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

bool is_registered(std::string_view module_kind) {
  return module_kind == "RDIMM" || module_kind == "LRDIMM";
}

Finding judge_kit(const Assembly& rig, const Item* kit) {
  Facts facts(rig);
  const Item* board = facts.need("board");
  const auto type = facts.text(kit, "memory_type");
  const auto kind = facts.text(kit, "module_kind");
  const auto boards = facts.text(board, "memory_type");
  const auto registered = facts.flag(board, "registered");
  if (!facts.complete()) return facts.unknown("whether the memory fits the board");
  if (lower(*type) != lower(*boards)) {
    return facts.finding(
        Severity::error,
        fmt::format("{} is {}, the {} takes {}", kit->name(), *type, board->name(), *boards),
        fmt::format("memory of type {}", *boards));
  }
  const char* wanted = *registered ? "registered modules (RDIMM)" : "unbuffered modules (UDIMM)";
  if (is_registered(*kind) != *registered || *kind == "SODIMM") {
    return facts.finding(Severity::error,
                         fmt::format("{} is {}, the {} takes {}; the two exclude each other",
                                     kit->name(), *kind, board->name(), wanted),
                         fmt::format("{} of type {}", wanted, *boards));
  }
  return facts.finding(Severity::ok, fmt::format("{}: {} {}, as the {} takes it", kit->name(),
                                                 *type, *kind, board->name()));
}

}  // namespace

/// Type and buffering of every kit against the board, and of the kits against each other; the
/// processor's types are the board's.
Findings memory_type(const Assembly& rig) {
  Findings found;
  std::vector<std::string> kinds;
  for (const Item* kit : rig.all("memory")) {
    found.push_back(judge_kit(rig, kit));
    Facts facts(rig);
    const auto kind = facts.text(kit, "module_kind");
    if (kind && std::find(kinds.begin(), kinds.end(), *kind) == kinds.end()) kinds.push_back(*kind);
  }
  if (kinds.size() > 1)
    found.push_back(Facts(rig).finding(Severity::error,
                                       fmt::format("{} do not work together", join(kinds, " and ")),
                                       "modules of one kind"));
  return found;
}

}  // namespace rigor::check
