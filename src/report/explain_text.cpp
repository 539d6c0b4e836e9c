#include "report/explain_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalog/value_text.hpp"
#include "estimate/memory/formula.hpp"
#include "report/catalog_text.hpp"
#include "report/fit_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using catalog::Entry;
using catalog::Field;
using estimate::Formula;
using estimate::Interval;
using estimate::Term;

/// Sources numbered on first use, so that a line stays short.
class Sources {
 public:
  std::string number(const catalog::Provenance& provenance) {
    std::string line =
        fmt::format("{}, {}, {}", to_text(provenance.origin), provenance.cite, provenance.as_of);
    if (!provenance.note.empty()) line += " (" + provenance.note + ")";
    const auto place = std::find(lines_.begin(), lines_.end(), line);
    if (place != lines_.end()) return fmt::format("[{}]", place - lines_.begin() + 1);
    lines_.push_back(line);
    return fmt::format("[{}]", lines_.size());
  }
  [[nodiscard]] std::string text() const {
    std::string text = "sources\n";
    for (std::size_t i = 0; i < lines_.size(); ++i)
      text += fmt::format("  [{}] {}\n", i + 1, lines_[i]);
    return text;
  }

 private:
  std::vector<std::string> lines_;
};

/// "layers = 80 [1], kv_heads = 8 [1]": those of the keys that the entry states.
std::string inputs_of(const Entry* entry, std::string_view keys, Sources& sources) {
  std::string text;
  if (entry == nullptr || keys.empty()) return text;
  for (const std::string_view key : split(keys, ' ')) {
    const Field* field = entry->find(key);
    if (field == nullptr) continue;
    text += fmt::format("{}{} = {} {}", text.empty() ? "" : ", ", key,
                        catalog::to_text(field->value), sources.number(field->provenance));
  }
  return text;
}

/// Smallest and largest expected amount over the devices that have the term.
std::string amount_of(const place::Answer& answer, Term term) {
  Bytes least = {};
  Bytes most = {};
  int devices = 0;
  for (int d = 0; d < answer.memory.devices; ++d) {
    const Bytes amount = answer.memory.device[static_cast<std::size_t>(d)][term].expected;
    if (amount <= Bytes{}) continue;
    least = devices == 0 ? amount : std::min(least, amount);
    most = std::max(most, amount);
    ++devices;
  }
  const Bytes host = answer.memory.host[term].expected;
  std::string text;
  if (devices > 0)
    text = least == most ? to_text_binary(most)
                         : to_text_binary(least) + " to " + to_text_binary(most);
  if (devices > 1) text += " per device";
  if (host > Bytes{})
    text += fmt::format("{}{} on the host", text.empty() ? "" : ", ", to_text_binary(host));
  return text;
}

std::string term_text(const Formula& formula, const place::Answer& answer,
                      const ExplainSources& from, Sources& sources) {
  std::string text = fmt::format("{}: {}\n  = {}\n", to_text(formula.term),
                                 amount_of(answer, formula.term), formula.text);
  const std::string dimensions = inputs_of(from.architecture, formula.dimensions, sources);
  const std::string constants = inputs_of(from.engine, formula.constants, sources);
  if (!dimensions.empty()) text += "  network: " + dimensions + "\n";
  if (!constants.empty()) text += "  engine: " + constants + "\n";
  return text;
}

std::string device_text(const ExplainSources& from, Sources& sources) {
  std::string text;
  std::vector<const Entry*> seen;
  for (const Entry* device : from.devices) {
    if (device == nullptr || std::find(seen.begin(), seen.end(), device) != seen.end()) continue;
    seen.push_back(device);
    text += fmt::format("capacity of {}: {}\n", device->name,
                        inputs_of(device, "memory_usable memory gpu_memory_fraction", sources));
  }
  return text;
}

}  // namespace

std::string explain_text(const place::Question& question, const place::Answer& answer,
                         const ExplainSources& from) {
  Sources sources;
  std::string text =
      fmt::format("how (derivations: {})\n", estimate::formula_page(question.engine->family));
  if (from.quantization != nullptr) {
    const Field* fallback = from.quantization->find("fallback");
    text += fmt::format("storage: {} {}\n", from.quantization->name,
                        fallback != nullptr ? sources.number(fallback->provenance) : "");
  } else {
    text += "storage: " + from.origin + "\n";
  }
  for (int t = 0; t < estimate::kTerms; ++t) {
    const auto term = static_cast<Term>(t);
    if (amount_of(answer, term).empty()) continue;
    const Formula* formula = estimate::find_formula(question.engine->family, term);
    if (formula != nullptr) {
      text += term_text(*formula, answer, from, sources);
    } else if (term == Term::reserve) {
      text += "desktop reserve: as the rig file states\n";
    }
  }
  text += inputs_of(from.engine, "margin_exact margin_model margin_fixed", sources)
              .insert(0, "intervals: ") +
          "\n";
  return text + device_text(from, sources) + sources.text();
}

}  // namespace rigor::report
