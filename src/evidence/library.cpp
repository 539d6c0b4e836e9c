#include <utility>

#include "base/text.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/drafting_entry.hpp"
#include "catalog/engine_entry.hpp"
#include "catalog/parts.hpp"
#include "catalog/quantization_entry.hpp"
#include "evidence/mapper.hpp"

namespace rigor::evidence {
namespace {

/// Looks `key` up, making the value the first time; null when it cannot be made.
template <class Cache, class Make>
const typename Cache::mapped_type::value_type* cached(Cache& cache, std::string_view key,
                                                      const Make& make) {
  const auto [place, is_new] = cache.try_emplace(std::string(key));
  auto& slot = place->second;
  if (is_new) slot = make();
  return slot.has_value() ? &*slot : nullptr;
}

template <class T>
std::optional<T> kept(Result<T> result) {
  return result ? std::optional<T>(std::move(*result)) : std::nullopt;
}

/// The entry of this id, else the one that people mean by this name.
const catalog::Entry* find_entry(const catalog::Catalog& catalog, const std::string& kind,
                                 std::string_view name) {
  const Result<const catalog::Entry*> exact = catalog.entry(kind + "/" + lower(name));
  if (exact) return *exact;
  return catalog.find(name, kind).value_or(nullptr);
}

}  // namespace

const llm::Architecture* Library::architecture(std::string_view model_id) {
  return cached(architectures_, model_id, [&]() -> std::optional<llm::Architecture> {
    const catalog::Entry* entry = find_entry(catalog_, "architecture", model_id);
    if (entry == nullptr) return std::nullopt;
    return kept(catalog::to_architecture(*entry));
  });
}

const llm::Quantization* Library::quantization(std::string_view name) {
  return cached(quantizations_, name, [&]() -> std::optional<llm::Quantization> {
    constexpr std::string_view kPrefix = "GGUF-";
    const std::string_view plain = name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
    const catalog::Entry* entry = find_entry(catalog_, "quantization", plain);
    if (entry == nullptr) return std::nullopt;
    return kept(catalog::to_quantization(*entry));
  });
}

const estimate::Network* Library::network(std::string_view model_id,
                                          std::string_view quantization_name) {
  const std::string key = std::string(model_id) + "\n" + std::string(quantization_name);
  return cached(networks_, key, [&]() -> std::optional<estimate::Network> {
    const llm::Architecture* a = architecture(model_id);
    const llm::Quantization* q = quantization(quantization_name);
    if (a == nullptr || q == nullptr) return std::nullopt;
    return estimate::make_network(*a, *q);
  });
}

const hardware::Accelerator* Library::device(std::string_view device_id) {
  return cached(devices_, device_id, [&]() -> std::optional<hardware::Accelerator> {
    if (device_id.empty()) return std::nullopt;
    Result<const catalog::Entry*> entry = catalog_.entry(device_id);
    if (!entry) entry = catalog_.find(device_id);
    if (!entry) return std::nullopt;
    Diagnostics diagnostics;
    hardware::Accelerator made = catalog::to_accelerator(**entry, diagnostics);
    if (diagnostics.has_errors()) return std::nullopt;
    return made;
  });
}

const hardware::Host* Library::processor(std::string_view id) {
  return cached(processors_, id, [&]() -> std::optional<hardware::Host> {
    Result<const catalog::Entry*> entry = catalog_.entry(id);
    if (!entry) entry = catalog_.find(id, "cpu");
    if (!entry) return std::nullopt;
    Diagnostics diagnostics;
    const catalog::ProcessorFacts facts = catalog::to_processor(**entry, diagnostics);
    hardware::Host host;
    host.processor = (*entry)->name;
    host.id = (*entry)->id;
    host.architecture = facts.architecture;
    host.cores = facts.cores;
    host.bandwidth = catalog::host_bandwidth(facts, facts.channels, facts.memory_speed);
    if (diagnostics.has_errors() || host.cores <= 0) return std::nullopt;
    return host;
  });
}

const workload::Engine* Library::engine(std::string_view id) {
  return cached(engines_, id, [&]() -> std::optional<workload::Engine> {
    const Result<const catalog::Entry*> entry = catalog_.entry(id);
    if (!entry) return std::nullopt;
    return kept(catalog::to_engine(**entry));
  });
}

const workload::DraftTable& Library::drafts() {
  if (!drafts_) drafts_ = catalog::draft_table(catalog_).value_or(workload::DraftTable{});
  return *drafts_;
}

const estimate::SpeedConstants& Library::constants(const estimate::SpeedScope& scope) {
  std::string key = scope.engine + "\n" + scope.backend + "\n" + scope.epoch + "\n" + scope.family +
                    "\n" + scope.device + "\n" + scope.driver + "\n" + scope.program;
  key += scope.flash_attention ? 'f' : '-';
  key += scope.quantized_cache ? 'q' : '-';
  const auto [place, is_new] = constants_.try_emplace(std::move(key));
  if (is_new) place->second = calibration_->resolve(scope);
  return place->second;
}

}  // namespace rigor::evidence
