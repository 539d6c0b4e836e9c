// Rows of inference speed: what they measured, on what, with which settings. Layer 7.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "estimate/network.hpp"
#include "estimate/speed/speculative.hpp"
#include "estimate/speed/speed_case.hpp"
#include "evidence/draft_words.hpp"
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

/// A measured time or rate that can be predicted from calibrated constants.
struct TimedRow {
  const Row* row = nullptr;
  estimate::SpeedScope scope = {};
  double measured = 0;
  const estimate::Network* network = nullptr;
  int devices_used = 1;
  /// May constants be fitted to it? Not to what depends on an acceptance that nobody stated.
  bool fitted = true;

  TimedRow() = default;
  TimedRow(const TimedRow&) = delete;
  TimedRow& operator=(const TimedRow&) = delete;
  virtual ~TimedRow() = default;
  /// In the unit of `measured`.
  [[nodiscard]] virtual double predict(const estimate::SpeedConstants& constants) const = 0;
  /// Group of its interval: "decode", "training", …
  [[nodiscard]] virtual std::string_view quantity() const = 0;
  /// Why no device can have done this: more bytes or operations per second than it has. Empty when
  /// plausible.
  [[nodiscard]] virtual std::string impossible() const = 0;
  /// What a rule of thumb takes for the most, for comparison: bandwidth / size of the file
  /// (decode), peak / (6 x parameters) per device (training); 0: there is no such rule.
  [[nodiscard]] virtual double thumb() const { return 0; }
  [[nodiscard]] std::string model() const { return std::string((*row)["model_id"]); }
};

/// Inference: everything an estimate needs; pointers lead into the library.
struct SpeedRow : TimedRow {
  SpeedMetric metric = SpeedMetric::decode;
  const workload::Engine* engine = nullptr;
  std::vector<hardware::Accelerator> devices;
  hardware::Host host = {};
  workload::Inference inference = {};
  workload::Placement placement = {};
  workload::Backend backend = workload::Backend::cuda;
  double tokens = 0;     ///< of the prompt
  double answer = 0;     ///< tokens generated for each request
  double sequences = 1;  ///< requests at the same time
  double requests = 1;   ///< sent at the same time; those beyond `sequences` wait
  double depth = 0;      ///< tokens in the cache before (prefill) or on average (decode)
  double limited = 1;    ///< share of its rate that a power limit leaves the device
  double scale = 1;      ///< stated size of the file / the recipe's
  double allocated = 0;  ///< tokens of context that the server was started with; 0: not stated
  BytesPerSecond link = {}, host_link = {};
  Drafted drafted = {};
  estimate::SpeedCase stages = {};        ///< made last; executors are put in when asked
  estimate::SpeedCase draft_stages = {};  ///< likewise, of what drafts

  [[nodiscard]] double predict(const estimate::SpeedConstants& constants) const override;
  /// The same with another acceptance of drafts.
  [[nodiscard]] double predict(const estimate::SpeedConstants& constants, double acceptance) const;
  /// "speculative" with drafts: their errors are a group of their own.
  [[nodiscard]] std::string_view quantity() const override {
    return drafted.tokens > 0 ? "speculative" : to_text(metric);
  }
  [[nodiscard]] double thumb() const override;
  [[nodiscard]] std::string impossible() const override;
  /// Why its cards cannot have held all that the row says they ran; empty when they can, or when
  /// that is not known.
  [[nodiscard]] std::string overflow() const;
};

bool is_speed_row(const Row& row);

/// The row as a question; or why it cannot be one.
struct ReadTimedRow {
  std::unique_ptr<TimedRow> question;  ///< null: not understood
  std::string reason;
};
ReadTimedRow read_speed_row(const Row& row, Library& library);
/// Rows of fine-tuning and training: rates, step times, utilisation.
bool is_training_speed_row(const Row& row);
ReadTimedRow read_training_speed_row(const Row& row, Library& library);

bool accepts_speed(const Row& row);
Prediction predict_speed(const Row& row, Siblings siblings, Library& library);

}  // namespace rigor::evidence
