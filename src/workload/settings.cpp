#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

#include "base/text.hpp"
#include "llm/quantization.hpp"
#include "units/unit_text.hpp"
#include "workload/setting_words.hpp"
#include "workload/workload.hpp"

namespace rigor::workload {
namespace {

constexpr double kMany = 1e15;

/// A whole number within [low, high] into `target`; "32k" is 32768.
template <class T>
std::string whole(T& target, std::string_view text, long long low, long long high) {
  const bool kibi = text.ends_with('k') || text.ends_with('K');
  const Result<double> number = parse_number(kibi ? text.substr(0, text.size() - 1) : text);
  const double value =
      number ? *number * (kibi ? 1024 : 1) : std::numeric_limits<double>::quiet_NaN();
  const bool fits = value >= static_cast<double>(low) && value <= static_cast<double>(high);
  if (!fits || value != static_cast<double>(static_cast<long long>(value))) {
    return fmt::format("\"{}\" is no whole number from {} to {}", text, low, high);
  }
  target = static_cast<T>(value);
  return {};
}

template <class T>
std::string whole(std::optional<T>& target, std::string_view text, long long low, long long high) {
  T value = {};
  std::string problem = whole(value, text, low, high);
  if (problem.empty()) target = value;
  return problem;
}

std::string number(std::optional<double>& target, std::string_view text, double low, double high) {
  const Result<double> value = parse_number(text);
  if (!value || *value < low || *value > high) {
    return fmt::format("\"{}\" is no number from {} to {}", text, low, high);
  }
  target = *value;
  return {};
}

/// "300" or "300 W", of each card.
std::string power_limit(Workload& w, std::string_view text) {
  constexpr Watts kLeast = 10 * watt, kMost = 2000 * watt;
  const Result<double> bare = parse_number(text);
  const Result<Watts> value = bare ? Result<Watts>(*bare * watt) : parse_watts(text);
  if (!value || *value < kLeast || *value > kMost)
    return fmt::format("\"{}\" is no number of watts from 10 to 2000", text);
  w.power_limit = *value;
  return {};
}

std::string on_off(bool& target, std::string_view text) {
  if (text != "on" && text != "off" && text != "true" && text != "false") {
    return fmt::format("\"{}\" is neither on nor off", text);
  }
  target = text == "on" || text == "true";
  return {};
}

/// Remembers that the user fixed what a search would vary; hands the problem on.
std::string noted(Workload& w, std::string_view setting, std::string problem) {
  if (problem.empty() && !w.is_given(setting)) w.given.push_back(setting);
  return problem;
}

/// One of the names a parser knows.
template <class T, class Target>
std::string word(Target& target, std::string_view text, std::optional<T> (*parse)(std::string_view),
                 std::string_view names) {
  const std::optional<T> value = parse(text);
  if (!value) return fmt::format("\"{}\" is unknown; one of: {}", text, names);
  if constexpr (std::is_same_v<Target, T>) {
    target = *value;
  } else {
    target = value;
  }
  return {};
}

std::string cache_type(CacheType& target, std::string_view text) {
  const llm::TensorType* type = llm::find_cache_type(text);
  if (type == nullptr)
    return fmt::format(
        "\"{}\" is no cache type; one of: f32, f16, bf16, fp8, q8_0, q5_1, q5_0, q4_1, q4_0, "
        "iq4_nl",
        text);
  target.bytes_per_element = static_cast<double>(type->bits) / 8.0 / type->elements;
  target.quantized = type->elements > 1;
  target.name = type->name;
  return {};
}

std::string both_cache_types(Workload& w, std::string_view text) {
  std::string problem = cache_type(w.inference.key_type, text);
  if (problem.empty()) problem = cache_type(w.inference.value_type, text);
  return noted(w, "kv_type", std::move(problem));
}

/// What is wrong with a text, and what was probably meant.
std::string explained(const Error& error) {
  return error.hint.empty() ? error.message : error.message + "; " + error.hint;
}

std::string bytes_of_sample(Workload& w, std::string_view text) {
  const Result<Bytes> value = parse<Bytes>(text, "8 kB");
  if (!value) return explained(value.error());
  if (*value < 1 * byte || *value > 1000 * GB)
    return fmt::format("\"{}\" is not 1 B to 1 TB", text);
  w.finetune.sample_bytes = *value;
  return {};
}

std::string network_rate(Workload& w, std::string_view text) {
  const Result<BytesPerSecond> value = parse_line_rate(text);
  if (!value) return explained(value.error());
  w.finetune.network = w.inference.network = *value;
  return {};
}

std::string machines(Workload& w, std::string_view text) {
  std::string problem = whole(w.finetune.machines, text, 1, 4096);
  w.inference.machines = w.finetune.machines;
  return problem;
}

std::string packing(Workload& w, std::string_view text) {
  bool packs = true;
  std::string problem = on_off(packs, text);
  w.finetune.batching = packs ? Batching::packed : Batching::padded;
  return problem;
}

std::string targets(Workload& w, std::string_view text) {
  static constexpr std::array<std::string_view, kTargets> names = {"q",    "k",  "v",   "o",
                                                                   "gate", "up", "down"};
  std::array<bool, kTargets> chosen = {};
  if (text == "all-linear" || text == "all") {
    chosen.fill(true);
  } else if (text == "attention") {
    chosen = {true, true, true, true, false, false, false};
  } else {
    for (std::string_view piece : split(text, ',')) {
      piece = trim(piece);
      const auto place = std::find(names.begin(), names.end(), piece);
      if (place == names.end()) {
        return fmt::format(
            "\"{}\" is no LoRA target; write all-linear, attention, or some of "
            "q,k,v,o,gate,up,down",
            piece);
      }
      chosen[static_cast<std::size_t>(place - names.begin())] = true;
    }
  }
  w.finetune.targets = chosen;
  return {};
}

/// A network of the catalogue or a file, or the text itself.
std::string draft_model(Workload& w, std::string_view text) {
  w.draft_model = text;
  w.inference.drafter = text == "ngram" ? Drafter::ngram : Drafter::network;
  return {};
}

// Short names keep a row of the table on one line.
using W = Workload&;
using T = std::string_view;

constexpr long long kTokens = 1LL << 31;

constexpr std::array kSettings = {
    Setting{"quantization", "NAME", "how the weights are stored: Q4_K_M, bf16, awq-4bit, …", 'b',
            [](W w, T t) {
              w.quantization = t;
              return std::string(); }},
    Setting{"engine", "NAME",
            "llama.cpp, vllm, transformers, mlx, exllamav3; trl, unsloth, deepspeed, fsdp", 'b',
            [](W w, T t) {
              w.engine = t;
              return std::string(); }},
    Setting{"backend", "NAME",
            "cuda, rocm, vulkan, metal or cpu (default: by the vendor of the device)", 'b',
            [](W w, T t) {
              return word(w.backend, t, parse_backend, "cuda, rocm, vulkan, metal, cpu");
            }},
    Setting{"devices", "N", "use no more than N of the rig's accelerators; 0 runs on the host", 'b',
            [](W w, T t) { return whole(w.wish.devices, t, 0, kMostDevices); }},
    Setting{"tensor", "N", "tensor-parallel degree", 'b',
            [](W w, T t) { return whole(w.wish.tensor, t, 1, kMostDevices); }},
    Setting{"pipeline", "N", "pipeline-parallel degree", 'b',
            [](W w, T t) { return whole(w.wish.pipeline, t, 1, kMostDevices); }},
    Setting{"data", "N", "data-parallel degree", 'f',
            [](W w, T t) { return whole(w.wish.data, t, 1, kMostDevices); }},
    Setting{"expert", "N", "expert-parallel degree", 'b',
            [](W w, T t) { return whole(w.wish.expert, t, 1, kMostDevices); }},

    Setting{"power_limit", "WATTS",
            "power limit of each card (default: gpu_power_limit of the rig, else the card's own)",
            'b', power_limit},

    Setting{"context", "TOKENS", "tokens one sequence may hold (32k = 32768)", 'i',
            [](W w, T t) {
              std::string problem = whole(w.inference.context, t, 1, kTokens);
              w.context_is_set = w.context_is_set || problem.empty();
              return problem;
            }},
    Setting{"sequences", "N", "sequences held at the same time", 'i',
            [](W w, T t) { return whole(w.inference.sequences, t, 1, 4096); }},
    Setting{"prompt", "TOKENS", "longest prompt processed in one pass (default: the context)", 'i',
            [](W w, T t) { return whole(w.inference.prompt, t, 1, kTokens - 1); }},
    Setting{"answer", "TOKENS", "tokens of an answer (default: 512)", 'i',
            [](W w, T t) { return whole(w.inference.answer, t, 1, kTokens - 1); }},
    Setting{"turns", "N", "a conversation of so many prompts and answers: how long it takes", 'i',
            [](W w, T t) { return whole(w.inference.turns, t, 1, 100000); }},
    Setting{"prefix_cache", "on|off", "turns find the earlier ones in the cache (default on)", 'i',
            [](W w, T t) { return on_off(w.inference.prefix_cache, t); }},
    Setting{"batch", "TOKENS",
            "tokens submitted together (llama.cpp -b, vLLM max_num_batched_tokens)", 'i',
            [](W w, T t) { return noted(w, "batch", whole(w.inference.batch, t, 1, 1 << 20)); }},
    Setting{"ubatch", "TOKENS", "tokens computed together (llama.cpp -ub)", 'i',
            [](W w, T t) { return noted(w, "ubatch", whole(w.inference.micro_batch, t, 1, 1 << 20));
            }},
    Setting{"flash_attention", "on|off", "default on", 'i',
            [](W w, T t) { return on_off(w.inference.flash_attention, t); }},
    Setting{"kv_type", "TYPE",
            "KV cache type for keys and values: f16, q8_0, q4_0, fp8, …", 'i', both_cache_types},
    Setting{"key_type", "TYPE", "KV cache type of the keys", 'i',
            [](W w, T t) { return noted(w, "kv_type", cache_type(w.inference.key_type, t)); }},
    Setting{"value_type", "TYPE", "KV cache type of the values", 'i',
            [](W w, T t) { return noted(w, "kv_type", cache_type(w.inference.value_type, t)); }},
    Setting{"draft_tokens", "N",
            "tokens drafted per step by the network's own MTP layer, or by draft_model", 'i',
            [](W w, T t) { return whole(w.inference.draft_tokens, t, 0, 64); }},
    Setting{"acceptance", "SHARE",
            "probability that a drafted token is accepted, 0 to 1 (default: as measured)", 'i',
            [](W w, T t) { return number(w.inference.acceptance, t, 0, 1); }},
    Setting{"draft_model", "MODEL",
            "small network of the same vocabulary that drafts; ngram: the text itself", 'i',
            draft_model},
    Setting{"draft_quantization", "NAME",
            "how the draft's weights are stored (default: as the network's)", 'i',
            [](W w, T t) {
              w.draft_quantization = t;
              return std::string(); }},
    Setting{"vision", "on|off", "load the vision tower", 'i',
            [](W w, T t) { return on_off(w.inference.vision, t); }},
    Setting{"memory_fraction", "SHARE", "share of a card vLLM may take, 0.05 to 1", 'i',
            [](W w, T t) {
              std::optional<double> value;
              std::string problem = number(value, t, 0.05, 1.0);
              if (value) w.inference.memory_fraction = *value;
              return problem;
            }},
    Setting{"cuda_graphs", "on|off", "vLLM CUDA graphs", 'i',
            [](W w, T t) { return on_off(w.inference.cuda_graphs, t); }},
    Setting{"split", "layer|tensor", "how a network is divided among cards", 'i',
            [](W w, T t) { return word(w.wish.split, t, parse_split, "layer, tensor"); }},
    Setting{"host_layers", "N", "first N layers stay on the host (llama.cpp: all but -ngl)", 'i',
            [](W w, T t) { return whole(w.wish.host_layers, t, 0, 1000); }},
    Setting{"host_experts", "N",
            "experts of the first N layers stay on the host (--n-cpu-moe)", 'i',
            [](W w, T t) { return whole(w.wish.host_expert_layers, t, 0, 1000); }},
    Setting{"replicas", "N", "independent copies served at once", 'i',
            [](W w, T t) { return whole(w.wish.replicas, t, 1, kMostDevices); }},

    Setting{"method", "NAME", "full, lora or qlora", 'f',
            [](W w, T t) { return word(w.finetune.method, t, parse_method, "full, lora, qlora"); }},
    Setting{"recipe", "NAME", "mixed (bf16 with fp32 master weights), bf16, amp, fp32", 'f',
            [](W w, T t) {
              return word(w.finetune.recipe, t, parse_recipe, "mixed, bf16, amp, fp32");
            }},
    Setting{"optimizer", "NAME",
            "adamw, adamw-8bit, paged-adamw-8bit, adafactor, sgd, lion, muon, galore, …", 'f',
            [](W w, T t) {
              return word(w.finetune.optimizer, t, parse_optimizer,
                          "adamw, adamw-bf16, adamw-8bit, paged-adamw-8bit, adafactor, sgd, "
                          "sgd-momentum, lion, muon, galore");
            }},
    Setting{"sequence", "TOKENS", "tokens of one training sequence", 'f',
            [](W w, T t) { return whole(w.finetune.sequence, t, 1, 1 << 24); }},
    Setting{"micro_batch", "N", "sequences per device and step", 'f',
            [](W w, T t) {
              return noted(w, "micro_batch", whole(w.finetune.micro_batch, t, 1, 1 << 16));
            }},
    Setting{"accumulation", "N", "steps whose gradients are accumulated", 'f',
            [](W w, T t) {
              return noted(w, "accumulation", whole(w.finetune.accumulation, t, 1, 1 << 16));
            }},
    Setting{"global_batch", "N",
            "sequences of one optimizer step on all devices; accumulation follows from it", 'f',
            [](W w, T t) { return whole(w.global_batch, t, 1, 1 << 20); }},
    Setting{"rank", "N", "LoRA rank", 'f',
            [](W w, T t) {
              w.rank_is_set = true;
              return whole(w.finetune.rank, t, 1, 4096);
            }},
    Setting{"targets", "LIST",
            "LoRA targets: all-linear, attention, or some of q,k,v,o,gate,up,down", 'f', targets},
    Setting{"double_quantization", "on|off", "QLoRA with quantized scales", 'f',
            [](W w, T t) { return on_off(w.finetune.double_quantization, t); }},
    Setting{"train_embeddings", "on|off", "train embedding and head beside the adapters", 'f',
            [](W w, T t) { return on_off(w.finetune.train_embeddings, t); }},
    Setting{"frozen_share", "SHARE",
            "full method: share of the layers that stay frozen, 0 to 0.99", 'f',
            [](W w, T t) {
              std::optional<double> value;
              std::string problem = number(value, t, 0.0, 0.99);
              if (value) w.finetune.frozen_share = *value;
              return problem;
            }},
    Setting{"attention", "flash|eager", "attention kernel while training", 'f',
            [](W w, T t) { return word(w.finetune.attention, t, parse_attention, "flash, eager");
            }},
    Setting{"checkpointing", "NAME", "none, full, selective or offloaded", 'f',
            [](W w, T t) {
              return noted(w, "checkpointing",
                           word(w.finetune.checkpointing, t, parse_checkpointing,
                                "none, full, selective, offloaded"));
            }},
    Setting{"loss", "plain|fused", "fused: chunked cross-entropy, logits never whole", 'f',
            [](W w, T t) { return word(w.finetune.loss, t, parse_loss, "plain, fused"); }},
    Setting{"zero", "0|1|2|3|fsdp", "how states are sharded over the data-parallel devices", 'f',
            [](W w, T t) { return word(w.wish.sharding, t, parse_sharding, "0, 1, 2, 3, fsdp"); }},
    Setting{"offload_optimizer", "none|host|nvme", "where optimizer states live", 'f',
            [](W w, T t) { return word(w.wish.optimizer, t, parse_offload, "none, host, nvme"); }},
    Setting{"offload_parameters", "none|host|nvme", "where parameters live", 'f',
            [](W w, T t) { return word(w.wish.parameters, t, parse_offload, "none, host, nvme"); }},
    Setting{"sample_tokens", "TOKENS", "mean length of a sample (default: a whole sequence)", 'f',
            [](W w, T t) { return whole(w.finetune.sample_tokens, t, 1, 1 << 24); }},
    Setting{"packing", "on|off",
            "samples one behind the other, or padded to the longest of the micro-batch", 'f',
            packing},
    Setting{"sample_bytes", "BYTES", "read from the drive per sample (default: 4 B a token)", 'f',
            bytes_of_sample},
    Setting{"samples", "N", "samples of one epoch", 'f',
            [](W w, T t) { return number(w.samples, t, 1, kMany); }},
    Setting{"epochs", "N", "passes over the samples", 'f',
            [](W w, T t) { return number(w.epochs, t, 0.001, 1e6); }},
    Setting{"save_every", "STEPS", "steps from checkpoint to checkpoint (default: none)", 'f',
            [](W w, T t) { return whole(w.finetune.save_every, t, 1, 1 << 30); }},
    Setting{"machines", "N", "rigs like this one that train together, or hold one network", 'b',
            machines},
    Setting{"network", "RATE", "between machines: \"10 Gbit/s\", 10GbE (default: the rig's port)",
            'b', network_rate},
    Setting{"sync_every", "STEPS",
            "1: gradients are summed in every step; more: parameters are averaged", 'f',
            [](W w, T t) { return whole(w.finetune.sync_every, t, 1, 1 << 30); }},

    Setting{"hours_per_month", "HOURS", "how long it runs", 'b',
            [](W w, T t) { return number(w.hours_per_month, t, 0, 744); }},
    Setting{"tokens_per_month", "TOKENS", "how much it produces or learns from", 'b',
            [](W w, T t) { return number(w.tokens_per_month, t, 0, kMany); }},
    Setting{"growth_per_year", "SHARE", "0.5 means half as much again each year", 'b',
            [](W w, T t) { return number(w.growth_per_year, t, -0.99, 100); }},
    Setting{"target_tokens_per_s", "RATE", "slower than this does not serve", 'b',
            [](W w, T t) { return number(w.target_tokens_per_s, t, 0, 1e9); }},
    Setting{"target_ttft_s", "SECONDS", "first token no later than this", 'i',
            [](W w, T t) { return number(w.target_ttft_s, t, 0, 1e6); }},
    Setting{"target_hours_per_epoch", "HOURS", "an epoch no longer than this", 'f',
            [](W w, T t) { return number(w.target_hours_per_epoch, t, 0, 1e6); }},
    Setting{"private", "on|off", "may not go to a cloud", 'b',
            [](W w, T t) { return on_off(w.keep_private, t); }},
};

}  // namespace

std::span<const Setting> settings() {
  return kSettings;
}

const Setting* find_setting(std::string_view name) {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  for (const Setting& setting : kSettings) {
    if (setting.name == wanted) return &setting;
  }
  return nullptr;
}

}  // namespace rigor::workload
