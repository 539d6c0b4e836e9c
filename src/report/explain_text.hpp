// `--explain`: for every term the formula, the inputs it read and where each came from. Layer 9.
#pragma once

#include <string>
#include <vector>

#include "catalog/entry.hpp"
#include "place/question.hpp"

namespace rigor::report {

/// The entries whose values the estimate read; null where a file was read instead.
struct ExplainSources {
  const catalog::Entry* architecture = nullptr;
  const catalog::Entry* quantization = nullptr;
  const catalog::Entry* engine = nullptr;
  std::vector<const catalog::Entry*>
      devices;         ///< one per accelerator in use; null: not in the catalogue
  std::string origin;  ///< where the network's bytes come from
};

std::string explain_text(const place::Question& question, const place::Answer& answer,
                         const ExplainSources& sources);

}  // namespace rigor::report
