#include "evidence/llama_siblings.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "evidence/llama_threads.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using estimate::LlamaEpoch;
using estimate::Network;

double element_bytes(const llm::TensorType& type) {
  return type.bits / 8.0 / type.elements;
}

const llm::TensorType* cache_type(std::string_view name) {
  const llm::TensorType* type = llm::find_cache_type(name);
  RIGOR_ASSERT(type != nullptr);
  return type;
}

/// Key types and forms worth trying, likeliest first.
std::vector<CacheSetting> candidates(const LlamaRun& run, const Network& network) {
  struct Types {
    std::string_view keys, values;
  };
  constexpr std::array kUsual = {
      Types{"f16", "f16"},   Types{"q8_0", "q8_0"}, Types{"q4_0", "q4_0"},
      Types{"q8_0", "f16"},  Types{"q6_0", "q6_0"}, Types{"q4_0", "f16"},
      Types{"q8_0", "q6_0"}, Types{"q6_0", "f16"},  Types{"q5_0", "q5_0"}};
  const bool latent = network.architecture.mla.has_value();
  const bool mainline = epoch_of(run) != LlamaEpoch::ik_2025;
  std::vector<CacheForm> forms = {CacheForm::heads};
  if (latent && mainline) {
    forms = {epoch_of(run) == LlamaEpoch::b2800 ? CacheForm::expanded : CacheForm::latent};
  } else if (latent && run.flash_attention.value_or(true)) {
    forms = {CacheForm::latent, CacheForm::expanded, CacheForm::latent_and_transposed};
  } else if (latent) {
    forms = {CacheForm::expanded, CacheForm::latent, CacheForm::latent_and_transposed};
  }
  std::vector<CacheSetting> all;
  for (const Types& types : kUsual) {
    for (const CacheForm form : forms)
      all.push_back({form, cache_type(types.keys), cache_type(types.values)});
  }
  return all;
}

/// Types that the row or another row of the run states; forms stay open.
std::vector<CacheSetting> with_stated_types(std::vector<CacheSetting> all, const LlamaRow& row) {
  if (row.key_type == nullptr || row.value_type == nullptr) return all;
  std::vector<CacheSetting> kept;
  for (CacheSetting setting : all) {
    setting.keys = row.key_type;
    setting.values = row.value_type;
    const bool is_new = std::none_of(kept.begin(), kept.end(), [&](const CacheSetting& other) {
      return other.form == setting.form;
    });
    if (is_new) kept.push_back(setting);
  }
  return kept;
}

const LlamaRow* row_with_types(const LlamaRun& run) {
  if (run.own.key_type != nullptr) return &run.own;
  const auto found = std::find_if(run.others.begin(), run.others.end(),
                                  [](const LlamaRow& other) { return other.key_type != nullptr; });
  return found == run.others.end() ? nullptr : &*found;
}

/// What one layer takes when all take the same; nothing otherwise.
std::optional<Bytes> uniform_layer(const LlamaRun& run, const Network& network,
                                   const CacheSetting& setting) {
  const Bytes first = layer_cache(run, network, 0, setting);
  for (std::size_t i = 1; i < network.layers.size(); ++i) {
    if (layer_cache(run, network, i, setting) != first) return std::nullopt;
  }
  return first > Bytes{} ? std::optional(first) : std::nullopt;
}

/// The whole cache, as the log's other rows print it: as a sum or device by device.
std::optional<Bytes> printed_cache(const LlamaRun& run) {
  const auto totals = run.others_with(LlamaFigure::cache_total);
  if (!totals.empty()) return totals.front()->measured();
  if (run.own.figure != LlamaFigure::cache_total) return std::nullopt;
  std::map<std::string_view, Bytes> parts;
  for (const LlamaRow* part : run.others_with(LlamaFigure::cache))
    parts[part->buffer] = part->measured();
  if (parts.empty()) return std::nullopt;
  Bytes sum;
  for (const auto& [name, size] : parts) sum += size;
  return sum;
}

/// Whole layers in every cache buffer the log prints?
bool divides(const LlamaRun& run, const Network& network, const CacheSetting& setting) {
  constexpr double kRounding = 0.02;
  const auto layer = uniform_layer(run, network, setting);
  if (!layer) return false;
  double sum = 0;
  for (const LlamaRow* part : run.others_with(LlamaFigure::cache)) {
    const double count = part->measured() / *layer;
    if (count < 0.5 || std::abs(count - std::round(count)) > kRounding) return false;
    sum += std::round(count);
  }
  return sum > 0 && sum <= static_cast<double>(network.layers.size());
}

std::optional<CacheSetting> seen_in_log(const LlamaRun& run, const Network& network,
                                        const std::vector<CacheSetting>& all) {
  constexpr double kPrinted = 2e-4;  // digits of the log
  if (const auto whole = printed_cache(run)) {
    for (CacheSetting setting : all) {
      setting.basis = Basis::log;
      if (std::abs(whole_cache(run, network, setting) / *whole - 1) < kPrinted) return setting;
    }
  }
  for (CacheSetting setting : all) {
    setting.basis = Basis::log;
    if (divides(run, network, setting)) return setting;
  }
  return std::nullopt;
}

/// Layers by buffer, from the log's other cache buffers.
struct CountedLayers {
  std::map<int, int> devices;
  int host = 0;
  [[nodiscard]] int sum() const {
    int all = host;
    for (const auto& [index, count] : devices) all += count;
    return all;
  }
};

CountedLayers count_layers(const LlamaRun& run, const Network& network,
                           const CacheSetting& setting) {
  CountedLayers counted;
  const auto layer = uniform_layer(run, network, setting);
  if (!layer) return counted;
  for (const LlamaRow* part : run.others_with(LlamaFigure::cache)) {
    const int count = static_cast<int>(std::lround(part->measured() / *layer));
    if (part->on_device()) counted.devices[part->index] = count;
    if (part->on_host()) counted.host = count;
  }
  return counted;
}

/// The own buffer takes what the others leave, if it is the only one that is missing.
void add_rest(const LlamaRun& run, int layers, CountedLayers& counted) {
  const bool one_of_many = run.own.figure == LlamaFigure::cache && counted.sum() > 0;
  if (!one_of_many || counted.sum() >= layers) return;
  const bool is_host = run.own.on_host();
  if (is_host ? counted.host > 0 : counted.devices.contains(run.own.index)) return;
  CountedLayers filled = counted;
  (is_host ? filled.host : filled.devices[run.own.index]) = layers - counted.sum();
  for (const int index : run.named_devices()) {
    if (!filled.devices.contains(index)) return;
  }
  const bool gapless = filled.devices.empty() || filled.devices.rbegin()->first + 1 ==
                                                     static_cast<int>(filled.devices.size());
  if (gapless) counted = filled;
}

bool agrees(const CountedLayers& counted,
            const std::array<std::int16_t, workload::kMostDevices>& layers) {
  if (counted.host > 0) return false;
  return std::all_of(counted.devices.begin(), counted.devices.end(), [&](const auto& known) {
    return known.first < workload::kMostDevices &&
           layers[static_cast<std::size_t>(known.first)] == known.second;
  });
}

LayerPlan as_plan(const CountedLayers& counted, int devices) {
  LayerPlan plan{
      .known = true, .basis = Basis::log, .devices = devices, .host_layers = counted.host};
  for (const auto& [index, count] : counted.devices) {
    if (index < workload::kMostDevices)
      plan.layers[static_cast<std::size_t>(index)] = static_cast<std::int16_t>(count);
  }
  return plan;
}

/// Caches or computes in plain host memory: where devices work, that buffer is a pinned one.
/// Apple's devices know no pinned memory.
bool works_on_host(const LlamaRun& run) {
  if (contains((*run.own.row)["device_id"], "/apple/") || (*run.own.row)["backend"] == "Metal")
    return false;
  const auto works = [](const LlamaRow& row) {
    const bool working = row.figure == LlamaFigure::cache || row.figure == LlamaFigure::compute;
    return working && row.buffer == "CPU";
  };
  return works(run.own) || std::any_of(run.others.begin(), run.others.end(), works);
}

/// Pinned memory exists for devices only.
bool has_devices(const LlamaRun& run) {
  const auto pinned = [](const LlamaRow& row) { return row.buffer.ends_with("_Host"); };
  return run.own.has_graphics || pinned(run.own) ||
         std::any_of(run.others.begin(), run.others.end(), pinned);
}

/// By the row's own count, or because the log names every device.
bool count_is_known(const LlamaRun& run, int devices) {
  return run.own.devices == devices || static_cast<int>(run.named_devices().size()) == devices;
}

bool host_caches(const LlamaRun& run) {
  const auto caches = run.others_with(LlamaFigure::cache);
  return std::any_of(caches.begin(), caches.end(),
                     [](const LlamaRow* row) { return row->on_host(); });
}

}  // namespace

double cache_cells(const LlamaRun& run, const llm::LayerCache& cache) {
  const double context = run.own.context;
  const LlamaEpoch epoch = epoch_of(run);
  const bool cuts = epoch != LlamaEpoch::b2800 && epoch != LlamaEpoch::ik_2025;
  if (!cuts || cache.window == 0) return context;
  const Bytes kept =
      (static_cast<double>(cache.window) * run.own.slots + run.own.micro_batch) * byte;
  return std::min(context, round_up_to(kept, 256 * byte).in(byte));
}

Bytes layer_cache(const LlamaRun& run, const Network& network, std::size_t layer,
                  const CacheSetting& setting) {
  const llm::LayerCache& cache = network.layers[layer].cache;
  if (cache.empty()) return {};
  const double keys = element_bytes(*setting.keys);
  const double values = element_bytes(*setting.values);
  double cell = static_cast<double>(cache.keys) * keys + static_cast<double>(cache.values) * values;
  if (setting.form == CacheForm::expanded) {
    const llm::Mla& mla = llm::stated(network.architecture.mla);
    const int heads = network.architecture.layers[layer].heads;
    cell = heads * ((mla.nope_dim + mla.rope_dim) * keys + mla.v_dim * values);
  } else if (setting.form == CacheForm::latent_and_transposed) {
    constexpr double kHalf = 2.0;
    cell += llm::stated(network.architecture.mla).kv_rank * kHalf;
  }
  return cache_cells(run, cache) * cell * byte;
}

Bytes whole_cache(const LlamaRun& run, const Network& network, const CacheSetting& setting) {
  Bytes sum;
  for (std::size_t i = 0; i < network.layers.size(); ++i)
    sum += layer_cache(run, network, i, setting);
  return sum;
}

Bytes least_cache(const LlamaRun& run, const Network& network) {
  const llm::TensorType* small = cache_type("q4_0");
  return whole_cache(run, network, {CacheForm::heads, small, small});
}

CacheSetting cache_setting(const LlamaRun& run, const Network& network) {
  RIGOR_ASSERT(run.own.context > 0);
  std::vector<CacheSetting> all = candidates(run, network);
  const LlamaRow* stating = row_with_types(run);
  if (stating != nullptr) all = with_stated_types(std::move(all), *stating);
  if (const auto seen = seen_in_log(run, network, all)) return *seen;
  CacheSetting setting = all.front();
  const ThreadSettings* thread = thread_settings(run.locator());
  if (thread != nullptr && !thread->cache_type.empty()) {
    setting = {CacheForm::latent, cache_type(thread->cache_type), cache_type(thread->cache_type),
               Basis::thread};
  } else if (epoch_of(run) == LlamaEpoch::ik_2025 && all.size() > 1) {
    setting.basis = Basis::assumed;
    const Bytes chosen = whole_cache(run, network, setting);
    const bool compresses =
        run.flash_attention.value_or(false);  // what flash attention is turned on for
    for (const CacheSetting& other : all) {
      if (compresses && other.form != setting.form) continue;
      const double ratio = whole_cache(run, network, other) / chosen;
      setting.least = std::min(setting.least, ratio);
      setting.most = std::max(setting.most, ratio);
    }
  }
  return setting;
}

int LayerPlan::first(int device) const {
  int before = host_layers;
  for (int i = 0; i < device; ++i) before += on(i);
  return before;
}

int LayerPlan::on(int device) const {
  return device >= 0 && device < workload::kMostDevices ? layers[static_cast<std::size_t>(device)]
                                                        : 0;
}

int devices_used(const LlamaRun& run) {
  const std::vector<int> named = run.named_devices();
  if (named.empty()) return has_devices(run) && !works_on_host(run) ? run.own.devices : 0;
  const bool computes =
      run.own.figure == LlamaFigure::compute || !run.others_with(LlamaFigure::compute).empty();
  const bool whole_log = run.others.size() >= 2 && computes;
  if (whole_log && named.size() == 1 && named.front() == 0) return 1;
  return std::min(workload::kMostDevices, std::max(run.own.devices, named.back() + 1));
}

LayerPlan layer_plan(const LlamaRun& run, const Network& network, const CacheSetting& setting) {
  const int layers = static_cast<int>(network.layers.size());
  const int devices = devices_used(run);
  if (devices == 0) return {.known = true, .basis = Basis::stated, .host_layers = layers};
  CountedLayers counted = count_layers(run, network, setting);
  add_rest(run, layers, counted);
  if (counted.sum() == layers) return as_plan(counted, devices);
  if (run.own.figure == LlamaFigure::cache && run.own.on_host() && counted.sum() == 0) {
    if (run.others.empty()) return {.devices = devices};
    return {.known = true, .basis = Basis::log, .devices = devices, .host_layers = layers};
  }
  LayerPlan plan{
      .known = true, .devices = devices, .layers = estimate::equal_layers(layers, devices)};
  plan.basis = run.others.empty() ? Basis::stated : Basis::log;
  if (devices == 1) plan.known = !host_caches(run);
  if (devices > 1) {
    plan.known =
        count_is_known(run, devices) && !run.own.mixed_devices && agrees(counted, plan.layers);
  }
  return plan;
}

bool keeps_experts_on_host(const LlamaRun& run) {
  constexpr Bytes kMoreThanEmbedding = 4 * GiB;
  if (run.own.offloads) return true;
  return std::any_of(run.others.begin(), run.others.end(), [&](const LlamaRow& other) {
    return other.figure == LlamaFigure::weights && other.on_host() &&
           other.measured() > kMoreThanEmbedding;
  });
}

}  // namespace rigor::evidence
