// The columns of a fine-tuning row, read the same way whoever wrote it.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "evidence/memory_row.hpp"
#include "evidence/training_setup.hpp"
#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

using workload::BaseFormat;
using workload::Checkpointing;
using workload::FineTune;
using workload::Method;
using workload::Offload;
using workload::Optimizer;
using workload::Placement;
using workload::Recipe;
using workload::Sharding;
using workload::Step;
using workload::Target;

int whole(std::string_view text, int fallback) {
  const Result<double> number = parse_number(trim(text));
  return number && *number >= 1 ? static_cast<int>(std::lround(*number)) : fallback;
}

bool any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return contains(text, part); });
}

/// What of the row speaks of the base's storage: method, precision, first clause of the notes.
std::string storage_words(const Facts& f) {
  const std::string_view notes = f["notes"];
  return std::string(f["method"]) + " " + std::string(f["precision"]) + " " +
         std::string(notes.substr(0, notes.find(';')));
}

void read_method(const Facts& f, FineTune& out) {
  const std::string words = storage_words(f);
  const bool quantized =
      f["method"].starts_with("qlora") || any(f["precision"], {"4bit", "8bit", "nf4", "4-bit"});
  const bool full = f["method"].starts_with("full") || f["method"].starts_with("pretrain");
  out.method = full ? Method::full : quantized ? Method::qlora : Method::lora;
  if (contains(words, "int8")) {
    out.base = BaseFormat::gptq8;
  } else if (contains(f["precision"], "8bit")) {
    out.base = BaseFormat::int8;
  } else if (contains(words, "gptq") || contains(f["framework"], "gptq") ||
             contains(f["notes"], "gptq")) {
    out.base = BaseFormat::gptq4;
  }
  out.train_embeddings = contains(f["method"], "emb/");
}

/// Frameworks of the DeepSpeed kind keep F32 master weights; "AMP" under FSDP makes everything F32.
Recipe full_recipe(const Facts& f) {
  const std::string_view precision = f["precision"];
  const std::string framework = std::string(f["framework"]) + " " + std::string(f["source"]);
  const bool amp = any(precision, {"amp", "mixed"});
  if (precision == "fp32") return Recipe::fp32;
  if (contains(framework, "titan") || (amp && contains(f["parallelism"], "fsdp")))
    return Recipe::amp;
  if (any(framework, {"deepspeed", "megatron", "colossal", "internevo"}) ||
      contains(f["parallelism"], "zero")) {
    return Recipe::mixed;
  }
  return amp && contains(precision, "fp16") && !contains(precision, "weights") ? Recipe::amp
                                                                               : Recipe::bf16;
}

Recipe adapter_recipe(const Facts& f) {
  if (f["precision"] == "fp32") return Recipe::fp32;
  return contains(f["precision"], "adapter weights fp32") ? Recipe::bf16 : Recipe::amp;
}

void read_optimizer(const Facts& f, FineTune& out) {
  const std::string_view name = f["optimizer"];
  if (any(name, {"8bit", "8-bit"})) out.optimizer = Optimizer::adamw_8bit;
  if (any(name, {"4bit", "4-bit"})) out.optimizer = Optimizer::adamw_4bit;
  if (contains(name, "adafactor")) out.optimizer = Optimizer::adafactor;
  if (any(name, {"fused", "foreach=false"})) out.step = Step::fused;
  if (contains(name, "in backward")) out.step = Step::in_backward;
  if (contains(name, "paged")) out.optimizer = Optimizer::paged_adamw_8bit;
}

struct TargetName {
  std::string_view name;
  std::array<Target, 3> targets;
};
constexpr std::array kTargetNames = {
    TargetName{"c_attn", {Target::q, Target::k, Target::v}},
    TargetName{"query_key_value", {Target::q, Target::k, Target::v}},
    TargetName{"qkv_proj", {Target::q, Target::k, Target::v}},
    TargetName{"w_pack", {Target::q, Target::k, Target::v}},
    TargetName{"default", {Target::q, Target::k, Target::v}},
    TargetName{"c_proj", {Target::o, Target::down, Target::down}},
    TargetName{"w1", {Target::gate, Target::gate, Target::gate}},
    TargetName{"w2", {Target::up, Target::up, Target::up}},
};

void choose(std::string_view word, std::array<bool, workload::kTargets>& targets) {
  const auto choose_one = [&](Target target) { targets[static_cast<std::size_t>(target)] = true; };
  for (const TargetName& known : kTargetNames) {
    if (word == known.name) std::for_each(known.targets.begin(), known.targets.end(), choose_one);
  }
  constexpr std::string_view kSuffix = "_proj";
  if (word.ends_with(kSuffix)) word.remove_suffix(kSuffix.size());
  if (const auto target = workload::parse_target(word)) choose_one(*target);
  if (word == "self_attn") {
    for (const Target target : {Target::q, Target::k, Target::v, Target::o}) choose_one(target);
  }
}

void read_targets(const Facts& f, FineTune& out) {
  const std::string_view text = f["lora_targets"];
  if (text.empty() || text.starts_with("all")) return;
  out.targets.fill(false);
  std::string words(text);
  std::replace(words.begin(), words.end(), ',', ' ');
  for (const std::string_view word : split(words, ' ')) choose(word, out.targets);
}

/// "trainable params 9175040", or "trainable 809.5826(9.4900%)" in millions.
double stated_parameters(std::string_view notes) {
  if (const auto count = number_after(notes, "trainable params")) return *count;
  const auto millions = number_after(notes, "trainable");
  return millions ? *millions * 1e6 : 0.0;
}

void read_adapters(const Facts& f, FineTune& out) {
  out.rank = whole(f["lora_rank"], 16);
  out.adapter_parameters = stated_parameters(f["notes"]);
  read_targets(f, out);
}

Sharding read_sharding(const Facts& f) {
  const std::string_view p = f["parallelism"];
  if (contains(p, "no-shard")) return Sharding::none;
  if (contains(p, "fsdp")) return Sharding::fsdp;
  if (contains(p, "zero3")) return Sharding::zero3;
  if (contains(p, "zero1")) return Sharding::zero1;
  return contains(p, "zero") ? Sharding::zero2 : Sharding::none;
}

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

/// A degree as "tp8", "TP 8" or "sp32", in the parallelism or in the notes.
int degree(const Facts& f, std::string_view word) {
  const std::string both = " " + std::string(f["parallelism"]) + " " + std::string(f["notes"]);
  for (std::size_t at = both.find(word); at != std::string::npos; at = both.find(word, at + 1)) {
    std::string_view rest = std::string_view(both).substr(at + word.size());
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const int number = whole(rest.substr(0, std::min<std::size_t>(digits, 5)), 0);
    if (number >= 1 && !is_letter(both[at - 1])) return number;
  }
  return 1;
}

void read_offload(const Facts& f, Placement& out) {
  const bool fsdp = out.sharding == Sharding::fsdp;
  if (contains(f["parallelism"], "offload") || contains(f["notes"], "offload:")) {
    out.optimizer = Offload::host;
    if (fsdp || contains(f["notes"], "params->cpu")) out.parameters = Offload::host;
  }
}

void read_placement(const Facts& f, TrainingSetup& out) {
  Placement& p = out.placement;
  out.devices = whole(f["device_count"], 1);
  p.sharding = read_sharding(f);
  p.tensor = degree(f, "tp");
  p.pipeline = degree(f, "pp");
  p.expert = degree(f, "ep");
  p.context = std::max({degree(f, "cp"), degree(f, "sp"), degree(f, "sequence_parallel_size=")});
  p.all_to_all = contains(f["parallelism"], "ulysses");
  read_offload(f, p);
}

Checkpointing read_checkpointing(const Facts& f) {
  const std::string_view text = f["grad_ckpt"];
  if (text == "no" || text == "false") return Checkpointing::none;
  if (contains(text, "offload") || contains(f["notes"], "checkpoints->cpu") ||
      contains(f["framework"], "unsloth")) {
    return Checkpointing::offloaded;
  }
  return contains(text, "selective") ? Checkpointing::selective : Checkpointing::full;
}

void read_kernels(const Facts& f, FineTune& out) {
  using workload::Attention;
  using workload::Kernels;
  const std::string words = std::string(f["framework"]) + " " + std::string(f["notes"]);
  const bool liger = contains(words, "liger") && !contains(f["framework"], "without");
  if (liger || contains(words, "cut-cross")) out.loss = workload::Loss::fused;
  if (liger) out.norms = Kernels::fused;
  if (liger && out.method == Method::full) out.feed_forward = Kernels::fused;
  if (contains(words, "tiled mlp")) out.feed_forward = Kernels::tiled;
  const std::string_view attention = f["attn_impl"];
  if (contains(attention, "eager")) {
    out.attention = Attention::eager;
  } else if (contains(attention, "sdpa") && !contains(attention, "flash")) {
    out.attention = Attention::flash_repeated;
  }
  if (contains(words, "max_length")) out.batching = workload::Batching::padded;
}

Measure read_measure(const Facts& f) {
  const std::string_view text = f["mem_measure"];
  if (contains(f["metric"], "cpu_mem")) return Measure::host;
  if (contains(text, "init")) return Measure::loaded;
  if (contains(text, "not peak")) return Measure::between_steps;
  if (contains(text, "not name")) return Measure::driver;
  const bool reserved = contains(text, "reserved") || contains(text, "ms-swift");
  if (any(text, {"allocated", "max cuda memory", "max memory (torch)"}) ||
      (contains(text, "active") && !reserved)) {
    return Measure::allocated;
  }
  return reserved || contains(text, "torch") ? Measure::reserved : Measure::driver;
}

}  // namespace

Facts::Facts(const Row& row) {
  for (const auto& [name, text] : row.columns) texts_[name] = lower(text);
}

std::string_view Facts::operator[](std::string_view name) const {
  const auto found = texts_.find(name);
  return found == texts_.end() ? std::string_view{} : std::string_view(found->second);
}

bool Facts::has(std::string_view name, std::string_view part) const {
  return contains((*this)[name], part);
}

TrainingSetup read_training(const Facts& facts, Library& library) {
  TrainingSetup out;
  const std::string model = training_model(facts, library);
  if (!model.empty()) out.network = library.network(model, "bf16");
  if (const workload::Engine* engine = library.engine(training_engine(facts))) out.engine = *engine;
  FineTune& f = out.finetune;
  read_method(facts, f);
  f.recipe = f.method == Method::full ? full_recipe(facts) : adapter_recipe(facts);
  read_optimizer(facts, f);
  if (f.method != Method::full) read_adapters(facts, f);
  f.sequence = whole(facts["seq_len"], 0);
  f.micro_batch = whole(facts["micro_batch"], 1);
  f.accumulation = whole(facts["grad_accum"], 1);
  f.checkpointing = read_checkpointing(facts);
  read_kernels(facts, f);
  read_placement(facts, out);
  if (contains(facts["parallelism"], "fsdp2") || contains(facts["framework"], "fsdp2")) {
    out.engine.constants[static_cast<std::size_t>(workload::Constant::fsdp_version)] = 2;
  }
  out.measure = read_measure(facts);
  out.unit = contains(facts["metric"], "_gb") ? GB : GiB;
  return out;
}

}  // namespace rigor::evidence
