// A workload on a rig, and the placement that answers it. Layer 6.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "estimate/memory/memory_estimate.hpp"
#include "estimate/network.hpp"
#include "hardware/part.hpp"
#include "place/own_rows.hpp"
#include "workload/engine.hpp"
#include "workload/workload.hpp"

namespace rigor::place {

/// Everything but the placement. The pointers and the spans must outlive the question.
struct Question {
  const estimate::Network* network = nullptr;
  const workload::Engine* engine = nullptr;
  workload::Workload workload = {};
  std::span<const hardware::Accelerator> accelerators = {};
  hardware::Host host = {};
  workload::Backend backend = workload::Backend::cuda;
  Bytes display_reserve = {};
  int display_device = -1;
  std::span<const OwnRow> own = {};          ///< measured on this rig; they correct speeds
  const estimate::Network* draft = nullptr;  ///< drafts for the network; null: none does
  workload::DraftTable drafts = {};          ///< what is taken where no acceptance is stated
};

struct Answer {
  workload::Placement placement = {};
  estimate::MemoryEstimate memory = {};
  estimate::Verdict verdict = {};
};

/// What one placement needs. No allocation.
/// Requires: `problem_with` is empty for it.
Answer evaluate(const Question& question, const workload::Placement& placement);

/// Why a placement is not legal for the question, in plain words; empty when it is.
std::string problem_with(const Question& question, const workload::Placement& placement);

/// The same for what the user fixed himself: degrees that do not divide heads, more devices than
/// there are.
std::string problem_with_wish(const Question& question);

/// The placement to use when the user gives none, or only part of one.
/// Inference: the fewest devices that fit, laid out as the engine does; with experts, those of the
/// fewest first layers go to the host when the devices alone do not hold them (llama.cpp).
/// Fine-tuning: all devices; the least sharding that fits, then the least offload.
/// If nothing fits: the one that comes nearest. Requires: `problem_with_wish` is empty.
Answer choose(const Question& question);

/// llama.cpp's own rule: device d takes the layers whose share of the stack lies within its share
/// of the devices' memory; the output head counts as one more layer at the end.
void split_layers(const Question& question, workload::Placement& placement);
/// The same by what else a device has: `share` of it is asked for every place of the placement.
void split_layers_by(const Question& question, workload::Placement& placement,
                     const std::function<double(int place)>& share);

/// Largest tensor-parallel degree up to `most` that an engine accepts: it divides the heads, and
/// either divides the key-value heads or is a multiple of them.
int tensor_degree(const llm::Architecture& architecture, int most);
/// Whether one degree is accepted.
bool tensor_degree_is_legal(const llm::Architecture& architecture, int degree);

namespace detail {
Answer choose_inference(const Question& question);
Answer choose_finetune(const Question& question);
int usable_devices(const Question& question);
/// Every placement that the engine can run and the user's wishes allow, on 1 to all devices.
std::vector<workload::Placement> inference_placements(const Question& question);
/// Of them, those on the first `count` devices. Requires: there is one.
std::vector<workload::Placement> inference_placements_on(const Question& question, int count);
/// The most devices one copy may use.
int most_devices(const Question& question);
std::vector<workload::Placement> training_placements(const Question& question);
}  // namespace detail

}  // namespace rigor::place
