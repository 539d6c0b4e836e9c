// The words that rows of speed use for engines, backends, storage formats and drivers. Layer 7.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "estimate/network.hpp"
#include "evidence/mapper.hpp"
#include "workload/engine.hpp"

namespace rigor::evidence {

struct EngineName {
  std::string_view words;   ///< the row's engine begins with this, in lower case
  std::string_view engine;  ///< whose efficiencies
  std::string_view id;      ///< whose layout
};
/// Null when there is no speed model for the row's engine.
const EngineName* engine_of(const Row& row);
/// As stated, else the one the device has.
std::optional<workload::Backend> backend_of(const Row& row);
/// Half year of the row's date: "2025-2"; a year alone counts as its second half.
std::string epoch_of(const Row& row);
/// The recipe that people mean by the row's words, without remarks; null when unknown.
const estimate::Network* speed_network(const Row& row, std::string_view engine, Library& library);
/// Drivers and libraries that rows name and that change speed by tens of percent: AMD's own Vulkan
/// driver beside Mesa's; ROCm without hipBLASLt. Empty: the usual one.
std::string driver_of(const Row& row, workload::Backend backend);

}  // namespace rigor::evidence
