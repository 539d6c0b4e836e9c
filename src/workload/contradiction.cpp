#include <fmt/format.h>

#include "workload/workload.hpp"

namespace rigor::workload {
namespace {

std::string of_training(const Workload& workload) {
  const FineTune& f = workload.finetune;
  if (workload.wish.devices.value_or(1) == 0)
    return "devices 0: training without an accelerator is not estimated";
  // GaLore projects onto a rank, whatever the method.
  if (workload.rank_is_set && f.method == Method::full && f.optimizer != Optimizer::galore)
    return "rank is for the methods lora and qlora: full fine-tuning trains the weights themselves";
  if (f.sample_tokens > f.sequence)
    return fmt::format(
        "sample_tokens {} is more than the sequence of {} tokens: samples are cut there",
        f.sample_tokens, f.sequence);
  if (f.machines == 1 && f.sync_every > 1)
    return "sync_every is for several machines: add machines";
  if (f.machines == 1 && f.network > BytesPerSecond{})
    return "network is for several machines: add machines";
  return {};
}

std::string of_serving(const Workload& workload) {
  const Inference& i = workload.inference;
  if (i.machines == 1 && i.network > BytesPerSecond{})
    return "network is for several machines: add machines";
  if (i.machines > 1 && workload.wish.devices.value_or(1) == 0)
    return "devices 0: only accelerators are joined over machines";
  return {};
}

}  // namespace

std::string contradiction(const Workload& workload) {
  return workload.kind == Kind::finetune ? of_training(workload) : of_serving(workload);
}

}  // namespace rigor::workload
