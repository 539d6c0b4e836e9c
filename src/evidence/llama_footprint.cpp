#include "evidence/llama_footprint.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using workload::Backend;

std::optional<std::string> fine() {
  return std::nullopt;
}

Backend backend_of(const Row& row) {
  const std::string name = lower(row["backend"]);
  if (contains(name, "vulkan")) return Backend::vulkan;
  if (contains(name, "rocm") || contains(name, "hip")) return Backend::rocm;
  if (contains(name, "metal")) return Backend::metal;
  if (contains(name, "cpu")) return Backend::cpu;
  return Backend::cuda;
}

/// llama-bench makes a context for exactly the tokens of one test.
int test_tokens(const Row& row) {
  return count_of(row, "n_prompt", 0) + count_of(row, "n_gen", 0) +
         count_of(row, "context_depth", 0);
}

void use_devices(int devices, workload::Placement& placement) {
  placement.devices = std::min(devices, workload::kMostDevices);
  for (int i = 0; i < placement.devices; ++i) {
    placement.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  }
}

/// A machine whose processor and graphics share memory, read before and after: "peak GTT … VRAM …
/// (start GTT 14 VRAM 155)". The start is a desktop's; more is an earlier process that is being
/// freed.
std::optional<std::string> read_shared_memory(const LlamaRun& run, LlamaFootprint& out) {
  constexpr double kMostDesktopGtt = 20;
  constexpr double kMostDesktopVram = 300;
  constexpr double kUsualDesktopVram = 160;
  const Row& row = *run.own.row;
  const std::string_view notes = row["notes"];
  const std::string_view start = notes.substr(notes.find("start GTT"));
  const auto gtt = number_after(start, "start GTT");
  const auto vram = number_after(start, "VRAM");
  if (!gtt || !vram) return "what the desktop held is not stated";
  const double desktop = *vram > kMostDesktopVram ? kUsualDesktopVram : *vram;
  out.beside = (std::min(*gtt, kMostDesktopGtt) + desktop) * MiB;
  out.counts_pinned = true;
  out.reads_tables = contains(row.note("build"), "vulkan_");  // scripts that load without mmap
  const auto batch = number_after(notes, " b=-b");
  if (batch)
    out.inference.micro_batch = std::min(out.inference.micro_batch, static_cast<int>(*batch));
  out.inference.flash_attention = run.flash_attention.value_or(false);
  return fine();
}

/// Resident set of a process that maps its file: the whole file counts. Measured with a short test.
std::optional<std::string> read_resident_set(LlamaFootprint& out) {
  constexpr int kShortPrompt = 32;
  out.counts_pinned = out.maps_file = true;
  if (out.inference.context == 0) {
    out.inference.context = kShortPrompt;
    out.inference.micro_batch = kShortPrompt;
    out.inference.prompt = kShortPrompt;
  }
  return fine();
}

/// The context in the name of a run: "…_c32768_…".
int context_in_name(std::string_view id) {
  for (std::size_t at = id.find("_c"); at != std::string_view::npos; at = id.find("_c", at + 1)) {
    const auto number = number_after(id.substr(at), "_c");
    if (number) return static_cast<int>(*number);
  }
  return 0;
}

const llm::TensorType* cache_type(const Row& row) {
  const std::string_view name = row.note("kv");
  const bool is_default = name.empty() || name == "None" || name == "auto" || name == "fp16";
  return llm::find_cache_type(is_default ? "f16" : name);
}

/// Servers of 2026 open four slots that share one cache; "aggregate" runs ask for eight of their
/// own.
void set_slots(std::string_view id, workload::Inference& inference) {
  constexpr int kAutomatic = 4;
  constexpr int kAsked = 8;
  if (contains(id, "aggregate")) {
    inference.sequences = kAsked;
    inference.context /= kAsked;
  } else if (contains(id, "openai") || id.starts_with("sweep")) {
    inference.sequences = kAutomatic;
    inference.shared_cache = true;
  }
}

/// nvidia-smi over a rig that names its runs. Orchestrated runs fill all four cards with replicas,
/// sweeps print their largest card, others sum the cards of the run.
std::optional<std::string> read_named_run(const LlamaRun& run, LlamaFootprint& out) {
  constexpr int kCards = 4;
  const Row& row = *run.own.row;
  const std::string_view id = row.note("run_id");
  if (row["speculative"] == "1" || contains(id, "spec-mtp"))
    return "a draft model that the row does not describe";
  const llm::TensorType* type = cache_type(row);
  if (type == nullptr) return "an unknown type of cache";
  out.inference.key_type = out.inference.value_type = {
      .bytes_per_element = type->bits / 8.0 / type->elements, .quantized = type->elements > 1};
  const int stated = count_note(row, "max_ctx", context_in_name(id));
  if (stated > 0) out.inference.context = stated;
  if (out.inference.context == 0) return "the context length is not stated";
  set_slots(id, out.inference);
  const int ways = std::max(1, count_note(row, "tp", 1));
  use_devices(ways, out.placement);
  out.placement.split = workload::Split::tensor;
  out.placement.tensor = ways;
  if (id.starts_with("orch/")) {
    const int replicas = kCards / ways;
    out.times = replicas;
  } else {
    out.times = id.starts_with("sweep") ? 1.0 / ways : std::max(1, count_note(row, "inst", 1));
  }
  return fine();
}

}  // namespace

std::optional<std::string> read_footprint(const LlamaRun& run, LlamaFootprint& out) {
  const Row& row = *run.own.row;
  const std::string_view notes = row["notes"];
  if (run.own.offloads) return "part of the weights stays in host memory: how much is not stated";
  out.backend = backend_of(row);
  out.inference.context = test_tokens(row);
  out.inference.prompt =
      std::max(1, count_of(row, "n_prompt", 0) + count_of(row, "context_depth", 0));
  out.inference.flash_attention = run.flash_attention.value_or(true);
  use_devices(run.own.devices, out.placement);
  if (!row.note("run_id").empty()) return read_named_run(run, out);
  if (contains(notes, "peak RSS")) return read_resident_set(out);
  const bool is_server = row["n_prompt"].empty() && count_of(row, "context_depth", 0) == 0;
  if (out.inference.context == 0 || is_server) return "the context length is not stated";
  if (contains(notes, "start GTT")) return read_shared_memory(run, out);
  return fine();
}

}  // namespace rigor::evidence
