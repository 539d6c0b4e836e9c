#include "evidence/llama_buffers.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using estimate::Network;

/// Parts of file names whose tensor types are their author's choice.
constexpr std::array<std::string_view, 6> kOwnMixtures = {"mix",   "special", "custom",
                                                          "11446", "imat",    "__"};

/// The file's name without its folders.
std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// "IQ4_K", "IQ2_KS": types of the fork; files of such types are mixtures.
bool is_fork_type(std::string_view quantization) {
  const std::size_t at = quantization.find("iq");
  if (at == std::string_view::npos || at + 4 >= quantization.size()) return false;
  return quantization.substr(at + 3, 2) == "_k";
}

struct Placed {
  Bytes size = {};
  Basis basis = Basis::stated;
};

/// Layers of one device; the last one also holds what comes after the layers.
Bytes device_weights(const Network& network, const LayerPlan& plan, int device) {
  Bytes sum;
  const auto first = static_cast<std::size_t>(plan.first(device));
  const std::size_t end =
      std::min(network.layers.size(), first + static_cast<std::size_t>(plan.on(device)));
  for (std::size_t i = first; i < end; ++i)
    sum += network.layers[i].dense + network.layers[i].experts;
  if (end == network.layers.size()) {
    sum += network.others + (network.tied() ? network.token_embedding : network.output_head);
  }
  return sum;
}

/// Tables that are looked up stay with the host when devices hold the rest.
Bytes host_tables(const Network& network) {
  return network.token_embedding + network.per_layer_embedding;
}

/// Another buffer of the log shows that the host holds nothing but the tables.
bool only_tables_on_host(const LlamaRun& run, const Network& network) {
  constexpr double kRounding = 1e-3;
  const auto weights = run.others_with(LlamaFigure::weights);
  return std::any_of(weights.begin(), weights.end(), [&](const LlamaRow* other) {
    return other->on_host() && std::abs(other->measured() / host_tables(network) - 1) < kRounding;
  });
}

/// Where experts may be moved one by one (-ot), only a log can show that they were not.
bool placement_is_plain(const LlamaRun& run, const Network& network) {
  if (keeps_experts_on_host(run)) return false;
  const bool may_move = run.own.fork && network.architecture.experts.has_value();
  if (!may_move) return true;
  return !run.own.on_host() && only_tables_on_host(run, network);
}

std::optional<Placed> whole_file_placed(const LlamaRun& run, const Network& network) {
  const int devices = devices_used(run);
  if (devices == 0) return Placed{network.weights()};
  if (!placement_is_plain(run, network)) return std::nullopt;
  if (run.own.on_host()) return Placed{host_tables(network)};
  CacheSetting setting;
  if (run.own.context > 0) {
    setting = cache_setting(run, network);
  } else if (devices > 1) {
    return std::nullopt;
  }
  const LayerPlan plan =
      devices == 1 && setting.keys == nullptr
          ? LayerPlan{.known = true,
                      .devices = 1,
                      .layers = estimate::equal_layers(static_cast<int>(network.layers.size()), 1)}
          : layer_plan(run, network, setting);
  if (!plan.known) return std::nullopt;
  const int device = devices == 1 ? 0 : run.own.index;
  return Placed{device_weights(network, plan, device), plan.basis};
}

/// Devices between the first and the last hold equal layers: another one's weights per layer.
std::optional<Placed> like_a_neighbour(const LlamaRun& run, const Network& network) {
  if (!run.own.on_device() || run.own.context == 0 || run.own.offloads) return std::nullopt;
  const LayerPlan plan = layer_plan(run, network, cache_setting(run, network));
  if (!plan.known || plan.devices < 4) return std::nullopt;
  const auto is_middle = [&](const LlamaRow& row) {
    return row.on_device() && row.index > 0 && row.index < plan.devices - 1 &&
           plan.on(row.index) > 0;
  };
  if (!is_middle(run.own)) return std::nullopt;
  std::map<int, std::vector<Bytes>> by_layers;
  for (const LlamaRow* other : run.others_with(LlamaFigure::weights)) {
    if (is_middle(*other)) by_layers[plan.on(other->index)].push_back(other->measured());
  }
  if (by_layers.empty()) return std::nullopt;
  const int wanted = plan.on(run.own.index);
  auto like = by_layers.find(wanted);
  if (like == by_layers.end()) like = std::prev(by_layers.end());
  std::vector<Bytes>& sizes = like->second;
  constexpr std::size_t kEnough = 2;  // one alone may hold experts that were placed there by name
  if (sizes.size() < kEnough) return std::nullopt;
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2),
                   sizes.end());
  return Placed{sizes[sizes.size() / 2] * (static_cast<double>(wanted) / like->first), Basis::log};
}

/// Do experts lie in another host buffer than the row's own?
bool experts_elsewhere(const LlamaRun& run) {
  constexpr Bytes kMoreThanEmbedding = 4 * GiB;
  const auto weights = run.others_with(LlamaFigure::weights);
  return std::any_of(weights.begin(), weights.end(), [&](const LlamaRow* other) {
    return other->on_host() && other->buffer != run.own.buffer &&
           other->measured() > kMoreThanEmbedding;
  });
}

/// "CUDA_Host" holds the token embedding, whatever was moved elsewhere.
std::optional<Placed> pinned_tables(const LlamaRun& run, const Network& network) {
  const bool has_experts = network.architecture.experts.has_value();
  const bool may_be = run.own.fork && run.own.on_host() && devices_used(run) > 0;
  if (!may_be || (has_experts && !run.own.buffer.ends_with("_Host"))) return std::nullopt;
  if (run.own.offloads && !experts_elsewhere(run)) return std::nullopt;
  if (contains((*run.own.row)["model"], "iMat")) return std::nullopt;
  return Placed{usual_embedding(run.own, network.architecture), Basis::assumed};
}

Prediction of_mixture(const LlamaRun& run, const FileRecipe& recipe, const Network& network) {
  if (const auto neighbour = like_a_neighbour(run, network)) {
    return counted(neighbour->size, neighbour->basis, network,
                   "as large as another device with these layers");
  }
  if (const auto tables = pinned_tables(run, network)) {
    return counted(tables->size, tables->basis, network,
                   "embedding type as such files usually have it");
  }
  if (!run.own.fork && run.own.on_host() && devices_used(run) > 0) {
    return unmapped("which type the author of this mixture gave the token embedding is not stated");
  }
  if (recipe.network != nullptr && recipe.network->tolerance > 0) {
    if (const auto placed = whole_file_placed(run, *recipe.network)) {
      Prediction prediction = counted(placed->size, placed->basis, network, "approximate recipe");
      prediction.low = prediction.expected * (1 - recipe.network->tolerance);
      prediction.high = prediction.expected * (1 + recipe.network->tolerance);
      return prediction;
    }
  }
  return unmapped(
      "a mixture of tensor types, or experts placed one by one: the row states neither");
}

double half_width(Basis basis) {
  constexpr double kExact = 0.01;
  constexpr double kAssumed = 0.10;
  return basis == Basis::assumed ? kAssumed : kExact;
}

/// Matrices cut by rows lie in a buffer of their own, in shares that no row states.
bool is_cut_by_rows(const LlamaRun& run) {
  const auto cut = [](const LlamaRow& row) { return row.buffer.ends_with("_Split"); };
  return cut(run.own) || std::any_of(run.others.begin(), run.others.end(), cut);
}

/// Where the cache's type is open, the interval spans the usual ones; where its layout is, nothing
/// can be said.
Prediction cache_prediction(Bytes size, const CacheSetting& setting, const Network& network) {
  if (setting.is_open())
    return unmapped("neither the layout of the latent cache (-mla) nor its type is stated");
  Prediction prediction = counted(size, setting.basis, network);
  prediction.low *= setting.least;
  prediction.high *= setting.most;
  if (setting.basis == Basis::assumed) prediction.reason = "cache type not stated: F16 assumed";
  return prediction;
}

Prediction one_device_cache(const LlamaRun& run, const Network& network,
                            const CacheSetting& setting) {
  const LayerPlan plan = layer_plan(run, network, setting);
  if (!plan.known)
    return unmapped("how many layers lie on this device is not stated (-ts, or by free memory)");
  const bool here_is_host = run.own.on_host();
  const int device = plan.devices == 1 ? 0 : run.own.index;
  const int first = here_is_host ? 0 : plan.first(device);
  const int count = here_is_host ? plan.host_layers : plan.on(device);
  Bytes sum;
  for (int i = first; i < first + count; ++i)
    sum += layer_cache(run, network, static_cast<std::size_t>(i), setting);
  if (!(sum > Bytes{})) return unmapped("the log's other buffers leave no layer for this device");
  return cache_prediction(sum, setting, network);
}

}  // namespace

Prediction counted(Bytes size, Basis basis, const Network& network, std::string remark) {
  Prediction prediction = mapped(estimate::spread(size, half_width(basis)), GiB, network);
  prediction.reason = std::move(remark);
  return prediction;
}

bool is_own_mixture(const LlamaRow& row) {
  const std::string quantization = lower((*row.row)["quant"]);
  const std::string file = lower(file_name((*row.row)["model"]));
  if (is_fork_type(quantization) || is_fork_type(file)) return true;
  if (contains(file, "_r4") || contains(file, "ud-") || contains(quantization, "ud-")) return true;
  return std::any_of(kOwnMixtures.begin(), kOwnMixtures.end(),
                     [&](std::string_view part) { return contains(file, part); });
}

Bytes usual_embedding(const LlamaRow& row, const llm::Architecture& a) {
  const std::string quantization = lower((*row.row)["quant"]);
  const bool dynamic = contains(quantization, "ud-") || contains(lower((*row.row)["model"]), "ud-");
  std::string_view name = dynamic ? "q4_k" : "q8_0";
  if (quantization == "q2_k") name = "q2_k";
  if (quantization == "q4_k_m") name = "q4_k";
  const bool is_fork = is_fork_type(quantization);
  if (contains(quantization, "q5_k") && !is_fork) name = "q5_k";
  if (contains(quantization, "q6_k") && !is_fork) name = "q6_k";
  if (contains(quantization, "q8_")) name = "q8_0";
  const llm::TensorType* type = llm::find_tensor_type(name);
  RIGOR_ASSERT(type != nullptr);
  return llm::storage(*type, a.hidden, a.vocabulary);
}

FileRecipe file_recipe(const LlamaRow& row, Library& library) {
  constexpr double kPercent = 100.0;
  const std::string_view model = (*row.row)["model_id"];
  const std::string_view written = (*row.row)["quant"];
  const std::string_view quantization = written.substr(0, written.find("-reap"));
  const bool is_bf16 = lower(quantization) == "bf16";
  return {.network = library.network(model, is_bf16 ? "gguf-bf16" : quantization),
          .standard = !is_own_mixture(row),
          .pruned = number_after(written, "-reap").value_or(0.0) / kPercent};
}

const Network* any_network(const LlamaRow& row, Library& library) {
  if (const Network* stated = file_recipe(row, library).network) return stated;
  return library.network((*row.row)["model_id"], "f16");
}

Prediction predict_weights(const LlamaRun& run, Library& library) {
  if (is_cut_by_rows(run)) return unmapped("matrices cut by rows, in shares that are not stated");
  if (run.own.place == LlamaPlace::other)
    return unmapped("repacked weights: which ones is not stated");
  const FileRecipe recipe = file_recipe(run.own, library);
  const Network* network = any_network(run.own, library);
  if (network == nullptr) return unmapped("the catalogue has no such network");
  if (recipe.standard && recipe.network != nullptr) {
    if (const auto placed = whole_file_placed(run, *recipe.network)) {
      return counted(placed->size, placed->basis, *network);
    }
  }
  return of_mixture(run, recipe, *network);
}

Prediction predict_cache(const LlamaRun& run, const Network& network) {
  if (run.own.context == 0) return unmapped("the context length is not stated");
  if (run.own.place == LlamaPlace::other) return unmapped("a cache cut by rows");
  const CacheSetting setting = cache_setting(run, network);
  if (run.own.figure == LlamaFigure::cache_total) {
    return cache_prediction(whole_cache(run, network, setting), setting, network);
  }
  return one_device_cache(run, network, setting);
}

Prediction predict_state(const LlamaRun& run, const Network& network) {
  constexpr double kFloat = 4.0;
  const int layers = static_cast<int>(network.layers.size());
  const int devices = devices_used(run);
  if (devices > 1) return unmapped("how the layers are split over the devices is not stated");
  double elements = 0;
  for (int i = 0; i < layers; ++i) {
    const llm::RecurrentState& state = network.layers[static_cast<std::size_t>(i)].state;
    if (!state.empty())
      elements += static_cast<double>(state.state + (state.taps - 1) * state.channels);
  }
  if (elements <= 0) return unmapped("a network without recurrent state");
  return counted(run.own.slots * elements * kFloat * byte, Basis::stated, network);
}

}  // namespace rigor::evidence
