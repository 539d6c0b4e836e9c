// Which placements a search tries.
#include <algorithm>
#include <array>
#include <utility>

#include "place/machines.hpp"
#include "place/search.hpp"

namespace rigor::place {
namespace {

using detail::LayerShare;
using detail::Layout;
using workload::Kind;
using workload::Offload;
using workload::Placement;
using workload::Sharding;

/// Devices of one kind, in the rig's order. The one that drives a display is a kind of its own.
using Alike = std::vector<std::int8_t>;

std::vector<Alike> kinds_of(const Question& question, int present) {
  std::vector<Alike> kinds;
  const auto same = [&](int a, int b) {
    const bool display = (a == question.display_device) == (b == question.display_device);
    const hardware::Accelerator& one = question.accelerators[static_cast<std::size_t>(a)];
    const hardware::Accelerator& other = question.accelerators[static_cast<std::size_t>(b)];
    return display && one.id == other.id && one.usable == other.usable &&
           one.bandwidth == other.bandwidth;
  };
  for (int d = 0; d < present; ++d) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const Alike& alike) { return same(alike.front(), d); });
    if (kind == kinds.end()) {
      kinds.push_back({static_cast<std::int8_t>(d)});
    } else {
      kind->push_back(static_cast<std::int8_t>(d));
    }
  }
  return kinds;
}

/// The first devices of a rig, 1 to all.
std::vector<Alike> beginnings(int present) {
  std::vector<Alike> sets;
  Alike set;
  for (int d = 0; d < present; ++d) {
    set.push_back(static_cast<std::int8_t>(d));
    sets.push_back(set);
  }
  return sets;
}

/// Sets of devices that differ, smallest first. With very many kinds: the beginnings alone.
std::vector<Alike> device_sets(const Question& question, int present) {
  constexpr std::size_t kMostSets = 256;
  const std::vector<Alike> kinds = kinds_of(question, present);
  std::size_t count = 1;
  for (const Alike& kind : kinds) count = std::min(kMostSets + 1, count * (kind.size() + 1));
  if (kinds.size() == 1 || count > kMostSets) return beginnings(present);
  std::vector<Alike> sets = {{}};
  for (const Alike& kind : kinds) {
    const std::vector<Alike> smaller = sets;
    for (Alike set : smaller) {
      for (const std::int8_t device : kind) {
        set.push_back(device);
        sets.push_back(set);
      }
    }
  }
  sets.erase(sets.begin());  // no device at all
  for (Alike& set : sets) std::sort(set.begin(), set.end());
  std::stable_sort(sets.begin(), sets.end(),
                   [](const Alike& a, const Alike& b) { return a.size() < b.size(); });
  return sets;
}

bool same_bandwidth(const Question& question, const Placement& placement) {
  const BytesPerSecond first = question.accelerators[placement.accelerator(0)].bandwidth;
  for (int d = 1; d < placement.devices; ++d) {
    if (question.accelerators[placement.accelerator(d)].bandwidth != first) return false;
  }
  return true;
}

bool has_layers(const Placement& placement) {
  return *std::max_element(placement.layers.begin(), placement.layers.end()) > 0;
}

/// The placement on other devices. Where matrices are cut, the slowest devices come first: a group
/// goes at the pace of its first.
Placement moved(const Question& question, Placement placement, Alike devices) {
  if (placement.tensor > 1) {
    const auto rate = [&](std::int8_t device) {
      return question.accelerators[static_cast<std::uint8_t>(device)].bandwidth;
    };
    std::stable_sort(devices.begin(), devices.end(),
                     [&](std::int8_t a, std::int8_t b) { return rate(a) < rate(b); });
  }
  std::copy(devices.begin(), devices.end(), placement.device.begin());
  if (has_layers(placement)) split_layers(question, placement);
  return placement;
}

void add(const Question& question, const Placement& placement, std::vector<Layout>& out) {
  if (!problem_with(question, placement).empty()) return;
  out.push_back({placement});
  const bool equal = placement.devices < 2 || same_bandwidth(question, placement);
  if (equal || !has_layers(placement)) return;
  Layout by_speed{placement, LayerShare::bandwidth};
  detail::share_layers(question, by_speed);
  if (by_speed.placement.layers != placement.layers) out.push_back(by_speed);
}

std::vector<Layout> serving(const Question& question) {
  std::vector<Layout> out;
  const int most = detail::most_devices(question);
  // Equal machines share in the order in which they stand.
  if (most == 0 || machines_of(question) > 1) {
    for (const Placement& placement : detail::inference_placements(question))
      out.push_back({placement});
    return out;
  }
  for (const Alike& set : device_sets(question, detail::usable_devices(question))) {
    const auto count = static_cast<int>(set.size());
    if (count > most) continue;
    for (const Placement& usual : detail::inference_placements_on(question, count))
      add(question, moved(question, usual, set), out);
  }
  return out;
}

/// Sharding over one device divides nothing; it is tried where it was asked for and nothing else
/// takes the devices.
bool is_idle(const Question& question, const Placement& p) {
  const bool divides = p.data > 1 || p.sharding == Sharding::none || p.optimizer != Offload::none ||
                       p.parameters != Offload::none;
  return !divides && (!question.workload.wish.sharding || p.tensor * p.pipeline > 1);
}

/// Whether the engine cuts matrices or layers of a training in this way. FSDP does both (PyTorch's
/// tensor and pipeline parallel); DeepSpeed cuts matrices up to ZeRO-2 and layers without sharding;
/// adapters and the other engines divide data alone.
bool engine_cuts(const Question& question, const Placement& placement) {
  if (placement.tensor * placement.pipeline == 1) return true;
  if (question.workload.finetune.method != workload::Method::full) return false;
  const bool on_host =
      placement.optimizer != Offload::none || placement.parameters != Offload::none;
  switch (question.engine->family) {
    case workload::EngineFamily::fsdp: return !on_host;
    case workload::EngineFamily::deepspeed:
      if (on_host) return false;
      return placement.sharding == Sharding::none ||
             (placement.sharding == Sharding::zero2 && placement.pipeline == 1);
    default: return false;
  }
}

/// Tensor and pipeline degrees of so many devices: as wished, or all that divide them.
std::vector<std::pair<int, int>> cuts(const Question& question, int count) {
  const workload::PlacementWish& wish = question.workload.wish;
  if (wish.tensor || wish.pipeline || wish.data)
    return {{wish.tensor.value_or(1), wish.pipeline.value_or(1)}};
  std::vector<std::pair<int, int>> all;
  for (int tensor = 1; tensor <= count; ++tensor) {
    for (int pipeline = 1; tensor * pipeline <= count; ++pipeline) {
      if (count % (tensor * pipeline) == 0) all.emplace_back(tensor, pipeline);
    }
  }
  return all;
}

std::vector<Layout> training(const Question& question, const SearchSpace& space) {
  const int all = detail::usable_devices(question);
  Question trial = question;
  std::vector<Layout> out;
  for (int count = space.fewer_cards ? 1 : all; count <= all; ++count) {
    trial.workload.wish.devices = count;
    for (const auto& [tensor, pipeline] : cuts(question, count)) {
      trial.workload.wish.tensor = tensor;
      trial.workload.wish.pipeline = pipeline;
      const bool asked = question.workload.wish.tensor || question.workload.wish.pipeline;
      for (const Placement& placement : detail::training_placements(trial)) {
        const bool legal = placement.devices == count && problem_with(question, placement).empty();
        if (legal && !is_idle(question, placement) && (asked || engine_cuts(question, placement)))
          out.push_back({placement});
      }
    }
  }
  if (out.empty()) out.push_back({choose(question).placement});  // off the ladder: as asked for
  return out;
}

}  // namespace

void detail::share_layers(const Question& question, Layout& layout) {
  Placement& placement = layout.placement;
  if (!has_layers(placement)) return;
  if (layout.by == LayerShare::memory) return split_layers(question, placement);
  split_layers_by(question, placement, [&](int place) {
    return question.accelerators[placement.accelerator(place)].bandwidth.in(GB / second);
  });
}

std::vector<Layout> detail::layouts(const Question& question, const SearchSpace& space) {
  return question.workload.kind == Kind::inference ? serving(question) : training(question, space);
}

}  // namespace rigor::place
