#include <fmt/format.h>

#include "base/text.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {

/// Every processor against the board.
Findings socket(const Assembly& rig) {
  Findings found;
  for (const Item* processor : rig.all("cpu")) {
    Facts facts(rig);
    const Item* board = facts.need("board");
    const auto own = facts.text(processor, "socket");
    const auto boards = facts.text(board, "socket");
    if (!facts.complete()) {
      found.push_back(facts.unknown("whether the processor fits the board"));
      continue;
    }
    if (lower(*own) == lower(*boards)) {
      found.push_back(facts.finding(
          Severity::ok,
          fmt::format("{} fits the {} of the {}", processor->name(), *boards, board->name())));
      continue;
    }
    found.push_back(
        facts.finding(Severity::error,
                      fmt::format("{} is made for {}, the {} has {}", processor->name(), *own,
                                  board->name(), *boards),
                      fmt::format("a processor for {}, or a board with {}", *boards, *own)));
  }
  return found;
}

}  // namespace rigor::check
