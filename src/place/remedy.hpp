// "No" is an answer with a way out: single changes that would make a workload fit, cheapest first,
// and the extreme values that still fit. Layer 6.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "place/question.hpp"

namespace rigor::place {

/// The same network stored otherwise; null when unknown. Kept alive by the caller.
using NetworkSource = std::function<const estimate::Network*(const std::string& quantization)>;

/// What the ways out may draw on.
struct Alternatives {
  NetworkSource network;                           ///< may be empty: quantization is not offered
  std::vector<std::string> quantizations;          ///< from best to smallest
  std::span<const hardware::Accelerator> devices;  ///< other accelerators, from cheapest to dearest
};

struct Remedy {
  std::string change;  ///< "--kv-type q8_0": words a user can act on
  std::string effect;  ///< "fits with 3.2 GB to spare"
  estimate::Fit fit = estimate::Fit::does_not_fit;
  Bytes total = {};  ///< expected total of the binding device after the change
};

/// Changes to settings, then to storage, then to placement, then to hardware; those that fit first,
/// at most `most`. Empty when the answer fits.
std::vector<Remedy> remedies(const Question& question, const Answer& answer,
                             const Alternatives& alternatives, std::size_t most = 6);

/// Cells and blocks are allocated in these steps; a solved context is a multiple.
inline constexpr std::int64_t kContextStep = 256;

/// The largest context (multiple of 256, at most the network's own limit) that fits with every
/// placement choice.
std::optional<std::int64_t> largest_context(const Question& question);
/// The largest number of sequences (inference) or micro-batch (fine-tuning) that fits, up to 4096.
std::optional<std::int64_t> largest_batch(const Question& question);
/// The first of the quantizations that fits.
std::optional<std::string> best_quantization(const Question& question,
                                             const Alternatives& alternatives);
/// The fewest devices like `device` that fit, up to 16.
std::optional<int> fewest_devices(const Question& question, const hardware::Accelerator& device);

}  // namespace rigor::place
