#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

/// From small to large: every form has the holes of those before it. XL-ATX is taller, not wider:
/// it has those of ATX and smaller only.
constexpr std::array<std::string_view, 6> kForms = {"mini-itx", "micro atx", "atx",
                                                    "ssi-ceb",  "eatx",      "ssi-eeb"};
constexpr std::string_view kTall = "xl-atx", kTallAsWideAs = "atx";

int rank(std::string_view form) {
  const std::string wanted = lower(form);
  const auto at = std::find(kForms.begin(), kForms.end(), wanted == kTall ? kTallAsWideAs : wanted);
  return at == kForms.end() ? -1 : static_cast<int>(at - kForms.begin());
}

/// Whether a place for one form takes a board of the other.
bool takes(std::string_view place, std::string_view form) {
  if (lower(place) == lower(form)) return true;
  if (lower(form) == kTall || rank(form) < 0) return false;
  return lower(place) == kTall ? rank(form) <= rank(kTall) : rank(place) > rank(form);
}

}  // namespace

Findings board_in_case(const Assembly& rig) {
  const Item* chassis = rig.first("case");
  const Item* board = rig.first("board");
  if (chassis == nullptr || board == nullptr) return {};
  Facts facts(rig);
  const auto form = facts.text(board, "form_factor");
  const auto taken = facts.texts(chassis, "boards");
  if (!facts.complete()) return {facts.unknown("whether the board fits the case")};
  const std::string list = join(*taken, ", ");
  const bool fits = std::any_of(taken->begin(), taken->end(),
                                [&](const std::string& one) { return takes(one, *form); });
  if (fits) {
    return {facts.finding(Severity::ok,
                          fmt::format("{} takes boards of form {}", chassis->name(), *form))};
  }
  if (rank(*form) < 0) {
    return {facts.finding(Severity::warning,
                          fmt::format("{} is of form {}, {} is made for {}", board->name(), *form,
                                      chassis->name(), list),
                          "compare the mounting holes with the case's drawing")};
  }
  return {facts.finding(Severity::error,
                        fmt::format("{} is of form {}, {} is made for {}", board->name(), *form,
                                    chassis->name(), list),
                        fmt::format("a case for {}", *form))};
}

}  // namespace rigor::check
