#include "apps/cli/plan_document.hpp"

#include <fmt/format.h>

#include "adapters/files/files.hpp"
#include "adapters/toml/plan_reader.hpp"
#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::apps {

Result<cost::PlanFile> read_plan_file(const std::string& path, Session& session) {
  const Result<std::string> text = adapters::read_file(path, 4U << 20);
  if (!text) return tl::unexpected<Error>(text.error());
  Diagnostics diagnostics;
  cost::PlanFile plan = adapters::read_plan(*text, path, diagnostics);
  if (!diagnostics.has_errors()) return plan;
  session.err += to_text(diagnostics);
  return fail(ErrorCode::malformed,
              fmt::format("{} problem{} in the plan file", diagnostics.errors(),
                          diagnostics.errors() == 1 ? "" : "s"),
              path);
}

Result<void> add_rates(const std::string& typed, ExchangeRates& rates) {
  for (const std::string_view one : split(typed, ',')) {
    const std::vector<std::string_view> sides = split(one, '=');
    const std::string_view left = sides.empty() ? std::string_view() : trim(sides[0]);
    const std::string code(left.starts_with("1 ") ? trim(left.substr(2)) : left);
    const Result<Currency> currency = parse_currency(code);
    const Result<Dollars> dollars = sides.size() == 2 ? parse<Dollars>(trim(sides[1]), "0.27 USD")
                                                      : fail(ErrorCode::usage, "no rate");
    if (!currency || !dollars || *dollars <= Dollars{})
      return fail(ErrorCode::usage, fmt::format("\"{}\" is no exchange rate", trim(one)), "--rate",
                  "write what one unit is worth: --rate \"1 ILS = 0.27 USD\"");
    rates.set(*currency, dollars->in(USD));
  }
  return {};
}

}  // namespace rigor::apps
