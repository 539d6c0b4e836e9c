// Names of networks and frameworks in training rows.
#include <array>

#include "evidence/memory_row.hpp"
#include "evidence/training_setup.hpp"

namespace rigor::evidence {
namespace {

struct Name {
  std::string_view part;  ///< of the row's model, lower case
  std::string_view id;
};

/// Where rows name no catalogue id, or a fine-tuned variant: the base has the same dimensions.
/// Networks that see or hear are taken as their text network.
constexpr std::array kModels = {
    Name{"mixtral", "mixtral-8x7b"},
    Name{"mistral-7b", "mistral-7b-v0.1"},
    Name{"mistral 7b", "mistral-7b-v0.1"},
    Name{"llama-2-70", "llama-2-70b"},
    Name{"powerlm", "powerlm-3b"},
    Name{"santacoder", "santacoder"},
    Name{"granite-3.0-3b-a800m", "granite-3.0-3b-a800m"},
    Name{"moe-7b-1b-active", "moe-7b-1b-active-shared"},
    Name{"granite-4.0-tiny", "granite-4.0-tiny-preview"},
    Name{"qwen-1.8b", "qwen-1.8b"},
    Name{"qwen-1_8b", "qwen-1.8b"},
    Name{"qwen-7b", "qwen-7b"},
    Name{"qwen-14b", "qwen-14b"},
    Name{"qwen-72b", "qwen-72b"},
    Name{"qwen1half-7b", "qwen1.5-7b"},
    Name{"chatglm3", "chatglm3-6b"},
    Name{"baichuan2-7b", "baichuan2-7b"},
    Name{"baichuan2-13b", "baichuan2-13b"},
    Name{"openbuddy-zephyr", "openbuddy-zephyr-7b"},
    Name{"internlm-7b", "internlm-7b"},
    Name{"internlm-20b", "internlm-20b"},
    Name{"bert-base", "bert-base-cased"},
    Name{"bert-large", "bert-large-uncased"},
    Name{"llama2-1b", "tinyllama-1.1b"},
    Name{"apertus-8b", "apertus-8b"},
    Name{"afm-4.5b", "afm-4.5b"},
    Name{"hunyuan-0.5b", "hunyuan-0.5b"},
    Name{"internvl3_5-8b", "qwen3-8b"},
    Name{"mimo-7b", "mimo-7b"},
    Name{"ministral-8b", "ministral-8b"},
    Name{"olmo-3-7b", "olmo-3-7b"},
    Name{"plano-orch", "qwen3-4b"},
    Name{"seed-oss", "seed-oss-36b"},
    Name{"voxtral-mini", "voxtral-mini-3b"},
    Name{"smolvlm2", "smollm2-1.7b"},
    Name{"lfm2-vl-450m", "lfm2-350m"},
};

/// Looked for in framework and source; the first that is found counts.
constexpr std::array kEngines = {
    Name{"axolotl", "engine/axolotl"},
    Name{"ms-swift", "engine/ms-swift"},
    Name{"torchtune", "engine/torchtune"},
    Name{"deepspeed", "engine/deepspeed"},
    Name{"colossal", "engine/deepspeed"},
    Name{"internevo", "engine/deepspeed"},
    Name{"megatron", "engine/deepspeed"},
    Name{"unsloth open", "engine/unsloth"},
    Name{"unsloth equal", "engine/unsloth"},
    Name{"fsdp_qlora", "engine/fsdp"},
    Name{"titan", "engine/fsdp"},
};

}  // namespace

std::string training_model(const Facts& facts, Library& library) {
  const std::string_view model = facts["model"];
  for (const Name& name : kModels) {
    if (contains(model, name.part)) return std::string(name.id);
  }
  for (const std::string_view known : {facts["model_id"], model}) {
    if (!known.empty() && library.architecture(known) != nullptr) return std::string(known);
  }
  return {};
}

std::string_view training_engine(const Facts& facts) {
  const std::string both = std::string(facts["framework"]) + " " + std::string(facts["source"]);
  if (facts["framework"] == "fsdp") return "engine/fsdp";
  for (const Name& name : kEngines) {
    if (contains(both, name.part)) return name.id;
  }
  const bool zero = contains(facts["parallelism"], "zero");
  const bool unsloth = contains(facts["framework"], "unsloth");
  return zero ? "engine/deepspeed" : unsloth ? "engine/unsloth" : "engine/trl";
}

}  // namespace rigor::evidence
