#include <fmt/format.h>

#include "check/rules/all.hpp"

namespace rigor::check {

/// Memory domains. On one socket every card is as near to all memory unless the BIOS divides the
/// processor (NPS); on two, cards of different sockets talk over the link between them.
Findings numa(const Assembly& rig) {
  const Item* board = rig.first("board");
  const auto cards = rig.rig->accelerators.size();
  if (board == nullptr || cards < 2) return {};
  Facts facts(rig);
  const bool several =
      Facts::states(board, "cpu_sockets") && facts.count(board, "cpu_sockets").value_or(1) > 1;
  if (!several)
    return {facts.finding(
        Severity::ok, "one socket: all cards are as near to all memory (nodes per socket NPS1)")};
  return {facts.finding(
      Severity::warning,
      fmt::format(
          "{} has several sockets: cards of different ones talk over the link between them, "
          "which these estimates do not know",
          board->name()),
      "all cards on slots of one processor, or one process per socket; nvidia-smi topo -m shows "
      "NODE and SYS")};
}

}  // namespace rigor::check
