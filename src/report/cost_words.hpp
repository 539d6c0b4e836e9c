// Words and figures that all parts of the answer on money share. Used by cost_*.cpp only. Layer 9.
#pragma once

#include <string>
#include <string_view>

#include "report/cost_text.hpp"

namespace rigor::report {

inline constexpr std::size_t kTextWidth = 80;

/// Whole major units with thousands separators: "-2,051". Amounts below 100 keep two digits.
std::string amount_text(double major);
/// Whole major units: "-2,051".
std::string whole_amount(double major);
/// Words broken so that no line is longer than the text is wide; every line is indented.
std::string wrapped(std::string_view text, std::size_t indent);
/// "14 months", "2.5 months"; "never" when empty.
std::string months_text(const std::optional<double>& months);

/// The parts of the text, in their order.
std::string verdict_text(const CostReport& report);
std::string ledger_text(const CostReport& report);
std::string bill_text(const CostReport& report);
std::string work_text(const CostReport& report);
std::string alternatives_text(const CostReport& report);
std::string results_text(const CostReport& report);
std::string sensitivity_text(const CostReport& report);
std::string chance_text(const CostReport& report);
std::string extras_text(const CostReport& report);
std::string assumptions_text(const CostReport& report);

}  // namespace rigor::report
