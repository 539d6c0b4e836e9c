// The search for the best placement together with the settings that the user left open. Layer 6.
//
// It evaluates every choice that can fit, and skips those that cannot: more tokens or sequences at
// a time never take less memory, so what does not fit stays unfit; fewer layers on the host than
// the weights ask for cannot fit. Nothing is skipped for its speed. Proof and limits:
// docs/models/40-placement-search.md; the tests compare it with trying everything.
#pragma once

#include <cstdint>
#include <vector>

#include "place/pace.hpp"
#include "place/search_space.hpp"

namespace rigor::place {

/// A placement with settings that fits.
struct Choice {
  workload::Placement placement = {};
  std::size_t cache = 0;    ///< index into the space's caches
  int computed_tokens = 0;  ///< serving; 0: the engine's default
  int micro_batch = 1, accumulation = 1;
  workload::Checkpointing checkpointing = workload::Checkpointing::full;
  Bytes headroom = {};
  double tokens_per_s = 0;  ///< as `Pace` counts them; 0: unknown
  double loss = 0;          ///< of quality: perplexity added, as a share
  int changed = 0;          ///< settings that differ from the question's
  bool on_front = false;    ///< no other is as good in speed, headroom and loss, and better in one
};

struct Found {
  std::vector<Choice> choices;  ///< best first, see `worth`; empty: nothing fits
  std::size_t evaluated = 0;    ///< memory estimates made
};

enum class Pruning : std::uint8_t { on, off };

/// All choices that fit (high estimate), the best first: that of most worth; of those within 3 % of
/// it, the one with the fewest devices, then the least loss, the least sharding and offload, the
/// fewest settings changed.
/// `Pruning::off` tries everything and finds the same; it is there for tests.
/// Requires: `problem_with_wish` is empty.
Found search(const Question& question, const SearchSpace& space,
             const estimate::Calibration& calibration, Pruning pruning = Pruning::on);

/// What order is by: the speed, less where quality is lost. 1 % more perplexity has to be paid for
/// by half as much speed again: a judgement, not a measurement.
double worth(const Choice& choice);

/// The question with a choice's settings; its placement is asked for apart.
Question with_settings(const Question& question, const SearchSpace& space, const Choice& choice);

namespace detail {
enum class LayerShare : std::uint8_t { memory, bandwidth };

/// A placement to try, and how its layers were shared out, to share them again when some stay on
/// the host.
struct Layout {
  workload::Placement placement;
  LayerShare by = LayerShare::memory;
};
/// Fewest devices first, nothing on the host beyond the user's wish. Of unequal cards every set of
/// kinds; layers by memory and by bandwidth.
std::vector<Layout> layouts(const Question& question, const SearchSpace& space);
/// Layers of a layout shared out anew; nothing where matrices are cut.
void share_layers(const Question& question, Layout& layout);
}  // namespace detail

}  // namespace rigor::place
