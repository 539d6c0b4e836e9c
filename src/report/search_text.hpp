// What a search found, as text and JSON. Layer 9.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "place/search.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// A search with what was asked. The pointer must outlive it.
struct SearchReport {
  const place::Question* asked = nullptr;  ///< before any setting was changed
  place::SearchSpace space;
  place::Found found;
  bool batch_is_assumed = false;  ///< nobody stated a global batch
};

/// "--ubatch 2048 --kv-type q8_0": what differs from the question, as flags; of training always how
/// the global batch is made up. Empty when nothing does.
std::string settings_text(const place::Question& asked, const place::SearchSpace& space,
                          const place::Choice& choice);
/// "2 x …, ZeRO-2 over 2; --micro-batch 4 --accumulation 2".
std::string choice_text(const place::Question& asked, const place::SearchSpace& space,
                        const place::Choice& choice);

/// Of choices that differ in no more than how many tokens or sequences are computed together, the
/// best; best first, at most `most`.
std::vector<const place::Choice*> best_of_each(const place::Found& found, std::size_t most);
/// The front without what is about as good as another of it, fastest first.
std::vector<const place::Choice*> short_front(const place::Found& found);

/// What was taken, what came second, the front, and what the figures mean.
std::string search_text(const SearchReport& search);
/// The member "search" of an object that is open already.
void search_json(Json& json, const SearchReport& search);

/// A choice that beats the answer a report gives.
struct Better {
  place::SearchSpace space;
  place::Choice choice;
  double now = 0;  ///< tokens/s of the answer; 0: it does not fit
};
/// "faster: … 12.3 instead of 10.1 tokens/s", or "fits: …".
std::string better_text(const place::Question& question, const Better& better);
/// The member "better", null where there is none.
void better_json(Json& json, const place::Question& question, const std::optional<Better>& better);

}  // namespace rigor::report
