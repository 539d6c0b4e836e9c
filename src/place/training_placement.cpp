#include <algorithm>
#include <array>

#include "place/question.hpp"

namespace rigor::place {
namespace {

using estimate::Fit;
using workload::EngineFamily;
using workload::Offload;
using workload::Placement;
using workload::Sharding;

struct Recipe {
  Sharding sharding;
  Offload optimizer;
  Offload parameters;
};

/// From fastest to leanest.
constexpr std::array kLadder = {
    Recipe{Sharding::none, Offload::none, Offload::none},
    Recipe{Sharding::zero2, Offload::none, Offload::none},
    Recipe{Sharding::fsdp, Offload::none, Offload::none},
    Recipe{Sharding::zero3, Offload::none, Offload::none},
    Recipe{Sharding::zero2, Offload::host, Offload::none},
    Recipe{Sharding::zero3, Offload::host, Offload::none},
    Recipe{Sharding::fsdp, Offload::host, Offload::host},
    Recipe{Sharding::zero3, Offload::host, Offload::host},
};

bool engine_knows(EngineFamily family, const Recipe& recipe, int devices) {
  switch (family) {
    case EngineFamily::deepspeed: return recipe.sharding != Sharding::fsdp;
    case EngineFamily::fsdp:
      return recipe.sharding == Sharding::fsdp ||
             (recipe.sharding == Sharding::none && devices == 1);
    default: return recipe.sharding == Sharding::none;
  }
}

/// The ladder's row with the user's wishes put in its place; false when a wish contradicts it.
bool honours(const workload::PlacementWish& wish, const Recipe& recipe) {
  if (wish.sharding && *wish.sharding != recipe.sharding) return false;
  const bool offload_is_open = !wish.sharding && !wish.optimizer && !wish.parameters;
  if (offload_is_open) return true;
  return recipe.optimizer == wish.optimizer.value_or(Offload::none) &&
         recipe.parameters == wish.parameters.value_or(Offload::none);
}

Placement layout(const Question& question, const Recipe& recipe) {
  const workload::PlacementWish& wish = question.workload.wish;
  Placement placement;
  placement.devices = detail::usable_devices(question);
  for (int d = 0; d < placement.devices; ++d) {
    placement.device[static_cast<std::size_t>(d)] = static_cast<std::int8_t>(d);
  }
  placement.tensor = wish.tensor.value_or(1);
  placement.pipeline = wish.pipeline.value_or(1);
  placement.expert = wish.expert.value_or(1);
  const int others = placement.tensor * placement.pipeline;
  placement.data = wish.data.value_or(std::max(1, placement.devices / others));
  placement.devices = placement.data * others;
  placement.sharding = recipe.sharding;
  placement.optimizer = recipe.optimizer;
  placement.parameters = recipe.parameters;
  return placement;
}

bool nearer(const Answer& a, const Answer& b) {
  if (a.verdict.fit != b.verdict.fit) return a.verdict.fit < b.verdict.fit;
  return a.verdict.shortfall < b.verdict.shortfall;
}

}  // namespace

std::vector<Placement> detail::training_placements(const Question& question) {
  const workload::PlacementWish& wish = question.workload.wish;
  const bool fixed = wish.sharding || wish.optimizer || wish.parameters;
  std::vector<Placement> out;
  for (const Recipe& recipe : kLadder) {
    if (!honours(wish, recipe)) continue;
    if (!fixed && !engine_knows(question.engine->family, recipe, usable_devices(question)))
      continue;
    out.push_back(layout(question, recipe));
  }
  return out;
}

Answer detail::choose_finetune(const Question& question) {
  const workload::PlacementWish& wish = question.workload.wish;
  Answer best;
  bool any = false;
  for (const Recipe& recipe : kLadder) {
    const bool fixed = wish.sharding || wish.optimizer || wish.parameters;
    if (!honours(wish, recipe)) continue;
    if (!fixed && !engine_knows(question.engine->family, recipe, usable_devices(question)))
      continue;
    const Answer answer = evaluate(question, layout(question, recipe));
    if (answer.verdict.fit == Fit::fits) return answer;
    if (!any || nearer(answer, best)) best = answer;
    any = true;
  }
  if (any) return best;
  // A combination that is not on the ladder (ZeRO-1, NVMe): taken as it was asked for.
  const Recipe asked{wish.sharding.value_or(Sharding::none), wish.optimizer.value_or(Offload::none),
                     wish.parameters.value_or(Offload::none)};
  return evaluate(question, layout(question, asked));
}

}  // namespace rigor::place
