// The closed forms of the compute buffer against the replay, over every decoder of the catalogue.
#include "estimate/memory/llama_compute.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/catalog.hpp"
#include "catalog/engine_entry.hpp"
#include "estimate/memory/llama_graph.hpp"
#include "estimate/memory/llama_widths.hpp"

namespace rigor::estimate {
namespace {

const catalog::Catalog& entries() {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  return all;
}

/// Without weights: the graph asks for dimensions only.
Network network_of(const llm::Architecture& architecture) {
  Network network;
  network.architecture = architecture;
  for (const llm::Layer& layer : architecture.layers) {
    network.layers.push_back({.cache = llm::layer_cache(architecture, layer),
                              .state = llm::recurrent_state(architecture, layer)});
  }
  derive(network);
  network.llama = llama_facts(network);
  return network;
}

struct Setting {
  std::int64_t context = 0;
  int micro_batch = 0;
  bool flash_attention = true;
  bool quantized = false;
  int slots = 1;
};

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const std::int64_t context : {2048, 8192, 32768, 131072}) {
    for (const int micro_batch : {128, 512, 2048, 4096}) {
      if (micro_batch > context) continue;
      all.push_back({context, micro_batch, true, false});
      all.push_back({context, micro_batch, true, true});
      all.push_back({context, micro_batch, false, false});
      all.push_back({context, micro_batch, true, false, 8});
    }
  }
  return all;
}

struct Compared {
  Bytes replayed = {}, estimated = {};
  [[nodiscard]] double error() const { return estimated / replayed - 1.0; }
};

Compared compare(const Network& network, const workload::Engine& engine, const Setting& setting) {
  workload::Inference inference{.context = setting.context};
  inference.micro_batch = setting.micro_batch;
  inference.flash_attention = setting.flash_attention;
  inference.sequences = setting.slots;
  inference.shared_cache = true;
  if (setting.quantized) inference.key_type = inference.value_type = {34.0 / 32.0, true};
  const workload::Placement placement;
  const std::vector<hardware::Accelerator> cards(1);
  const hardware::Host host;
  const InferenceCase input{network, engine, inference, placement, cards, host};
  const LlamaRun run = llama_run(input, network.llama);
  LlamaGraph graph{.network = network};
  graph.cells = static_cast<std::int64_t>(run.cells);
  graph.window_cells = static_cast<std::int64_t>(run.window_cells);
  graph.micro_batch = setting.micro_batch;
  graph.sequences = setting.slots;
  graph.flash_attention = setting.flash_attention;
  graph.key_type = inference.key_type;
  graph.value_type = inference.value_type;
  return {replay(graph).device.front(), llama_compute(run).buffer};
}

}  // namespace

TEST_CASE("closed forms keep to the replay over the whole catalogue") {
  const auto engine = catalog::to_engine(**entries().entry("engine/llama.cpp"));
  REQUIRE(engine.has_value());
  std::vector<double> errors;
  for (const auto& row : entries().list("architecture")) {
    const auto architecture = catalog::to_architecture(**entries().entry(row.id));
    REQUIRE_MESSAGE(architecture.has_value(), row.id);
    const Network network = network_of(*architecture);
    if (!has_exact_graph(network)) continue;
    for (const Setting& setting : settings()) {
      const Compared compared = compare(network, *engine, setting);
      if (compared.replayed < 64 * MiB) continue;
      CAPTURE(row.id);
      CAPTURE(setting.context);
      CAPTURE(setting.micro_batch);
      CAPTURE(setting.flash_attention);
      CAPTURE(setting.quantized);
      CAPTURE(setting.slots);
      CHECK(compared.error() > -0.05);
      errors.push_back(compared.error());
    }
  }
  std::sort(errors.begin(), errors.end());
  const auto quantile = [&](double share) {
    return errors[static_cast<std::size_t>(share * static_cast<double>(errors.size() - 1))];
  };
  CHECK(quantile(0.01) > -0.01);
  CHECK(std::abs(quantile(0.50)) < 0.001);
  CHECK(quantile(0.95) < 0.03);
  MESSAGE(errors.size() << " buffers: " << 100 * quantile(0) << " % to " << 100 * quantile(1)
                        << " %, 5 to 95 %: " << 100 * quantile(0.05) << " to "
                        << 100 * quantile(0.95));
}

}  // namespace rigor::estimate
