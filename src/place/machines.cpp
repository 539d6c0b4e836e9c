#include "place/machines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rigor::place {
namespace {

using estimate::DeviceLink;
using estimate::Factor;
using workload::EngineFamily;
using workload::Kind;
using workload::Placement;

constexpr std::string_view kRemote = "llama.cpp rpc";

std::string hop_key(const std::string& backend) {
  return fmt::format("hop|{}/{}", kRemote, backend);
}

/// What handing over through the network takes beyond handing over to the next card.
Seconds network_delay(const Question& question, const estimate::Calibration& calibration,
                      const estimate::SpeedConstants& own) {
  constexpr Seconds kRoundTrip = 1e-4 * second;  // of TCP through a switch (assumed)
  if (question.engine->family != EngineFamily::llama_cpp) return kRoundTrip;
  if (detail::has_own_rows_over_machines(question, calibration)) {
    estimate::SpeedScope scope =
        estimate::scope_of(question.accelerators.front(), std::string(kRemote), question.backend);
    const double hop = calibration.resolve(scope)[Factor::hop];
    return std::max(kRoundTrip, (hop - own[Factor::hop]) * second);
  }
  // No row of this backend: as much more as ROCm's rows say, which are the most.
  const double times = std::exp(calibration.effect(hop_key("ROCm")));
  return std::max(kRoundTrip, (times - 1) * own[Factor::hop] * second);
}

}  // namespace

int machines_of(const Question& question) {
  if (question.workload.kind != Kind::inference) return 1;
  const auto present = static_cast<int>(question.accelerators.size());
  const int machines = question.workload.inference.machines;
  return present > 0 && present % machines == 0 ? machines : 1;
}

int devices_of_machine(const Question& question) {
  return static_cast<int>(question.accelerators.size()) / machines_of(question);
}

void put_devices(const Question& question, int count, Placement& placement) {
  const int each = std::max(1, count / machines_of(question));
  for (int d = 0; d < count; ++d) {
    placement.device[static_cast<std::size_t>(d)] =
        static_cast<std::int8_t>(d / each * devices_of_machine(question) + d % each);
  }
}

std::string problem_with_machines(const Question& question) {
  if (machines_of(question) == 1) return {};
  const workload::PlacementWish& wish = question.workload.wish;
  const EngineFamily family = question.engine->family;
  if (family != EngineFamily::llama_cpp && family != EngineFamily::vllm) {
    return fmt::format("{} does not share a network among machines; llama.cpp (RPC) and vllm do",
                       question.engine->name);
  }
  const bool cuts = wish.tensor.value_or(1) > 1 ||
                    wish.split.value_or(workload::Split::layer) == workload::Split::tensor;
  if (family == EngineFamily::llama_cpp && cuts)
    return "llama.cpp shares layers among machines (RPC): leave split and tensor out, or use vllm";
  const int machines = machines_of(question);
  if (wish.pipeline && *wish.pipeline * wish.tensor.value_or(1) % machines != 0) {
    return fmt::format("pipeline {} does not reach {} machines: it must be a multiple of them",
                       *wish.pipeline, machines);
  }
  if (wish.replicas > 1)
    return "replicas are copies in one machine: leave machines out and ask for one machine";
  return {};
}

BytesPerSecond network_rate(const Question& question) {
  const bool trains = question.workload.kind == Kind::finetune;
  const BytesPerSecond stated =
      trains ? question.workload.finetune.network : question.workload.inference.network;
  return stated > BytesPerSecond{} ? stated : question.host.network;
}

BytesPerSecond detail::slowest_slot(const Question& question) {
  BytesPerSecond least = estimate::slot_bandwidth(question.accelerators.front());
  for (const hardware::Accelerator& device : question.accelerators)
    least = std::min(least, estimate::slot_bandwidth(device));
  return least;
}

DeviceLink detail::device_link(const Question& question, std::size_t device, double wire) {
  const hardware::Accelerator& card = question.accelerators[device];
  return {.slot = estimate::effective_slot(card, wire),
          .nvlink = 0.5 * card.nvlink,
          .to_all = estimate::has_built_in_nvlink(card),
          .bridge = card.bridge,
          .machine = static_cast<int>(device) / devices_of_machine(question)};
}

BytesPerSecond detail::ring_link(const Question& question, const Placement& placement,
                                 double wire) {
  const int count = std::max(1, placement.devices);
  const auto at = [&](int place) {
    return device_link(question, placement.accelerator(place % count), wire);
  };
  BytesPerSecond least = slower(at(0), at(1));
  for (int i = 1; i < count; ++i) least = std::min(least, slower(at(i), at(i + 1)));
  return least;
}

estimate::SpeedScope detail::scope_over_machines(const Question& question,
                                                 estimate::SpeedScope scope,
                                                 const estimate::Calibration& calibration) {
  if (has_own_rows_over_machines(question, calibration)) scope.engine = kRemote;
  return scope;
}

bool detail::has_own_rows_over_machines(const Question& question,
                                        const estimate::Calibration& calibration) {
  const std::string backend(workload::to_text(question.backend));
  return machines_of(question) > 1 && estimate::engine_name(*question.engine) == "llama.cpp" &&
         calibration.rows(hop_key(backend)) > 0;
}

void detail::join_machines(const Question& question, const estimate::Calibration& calibration,
                           const estimate::SpeedConstants& own, estimate::SpeedRig& rig) {
  const int machines = machines_of(question);
  if (machines == 1) return;
  const Seconds delay = network_delay(question, calibration, own);
  const BytesPerSecond line = network_rate(question);
  rig.network = {.rate = rates_of(estimate::Link::ethernet, line).expected,
                 .delay = delay,
                 .is_network = true};
  // Around a ring, every machine waits for each of the others twice.
  rig.network_sums = {.rate = rates_of(estimate::Link::machines, line).expected,
                      .delay = (machines - 1) * delay,
                      .is_network = true};
}

}  // namespace rigor::place
