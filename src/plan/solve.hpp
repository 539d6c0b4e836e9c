// The cheapest plan within the purse, and the proof that none is cheaper. Layer 7.
//
// Exact: the label search leaves nothing out below its limit, and the limit only rises until a plan
// is found. Why that is a proof: docs/models/80-plan.md
#pragma once

#include "plan/certificate.hpp"

namespace rigor::plan {

struct Proof {
  bool is_optimal = false;
  Score relaxed = 0;        ///< no plan scores less even with unlimited cash
  Score lagrangian = 0;     ///< nor less than this with the cash there is, by prices on the reserve
  Score lower_bound = 0;    ///< nor less than this, by search; the plan's own score when optimal
  bool recomputed = false;  ///< the score was added up anew and is the same
  std::int64_t plans_tried = 0;  ///< one by one, with the same best score; 0: too many to try
  std::size_t arcs = 0;          ///< of all months, before any was ruled out
  std::size_t arcs_left = 0;     ///< in the last search
  std::size_t labels = 0;        ///< kept, in all searches
  std::size_t tried = 0;         ///< labels times arcs
};

struct Solution {
  Path path = {};
  Books books = {};
  Proof proof = {};
};

/// Why there is no plan.
struct Refusal {
  enum class Cause : std::uint8_t {
    opening,  ///< the purse is below the reserve before anything is bought
    work,     ///< in `month` no configuration can do what must be done
    moves,    ///< none that could is reachable by `month` with the moves there are
    cash,     ///< the reserve cannot be kept in `month`
  };
  Cause cause = Cause::cash;
  int month = 0;
  Cents short_by = 0;         ///< more cash at the beginning that would do; of opening and cash
  Cents short_per_month = 0;  ///< or more income every month
};

struct Effort {
  std::size_t most_labels = 12'000'000;     ///< memory: 40 bytes each
  std::int64_t every_plan_up_to = 200'000;  ///< steps of the brute force of the certificate
};

struct Answer {
  std::optional<Solution> solution = {};
  std::optional<Refusal> refusal = {};
};

/// Requires: `validate(instance)`.
Answer solve(const Instance& instance, const Effort& effort = {});

/// Requires: there is no plan within the purse.
Refusal explain_refusal(const Instance& instance);

}  // namespace rigor::plan
