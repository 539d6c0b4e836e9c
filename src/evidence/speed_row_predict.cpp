// What rigor says of a row of inference speed, and what no device can have reached.
#include <fmt/format.h>

#include <algorithm>

#include "estimate/memory/inference_memory.hpp"
#include "evidence/speed_row.hpp"
#include "place/power.hpp"

namespace rigor::evidence {
namespace {

double figure(const SpeedRow& row, const estimate::SpeedCase& stages,
              const estimate::Draft& draft) {
  const double copies = std::max(1, row.placement.replicas);
  const double together = std::max(1.0, row.sequences / copies);
  const estimate::Round round{together, row.tokens, row.answer};
  const double requests = copies * together;
  const auto prompt = [&](double depth) {
    return estimate::prefill(stages, row.tokens, depth).total() +
           estimate::draft_prefill(draft, row.tokens, depth).total();
  };
  const auto token = [&](double sequences, double depth) {
    return estimate::speculative_step(stages, draft, sequences, depth).per_token();
  };
  switch (row.metric) {
    case SpeedMetric::decode: return 1.0 / token(1, row.depth).in(second);
    case SpeedMetric::prefill: return row.tokens / prompt(row.depth).in(second);
    case SpeedMetric::prompts: return copies * row.tokens / prompt(0).in(second);
    case SpeedMetric::output:
      return requests * row.answer / estimate::round_time(stages, draft, round).in(second);
    case SpeedMetric::total:
      return requests * (row.tokens + row.answer) /
             estimate::round_time(stages, draft, round).in(second);
    case SpeedMetric::first_token: {
      const Seconds served = (together + 1) / 2 * prompt(0) + token(1, row.tokens);
      const double rounds = row.requests / row.sequences;
      if (rounds <= 1 || row.answer <= 0) return 1e3 * served.in(second);
      // Those of the first round wait for its prompts, the others for half of the rounds.
      const Seconds waits = rounds / 2 * estimate::round_time(stages, draft, round);
      return 1e3 * (served / rounds + (1 - 1 / rounds) * waits).in(second);
    }
    case SpeedMetric::per_token: return 1e3 * token(together, row.depth).in(second);
  }
  return 0;
}

std::string tenths(Bytes bytes) {
  return fmt::format("{:.1f}", bytes.in(GiB));
}

}  // namespace

double SpeedRow::predict(const estimate::SpeedConstants& reached) const {
  return predict(reached, drafted.acceptance);
}

double SpeedRow::predict(const estimate::SpeedConstants& reached, double acceptance) const {
  const estimate::Executor on_host = estimate::executor_of(host, reached);
  estimate::Executor bare = devices.empty()
                                ? on_host
                                : estimate::executor_of(devices.front(), reached,
                                                        estimate::has_half_sums(engine->family));
  if (limited < 1) bare = place::slowed(bare, limited);
  // A file larger than its recipe takes as much longer to read.
  estimate::Executor scaled = bare;
  for (int i = 0; i < estimate::kKernels; ++i)
    scaled.constants.value[static_cast<std::size_t>(i)] /= scale;
  const auto on = [&](estimate::SpeedCase own, const estimate::Executor& device) {
    for (int i = 0; i < own.stages; ++i) {
      estimate::SpeedStage& stage = own.stage[static_cast<std::size_t>(i)];
      const bool is_device = devices.empty() || stage.executor == nullptr;
      stage.executor = is_device ? &device : &on_host;
    }
    return own;
  };
  if (drafted.tokens <= 0) return figure(*this, on(stages, scaled), {});
  const bool is_own_layer = drafted.drafter == workload::Drafter::mtp;
  const estimate::Draft draft{.stages = on(draft_stages, is_own_layer ? scaled : bare),
                              .tokens = drafted.tokens,
                              .acceptance = acceptance};
  return figure(*this, on(stages, scaled), draft);
}

double SpeedRow::thumb() const {
  if (metric != SpeedMetric::decode || devices.size() != 1 || drafted.tokens > 0) return 0;
  const double active = network->operations.active_elements() / network->elements();
  return devices.front().bandwidth / (scale * active * network->weights()) * second;
}

std::string SpeedRow::overflow() const {
  // Whole machines may lend their devices more than the default; vLLM fills what it is given.
  const bool counted = engine->family == workload::EngineFamily::llama_cpp && !devices.empty() &&
                       !devices.front().unified && placement.replicas == 1 &&
                       placement.host_layers == 0 && placement.host_expert_layers == 0;
  if (!counted) return {};
  workload::Inference asked = inference;
  asked.context = static_cast<std::int64_t>(std::max(allocated, depth + tokens + answer));
  asked.sequences = std::max(1, static_cast<int>(sequences));
  estimate::MemoryEstimate memory;
  estimate::inference_memory(
      {*network, *engine, asked, placement, devices, host, backend, {}, -1, nullptr}, memory);
  // A stated size of the file goes before the recipe's.
  const double stated = row->number("model_size_gib");
  const Bytes smaller = stated > 0 ? std::max(Bytes{}, network->weights() - stated * GiB) : Bytes{};
  for (int d = 0; d < memory.devices; ++d) {
    const estimate::DeviceMemory& device = memory.device[static_cast<std::size_t>(d)];
    const Bytes least = device.total().low - smaller;
    if (least > device.capacity)
      return fmt::format("{} GiB on {} GiB of {}: part of it must have been on the host",
                         tenths(least), tenths(device.capacity), devices.front().name);
  }
  return {};
}

std::string SpeedRow::impossible() const {
  if (std::string reason = overflow(); !reason.empty()) return reason;
  estimate::SpeedConstants ideal;
  ideal.value.fill(1.0);
  for (const estimate::Factor f :
       {estimate::Factor::half_tokens, estimate::Factor::launch, estimate::Factor::step,
        estimate::Factor::sequence, estimate::Factor::hop, estimate::Factor::reduce,
        estimate::Factor::repeat}) {
    ideal[f] = 0;
  }
  for (int i = 0; i < estimate::kKernels; ++i)
    ideal[estimate::Factor::unpack + static_cast<estimate::Kernel>(i)] = 0;
  if (metric != SpeedMetric::decode) {
    // 4-bit formats may run at four times the 16-bit rate.
    for (int i = estimate::kKernels; i < 2 * estimate::kKernels; ++i)
      ideal.value[static_cast<std::size_t>(i)] = 4;
  }
  const bool is_time = metric == SpeedMetric::first_token || metric == SpeedMetric::per_token;
  if (is_time) return {};
  const double most = predict(ideal, 1.0) / limited;
  constexpr double kOfRated = 1.08;  // memory overclocked, sizes rounded
  if (measured <= kOfRated * most) return {};
  return fmt::format("{:.4g} tokens/s is more than the device's {} allows ({:.4g})", measured,
                     metric == SpeedMetric::decode ? "bandwidth" : "rate", most);
}

}  // namespace rigor::evidence
