#include "place/search.hpp"

#include <algorithm>
#include <tuple>

#include "place/front.hpp"

namespace rigor::place {
namespace {

using detail::Layout;
using estimate::Fit;
using workload::Kind;
using workload::Placement;

/// What goes to the host, step by step: first the experts of one layer after the other, then whole
/// layers.
struct HostSteps {
  int experts = 0, layers = 0;
  std::vector<Bytes> on_devices = {{}};  ///< weights of the layers that stay, after each step
  [[nodiscard]] int last() const { return experts + layers; }
};

HostSteps host_steps(const Question& question, const SearchSpace& space) {
  const std::vector<estimate::NetworkLayer>& layers = question.network->layers;
  HostSteps steps;
  if (!space.may_offload_layers) return steps;
  steps.layers = static_cast<int>(layers.size());
  if (space.may_offload_experts) steps.experts = steps.layers;
  Bytes rest;
  for (const estimate::NetworkLayer& layer : layers) rest += layer.dense + layer.experts;
  steps.on_devices = {rest};
  for (int i = 0; i < steps.experts; ++i)
    steps.on_devices.push_back(rest -= layers[static_cast<std::size_t>(i)].experts);
  for (const estimate::NetworkLayer& layer : layers)
    steps.on_devices.push_back(rest -= layer.dense + (steps.experts > 0 ? Bytes{} : layer.experts));
  return steps;
}

class Search {
 public:
  Search(const Question& question, const SearchSpace& space,
         const estimate::Calibration& calibration, Pruning pruning)
      : question_(question),
        space_(space),
        pruning_(pruning),
        trial_(question),
        steps_(host_steps(question, space)),
        pace_(question, calibration) {}

  Found run() {
    for (const Layout& layout : detail::layouts(question_, space_)) {
      if (question_.workload.kind == Kind::inference) {
        serve(layout);
      } else {
        train(layout);
      }
    }
    return std::move(found_);
  }

 private:
  void serve(const Layout& layout);
  void serve(const Layout& layout, std::size_t cache);
  int serve(const Layout& layout, std::size_t cache, int tokens, int start);
  void train(const Layout& layout);
  void train(const Layout& layout, workload::Checkpointing checkpointing, int sequences);
  Layout with_step(Layout layout, int step) const;
  int first_step(const Layout& layout) const;
  bool consider(const Placement& placement, Choice choice);
  bool open(int micro_batch, int accumulation) const;

  const Question& question_;
  const SearchSpace& space_;
  const Pruning pruning_;
  Question trial_;  // the question with the settings of the choice at hand
  const HostSteps steps_;
  Pace pace_;
  Found found_;
};

/// Evaluates the trial; keeps the choice and says true when it fits.
bool Search::consider(const Placement& placement, Choice choice) {
  ++found_.evaluated;
  const Answer answer = evaluate(trial_, placement);
  if (answer.verdict.fit != Fit::fits) return false;
  choice.placement = placement;
  choice.headroom = answer.verdict.headroom;
  choice.tokens_per_s = pace_.of(trial_, placement);
  found_.choices.push_back(choice);
  return true;
}

Layout Search::with_step(Layout layout, int step) const {
  if (step == 0) return layout;
  layout.placement.host_expert_layers = std::min(step, steps_.experts);
  layout.placement.host_layers = std::max(0, step - steps_.experts);
  detail::share_layers(question_, layout);
  return layout;
}

/// No earlier step can fit: the weights alone are more than the devices hold.
int Search::first_step(const Layout& layout) const {
  if (pruning_ == Pruning::off) return 0;
  Bytes room;
  for (int d = 0; d < layout.placement.devices; ++d)
    room += question_.accelerators[layout.placement.accelerator(d)].usable;
  int step = 0;
  while (step < steps_.last() && steps_.on_devices[static_cast<std::size_t>(step)] > room) ++step;
  return step;
}

void Search::serve(const Layout& layout) {
  for (std::size_t i = 0; i < space_.caches.size(); ++i) serve(layout, i);
}

/// One cache type: for every number of tokens the fewest steps to the host that fit. What the
/// question has is no part of the ascent where it is not in the space (0: the engine's default).
void Search::serve(const Layout& layout, std::size_t cache) {
  const int usual = computed_tokens(question_);
  const std::vector<int>& tokens = space_.computed_tokens;
  const int first = first_step(layout);
  if (std::find(tokens.begin(), tokens.end(), usual) == tokens.end())
    serve(layout, cache, usual, first);
  int start = first;
  for (const int count : tokens) {
    const int step = serve(layout, cache, count, start);
    if (step > steps_.last() && pruning_ == Pruning::on) return;
    if (pruning_ == Pruning::on) start = step;
  }
}

/// The first step from `start` on that fits is taken and returned; else one behind the last.
int Search::serve(const Layout& layout, std::size_t cache, int tokens, int start) {
  const CacheOption& option = space_.caches[cache];
  workload::Inference& inference = trial_.workload.inference;
  const bool other_cache =
      option.key.bytes_per_element != question_.workload.inference.key_type.bytes_per_element ||
      option.value.bytes_per_element != question_.workload.inference.value_type.bytes_per_element;
  const bool other_count = tokens != computed_tokens(question_);
  inference = question_.workload.inference;
  inference.key_type = option.key;
  inference.value_type = option.value;
  set_computed_tokens(trial_, tokens);
  const Choice choice{.cache = cache,
                      .computed_tokens = tokens,
                      .loss = option.loss,
                      .changed = (other_cache ? 1 : 0) + (other_count ? 1 : 0)};
  int step = start;
  while (step <= steps_.last() && !consider(with_step(layout, step).placement, choice)) ++step;
  return step;
}

void Search::train(const Layout& layout) {
  const int copies = layout.placement.data * std::max(1, question_.workload.finetune.machines);
  if (space_.global_batch % copies != 0) return;
  for (const workload::Checkpointing checkpointing : space_.checkpointing)
    train(layout, checkpointing, space_.global_batch / copies);
}

bool Search::open(int micro_batch, int accumulation) const {
  return (space_.micro_batch == 0 || space_.micro_batch == micro_batch) &&
         (space_.accumulation == 0 || space_.accumulation == accumulation);
}

/// Every way to take a device's sequences of one step in equal parts. Without accumulation no
/// gradients wait for the next part, so that one is tried even when a smaller part does not fit.
void Search::train(const Layout& layout, workload::Checkpointing checkpointing, int sequences) {
  constexpr int kLargest = 1024;
  workload::FineTune& task = trial_.workload.finetune;
  const workload::FineTune& asked = question_.workload.finetune;
  task.checkpointing = checkpointing;
  bool full = false;
  for (int count = 1; count <= std::min(sequences, kLargest); ++count) {
    if (sequences % count != 0 || !open(count, sequences / count)) continue;
    task.micro_batch = count;
    task.accumulation = sequences / count;
    if (full && task.accumulation > 1 && pruning_ == Pruning::on) continue;
    const Choice choice{.micro_batch = count,
                        .accumulation = task.accumulation,
                        .checkpointing = checkpointing,
                        .changed = (checkpointing != asked.checkpointing ? 1 : 0) +
                                   (count != asked.micro_batch ? 1 : 0)};
    if (!consider(layout.placement, choice)) full = true;
  }
}

constexpr double kAsGood = 1.03;

/// Most worth first; as good in everything: as they were tried.
void put_in_order(std::vector<Choice>& choices) {
  const auto before = [](const Choice& a, const Choice& b) {
    return std::tuple(-worth(a), a.placement.devices, a.loss, a.changed) <
           std::tuple(-worth(b), b.placement.devices, b.loss, b.changed);
  };
  std::stable_sort(choices.begin(), choices.end(), before);
  if (choices.empty()) return;
  const double enough = worth(choices.front()) / kAsGood;
  const auto leanness = [](const Choice& c) {
    const Placement& p = c.placement;
    return std::tuple(p.devices, c.loss, p.sharding, p.optimizer, p.parameters, c.changed);
  };
  auto best = choices.begin();
  for (auto one = choices.begin(); one != choices.end() && worth(*one) >= enough; ++one) {
    if (leanness(*one) < leanness(*best)) best = one;
  }
  std::rotate(choices.begin(), best, best + 1);
}

void mark_front(std::vector<Choice>& choices) {
  std::vector<FrontPoint> points;
  points.reserve(choices.size());
  for (const Choice& c : choices) points.push_back({c.tokens_per_s, c.headroom.in(byte), c.loss});
  const std::vector<bool> front = pareto_front(points);
  for (std::size_t i = 0; i < choices.size(); ++i) choices[i].on_front = front[i];
}

}  // namespace

double worth(const Choice& choice) {
  constexpr double kPrice = 50;
  return choice.tokens_per_s / (1 + kPrice * choice.loss);
}

Question with_settings(const Question& question, const SearchSpace& space, const Choice& choice) {
  Question changed = question;
  workload::Workload& w = changed.workload;
  if (w.kind == Kind::finetune) {
    w.finetune.micro_batch = choice.micro_batch;
    w.finetune.accumulation = choice.accumulation;
    w.finetune.checkpointing = choice.checkpointing;
    return changed;
  }
  w.inference.key_type = space.caches[choice.cache].key;
  w.inference.value_type = space.caches[choice.cache].value;
  set_computed_tokens(changed, choice.computed_tokens);
  return changed;
}

Found search(const Question& question, const SearchSpace& space,
             const estimate::Calibration& calibration, Pruning pruning) {
  Found found = Search(question, space, calibration, pruning).run();
  put_in_order(found.choices);
  mark_front(found.choices);
  return found;
}

}  // namespace rigor::place
