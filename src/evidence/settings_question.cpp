// From what a row says to the question and the placement that answers it.
#include <fmt/format.h>

#include <algorithm>

#include "estimate/memory/llama_widths.hpp"
#include "evidence/settings_row.hpp"

namespace rigor::evidence {
namespace {

workload::Backend backend_of(const std::vector<hardware::Accelerator>& cards) {
  if (cards.empty()) return workload::Backend::cpu;
  switch (cards.front().vendor) {
    case hardware::Vendor::amd: return workload::Backend::rocm;
    case hardware::Vendor::apple: return workload::Backend::metal;
    case hardware::Vendor::intel: return workload::Backend::vulkan;
    default: return workload::Backend::cuda;
  }
}

/// Every part in the same proportion, so that the text network takes what its source says.
void rescale(estimate::Network& network, Bytes stated) {
  const double factor = stated / network.weights();
  for (estimate::NetworkLayer& layer : network.layers) {
    layer.dense *= factor;
    layer.experts *= factor;
  }
  for (Bytes* part : {&network.token_embedding, &network.output_head, &network.per_layer_embedding,
                      &network.others, &network.draft, &network.largest_tensor}) {
    *part *= factor;
  }
  derive(network);
  const estimate::GraphWidths widths = network.llama.graph;  // dimensions alone decide them
  network.llama = estimate::rough_llama_facts(network);
  network.llama.graph = widths;
}

void use_devices(workload::Placement& placement, int count) {
  placement.devices = std::min(count, workload::kMostDevices);
  for (int i = 0; i < placement.devices; ++i) {
    placement.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  }
}

/// Layers by device: as stated, else as llama.cpp splits them; one device takes all.
std::string place_layers(AskedRow& asked) {
  workload::Placement& p = asked.placement;
  const auto all = static_cast<int>(asked.network.layers.size());
  p.layers = asked.settings.layers;
  if (asked.settings.stated_layers > 0) {
    int sum = 0;
    for (const std::int16_t count : p.layers) sum += count;
    const bool matches = asked.settings.stated_layers == p.devices && sum == all - p.host_layers;
    return matches
               ? std::string()
               : fmt::format("layers: {} on {} devices are wanted", all - p.host_layers, p.devices);
  }
  if (p.devices == 1) {
    p.layers[0] = static_cast<std::int16_t>(all - p.host_layers);
  } else if (asked.cards.front().usable > Bytes{}) {
    place::split_layers(asked.question, p);
  } else {
    return "layers are split by the devices' memory, and the row names no device";
  }
  return {};
}

std::string place_inference(AskedRow& asked) {
  const workload::PlacementWish& wish = asked.question.workload.wish;
  workload::Placement& p = asked.placement;
  use_devices(p, wish.devices.value_or(static_cast<int>(asked.cards.size())));
  p.host_layers = wish.host_layers.value_or(0);
  p.host_expert_layers = wish.host_expert_layers.value_or(0);
  p.expert = wish.expert.value_or(1);
  if (p.devices == 0) {
    p.host_layers = static_cast<int>(asked.network.layers.size());
    return {};
  }
  const bool preallocates = asked.engine.family == workload::EngineFamily::vllm;
  if (preallocates || wish.tensor || wish.split == workload::Split::tensor) {
    p.split = workload::Split::tensor;
    p.pipeline = wish.pipeline.value_or(1);
    p.tensor = wish.tensor.value_or(p.devices / p.pipeline);
    return {};
  }
  p.pipeline = p.devices;
  return place_layers(asked);
}

void place_training(AskedRow& asked) {
  const workload::PlacementWish& wish = asked.question.workload.wish;
  workload::Placement& p = asked.placement;
  const auto devices = static_cast<int>(asked.cards.size());
  p.tensor = wish.tensor.value_or(1);
  p.pipeline = asked.settings.stages > 0 ? asked.settings.stages : wish.pipeline.value_or(1);
  p.context = asked.settings.context_ways;
  p.data = wish.data.value_or(std::max(1, devices / (p.tensor * p.pipeline * p.context)));
  p.expert = wish.expert.value_or(1);
  p.sharding = wish.sharding.value_or(workload::Sharding::none);
  p.optimizer = wish.optimizer.value_or(workload::Offload::none);
  p.parameters = wish.parameters.value_or(workload::Offload::none);
  use_devices(p, devices);
}

/// Rows of clusters ask for one device of many: their degrees need not fit a rig.
std::string problem(const AskedRow& asked) {
  workload::Placement p = asked.placement;
  if (asked.settings.stages > 0) p.pipeline = 1;
  if (asked.settings.stages == 0) {
    const std::string wished = place::problem_with_wish(asked.question);
    if (!wished.empty()) return wished;
  }
  return place::problem_with(asked.question, p);
}

std::string find_parts(const Row& row, Library& library, AskedRow& asked) {
  const workload::Engine* engine = library.engine("engine/" + std::string(row["engine"]));
  if (engine == nullptr) return fmt::format("the catalogue has no engine \"{}\"", row["engine"]);
  asked.engine = *engine;
  if (library.architecture(row["model_id"]) == nullptr) {
    return fmt::format("the catalogue has no network \"{}\"", row["model_id"]);
  }
  const estimate::Network* network = library.network(row["model_id"], row["quant"]);
  if (network == nullptr) {
    return fmt::format("the catalogue has no quantization \"{}\"", row["quant"]);
  }
  asked.network = *network;
  hardware::Accelerator card;
  if (!row["device_id"].empty()) {
    const hardware::Accelerator* known = library.device(row["device_id"]);
    if (known == nullptr) return fmt::format("the catalogue has no \"{}\"", row["device_id"]);
    card = *known;
  }
  const double count = row.number("device_count", 1);
  if (count < 0 || count > workload::kMostDevices) return "a rig has at most 16 devices";
  asked.cards.assign(static_cast<std::size_t>(count), card);
  return {};
}

std::string apply_settings(const Row& row, AskedRow& asked) {
  RowSettings& settings = asked.settings;
  std::string wrong = read_settings(row["notes"], asked.engine, settings);
  if (!wrong.empty()) return wrong;
  for (const auto& [which, value] : settings.constants) {
    asked.engine.constants[static_cast<std::size_t>(which)] = value;
  }
  if (settings.weights > Bytes{}) rescale(asked.network, settings.weights);
  return {};
}

}  // namespace

tl::expected<std::unique_ptr<AskedRow>, std::string> ask(const Row& row, Library& library) {
  auto asked = std::make_unique<AskedRow>();
  std::string wrong = find_parts(row, library, *asked);
  if (wrong.empty()) wrong = apply_settings(row, *asked);
  if (!wrong.empty()) return tl::unexpected(wrong);
  place::Question& question = asked->question;
  question.network = &asked->network;
  question.engine = &asked->engine;
  question.workload = asked->settings.workload;
  question.workload.kind =
      asked->engine.trains() ? workload::Kind::finetune : workload::Kind::inference;
  question.accelerators = asked->cards;
  question.backend = question.workload.backend.value_or(backend_of(asked->cards));
  if (asked->engine.trains()) {
    place_training(*asked);
  } else {
    wrong = place_inference(*asked);
  }
  if (wrong.empty()) wrong = problem(*asked);
  if (!wrong.empty()) return tl::unexpected(wrong);
  return asked;
}

}  // namespace rigor::evidence
