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

std::string of_drafts(const Workload& workload) {
  const Inference& i = workload.inference;
  if (i.draft_tokens > 0) return {};
  if (!workload.draft_model.empty())
    return "draft_model needs draft_tokens: how many tokens it drafts per step, such as 4";
  if (i.acceptance)
    return "acceptance is of drafted tokens: add draft_tokens, how many are drafted per step";
  return {};
}

/// A conversation has turns of a prompt and an answer, and all of them lie in one context.
std::string of_conversation(const Workload& workload) {
  const Inference& i = workload.inference;
  if (i.turns == 0) {
    return i.prefix_cache ? std::string{}
                          : "prefix_cache is about the turns of a conversation: add turns";
  }
  if (i.prompt == 0 || i.answer == 0)
    return "turns needs prompt and answer: the tokens that each turn adds";
  const long long held = static_cast<long long>(i.turns) * (i.prompt + i.answer);
  if (held <= i.context) return {};
  const long long fitting = i.context / (i.prompt + i.answer);
  return fmt::format(
      "{} turns of {} + {} tokens hold {} tokens at the end, and the context has {}: add --context "
      "{}, or ask for {} turn{}",
      i.turns, i.prompt, i.answer, held, i.context, held, fitting, fitting == 1 ? "" : "s");
}

std::string of_inference(const Workload& workload) {
  std::string wrong = of_serving(workload);
  if (wrong.empty()) wrong = of_drafts(workload);
  return wrong.empty() ? of_conversation(workload) : wrong;
}

}  // namespace

std::string contradiction(const Workload& workload) {
  return workload.kind == Kind::finetune ? of_training(workload) : of_inference(workload);
}

}  // namespace rigor::workload
