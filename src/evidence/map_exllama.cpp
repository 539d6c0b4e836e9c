// ExLlama rows, all three generations: totals of nvidia-smi summed over cards, and torch's
// allocation. What each source states: docs/models/15-exllama-memory.md.
#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "estimate/memory/inference_memory.hpp"
#include "evidence/memory_row.hpp"
#include "llm/quantization.hpp"

namespace rigor::evidence {
namespace {

using estimate::Interval;
using estimate::Term;

bool is_v3(const Row& row) {
  return row["engine"] == "exllamav3";
}
bool is_v1(const Row& row) {
  return row["engine"] == "exllama";
}

std::string_view engine_id(const Row& row) {
  if (is_v1(row)) return "engine/exllama";
  if (!is_v3(row)) return "engine/exllamav2";
  constexpr Version kFirst{1, 0};
  return version_of(row["engine_version"]).value_or(kFirst) >= kFirst ? "engine/exllamav3"
                                                                      : "engine/exllamav3/0.0";
}

/// "exl3-4.0bpw-mul1" -> "exl3-4.0bpw"; "GPTQ 4bit g128" -> "gptq-4bit-g128".
std::string recipe(const Row& row) {
  const std::string q = lower(row["quant"]);
  if (number_before(q, "bpw")) {
    const std::size_t end = q.find("bpw");
    const std::size_t start = q.find_last_not_of("0123456789.", end - 1) + 1;
    return (is_v3(row) ? "exl3-" : "exl2-") + q.substr(start, end - start) + "bpw";
  }
  if (contains(q, "int8") || contains(q, "8bit")) return {};
  const auto group = group_size(q);
  return "gptq-4bit-g" + std::to_string(group ? static_cast<int>(*group) : 128);
}

workload::CacheType cache_type(const Row& row) {
  constexpr double kQ8 = 8.5 / 8, kQ4 = 4.5 / 8;
  const std::string_view kv = row.note("kv");
  if (kv == "q8" || kv == "q8_0") return {kQ8, true};
  if (kv == "q4" || kv == "q4_0") return {kQ4, true};
  return {};
}

/// Notes are cut at 200 characters: digits at the very end may be the beginning of a longer number.
bool is_cut(const Row& row, std::string_view value) {
  constexpr std::size_t kLongest = 200;
  const std::string_view notes = row["notes"];
  return notes.size() >= kLongest && !value.empty() && notes.ends_with(value);
}

std::int64_t context(const Row& row, const estimate::Network& network) {
  constexpr int kV1Default = 2048, kSpare = 8192, kUsual = 4096;
  if (is_v1(row)) return kV1Default;
  if (!is_v3(row)) return network.architecture.context > 0 ? network.architecture.context : kUsual;
  const int stated = count_note(row, "max_ctx", 0);
  const bool usable = stated > 0 && !is_cut(row, row.note("max_ctx"));
  return usable ? stated : count_of(row, "n_prompt", 0) + kSpare;
}

workload::Placement placement(const Row& row) {
  workload::Placement result;
  const int devices = std::clamp(count_note(row, "tp", count_of(row, "device_count", 1)), 1,
                                 workload::kMostDevices);
  result.devices = devices;
  if (is_v3(row)) {
    result.split = workload::Split::tensor;
    result.tensor = devices;
  } else {
    result.pipeline = devices;
  }
  for (int i = 0; i < devices; ++i)
    result.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  return result;
}

/// torch counts no context; nvidia-smi does.
Interval total(const Row& row, const estimate::MemoryEstimate& memory) {
  Interval sum;
  for (int i = 0; i < memory.devices; ++i) {
    const estimate::DeviceMemory& device = memory.device[static_cast<std::size_t>(i)];
    sum += device.total();
    const Interval& context = device[Term::runtime];
    if (is_v1(row)) sum += {-context.low, -context.expected, -context.high};
  }
  return sum;
}

/// Weights on the cards; the embedding may be elsewhere.
Bytes certain_weights(const estimate::Network& network) {
  return network.weights() - network.token_embedding - network.per_layer_embedding;
}

}  // namespace

bool accepts_exllama(const Row& row) {
  const std::string_view engine = row["engine"];
  return is_memory_row(row) &&
         (engine == "exllama" || engine == "exllamav2" || engine == "exllamav3");
}

Prediction predict_exllama(const Row& row, Siblings, Library& library) {
  if (!is_total(row)) return unmapped("a metric rigor does not predict for ExLlama");
  const std::string format = recipe(row);
  if (format.empty()) return unmapped("8-bit EXL2 file that the row does not describe");
  const estimate::Network* network = library.network(row["model_id"], format);
  const workload::Engine* engine = library.engine(engine_id(row));
  if (network == nullptr || engine == nullptr)
    return unmapped("the catalogue has no such network or format");
  const workload::Placement placed = placement(row);
  const hardware::Accelerator* known = library.device(row["device_id"]);
  const hardware::Accelerator card = known != nullptr ? *known : hardware::Accelerator{};
  const Gate gate{.memory = placed.devices * card.memory, .weights = certain_weights(*network)};
  if (const auto reason = implausible(row, GiB, gate)) return gated(*reason);
  workload::Inference asked;
  asked.context = context(row, *network);
  asked.key_type = asked.value_type = cache_type(row);
  const std::vector<hardware::Accelerator> cards(static_cast<std::size_t>(placed.devices), card);
  const hardware::Host host;
  const estimate::InferenceCase input{*network, *engine, asked, placed, cards, host};
  estimate::MemoryEstimate memory;
  estimate::exllama_memory(input, memory);
  return mapped(total(row, memory), GiB, *network);
}

}  // namespace rigor::evidence
