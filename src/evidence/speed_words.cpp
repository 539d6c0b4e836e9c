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

struct RecipeWords {
  std::string_view words;   ///< the row's words begin with this
  std::string_view recipe;  ///< of the catalogue
};
constexpr std::array kRecipes = {
    RecipeWords{"4-bit awq", "awq-4bit-g128"},
    RecipeWords{"4-bit", "gptq-4bit-g128"},
    RecipeWords{"int4", "gptq-4bit-g128"},
    RecipeWords{"autoround", "gptq-4bit-g128"},
    RecipeWords{"gptq-int8", "gptq-8bit"},
    RecipeWords{"gptq (int8)", "gptq-8bit"},
    RecipeWords{"gptq", "gptq-4bit-g128"},
    RecipeWords{"int8", "int8"},
    RecipeWords{"awq", "awq-4bit-g128"},
    RecipeWords{"fp8", "fp8"},
    RecipeWords{"base", "bf16"},
    RecipeWords{"bf16", "bf16"},
    RecipeWords{"fp16/", "bf16"},
    RecipeWords{"nvfp4", "nvfp4"},
    RecipeWords{"q8_k_xl", "ud-q8_k_xl"},
    RecipeWords{"q8_k", "q8_0"},
    RecipeWords{"q6_k_xl", "ud-q6_k_xl"},
};

/// Lower case, without remarks ("IQ3_S - 3.4375 bpw", "MXFP4 (default tag)") and without the tail
/// of repacked formats.
std::string plain_words(std::string_view quantization) {
  constexpr std::string_view kFile = "GGUF-";
  if (quantization.starts_with(kFile)) quantization.remove_prefix(kFile.size());
  std::string plain = lower(quantization);
  const bool has_bits = plain.starts_with("exl");  // "exl3-4.0bpw"
  for (const std::string_view stop : {" - ", " (", "-3.", "-4."}) {
    const std::size_t at = plain.find(stop);
    if (at != plain.npos && at > 2 && !has_bits) plain.resize(at);
  }
  for (const std::string_view tail : {"_r4", "_r8", "_r16"}) {
    if (plain.ends_with(tail)) plain.resize(plain.size() - tail.size());
  }
  return plain;
}

/// "4bit" and "q4 g32" of MLX; empty when the words are no such format.
std::string mlx_recipe(const std::string& plain) {
  if (plain.size() == 4 && plain.ends_with("bit")) return "mlx-" + plain;
  if (plain.size() < 2 || plain.front() != 'q') return {};
  return fmt::format("mlx-{}bit{}", plain[1], contains(plain, "g32") ? "-g32" : "");
}

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
  const std::string plain = plain_words(row["quant"]);
  const bool is_mlx = engine.starts_with("mlx") || contains(row["quant"], "(MLX)");
  if (is_mlx) {
    const std::string recipe = mlx_recipe(plain);
    if (!recipe.empty()) return library.network(row["model_id"], recipe);
  }
  if (plain.starts_with("exl3-"))
    return library.network(row["model_id"], plain.substr(0, 8) + "bpw");
  if (plain.starts_with("exl2 "))
    return library.network(row["model_id"], "exl2-" + plain.substr(5, 3) + "bpw");
  const std::string whole = lower(row["quant"]);
  for (const RecipeWords& words : kRecipes) {
    if (plain.starts_with(words.words) || whole.starts_with(words.words))
      return library.network(row["model_id"], words.recipe);
  }
  return library.network(row["model_id"], plain);
}

std::string driver_of(const Row& row, Backend backend) {
  const std::string_view notes = row["notes"];
  if (backend == Backend::vulkan && contains(notes, "amdvlk")) return "amdvlk";
  if (backend != Backend::rocm) return {};
  const bool states_build = contains(notes, "build=llama.cpp-");
  const bool off = contains(notes, "hblt0") || (states_build && row.note("hipblaslt") != "1");
  // Builds without rocWMMA have slow attention for prompts.
  if (contains(notes, "build=llama.cpp-hip")) return off ? "hip-hblt0" : "hip";
  return off ? "hblt0" : "";
}

}  // namespace rigor::evidence
