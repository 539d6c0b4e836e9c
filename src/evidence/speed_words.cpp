#include "evidence/speed_words.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using workload::Backend;

constexpr std::array kEngines = {
    EngineName{"ik_llama.cpp", "ik_llama.cpp", "engine/llama.cpp"},
    EngineName{"llama.cpp fork", "llama.cpp fork", "engine/llama.cpp"},
    EngineName{"llama.cpp", "llama.cpp", "engine/llama.cpp"},
    EngineName{"ollama", "ollama", "engine/llama.cpp"},
    EngineName{"unsloth-studio", "llama.cpp", "engine/llama.cpp"},
    EngineName{"ktransformers", "ktransformers", "engine/llama.cpp"},
    EngineName{"vllm-mlx", "mlx", "engine/mlx"},
    EngineName{"vllm", "vllm", "engine/vllm"},
    EngineName{"sglang", "sglang", "engine/vllm"},
    EngineName{"tensorrt-llm", "tensorrt-llm", "engine/vllm"},
    EngineName{"mlx-vlm", "mlx-vlm", "engine/mlx"},
    EngineName{"mlx", "mlx", "engine/mlx"},
    EngineName{"omlx", "mlx", "engine/mlx"},
    EngineName{"exllama", "exllama", "engine/exllamav3"},
    EngineName{"gpt-fast", "torch", "engine/transformers"},
    EngineName{"torchao", "torch", "engine/transformers"},
    EngineName{"autoawq", "autoawq", "engine/transformers"},
    EngineName{"mlc-llm", "mlc-llm", "engine/transformers"},
};

}  // namespace

const EngineName* engine_of(const Row& row) {
  const std::string name = lower(row["engine"]);
  for (const EngineName& engine : kEngines) {
    if (name.starts_with(engine.words)) return &engine;
  }
  return nullptr;
}

std::optional<Backend> backend_of(const Row& row) {
  const std::string name = lower(row["backend"]);
  if (name.starts_with("cuda")) return Backend::cuda;
  if (name.starts_with("rocm")) return Backend::rocm;
  if (name.starts_with("vulkan") || name.starts_with("sycl")) return Backend::vulkan;
  for (const std::string_view metal : {"metal", "mtl", "mlx"}) {
    if (name.starts_with(metal)) return Backend::metal;
  }
  for (const std::string_view cpu : {"cpu", "zen4", "neon", "arm"}) {
    if (name.starts_with(cpu)) return Backend::cpu;
  }
  const std::string_view id = row["device_id"];
  if (id.find("apple") != id.npos) return Backend::metal;
  if (id.find("nvidia") != id.npos) return Backend::cuda;
  if (id.find("/amd/") != id.npos) return Backend::rocm;
  if (id.starts_with("cpu/")) return Backend::cpu;
  return std::nullopt;
}

std::string epoch_of(const Row& row) {
  const std::string_view date = row["date"];
  if (date.size() < 4) return {};
  const bool first = date.size() >= 7 && date.substr(5, 2) <= "06";
  return fmt::format("{}-{}", date.substr(0, 4), first ? 1 : 2);
}

const estimate::Network* speed_network(const Row& row, std::string_view engine, Library& library) {
  std::string name(row["quant"]);
  constexpr std::string_view kFile = "GGUF-";
  if (name.starts_with(kFile)) name.erase(0, kFile.size());
  for (const std::string_view stop : {" - ", " (", "-3.", "-4."}) {
    const std::size_t at = name.find(stop);
    if (at != name.npos && at > 2 && !name.starts_with("exl")) name.resize(at);
  }
  std::string plain = lower(name);
  for (const std::string_view tail : {"_r4", "_r8", "_r16"}) {
    if (plain.ends_with(tail)) plain.resize(plain.size() - tail.size());
  }
  const bool is_mlx = engine.starts_with("mlx") || row["quant"].find("(MLX)") != std::string::npos;
  if (is_mlx && plain.size() == 4 && plain.ends_with("bit")) plain = "mlx-" + plain;
  if (is_mlx && plain.size() >= 2 && plain.front() == 'q') {
    plain = fmt::format("mlx-{}bit{}", plain[1], plain.find("g32") != plain.npos ? "-g32" : "");
  }
  if (plain == "4-bit" || plain.starts_with("int4") || plain.starts_with("autoround") ||
      plain.starts_with("gptq"))
    plain = "gptq-4bit-g128";
  if (plain.starts_with("int8")) plain = "int8";
  if (plain.starts_with("awq")) plain = "awq-4bit-g128";
  if (plain.starts_with("fp8")) plain = "fp8";
  if (plain.starts_with("base") || plain.starts_with("bf16") || plain.starts_with("fp16/"))
    plain = "bf16";
  if (plain.starts_with("nvfp4")) plain = "nvfp4";
  if (plain.starts_with("exl3-")) plain = plain.substr(0, 8) + "bpw";
  if (plain.starts_with("exl2 ")) plain = "exl2-" + plain.substr(5, 3) + "bpw";
  if (plain == "q8_k_xl") plain = "ud-q8_k_xl";
  if (plain == "q6_k_xl") plain = "ud-q6_k_xl";
  return library.network(row["model_id"], plain);
}

std::string driver_of(const Row& row, Backend backend) {
  const std::string_view notes = row["notes"];
  if (backend == Backend::vulkan && contains(notes, "amdvlk")) return "amdvlk";
  if (backend != Backend::rocm) return {};
  const bool states_build = contains(notes, "build=llama.cpp-");
  const bool off = contains(notes, "hblt0") || (states_build && row.note("hipblaslt") != "1");
  return off ? "hblt0" : "";
}

}  // namespace rigor::evidence
