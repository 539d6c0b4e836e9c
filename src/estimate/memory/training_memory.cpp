#include "estimate/memory/training_memory.hpp"

#include <algorithm>

#include "base/result.hpp"
#include "estimate/memory/adapters.hpp"
#include "estimate/memory/training_host.hpp"
#include "estimate/memory/training_peaks.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;

Bytes usable(const FineTuneCase& input, const hardware::Accelerator& accelerator) {
  const Bytes kept = accelerator.unified ? Bytes{} : input.engine.bytes(Constant::driver_reserve);
  return std::max(Bytes{}, accelerator.usable - kept);
}

/// One device's terms; their sum is what the driver reports at the peak.
void fill(const FineTuneCase& input, const TrainingPeaks& peaks, DeviceMemory& memory) {
  const workload::Engine& engine = input.engine;
  for (int i = 0; i < kTerms; ++i) {
    const Term term = static_cast<Term>(i);
    memory[term] += spread(peaks.terms[static_cast<std::size_t>(i)], margin(engine, term));
  }
  const Bytes overhead = process_overhead(input);
  const Bytes fixed = engine.bytes(Constant::margin_fixed);
  memory[Term::runtime] += {std::max(Bytes{}, overhead - fixed), overhead, overhead + fixed};
  const Bytes taken = overhead + memory[Term::reserve].expected;
  const Bytes unused = held(peaks, taken, memory.capacity) - peaks.allocated();
  memory[Term::fragmentation] += spread(unused, engine.number(Constant::margin_model));
}

}  // namespace

void training_memory(const FineTuneCase& input, MemoryEstimate& result) {
  const int devices = input.placement.devices;
  RIGOR_ASSERT(devices >= 0 && devices <= workload::kMostDevices);
  const TrainingPeaks peaks = training_peaks(input);
  result.devices = devices;
  result.host = {};
  result.host.capacity = input.host.memory;
  for (int place = 0; place < devices; ++place) {
    const std::size_t accelerator = input.placement.accelerator(place);
    const auto index = static_cast<int>(accelerator);
    RIGOR_ASSERT(accelerator < input.accelerators.size());
    DeviceMemory& memory = result.device[static_cast<std::size_t>(place)];
    memory = {};
    memory.capacity = usable(input, input.accelerators[static_cast<std::size_t>(index)]);
    if (index == input.display_device) memory[Term::reserve] = spread(input.display_reserve, 0);
    fill(input, peaks, memory);
  }
  if (devices == 0) fill(input, peaks, result.host);
  training_host(input, result.host);
}

double trained_parameters(const Network& network, const workload::FineTune& finetune) {
  const double tables = network.embedding_elements + network.head_elements;
  if (finetune.method == workload::Method::full) {
    const bool frozen = finetune.frozen_share > 0;
    const double layers = network.elements() - tables;
    return (1 - finetune.frozen_share) * layers +
           (!frozen || finetune.train_embeddings ? tables : 0.0);
  }
  return adapter_elements(network, finetune) + (finetune.train_embeddings ? tables : 0.0);
}

}  // namespace rigor::estimate
