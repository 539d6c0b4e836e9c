// Rows of inference speed: what they measured, on what, with which settings. Layer 7.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "estimate/network.hpp"
#include "estimate/speed/speed_case.hpp"
#include "evidence/mapper.hpp"

namespace rigor::evidence {

/// decode, prefill: one stream. The others: `sequences` requests together.
enum class SpeedMetric : std::uint8_t {
  decode,
  prefill,
  output,
  total,
  prompts,
  first_token,
  per_token
};
std::string_view to_text(SpeedMetric metric);

/// Everything an estimate needs; pointers lead into the library.
struct SpeedRow {
  const Row* row = nullptr;
  SpeedMetric metric = SpeedMetric::decode;
  const estimate::Network* network = nullptr;
  const workload::Engine* engine = nullptr;
  std::vector<hardware::Accelerator> devices;
  hardware::Host host = {};
  workload::Inference inference = {};
  workload::Placement placement = {};
  workload::Backend backend = workload::Backend::cuda;
  estimate::SpeedScope scope = {};       ///< of the devices
  estimate::SpeedScope host_scope = {};  ///< of the processor, where it computes
  bool on_host = false;                  ///< the processor alone
  double tokens = 0;                     ///< of the prompt
  double answer = 0;                     ///< tokens generated for each request
  double sequences = 1;                  ///< requests at the same time
  double depth = 0;  ///< tokens in the cache before (prefill) or on average (decode)
  double scale = 1;  ///< stated size of the file / the recipe's
  BytesPerSecond link = {}, host_link = {};
  double measured = 0;              ///< tokens per second
  estimate::SpeedCase stages = {};  ///< made last; executors are put in when asked

  [[nodiscard]] std::string model() const { return std::string((*row)["model_id"]); }
};

bool is_speed_row(const Row& row);

/// The row as a question; or why it cannot be one.
struct ReadSpeedRow {
  std::unique_ptr<SpeedRow> question;  ///< null: not understood
  std::string reason;
};
ReadSpeedRow read_speed_row(const Row& row, Library& library);

/// Predicted tokens per second with these constants.
double predict(const SpeedRow& row, const estimate::SpeedConstants& device,
               const estimate::SpeedConstants& host);

/// Why no device can have done this: more bytes or operations per second than it has. Empty when
/// plausible.
std::string impossible(const SpeedRow& row);

bool accepts_speed(const Row& row);
Prediction predict_speed(const Row& row, Siblings siblings, Library& library);

}  // namespace rigor::evidence
