#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

/// From small to large; a case that takes one takes those before it, as far as the holes go: every
/// one of them has the holes of the smaller.
constexpr std::array<std::string_view, 7> kForms = {"mini-itx", "micro atx", "atx",   "ssi-ceb",
                                                    "eatx",     "ssi-eeb",   "xl-atx"};

int rank(std::string_view form) {
  const std::string wanted = lower(form);
  const auto at = std::find(kForms.begin(), kForms.end(), wanted);
  return at == kForms.end() ? -1 : static_cast<int>(at - kForms.begin());
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
  const bool named = std::any_of(taken->begin(), taken->end(), [&](const std::string& one) {
    return lower(one) == lower(*form);
  });
  const bool larger = std::any_of(taken->begin(), taken->end(), [&](const std::string& one) {
    return rank(*form) >= 0 && rank(one) > rank(*form);
  });
  if (named || larger) {
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
