// Rows of Hugging Face transformers and of engines built on its models (AutoAWQ, AutoGPTQ): torch
// peaks, resident sets on a host, totals of nvidia-smi. What each figure means:
// docs/models/13-transformers-memory.md.
#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "estimate/memory/inference_shard.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using estimate::Interval;
using estimate::Term;

struct Setup {
  const estimate::Network* network = nullptr;
  const workload::Engine* engine = nullptr;
  workload::Inference inference = {};
  workload::Placement placement = {};
  hardware::Accelerator card = {};
};

bool is_qwen(const Row& row) {
  return contains(row["source"], "QwenLM/");
}
bool is_awq(const Row& row) {
  return contains(lower(row["quant"]), "awq");
}

/// Resident sets are those of CPU kernels, which hold no score matrix.
bool on_host(const Row& row) {
  return contains(row["metric"], "rss");
}

/// The page of Qwen3 measures after the prompt: its figures grow with the cache alone.
bool read_after_prompt(const Row& row) {
  constexpr Version kSince{4, 51};
  return is_qwen(row) && version_of(row["engine_version"]).value_or(Version{}) >= kSince;
}

std::string_view engine_id(const Row& row) {
  if (row["engine"] != "transformers") return "engine/transformers/autoawq";
  constexpr Version kWindowsKept{4, 56};
  return version_of(row["engine_version"]).value_or(Version{}) < kWindowsKept
             ? "engine/transformers/4.55"
             : "engine/transformers";
}

/// The four-bit engines hold four bits whatever the column says: it names the compute type.
std::string_view recipe(const Row& row) {
  const std::string q = lower(row["quant"]);
  const auto has = [&](std::string_view part) { return contains(q, part); };
  if (row["engine"] == "AutoGPTQ" || row["engine"] == "AutoAWQ") return "awq-4bit-g128";
  if (has("float32") || has("fp32")) return "fp32";
  if (has("gptq-int8")) return "gptq-8bit";
  if (has("fp8")) return "fp8";
  if (has("int8") || has("w8a8") || has("8bit")) return "int8";
  if (has("awq")) return group_size(q) == 32.0 ? "awq-4bit-g32" : "awq-4bit-g128";
  if (has("int4") || has("gptq") || has("4bit") || has("w4")) return "gptq-4bit-g128";
  if (q.empty() || has("bf16") || has("16")) return "bf16";
  return {};
}

void set_inference(const Row& row, Setup& setup) {
  constexpr int kShortPrompt = 512;  // where the row states none
  const int prompt = count_of(row, "n_prompt", kShortPrompt);
  workload::Inference& inference = setup.inference;
  inference.context = prompt + count_of(row, "n_gen", kShortPrompt);
  inference.prompt = read_after_prompt(row) ? 1 : prompt;
  inference.flash_attention = row["engine"] == "transformers" || on_host(row);
  inference.sequences =
      row["engine"] == "AutoAWQ" ? std::max(1, count_of(row, "concurrency", 1)) : 1;
  if (recipe(row) == "fp32") {
    inference.key_type.bytes_per_element = 4.0;
    inference.value_type.bytes_per_element = 4.0;
  }
}

void set_placement(const Row& row, Setup& setup) {
  const int devices = std::clamp(count_of(row, "device_count", 1), 1, workload::kMostDevices);
  setup.placement.devices = on_host(row) ? 0 : devices;
  setup.placement.pipeline = devices;
}

std::optional<std::string> read(const Row& row, Library& library, Setup& setup) {
  const std::string_view format = recipe(row);
  if (format.empty()) return "unknown storage format";
  setup.network = library.network(row["model_id"], format);
  setup.engine = library.engine(engine_id(row));
  if (setup.network == nullptr) return "the catalogue has no such network or format";
  if (setup.engine == nullptr) return "the catalogue has no such engine";
  if (const hardware::Accelerator* known = library.device(row["device_id"])) setup.card = *known;
  set_inference(row, setup);
  set_placement(row, setup);
  return std::nullopt;
}

/// torch's maximum counts tensors only; nvidia-smi also sees the context and what the allocator
/// holds.
Interval tensors_only(const estimate::DeviceMemory& memory, Bytes reserve) {
  Interval sum = memory.total();
  const Interval& context = memory[Term::runtime];
  sum += {-context.low, -context.expected - reserve, -context.high - reserve};
  return sum;
}

/// The AWQ figures of the page that measures after the prompt still hold queries, keys and values
/// of the prompt.
Bytes left_of_prompt(const Row& row, const Setup& setup) {
  if (!read_after_prompt(row) || !is_awq(row)) return {};
  const double queries = estimate::widths(setup.network->architecture).queries;
  return 2.0 * byte * row.number("n_prompt") * 3.0 * queries;
}

Interval total(const Row& row, const Setup& setup, const estimate::MemoryEstimate& memory) {
  if (memory.devices == 0) return memory.host.total();
  const bool driver_figure = row["metric"] == "mem_alloc_gib";
  const Bytes reserve = setup.engine->bytes(workload::Constant::allocator_reserve);
  Interval sum;
  for (int i = 0; i < memory.devices; ++i) {
    const estimate::DeviceMemory& device = memory.device[static_cast<std::size_t>(i)];
    sum += driver_figure ? device.total() : tensors_only(device, reserve);
  }
  const Bytes left = left_of_prompt(row, setup);
  sum += {left, left, left};
  return sum;
}

std::optional<std::string> not_described(const Row& row) {
  const std::string q = lower(row["quant"]);
  const bool full_precision = contains(q, "float32") || contains(q, "fp32");
  if (row["engine"] == "AutoGPTQ" && full_precision)
    return "weights are not held in the stated precision";
  return std::nullopt;
}

}  // namespace

bool accepts_transformers(const Row& row) {
  const std::string_view engine = row["engine"];
  return is_memory_row(row) &&
         (engine == "transformers" || engine == "AutoAWQ" || engine == "AutoGPTQ");
}

Prediction predict_transformers(const Row& row, Siblings, Library& library) {
  if (!is_total(row)) return unmapped("a metric rigor does not predict for transformers");
  if (const auto reason = not_described(row)) return unmapped(*reason);
  Setup setup;
  if (const auto reason = read(row, library, setup)) return unmapped(*reason);
  const int devices = setup.placement.devices;
  const Gate gate{.memory = devices * setup.card.memory, .weights = setup.network->weights()};
  if (const auto reason = implausible(row, GiB, gate)) return gated(*reason);
  const std::vector<hardware::Accelerator> cards(static_cast<std::size_t>(std::max(1, devices)),
                                                 setup.card);
  for (int i = 0; i < devices; ++i) {
    setup.placement.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  }
  const hardware::Host host;
  const estimate::InferenceCase input{*setup.network,  *setup.engine, setup.inference,
                                      setup.placement, cards,         host};
  estimate::MemoryEstimate memory;
  estimate::transformers_memory(input, memory);
  return mapped(total(row, setup, memory), GiB, *setup.network);
}

}  // namespace rigor::evidence
