// Applies the rules about frameworks to a row's setup.
#include <algorithm>
#include <cmath>

#include "evidence/memory_row.hpp"
#include "evidence/training_rule.hpp"
#include "evidence/training_setup.hpp"
#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

using workload::FineTune;
using workload::Method;

bool holds(const Condition& condition, const Facts& facts) {
  if (condition.column.empty()) return true;
  const std::string_view text = facts[condition.column];
  const std::string_view part = condition.part;
  if (part.starts_with('!')) return !contains(text, part.substr(1));
  if (part.starts_with('=')) return text == part.substr(1);
  return contains(text, part);
}

template <class Conditions>
bool hold(const Conditions& conditions, const Facts& facts) {
  return std::all_of(std::begin(conditions), std::end(conditions),
                     [&](const Condition& condition) { return holds(condition, facts); });
}

void choose_targets(FineTune& f, bool attention, bool feed_forward) {
  f.targets = {attention,    attention,    attention,   attention,
               feed_forward, feed_forward, feed_forward};
}

template <class T>
void set(T& target, double value) {
  target = static_cast<T>(static_cast<int>(value));
}

/// Knobs that are members of the fine-tuning task.
void turn(Knob knob, double value, FineTune& f) {
  switch (knob) {
    case Knob::recipe: return set(f.recipe, value);
    case Knob::optimizer: return set(f.optimizer, value);
    case Knob::step: return set(f.step, value);
    case Knob::base: return set(f.base, value);
    case Knob::attention: return set(f.attention, value);
    case Knob::checkpointing: return set(f.checkpointing, value);
    case Knob::loss: return set(f.loss, value);
    case Knob::norms: return set(f.norms, value);
    case Knob::feed_forward: return set(f.feed_forward, value);
    case Knob::batching: return set(f.batching, value);
    case Knob::accumulation: return set(f.accumulation, value);
    case Knob::sequence: return set(f.sequence, value);
    case Knob::double_quantization: f.double_quantization = value > 0; return;
    case Knob::dropout: f.dropout = value; return;
    case Knob::no_targets: return choose_targets(f, false, false);
    case Knob::all_targets: return choose_targets(f, true, true);
    case Knob::attention_targets: return choose_targets(f, true, false);
    case Knob::as_full: f.method = Method::full; return;
    case Knob::as_adapter: f.method = Method::lora; return;
    case Knob::as_quantized: f.method = Method::qlora; return;
    default: return;
  }
}

/// Knobs that depend on what the row states, or change more than the task.
void turn(const Facts& facts, Knob knob, double value, TrainingSetup& out) {
  FineTune& f = out.finetune;
  switch (knob) {
    case Knob::sharding: return set(out.placement.sharding, value);
    case Knob::offload_optimizer: out.placement.optimizer = workload::Offload::host; return;
    case Knob::offload_parameters: out.placement.parameters = workload::Offload::host; return;
    case Knob::rank_if_unstated:
      if (facts["lora_rank"].empty()) set(f.rank, value);
      return;
    case Knob::batch_if_unstated:
      if (facts["micro_batch"].empty()) set(f.micro_batch, value);
      return;
    case Knob::sequence_if_unstated:
      if (facts["seq_len"].empty()) set(f.sequence, value);
      return;
    case Knob::active_layers:
      if (out.network == nullptr) return;
      f.frozen_share =
          1 - value / static_cast<double>(std::max<std::size_t>(1, out.network->layers.size()));
      return;
    case Knob::split_batch:
      set(f.accumulation, value);
      f.micro_batch = std::max(1, f.micro_batch / f.accumulation);
      return;
    case Knob::sequence_share: out.sequence_share = value; return;
    case Knob::sequences: out.sequences = value; return;
    case Knob::longest_sample: out.longest_sample = value; return;
    case Knob::packing: return set(out.packing, value);
    case Knob::references: return set(out.references, value);
    case Knob::one_process:
      out.placement.pipeline = out.devices;
      out.engine.constants[static_cast<std::size_t>(workload::Constant::nccl_buffers)] = 0;
      return;
    case Knob::quantizes_on_device: out.quantizes_on_device = true; return;
    case Knob::measure: return set(out.measure, value);
    case Knob::unit: out.unit = value * byte; return;
    default: return turn(knob, value, f);
  }
}

void apply(const Facts& facts, const Change& change, TrainingSetup& out) {
  if (const auto* constant = std::get_if<workload::Constant>(&change.what)) {
    out.engine.constants[static_cast<std::size_t>(*constant)] = change.value;
  } else {
    turn(facts, std::get<Knob>(change.what), change.value, out);
  }
}

}  // namespace

void apply_training_rules(const Facts& facts, TrainingSetup& setup) {
  for (const Refusal& refusal : training_refusals()) {
    if (hold(refusal.when, facts)) setup.refused = refusal.reason;
  }
  for (const Rule& rule : training_rules()) {
    if (!hold(rule.when, facts)) continue;
    for (const Change& change : rule.set) apply(facts, change, setup);
  }
}

}  // namespace rigor::evidence
