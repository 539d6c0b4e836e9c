// Fitted efficiencies. Each factor is a product of effects: a general value, the backend's, the
// engine's, its epoch's, the device family's, the device's. What was never measured has the effect
// 1, so an unseen device gets its family's value. Layer 5.
//
// The table is calibration/speed.csv, written by tools/calibrate; method:
// docs/models/32-calibration.md.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "estimate/power/power_calibration.hpp"
#include "estimate/speed/speed_constants.hpp"

namespace rigor::estimate {

/// Which measurements a factor is drawn from.
struct SpeedScope {
  std::string engine;        ///< "llama.cpp", "vllm", …
  std::string backend;       ///< "cuda", "rocm", "vulkan", "metal", "cpu", …
  std::string program = {};  ///< that drives the engine, where rows name one
  std::string epoch;         ///< half year of the engine's build, "2025-2"; empty: current
  std::string kind = {};     ///< of device, by its memory: "gddr", "hbm", "unified", "dimm"
  std::string family;        ///< the device's architecture, "ada lovelace"
  std::string device;        ///< catalogue id
  std::string driver = {};   ///< of several that a backend may run on: "amdvlk", "hblt0"
  bool flash_attention = true;
  bool quantized_cache = false;
};

/// How near the evidence is.
enum class Support : std::uint8_t { device, family, extrapolated };
std::string_view to_text(Support support);

/// One level of a factor: its key in the table.
struct EffectKey {
  enum class Level : std::uint8_t {
    general,
    backend,
    engine,
    epoch,
    kind,
    family,
    kernel_family,
    device,
    setting,
    program
  };
  Level level = Level::general;
  std::string text;
};
/// The effects whose product a factor is.
std::vector<EffectKey> effect_keys(Factor factor, const SpeedScope& scope);

/// Groups whose held-out rows may speak for a scope, nearest first. Known devices were held out by
/// network, others by device.
std::vector<std::string> range_keys(std::string_view metric, const SpeedScope& scope,
                                    Support support);

/// Value of a factor before anything is measured.
double prior_value(Factor factor);

/// Lowest and highest measured/estimated of held-out rows, 5th and 95th percentile.
struct SpeedRange {
  double low = 0.5, high = 2.0;
  int rows = 0;
};

class Calibration {
 public:
  /// The text of calibration/speed.csv. Errors name the line.
  static Result<Calibration> parse(std::string_view csv);

  /// An empty epoch is the newest that was fitted; one that was not is the newest before it.
  [[nodiscard]] SpeedConstants resolve(SpeedScope scope) const;
  /// Natural logarithm of one effect; 0 when it was not fitted.
  [[nodiscard]] double effect(const std::string& key) const;
  void set_effect(const std::string& key, double logarithm, int rows);
  [[nodiscard]] int rows(const std::string& key) const;

  /// Decode and prefill rows the device or its family was fitted on.
  [[nodiscard]] Support support(const SpeedScope& scope) const;
  [[nodiscard]] int support_rows(const SpeedScope& scope) const;
  /// Of the nearest group with enough held-out rows. `metric`: "decode", "prefill", …
  [[nodiscard]] SpeedRange range(std::string_view metric, const SpeedScope& scope) const;
  void set_range(const std::string& key, SpeedRange range);

  /// What limits do and what cards draw; a table of its own, fitted apart.
  [[nodiscard]] const PowerCalibration& power() const { return power_; }
  void set_power(PowerCalibration power) { power_ = std::move(power); }

 private:
  struct Fitted {
    double logarithm = 0;
    int rows = 0;
  };
  std::unordered_map<std::string, Fitted> effects_;
  std::unordered_map<std::string, SpeedRange> ranges_;
  std::map<std::string, std::vector<std::string>> epochs_;  // by engine/backend
  PowerCalibration power_;
};

}  // namespace rigor::estimate
