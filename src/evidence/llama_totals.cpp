#include "evidence/llama_totals.hpp"

#include <algorithm>
#include <vector>

#include "estimate/memory/inference_memory.hpp"
#include "evidence/llama_buffers.hpp"
#include "evidence/llama_footprint.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using estimate::Interval;
using estimate::MemoryEstimate;
using estimate::Network;
using estimate::Term;

/// Builds of 2023 allocated the larger of three moments: feed-forward, logits, attention scores.
Bytes compute_2023(const Network& network, double tokens) {
  const llm::Architecture& a = network.architecture;
  const llm::Layer& layer = a.layers.front();
  const double mask = tokens * tokens;
  const double feed_forward = tokens * (2.0 * layer.width + 2.0 * a.hidden) + mask;
  const double logits = tokens * (static_cast<double>(a.vocabulary) + a.hidden);
  const double scores = tokens * (tokens * layer.heads + 3.0 * a.hidden) + mask;
  constexpr double kFloat = 4.0;
  return std::max({feed_forward, logits, scores}) * kFloat * byte;
}

/// Constants of the build, which change with the years.
std::string_view engine_id(const LlamaRun& run) {
  using estimate::LlamaEpoch;
  switch (epoch_of(run)) {
    case LlamaEpoch::b2800: return "engine/llama.cpp/b2800";
    case LlamaEpoch::b6000: return "engine/llama.cpp/b6000";
    case LlamaEpoch::b9000: return "engine/llama.cpp/b9000";
    case LlamaEpoch::b10900: return "engine/llama.cpp";
    case LlamaEpoch::ik_2025: return "engine/ik_llama.cpp";
  }
  return "engine/llama.cpp";
}

/// Terms of all devices, with what else the figure counts.
Interval footprint(const LlamaFootprint& setting, const MemoryEstimate& memory) {
  Interval sum;
  for (int i = 0; i < memory.devices; ++i)
    sum += memory.device[static_cast<std::size_t>(i)].total();
  if (setting.counts_pinned) sum += memory.host[Term::compute];
  if (setting.reads_tables) sum += memory.host[Term::weights];
  sum += estimate::spread(setting.beside, 0);
  return {setting.times * sum.low, setting.times * sum.expected, setting.times * sum.high};
}

/// Tables that stay in host memory; a head that is one of them lies on the device as well.
Bytes off_device(const LlamaRow& row, const Network& network) {
  if (network.tied()) return network.per_layer_embedding;
  const bool is_mixture = network.tolerance > 0;
  const Bytes table =
      is_mixture ? usual_embedding(row, network.architecture) : network.token_embedding;
  return network.per_layer_embedding + table;
}

Bytes experts(const Network& network) {
  Bytes sum;
  for (const estimate::NetworkLayer& layer : network.layers) sum += layer.experts;
  return sum;
}

void take_out(Bytes size, MemoryEstimate& memory) {
  for (int i = 0; i < memory.devices; ++i) {
    Interval& weights = memory.device[static_cast<std::size_t>(i)][Term::weights];
    const Bytes part = size / memory.devices;
    weights = {weights.low - part, weights.expected - part, weights.high - part};
  }
}

/// Weights of the file itself: as large as the row states, without experts that were taken out of
/// it. Publishers mix types of their own: where no size is stated, recipes are off by 4 % in the
/// mean (docs/models/02-quantization.md).
void correct_weights(const LlamaRow& row, const FileRecipe& recipe, const LlamaFootprint& setting,
                     MemoryEstimate& memory) {
  constexpr double kStated = 0.01;
  constexpr double kMixed = 0.04;
  const Network& network = *recipe.network;
  const Bytes stated = row.row->number("model_size_gib") * GiB;
  const bool is_stated = stated > Bytes{} && memory.devices == 1;
  const double margin = is_stated ? kStated : std::max(kMixed, network.tolerance);
  if (recipe.pruned > 0) take_out(experts(network) * recipe.pruned, memory);
  if (setting.maps_file || is_stated) {
    const Bytes file = is_stated ? stated : network.weights();
    const Bytes elsewhere = setting.maps_file ? Bytes{} : off_device(row, network);
    memory.device[0][Term::weights].expected = file - elsewhere;
  }
  for (int i = 0; i < memory.devices; ++i) {
    Interval& weights = memory.device[static_cast<std::size_t>(i)][Term::weights];
    weights = estimate::spread(weights.expected, margin);
  }
}

/// Before b6700 the cache was padded to 256 cells for flash attention only.
workload::Engine as_padded(const LlamaRun& run, const LlamaFootprint& setting,
                           const workload::Engine& engine) {
  constexpr int kAlwaysSince = 6700;
  workload::Engine padded = engine;
  const bool finer =
      run.own.build > 0 && run.own.build < kAlwaysSince && !setting.inference.flash_attention;
  if (finer) padded.constants[static_cast<std::size_t>(workload::Constant::cache_padding)] = 32;
  return padded;
}

/// Devices as the row names them, or nameless ones: their capacity does not enter the figure.
std::vector<hardware::Accelerator> devices_of(const LlamaRun& run, int count, Library& library) {
  const hardware::Accelerator* known = library.device((*run.own.row)["device_id"]);
  return std::vector<hardware::Accelerator>(static_cast<std::size_t>(std::max(1, count)),
                                            known != nullptr ? *known : hardware::Accelerator{});
}

}  // namespace

Prediction predict_total_vram(const LlamaRun& run, Library& library) {
  constexpr double kTokens = 512;  // context and batch of llama-bench at that time
  constexpr double kHalf = 2.0;
  const FileRecipe recipe = file_recipe(run.own, library);
  if (recipe.network == nullptr) return unmapped("the catalogue has no such recipe");
  const Network& network = *recipe.network;
  double cell = 0;
  for (const estimate::NetworkLayer& layer : network.layers)
    cell += static_cast<double>(layer.cache.elements());
  const Bytes tables = network.tied() ? Bytes{} : network.token_embedding;
  const Bytes cache = kTokens * cell * kHalf * byte;
  return counted(network.weights() - tables + cache + compute_2023(network, kTokens), Basis::stated,
                 network);
}

Prediction predict_footprint(const LlamaRun& run, Library& library) {
  LlamaFootprint setting;
  if (const auto reason = read_footprint(run, setting)) return unmapped(*reason);
  const FileRecipe recipe = file_recipe(run.own, library);
  if (recipe.network == nullptr) return unmapped("the catalogue has no such recipe");
  const workload::Engine* build = library.engine(engine_id(run));
  if (build == nullptr) return unmapped("the catalogue has no such engine");
  const workload::Engine engine = as_padded(run, setting, *build);
  const auto devices = devices_of(run, setting.placement.devices, library);
  const hardware::Host host;
  const estimate::InferenceCase input{.network = *recipe.network,
                                      .engine = engine,
                                      .inference = setting.inference,
                                      .placement = setting.placement,
                                      .accelerators = devices,
                                      .host = host,
                                      .backend = setting.backend};
  MemoryEstimate memory;
  estimate::llama_cpp_memory(input, memory);
  correct_weights(run.own, recipe, setting, memory);
  return mapped(footprint(setting, memory), GiB, *recipe.network);
}

}  // namespace rigor::evidence
