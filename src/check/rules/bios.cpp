#include <fmt/format.h>

#include "base/text.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

/// The board's row for an architecture; empty when it has none.
std::string version_for(Facts& facts, const Item* board, const std::string& architecture) {
  for (int row = 0;; ++row) {
    const std::string key = fmt::format("bios[{}].architecture", row);
    if (!Facts::states(board, key)) return {};
    if (lower(*facts.text(board, key)) != lower(architecture)) continue;
    return facts.text(board, fmt::format("bios[{}].version", row)).value_or("");
  }
}

}  // namespace

/// A board that is older than its processor may need another BIOS first. Dates compare as texts:
/// "2022" and "2022-09-27" are alike as far as both go.
Findings bios(const Assembly& rig) {
  const Item* processor = rig.first("cpu");
  const Item* board = rig.first("board");
  if (processor == nullptr || board == nullptr) return {};
  Facts facts(rig);
  const auto architecture = facts.text(processor, "architecture");
  const std::string version =
      architecture ? version_for(facts, board, *architecture) : std::string{};
  if (lower(version) == "any") {
    return {facts.finding(Severity::ok,
                          fmt::format("{} starts {} with any BIOS", board->name(), *architecture))};
  }
  if (!version.empty()) {
    return {facts.finding(
        Severity::info,
        fmt::format("{} starts {} from BIOS {} on", board->name(), *architecture, version),
        "ask the seller for that version, or flash it without a processor before the first start")};
  }
  const auto made = facts.text(processor, "released");
  const auto boards = facts.text(board, "released");
  if (!facts.complete()) return {facts.unknown("which BIOS the processor needs")};
  const std::size_t common = std::min(made->size(), boards->size());
  const std::string own = made->substr(0, common), its = boards->substr(0, common);
  const bool open = own == its && made->size() != boards->size();  // "2022" and "2022-09-27"
  if (own <= its && !open) {
    return {facts.finding(Severity::ok, fmt::format("{} is no newer than the board ({}, {})",
                                                    processor->name(), *made, *boards))};
  }
  facts.miss(board->name(), "bios", board->placed->where);
  return {facts.unknown(
      fmt::format("which BIOS {} ({}) needs on a board of {}", processor->name(), *made, *boards))};
}

}  // namespace rigor::check
