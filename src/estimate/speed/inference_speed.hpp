// How long a network takes for a prompt and for a step of generation: sums over kinds of
// operations, each the slower of reading and computing on the device that holds it, plus launches
// and what goes over links. Layer 5.
//
// Formulas, sources and errors: docs/models/30-inference-speed.md.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "estimate/operations.hpp"
#include "estimate/speed/speed_constants.hpp"
#include "units/quantity.hpp"
#include "workload/placement.hpp"

namespace rigor::estimate {

/// Something that computes: a device or the host, with what the program reaches on it.
struct Executor {
  BytesPerSecond bandwidth = {};
  FlopsPerSecond peak = {};   ///< multiply-add of matrices, 16-bit operands
  FlopsPerSecond plain = {};  ///< without matrix units, 32-bit
  SpeedConstants constants = {};
};

/// A way from one device to another.
struct SpeedLink {
  BytesPerSecond rate = {};  ///< one way; 0: as the whole case has it
  Seconds delay = {};        ///< of every message, beyond that of devices side by side
  bool is_network = false;   ///< between machines: `rate` is what programs reach of it
};

/// What one executor does of every step.
struct SpeedStage {
  const Executor* executor = nullptr;
  double layers = 1;   ///< share of the layers, without routed experts
  double experts = 1;  ///< share of the routed experts
  bool has_head = true;
  int ways = 1;  ///< matrices and heads are cut this many ways
  /// Its weights come over this link when many tokens are computed at once (experts of the host);
  /// 0: computed where they lie.
  BytesPerSecond fetched_over = {};
  SpeedLink inside = {};  ///< among the devices that share the stage
  SpeedLink next = {};    ///< to the next stage; from the last one back to the first
};

inline constexpr int kMostStages = workload::kMostDevices + 1;

struct SpeedCase {
  const Operations* operations = nullptr;
  std::array<SpeedStage, kMostStages> stage = {};
  int stages = 0;
  double key_bytes = 2, value_bytes = 2;  ///< of one cached element
  double micro_batch = 512;               ///< prompt tokens computed together
  BytesPerSecond link = {};               ///< where stages state none; 0: unknown
  bool overlaps = false;                  ///< stages work on different micro-batches (pipeline)
  bool splits_rows = false;               ///< outputs of every matrix meet on the first device
  bool flash_attention = true;            ///< else scores are written to memory
};

/// Where the time of a step goes.
enum class TimeTerm : std::uint8_t {
  attention,
  recurrent,
  feed_forward,
  experts,
  head,           ///< matrices, by operation
  cache,          ///< attention over cached tokens
  state,          ///< recurrent states
  launch,         ///< kernels
  communication,  ///< between devices
  network,        ///< between machines
  transfer,       ///< weights fetched from the host
  step,           ///< sampling and the program itself
};
inline constexpr int kTimeTerms = static_cast<int>(TimeTerm::step) + 1;
std::string_view to_text(TimeTerm term);

struct StepTime {
  std::array<Seconds, kTimeTerms> terms = {};
  Seconds& operator[](TimeTerm term) { return terms[static_cast<std::size_t>(term)]; }
  Seconds operator[](TimeTerm term) const { return terms[static_cast<std::size_t>(term)]; }
  [[nodiscard]] Seconds total() const;
  StepTime& operator+=(const StepTime& other);
};

/// One token for each of `sequences`, every one with `depth` tokens before it. No allocation.
StepTime decode_step(const SpeedCase& input, double sequences, double depth);

/// `run` tokens in a row for each of `sequences`, computed together: matrices see all of them, the
/// cache is read once. A run of 1 is `decode_step`. No allocation.
StepTime verify_step(const SpeedCase& input, double sequences, double run, double depth);

/// A prompt of `tokens` after `depth` tokens that are cached already. No allocation.
StepTime prefill(const SpeedCase& input, double tokens, double depth);

/// Requests of one kind that are served together.
struct Round {
  double sequences = 1;
  double prompt = 0, answer = 0;  ///< tokens of each
};
/// Time in which `sequences` requests are served: in the long run, under continuous batching, every
/// one costs its prompt once and all of them the common steps of an answer. No allocation.
Seconds round_time(const SpeedCase& input, const Round& round);

}  // namespace rigor::estimate
