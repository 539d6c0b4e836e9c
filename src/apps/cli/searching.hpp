// The search behind --search and the report's hints: a problem with what the user left open.
// Layer 11.
#pragma once

#include <optional>

#include "apps/cli/problem.hpp"
#include "report/search_text.hpp"

namespace rigor::apps {

inline constexpr Option kSearchOption{
    "search", "", "vary what you left open: KV type, batches, sharding, offload, checkpointing"};

/// A search, and the question with the settings of its best choice.
struct Searched {
  report::SearchReport report;  ///< points into the problem
  place::Question question;     ///< as asked when nothing fits
  place::Answer answer = {};
  double tokens_per_s = 0;
};
/// Nothing fixed is changed; a global batch that nobody stated is assumed.
Searched search_for(Problem& problem, const estimate::Calibration& calibration);

/// A choice without loss of quality that is at least 5 % faster than an answer; or one that fits
/// when the answer does not.
std::optional<report::Better> better_than(Problem& problem, const place::Answer& answer,
                                          const estimate::Calibration& calibration);

}  // namespace rigor::apps
