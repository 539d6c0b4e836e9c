#include <fmt/format.h>

#include "base/text.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {

/// Every processor against the board, and all of them against its sockets: one unless it says more.
Findings socket(const Assembly& rig) {
  Findings found;
  const Item* holder = rig.first("board");
  int processors = 0;
  for (const Item* processor : rig.all("cpu")) processors += processor->count();
  if (holder != nullptr && processors > 1) {
    Facts facts(rig);
    const int sockets =
        Facts::states(holder, "cpu_sockets") ? facts.count(holder, "cpu_sockets").value_or(1) : 1;
    if (processors > sockets)
      found.push_back(
          facts.measured(Severity::error, {1.0 * processors, "processors"},
                         {1.0 * sockets, "sockets"}, sockets - processors,
                         fmt::format("{} processors for the {} socket{} of the {}", processors,
                                     sockets, sockets == 1 ? "" : "s", holder->name()),
                         "one processor, or a board with more sockets"));
  }
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
