// Rows of fine-tuning and training frameworks: peaks, parts, out-of-memory outcomes, largest
// micro-batches. Accuracy by framework: docs/models/20-training-memory.md.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "estimate/memory/training_memory.hpp"
#include "estimate/memory/training_peaks.hpp"
#include "estimate/memory/training_states.hpp"
#include "evidence/memory_row.hpp"
#include "evidence/training_setup.hpp"

namespace rigor::evidence {
namespace {

using estimate::Interval;
using estimate::MemoryEstimate;
using estimate::Term;
using workload::Constant;

/// Inputs and labels of a batch, the generator's state: what is left beside states between two
/// steps.
constexpr Bytes kBatchInputs = 0.015 * GiB;

/// One card stands for all: every device of a row is the same.
struct Card {
  hardware::Accelerator accelerator = {};
  hardware::Host host = {};
};

Card card_of(const Row& row, Library& library) {
  Card card;
  if (const auto* known = library.device(row["device_id"])) {
    card.accelerator = *known;
  } else if (const auto gigabytes = number_before(lower(row["device"]), "gb")) {
    // "unnamed NVIDIA GPU (48GB card)"
    card.accelerator.memory = *gigabytes * GiB;
    card.accelerator.usable = hardware::kUsableShare * card.accelerator.memory;
  }
  return card;
}

/// Samples of different lengths, where the row states how they were batched and not how long they
/// are.
void set_unstated_length(const Facts& facts, TrainingSetup& out) {
  workload::FineTune& f = out.finetune;
  if (f.sequence > 0 || out.longest_sample <= 0) return;
  const double batch = f.micro_batch;
  const double mean = number_after(facts["notes"], "tokens/sample").value_or(300.0);
  double tokens = batch * out.longest_sample;
  if (out.packing == Packing::free) tokens = out.longest_sample + (batch - 1) * mean;
  if (out.packing == Packing::multipack) tokens = 1.05 * batch * mean;
  f.sequence = static_cast<int>(std::lround(tokens));
  f.micro_batch = 1;
}

/// What is left of the devices beside tensor, pipeline and context parallelism is data parallelism.
void set_degrees(TrainingSetup& out) {
  workload::Placement& p = out.placement;
  p.data = std::max(1, out.devices / (p.tensor * p.pipeline * p.context));
  p.devices = 1;
}

estimate::FineTuneCase case_of(const TrainingSetup& setup, const Card& card) {
  return {*setup.network,
          setup.engine,
          setup.finetune,
          setup.placement,
          std::span(&card.accelerator, 1),
          card.host};
}

bool is_runtime(Term term) {
  return term == Term::runtime || term == Term::reserve;
}

/// Sum of a device's terms that the measure counts.
Interval counted(const estimate::DeviceMemory& memory, Measure measure) {
  Interval sum;
  for (int i = 0; i < estimate::kTerms; ++i) {
    const Term term = static_cast<Term>(i);
    if (is_runtime(term) && measure != Measure::driver) continue;
    if (term == Term::fragmentation && measure == Measure::allocated) continue;
    sum += memory[term];
  }
  return sum;
}

Interval exact(const TrainingSetup& setup, Bytes expected) {
  return estimate::spread(expected, setup.engine.number(Constant::margin_exact));
}

/// Weights as loaded; quantizing on the device holds one layer in 32 bits and scratch beside them.
Bytes loaded(const TrainingSetup& setup, const estimate::FineTuneCase& input) {
  const estimate::TrainingStates states = estimate::training_states(input);
  Bytes sum = states.weights + states.adapter;
  if (setup.quantizes_on_device && input.finetune.method == workload::Method::qlora) {
    constexpr Bytes kScratch = 3 * GiB;
    const auto layers = static_cast<double>(std::max<std::size_t>(1, input.network.layers.size()));
    sum += 4.0 * input.network.sum.linear_elements / layers * byte + kScratch;
  }
  return sum;
}

Interval measured(const TrainingSetup& setup, const Card& card) {
  const estimate::FineTuneCase input = case_of(setup, card);
  switch (setup.measure) {
    case Measure::between_steps:
      return exact(setup, estimate::training_peaks(input).between_steps + kBatchInputs);
    case Measure::gradients: return exact(setup, estimate::training_states(input).gradients);
    case Measure::half_states: return exact(setup, estimate::training_states(input).optimizer / 2);
    case Measure::loaded:
      return estimate::spread(loaded(setup, input), setup.engine.number(Constant::margin_model));
    default: break;
  }
  MemoryEstimate memory;
  training_memory(input, memory);
  if (setup.measure == Measure::host) return memory.host.total();
  Interval sum = counted(memory.device[0], setup.measure);
  if (setup.measure == Measure::reserved && setup.quantizes_on_device) {
    const Interval before =
        estimate::spread(loaded(setup, input), setup.engine.number(Constant::margin_model));
    if (before.expected > sum.expected) sum = before;
  }
  const Bytes references = 2.0 * setup.references * setup.network->elements() * byte;
  sum += {references, references, references};
  return sum;
}

/// Figures that are sums over the row's devices.
double copies(const Row& row, const TrainingSetup& setup) {
  const std::string_view measure = row["mem_measure"];
  return contains(measure, "total over") || contains(measure, "sum over") ? setup.devices : 1.0;
}

Prediction answer(const TrainingSetup& setup, double low, double expected, double high) {
  return {.status = Status::mapped,
          .low = low,
          .expected = expected,
          .high = high,
          .family = setup.network->architecture.family};
}

/// 1: out of memory.
Prediction predict_failure(const TrainingSetup& setup, const Card& card) {
  MemoryEstimate memory;
  training_memory(case_of(setup, card), memory);
  const estimate::DeviceMemory& device = memory.device[0];
  if (device.capacity <= Bytes{}) return unmapped("the capacity of the device is not known");
  const Interval total = device.total();
  const auto fails = [&](Bytes bytes) { return bytes > device.capacity ? 1.0 : 0.0; };
  return answer(setup, fails(total.low), fails(total.expected), fails(total.high));
}

/// The largest micro-batch whose total, low, expected or high, stays below the capacity.
double largest_batch(TrainingSetup setup, const Card& card, Bytes Interval::* bound) {
  constexpr int kMost = 1 << 16;
  const auto fits = [&](int batch) {
    setup.finetune.micro_batch = batch;
    MemoryEstimate memory;
    training_memory(case_of(setup, card), memory);
    return memory.device[0].total().*bound <= memory.device[0].capacity;
  };
  int good = 0;
  int bad = kMost;
  while (bad - good > 1) {
    const int middle = good + (bad - good) / 2;
    (fits(middle) ? good : bad) = middle;
  }
  return good;
}

Prediction predict_batch(const TrainingSetup& setup, const Card& card) {
  if (card.accelerator.usable <= Bytes{})
    return unmapped("the capacity of the device is not known");
  return answer(setup, largest_batch(setup, card, &Interval::high),
                largest_batch(setup, card, &Interval::expected),
                largest_batch(setup, card, &Interval::low));
}

constexpr std::array<std::string_view, 6> kMetrics = {
    "mem_gib", "mem_gb", "mem_component_gib", "oom", "max_micro_batch", "cpu_mem_gb"};

}  // namespace

TrainingSetup training_setup(const Row& row, Library& library) {
  Facts facts(row);
  TrainingSetup out = read_training(facts, library);
  if (out.network != nullptr && out.network->architecture.experts) facts.add("experts", "yes");
  apply_training_rules(facts, out);
  set_unstated_length(facts, out);
  workload::FineTune& f = out.finetune;
  f.sequence = static_cast<int>(std::lround(f.sequence * out.sequence_share));
  f.micro_batch = static_cast<int>(std::lround(f.micro_batch * out.sequences));
  set_degrees(out);
  return out;
}

std::string training_refusal(const Row& row, const TrainingSetup& setup) {
  if (!setup.refused.empty()) return setup.refused;
  if (setup.network == nullptr) return "the catalogue has no such network";
  if (setup.engine.id.empty()) return "the catalogue has no such engine";
  if (row["method"].empty()) return "the method is not stated";
  if (setup.finetune.sequence <= 0) return "the sequence length is not stated";
  return {};
}

bool accepts_training(const Row& row) {
  const bool known = std::find(kMetrics.begin(), kMetrics.end(), row["metric"]) != kMetrics.end();
  return known && !row["framework"].empty();
}

Prediction predict_training(const Row& row, Siblings, Library& library) {
  const TrainingSetup setup = training_setup(row, library);
  if (const std::string reason = training_refusal(row, setup); !reason.empty())
    return unmapped(reason);
  const Card card = card_of(row, library);
  if (row["metric"] == "oom") return predict_failure(setup, card);
  if (row["metric"] == "max_micro_batch") return predict_batch(setup, card);
  const double factor = copies(row, setup);
  const Interval one = measured(setup, card);
  return answer(setup, factor * one.low.in(setup.unit), factor * one.expected.in(setup.unit),
                factor * one.high.in(setup.unit));
}

}  // namespace rigor::evidence
