#include "estimate/memory/training_host.hpp"

#include <algorithm>

#include "estimate/memory/training_activations.hpp"
#include "estimate/memory/training_peaks.hpp"
#include "estimate/memory/training_states.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;
using workload::Method;
using workload::Offload;
using workload::Sharding;

Bytes& at(Terms& terms, Term term) {
  return terms[static_cast<std::size_t>(term)];
}

int processes(const workload::Placement& p) {
  return p.tensor * p.pipeline * p.data * p.context;
}

/// States of all processes together.
Terms offloaded_states(const FineTuneCase& input) {
  const workload::Placement& p = input.placement;
  const TrainingStates states = states_before_offload(input);
  const double count = processes(p);
  Terms terms = {};
  const bool paged = input.finetune.optimizer == workload::Optimizer::paged_adamw_8bit;
  if (p.optimizer == Offload::host) {
    at(terms, Term::optimizer) = count * states.optimizer;
    at(terms, Term::master_weights) = count * states.master;
    at(terms, Term::gradients) = count * host_gradients(input, states.gradients);
  } else if (paged && p.optimizer == Offload::none) {
    at(terms, Term::optimizer) = count * states.optimizer;
  }
  if (p.parameters == Offload::host) {
    at(terms, Term::weights) = count * states.weights;
    at(terms, Term::adapter) = count * states.adapter;
    at(terms, Term::gradients) = std::max(at(terms, Term::gradients), count * states.gradients);
  }
  return terms;
}

/// Buffers in a share of the offloaded states (expected or at worst), and of NVMe transfers.
Bytes buffers(const FineTuneCase& input, Bytes offloaded, Constant factor) {
  const workload::Placement& p = input.placement;
  const double extra = std::max(1.0, input.engine.number(factor)) - 1;
  const bool nvme = p.optimizer == Offload::nvme || p.parameters == Offload::nvme;
  Bytes sum = extra * offloaded;
  if (nvme) sum += processes(p) * input.engine.bytes(Constant::nvme_buffers);
  return sum;
}

/// Every process that does not shard parameters loads the whole network; sharded ones share one
/// copy.
Bytes loading(const FineTuneCase& input) {
  const workload::Placement& p = input.placement;
  const bool offloads = p.optimizer == Offload::host || p.parameters == Offload::host;
  if (!offloads) return {};
  const double elements = input.network.elements();
  if (shards_parameters(p)) return 2.0 * elements * byte;
  const double factor = std::max({1.0, input.engine.number(Constant::host_factor),
                                  input.engine.number(Constant::host_factor_most)});
  return factor * processes(p) * elements * input.engine.bytes(Constant::host_load_bytes);
}

Bytes sum(const Terms& terms) {
  Bytes total;
  for (const Bytes& term : terms) total += term;
  return total;
}

bool uses_host(const FineTuneCase& input) {
  const workload::Placement& p = input.placement;
  const workload::FineTune& f = input.finetune;
  return p.optimizer != Offload::none || p.parameters != Offload::none ||
         f.optimizer == workload::Optimizer::paged_adamw_8bit ||
         f.checkpointing == workload::Checkpointing::offloaded;
}

}  // namespace

Bytes host_gradients(const FineTuneCase& input, Bytes on_device) {
  const double held = input.engine.number(Constant::host_gradient_bytes);
  const double sent = trained_bytes(input).gradient;
  const bool widened = input.finetune.method == Method::full && held > sent && sent > 0;
  return widened ? on_device * (held / sent) : on_device;
}

void training_host(const FineTuneCase& input, DeviceMemory& host) {
  if (!uses_host(input)) return;
  const Terms states = offloaded_states(input);
  const Bytes staging = buffers(input, sum(states), Constant::host_factor);
  const Bytes most = std::max(staging, buffers(input, sum(states), Constant::host_factor_most));
  const Bytes hidden = processes(input.placement) * training_activations(input).on_host;
  const Bytes training = sum(states) + staging + hidden;
  const Bytes load = loading(input);
  if (load > training) {
    host[Term::weights] += {training, load, load};
    return;
  }
  for (int i = 0; i < kTerms; ++i) {
    const Term term = static_cast<Term>(i);
    const Bytes bytes = states[static_cast<std::size_t>(i)];
    host[term] += spread(bytes, margin(input.engine, term));
  }
  host[Term::staging] += {Bytes{}, staging, most};
  host[Term::activations] += spread(hidden, input.engine.number(Constant::margin_model));
}

}  // namespace rigor::estimate
