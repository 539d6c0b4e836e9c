#include <algorithm>

#include "place/remedy.hpp"
#include "place/solve.hpp"

namespace rigor::place {
namespace {

constexpr std::int64_t kMostBatch = 4096;
constexpr std::int64_t kNoLimit = 1 << 24;

bool fits(const Question& question) {
  return choose(question).verdict.fit == estimate::Fit::fits;
}

}  // namespace

std::optional<std::int64_t> largest_context(const Question& question) {
  Question trial = question;
  const bool training = question.workload.kind == workload::Kind::finetune;
  const std::int64_t limit = question.network->architecture.context > 0
                                 ? question.network->architecture.context
                                 : kNoLimit;
  return largest(kContextStep, std::max(limit, kContextStep), kContextStep,
                 [&](std::int64_t context) {
                   if (training) {
                     trial.workload.finetune.sequence = static_cast<int>(context);
                   } else {
                     trial.workload.inference.context = context;
                   }
                   return fits(trial);
                 });
}

std::optional<std::int64_t> largest_batch(const Question& question) {
  Question trial = question;
  const bool training = question.workload.kind == workload::Kind::finetune;
  return largest(1, kMostBatch, 1, [&](std::int64_t count) {
    (training ? trial.workload.finetune.micro_batch : trial.workload.inference.sequences) =
        static_cast<int>(count);
    return fits(trial);
  });
}

std::optional<std::string> best_quantization(const Question& question,
                                             const Alternatives& alternatives) {
  if (!alternatives.network) return std::nullopt;
  Question trial = question;
  for (const std::string& name : alternatives.quantizations) {
    trial.network = alternatives.network(name);
    if (trial.network != nullptr && fits(trial)) return name;
  }
  return std::nullopt;
}

std::optional<int> fewest_devices(const Question& question, const hardware::Accelerator& device) {
  Question trial = question;
  trial.workload.wish.devices.reset();
  trial.display_device = -1;
  const std::vector<hardware::Accelerator> row(workload::kMostDevices, device);
  for (int count = 1; count <= workload::kMostDevices; ++count) {
    trial.accelerators = std::span(row).first(static_cast<std::size_t>(count));
    if (problem_with_wish(trial).empty() && fits(trial)) return count;
  }
  return std::nullopt;
}

}  // namespace rigor::place
