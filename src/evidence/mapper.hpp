// From a measured row to an estimate: each mapper knows the rows of some engines or frameworks and
// turns their columns and notes into the estimator's own inputs. Nothing is tuned per row. Layer 7.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog/catalog.hpp"
#include "estimate/network.hpp"
#include "estimate/speed/calibration.hpp"
#include "evidence/row.hpp"
#include "hardware/part.hpp"
#include "workload/engine.hpp"
#include "workload/inference.hpp"

namespace rigor::evidence {

/// What mappers look things up in; results are kept, a table asks for the same names again and
/// again.
class Library {
 public:
  explicit Library(const catalog::Catalog& catalog) : catalog_(catalog) {}
  /// With a calibration, rows of speed are predicted too. It must outlive the library.
  Library(const catalog::Catalog& catalog, const estimate::Calibration& calibration)
      : catalog_(catalog), calibration_(&calibration) {}

  /// Null when the catalogue has no such architecture.
  const llm::Architecture* architecture(std::string_view model_id);
  /// Null when unknown. `name` as rows spell it ("Q4_K_M", "AWQ-4bit", "BF16").
  const llm::Quantization* quantization(std::string_view name);
  /// The network of both; null when one is unknown.
  const estimate::Network* network(std::string_view model_id, std::string_view quantization);
  /// Null when the catalogue has no such device.
  const hardware::Accelerator* device(std::string_view device_id);
  /// A processor with all its channels filled at their guaranteed speed; null when unknown.
  const hardware::Host* processor(std::string_view id);
  /// Null when unknown. "engine/vllm", "engine/llama.cpp/…".
  const workload::Engine* engine(std::string_view id);
  /// What is taken for drafts when rows do not say; empty without such an entry.
  const workload::DraftTable& drafts();
  [[nodiscard]] const estimate::Calibration* calibration() const { return calibration_; }
  [[nodiscard]] const catalog::Catalog& catalog() const { return catalog_; }
  /// From now on this one is meant by its id: a rig may state more of a part than the catalogue.
  void use(const hardware::Accelerator& device) { devices_[device.id] = device; }
  void use(const hardware::Host& host) { processors_[host.id] = host; }
  /// Resolved once for every scope. Requires: there is a calibration.
  const estimate::SpeedConstants& constants(const estimate::SpeedScope& scope);

 private:
  template <class T>
  using Cache = std::unordered_map<std::string, std::optional<T>>;
  const catalog::Catalog& catalog_;
  Cache<llm::Architecture> architectures_;
  Cache<llm::Quantization> quantizations_;
  Cache<estimate::Network> networks_;
  Cache<hardware::Accelerator> devices_;
  Cache<hardware::Host> processors_;
  Cache<workload::Engine> engines_;
  std::optional<workload::DraftTable> drafts_;
  const estimate::Calibration* calibration_ = nullptr;
  std::unordered_map<std::string, estimate::SpeedConstants> constants_;
};

/// Rows of the same log as the row in question (same locator), the row itself included: device
/// splits are inferred from them. A row alone must still be answered as well as can be.
using Siblings = std::span<const Row* const>;

struct Mapper {
  std::string_view name;
  /// Does this mapper speak for the row?
  bool (*accepts)(const Row& row);
  Prediction (*predict)(const Row& row, Siblings siblings, Library& library);
};

/// Every mapper, first match wins.
std::span<const Mapper> mappers();

}  // namespace rigor::evidence
