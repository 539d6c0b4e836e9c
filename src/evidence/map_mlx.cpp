// MLX rows: peak memory as mlx-lm prints it, in decimal GB. What each source runs:
// docs/models/14-mlx-memory.md.
#include <array>
#include <string>

#include "base/text.hpp"
#include "estimate/memory/inference_memory.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using estimate::Term;

/// "4bit", "q4", "q4 g32" or "bf16" as the catalogue names the recipe.
std::string recipe(const Row& row) {
  const std::string q = lower(row["quant"]);
  if (contains(q, "bf16") || contains(q, "fp16")) return "bf16";
  auto bits = number_before(q, "bit");
  if (!bits) bits = number_after(q, "q");
  if (!bits) return {};
  const std::string name = "mlx-" + std::to_string(static_cast<int>(*bits)) + "bit";
  const auto group = group_size(q);
  constexpr double kUsual = 64;
  return !group || *group == kUsual ? name : name + "-g" + std::to_string(static_cast<int>(*group));
}

/// A server that reports what is in use between requests: weights and nothing else.
bool reads_weights(const Row& row) {
  return row["engine"] == "vllm-mlx";
}

/// The sources print mx.get_peak_memory() / 1e9; only the server's figures were converted.
Bytes unit(const Row& row) {
  return reads_weights(row) ? GiB : GB;
}

workload::Inference inference(const Row& row) {
  constexpr int kPrompt = 512, kGenerated = 128;  // the largest test of mac-llm-bench
  workload::Inference result;
  result.prompt = count_of(row, "n_prompt", kPrompt);
  result.context = result.prompt + count_of(row, "n_gen", kGenerated);
  return result;
}

}  // namespace

bool accepts_mlx(const Row& row) {
  return is_memory_row(row) &&
         (row["engine"] == "mlx-lm" || row["engine"] == "mlx" || row["engine"] == "vllm-mlx");
}

Prediction predict_mlx(const Row& row, Siblings, Library& library) {
  if (!is_total(row)) return unmapped("a metric rigor does not predict for MLX");
  const std::string format = recipe(row);
  if (format.empty()) return unmapped("unknown storage format");
  const estimate::Network* network = library.network(row["model_id"], format);
  const workload::Engine* engine = library.engine("engine/mlx");
  if (network == nullptr || engine == nullptr)
    return unmapped("the catalogue has no such network or format");
  const hardware::Accelerator* known = library.device(row["device_id"]);
  const Gate gate{.memory = known != nullptr ? known->memory : Bytes{},
                  .weights = network->weights()};
  if (const auto reason = implausible(row, unit(row), gate)) return gated(*reason);
  const std::array<hardware::Accelerator, 1> devices = {known != nullptr ? *known
                                                                         : hardware::Accelerator{}};
  const hardware::Host host;
  const workload::Placement placement;
  const workload::Inference asked = inference(row);
  const estimate::InferenceCase input{
      *network, *engine, asked, placement, devices, host, workload::Backend::metal};
  estimate::MemoryEstimate memory;
  estimate::mlx_memory(input, memory);
  const estimate::DeviceMemory& device = memory.device[0];
  return mapped(reads_weights(row) ? device[Term::weights] : device.total(), unit(row), *network);
}

}  // namespace rigor::evidence
