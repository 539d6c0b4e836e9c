#include "evidence/llama_compute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "evidence/llama_buffers.hpp"
#include "evidence/llama_threads.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using estimate::HostExperts;
using estimate::LatentMode;
using estimate::LlamaBuffers;
using estimate::LlamaEpoch;
using estimate::LlamaGraph;
using estimate::Network;

constexpr std::string_view kFirstFlashLatentUntil = "2025-03-16";
constexpr std::string_view kAttentionLimitSince = "2025-03-17";
constexpr std::string_view kMixedLatentSince = "2025-03-20";
constexpr int kUsualLimit = 512;
constexpr int kPipelined = 4;     ///< copies of the graph's inputs
constexpr int kOffloadFrom = 32;  ///< tokens from which host weights are copied to a device

/// Bits per weight of the experts (up, gate, down) in files that people mix themselves.
struct Mixture {
  std::string_view quantization;
  std::array<double, 3> bits;
};
constexpr std::array kMixtures = {
    Mixture{"iq1_s", {1.5, 1.5, 1.75}},       Mixture{"iq2_k", {2.375, 2.375, 3.4375}},
    Mixture{"iq3_k", {3.4375, 3.4375, 4.25}}, Mixture{"iq4_ks", {4.25, 4.25, 5.25}},
    Mixture{"iq4_k", {4.5, 4.5, 5.5}},        Mixture{"iq6_k", {6.625, 6.625, 6.625}},
    Mixture{"q2_k", {2.625, 2.625, 3.4375}},  Mixture{"ud-q2_k_xl", {2.625, 2.625, 3.4375}},
    Mixture{"ud-q4_k_xl", {4.5, 4.5, 5.5}},   Mixture{"q4_k_m", {4.5, 4.5, 6.5625}},
};

std::array<double, 3> expert_bits(const LlamaRun& run, const Network& network) {
  const std::string quantization = lower((*run.own.row)["quant"]);
  if (network.architecture.family == "qwen3" && quantization == "iq3_k")
    return {3.4375, 3.4375, 4.5};
  const auto found = std::find_if(kMixtures.begin(), kMixtures.end(), [&](const Mixture& mixture) {
    return mixture.quantization == quantization;
  });
  return found == kMixtures.end() ? std::array<double, 3>{} : found->bits;
}

/// Experts that a device would have to copy, stored in types that only their author knows?
bool copies_unknown_experts(const LlamaRun& run, const Network& network) {
  const bool copies = network.architecture.experts && keeps_experts_on_host(run) &&
                      run.own.micro_batch >= kOffloadFrom;
  const bool first_or_host = run.own.on_host() || run.own.index == 0;
  const bool known = expert_bits(run, network) != std::array<double, 3>{};
  return copies && first_or_host && !known && is_own_mixture(run.own);
}

workload::CacheType cache_type(const llm::TensorType& type) {
  constexpr std::int32_t kHalf = 16;
  return {.bytes_per_element = type.bits / 8.0 / type.elements,
          .quantized = type.elements > 1 && type.bits / type.elements < kHalf};
}

bool flash_attention(const LlamaRun& run) {
  const LlamaEpoch epoch = epoch_of(run);
  const bool on_by_default = epoch == LlamaEpoch::b9000 || epoch == LlamaEpoch::b10900;
  return run.flash_attention.value_or(on_by_default);
}

/// Four copies where several devices hold everything; the host's own buffer of the log decides.
int likely_copies(const LlamaRun& run, const LlamaGraph& graph, const Network& network) {
  if (graph.devices < 2) return 1;
  const Bytes mask = 4.0 * static_cast<double>(graph.cells) * graph.micro_batch * byte;
  const Bytes embedding = 4.0 * network.architecture.hidden * graph.micro_batch * byte;
  for (const LlamaRow* other : run.others_with(LlamaFigure::compute)) {
    if (!other->buffer.ends_with("_Host")) continue;
    const double masks = (other->measured() - embedding) / mask;
    return masks > (1 + kPipelined) / 2.0 ? kPipelined : 1;
  }
  return keeps_experts_on_host(run) || graph.host_layers > 0 ? 1 : kPipelined;
}

LatentMode latent_mode(const LlamaRun& run, const CacheSetting& setting) {
  if (const ThreadSettings* thread = thread_settings(run.locator())) return thread->latent;
  if (setting.form == CacheForm::expanded) return LatentMode::expanded;
  if (setting.form == CacheForm::latent_and_transposed) return LatentMode::transposed;
  return run.date() >= kMixedLatentSince && flash_attention(run) ? LatentMode::mixed
                                                                 : LatentMode::computed;
}

/// Cells of layers with a window: all, in builds that keep them.
std::int64_t window_cells(const LlamaRun& run, const Network& network) {
  for (const estimate::NetworkLayer& layer : network.layers) {
    if (layer.cache.window > 0) return static_cast<std::int64_t>(cache_cells(run, layer.cache));
  }
  return 0;
}

/// Everything that the rows tell.
LlamaGraph stated_graph(const LlamaRun& run, const Network& network) {
  const CacheSetting setting = cache_setting(run, network);
  const LayerPlan plan = layer_plan(run, network, setting);
  LlamaGraph graph{.network = network, .epoch = epoch_of(run)};
  graph.cells = run.own.context / run.own.slots;
  if (network.architecture.sliding_window > 0) graph.window_cells = window_cells(run, network);
  graph.micro_batch = std::min(run.own.micro_batch, run.own.context);
  graph.sequences = run.own.slots;
  graph.flash_attention = flash_attention(run);
  graph.key_type = cache_type(*setting.keys);
  graph.value_type = cache_type(*setting.values);
  graph.devices = plan.devices;
  if (plan.known && plan.devices > 0) {
    graph.layers = plan.layers;
    graph.host_layers = plan.host_layers;
  }
  graph.copies = likely_copies(run, graph, network);
  graph.latent = latent_mode(run, setting);
  const ThreadSettings* thread = thread_settings(run.locator());
  const bool may_be_first =
      graph.latent == LatentMode::computed || graph.latent == LatentMode::mixed;
  const bool has_limit = thread != nullptr && thread->attention_limit > 0;
  graph.first_flash_latent = network.architecture.mla.has_value() && graph.flash_attention &&
                             may_be_first && !has_limit && run.date() < kFirstFlashLatentUntil;
  return graph;
}

/// Values of a setting worth trying, likeliest first.
std::vector<int> attention_limits(const LlamaRun& run, const LlamaGraph& graph) {
  const bool applies =
      graph.network.architecture.mla.has_value() && graph.epoch == LlamaEpoch::ik_2025;
  if (!applies || graph.first_flash_latent) return {0};
  if (const ThreadSettings* thread = thread_settings(run.locator())) {
    return {thread->attention_limit};
  }
  const bool usual =
      graph.flash_attention && graph.devices > 0 && run.date() >= kAttentionLimitSince;
  std::vector<int> limits = {usual ? kUsualLimit : 0};
  const bool matters = graph.latent != LatentMode::transposed || !graph.flash_attention;
  if (!matters) return limits;
  for (const int limit : {kUsualLimit, 0, 256, 1024, 2048, 128, 64, 32, 16, 8}) {
    if (limit != limits.front()) limits.push_back(limit);
  }
  return limits;
}

std::vector<int> graph_copies(const LlamaGraph& graph) {
  if (graph.devices < 2) return {graph.copies};
  return {graph.copies, graph.copies == 1 ? kPipelined : 1};
}

std::vector<bool> fusions(const LlamaRun& run, const LlamaGraph& graph) {
  if (!graph.network.architecture.experts || graph.epoch != LlamaEpoch::ik_2025) return {false};
  const ThreadSettings* thread = thread_settings(run.locator());
  if (thread != nullptr && thread->fused_experts) return {*thread->fused_experts};
  if (graph.flash_attention) return {true, false};
  return {false, true};
}

std::vector<std::optional<HostExperts>> expert_homes(const LlamaRun& run, const LlamaGraph& graph) {
  const bool offloaded =
      graph.devices > 0 && graph.network.architecture.experts && keeps_experts_on_host(run);
  if (!offloaded) return {std::nullopt};
  if (graph.micro_batch < kOffloadFrom) return {HostExperts::processor};
  const std::string quantization = lower((*run.own.row)["quant"]);
  const bool device_kernels =
      contains(quantization, "ud") || quantization == "q6_k" || quantization == "q4_k_m";
  if (graph.micro_batch > kUsualLimit || device_kernels) {
    return {HostExperts::first_device, HostExperts::own_device, HostExperts::processor};
  }
  return {HostExperts::processor, HostExperts::first_device, HostExperts::own_device};
}

std::vector<LatentMode> latent_modes(const LlamaRun& run, const LlamaGraph& graph) {
  const bool open = graph.network.architecture.mla && graph.flash_attention &&
                    !graph.first_flash_latent && graph.latent == LatentMode::mixed &&
                    thread_settings(run.locator()) == nullptr;
  if (!open || run.others_with(LlamaFigure::compute).empty()) return {graph.latent};
  return {graph.latent, LatentMode::transposed};
}

/// Each graph once for each of its values.
template <class ValuesOf, class Apply>
std::vector<LlamaGraph> with_each(const std::vector<LlamaGraph>& graphs, const ValuesOf& values_of,
                                  const Apply& apply) {
  std::vector<LlamaGraph> all;
  for (const LlamaGraph& graph : graphs) {
    for (const auto value : values_of(graph)) {
      all.push_back(graph);
      apply(all.back(), value);
    }
  }
  return all;
}

void move_experts(const LlamaRun& run, LlamaGraph& graph, std::optional<HostExperts> home) {
  if (!home) return;
  graph.host_expert_layers = static_cast<int>(graph.network.layers.size());
  graph.host_experts = *home;
  graph.expert_bits = expert_bits(run, graph.network);
}

/// Every combination of settings that the rows leave open, likeliest first.
std::vector<LlamaGraph> open_graphs(const LlamaRun& run, const Network& network) {
  using Graph = LlamaGraph;
  std::vector<Graph> all = {stated_graph(run, network)};
  all = with_each(all, graph_copies, [](Graph& graph, int copies) { graph.copies = copies; });
  all = with_each(
      all, [&](const Graph& graph) { return latent_modes(run, graph); },
      [](Graph& graph, LatentMode latent) { graph.latent = latent; });
  all = with_each(
      all, [&](const Graph& graph) { return expert_homes(run, graph); },
      [&](Graph& graph, std::optional<HostExperts> home) { move_experts(run, graph, home); });
  all = with_each(
      all, [&](const Graph& graph) { return attention_limits(run, graph); },
      [](Graph& graph, int limit) { graph.attention_limit = limit; });
  return with_each(
      all, [&](const Graph& graph) { return fusions(run, graph); },
      [](Graph& graph, bool fused) { graph.fused_experts = fused; });
}

/// The replayed buffer that a row speaks of; 0 where the graph has none.
Bytes buffer_of(const LlamaBuffers& buffers, const LlamaRow& row) {
  if (!row.on_device()) return buffers.host;
  const int index = row.index < buffers.devices ? row.index : 0;
  return buffers.device[static_cast<std::size_t>(index)];
}

/// How far a graph is from the log's other compute buffers.
struct Distance {
  double mean = 0;    ///< logarithmic
  double missed = 0;  ///< share of the buffers that are not met
};

Distance distance(const LlamaBuffers& buffers, const std::vector<const LlamaRow*>& printed) {
  constexpr double kMet = 0.02;
  constexpr double kAbsent = 1.0;
  Distance sum;
  for (const LlamaRow* row : printed) {
    const Bytes replayed = buffer_of(buffers, *row);
    const double off =
        replayed > Bytes{} ? std::abs(std::log(replayed / row->measured())) : kAbsent;
    sum.mean += off;
    sum.missed += off > kMet ? 1 : 0;
  }
  const double count = std::max<double>(1, static_cast<double>(printed.size()));
  return {sum.mean / count, sum.missed / count};
}

struct Trial {
  Distance off;
  Bytes size = {};
};

/// What the graphs that fit equally well make of the row's buffer.
struct Outcome {
  Distance off = {.mean = INFINITY};  ///< of the best graph
  Bytes size = {};                    ///< by the best graph, the likeliest of equals
  Bytes least = {}, most = {};
};

Outcome judge(const std::vector<Trial>& trials) {
  constexpr double kSame = 1e-9;
  constexpr double kAsGood = 0.005;
  Outcome outcome;
  for (const Trial& trial : trials) {
    if (trial.off.mean < outcome.off.mean - kSame)
      outcome = {trial.off, trial.size, trial.size, trial.size};
  }
  for (const Trial& trial : trials) {
    if (trial.off.mean > outcome.off.mean + kAsGood || !(trial.size > Bytes{})) continue;
    outcome.least = std::min(outcome.least, trial.size);
    outcome.most = std::max(outcome.most, trial.size);
  }
  return outcome;
}

Outcome try_all(const LlamaRun& run, const Network& network) {
  const std::vector<LlamaGraph> graphs = open_graphs(run, network);
  std::vector<const LlamaRow*> printed = run.others_with(LlamaFigure::compute);
  std::erase_if(printed, [&](const LlamaRow* other) { return other->buffer == run.own.buffer; });
  if (graphs.size() == 1) printed.clear();  // nothing is open: nothing to learn from them
  std::vector<Trial> trials;
  for (const LlamaGraph& graph : graphs) {
    const LlamaBuffers buffers = estimate::replay(graph);
    trials.push_back({distance(buffers, printed), buffer_of(buffers, run.own)});
  }
  return judge(trials);
}

/// Vulkan drivers may refuse the fused delta-net; the mask in F32 then outlives the layers.
Bytes refused_fusion(const LlamaRun& run, const Network& network) {
  if (!run.own.buffer.starts_with("Vulkan") || !network.architecture.delta_net) return {};
  return 4.0 * run.own.context / run.own.slots * run.own.micro_batch * byte;
}

Prediction as_prediction(const LlamaRun& run, const Network& network, const Outcome& outcome) {
  constexpr double kReplayed = 0.03;
  constexpr double kApproximate = 0.10;
  constexpr double kPartly = 0.25;  // where the log shows that a setting is still missing
  constexpr double kKnown = 1.03;
  const bool exact = estimate::has_exact_graph(network);
  const double margin = outcome.off.missed > 0 ? kPartly : exact ? kReplayed : kApproximate;
  estimate::Interval interval = estimate::spread(outcome.size, margin);
  interval.low = std::min(interval.low, outcome.least);
  interval.high = std::max(interval.high, outcome.most) + refused_fusion(run, network);
  Prediction prediction = mapped(interval, GiB, network);
  if (outcome.off.missed > 0)
    prediction.reason = "part of the log's other compute buffers is not met";
  if (outcome.most > kKnown * outcome.least)
    prediction.reason = "settings assumed where the log shows none";
  return prediction;
}

std::optional<std::string> unknowable(const LlamaRun& run) {
  const LlamaRow& own = run.own;
  if (own.place == LlamaPlace::other || own.place == LlamaPlace::none)
    return "which device computes is not stated";
  if (own.context == 0 || own.micro_batch == 0) return "n_ctx or n_ubatch is not stated";
  if (own.fork && own.buffer.starts_with("Vulkan_"))
    return "attention of the fork's Vulkan build runs partly on the host";
  if (!own.fork || own.buffer != "CPU") return std::nullopt;
  if (own.has_graphics && run.others.empty())
    return "a CPU buffer on a machine with devices: what they compute is not stated";
  const auto printed = run.others_with(LlamaFigure::compute);
  const bool beside = std::any_of(printed.begin(), printed.end(), [](const LlamaRow* other) {
    return other->on_device() || other->buffer.ends_with("_Host");
  });
  if (beside)
    return "a CPU buffer beside a device's: which part of the graph is where is not stated";
  return std::nullopt;
}

}  // namespace

Prediction predict_compute(const LlamaRun& run, const Network& network) {
  constexpr double kHalf = 0.5;
  constexpr double kUnknowable = 3.0;
  if (const auto reason = unknowable(run)) return unmapped(*reason);
  if (cache_setting(run, network).is_open())
    return unmapped("the layout of the latent cache (-mla) is not stated");
  if (copies_unknown_experts(run, network))
    return unmapped("experts of types that only the author of this mixture knows");
  const Outcome outcome = try_all(run, network);
  if (outcome.off.missed > kHalf) {
    return unmapped(
        "no setting gives the log's other compute buffers: it hides one rigor does not know");
  }
  if (!(outcome.size > Bytes{}))
    return unmapped("the log's other buffers leave nothing to compute here");
  if (outcome.most > kUnknowable * outcome.least) {
    return unmapped(
        fmt::format("between {:.2f} and {:.2f} GiB, by settings that the log does not show",
                    outcome.least.in(GiB), outcome.most.in(GiB)));
  }
  return as_prediction(run, network, outcome);
}

}  // namespace rigor::evidence
