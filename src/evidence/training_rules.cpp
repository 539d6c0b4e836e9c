// What frameworks do without saying so in their rows. Every rule whose conditions hold is applied,
// in order; later ones prevail. Nothing here looks at a measured figure. Sources:
// docs/models/20-training-memory.md.
#include <array>

#include "evidence/training_rule.hpp"
#include "evidence/training_setup.hpp"

namespace rigor::evidence {
namespace {

using namespace workload;
using enum Constant;

/// A value of an enumeration as a rule holds it.
template <class T>
constexpr double is(T value) {
  return static_cast<double>(static_cast<int>(value));
}

constexpr std::string_view kFms = "fms-acceleration";

constexpr std::array kRules = {
    // fms-acceleration: TRL's SFTTrainer; the driver's figure is polled. Fast kernels ("foak") fuse
    // norms and
    // the loss; rows without a length are Orca samples padded to the longest one.
    Rule{{{"framework", kFms}},
         {{reserved_share, 0.09},
          {unused_share, 0.9},
          {gather_reserved, 1},
          {Knob::dropout, 0.1},
          {Knob::longest_sample, 2280},
          {Knob::loss, is(Loss::plain)},
          {Knob::norms, is(Kernels::eager)},
          {Knob::feed_forward, is(Kernels::eager)}}},
    Rule{{{"framework", kFms}, {"seq_len", "="}}, {{Knob::batching, is(Batching::padded)}}},
    Rule{{{"framework", kFms}, {"notes", "padding-free"}}, {{Knob::packing, is(Packing::free)}}},
    Rule{{{"framework", kFms}, {"notes", "multipack"}}, {{Knob::packing, is(Packing::multipack)}}},
    Rule{{{"framework", kFms}, {"model", "powerlm"}},
         {{loss_vocabulary_bytes, 12}, {loss_hidden_bytes, 8}}},
    Rule{{{"framework", kFms}, {"notes", "foak"}},
         {{Knob::norms, is(Kernels::fused)}, {loss_vocabulary_bytes, 10}, {loss_hidden_bytes, 4}}},
    Rule{{{"framework", kFms}, {"notes", "foak"}, {"model", "powerlm"}},
         {{loss_vocabulary_bytes, 8}, {loss_hidden_bytes, 6}}},
    Rule{{{"framework", kFms}, {"notes", "foak"}, {"locator", "liger"}},
         {{loss_vocabulary_bytes, 8}, {loss_hidden_bytes, 4}}},
    Rule{{{"framework", kFms}, {"notes", "liger"}}, {{Knob::loss, is(Loss::fused)}}},
    // GPTBigCode keeps 16-bit logits unless autocast and accelerate make F32 ones.
    Rule{{{"framework", kFms}, {"model", "santacoder"}},
         {{loss_vocabulary_bytes, 8}, {loss_hidden_bytes, 0}}},
    Rule{{{"framework", kFms}, {"model", "santacoder"}, {"notes", "foak"}},
         {{loss_vocabulary_bytes, 4}}},
    Rule{{{"framework", kFms}, {"model", "santacoder"}, {"precision", "amp"}},
         {{loss_vocabulary_bytes, 18}, {loss_hidden_bytes, 16}}},
    Rule{{{"framework", kFms}, {"model", "santacoder"}, {"precision", "amp"}, {"notes", "foak"}},
         {{loss_vocabulary_bytes, 14}}},
    Rule{{{"framework", kFms}, {"notes", "baseline-peft-bnb"}}, {{quantized_hidden_bytes, 4}}},
    Rule{{{"framework", kFms}, {"notes", "gptq"}, {"model", "70b"}},
         {{Knob::base, is(BaseFormat::gptq4_ungrouped)}}},
    Rule{{{"framework", kFms}, {"notes", "gptq"}, {"model", "8x7b"}},
         {{Knob::base, is(BaseFormat::gptq4_ungrouped)}}},

    // PEFT's own benchmark: no autocast, the cache is emptied every 10 steps, the figure is read
    // after the step.
    // Methods that add no input beside a matrix keep no copy of it; 99 % of the batches reach 88 %
    // of the length.
    Rule{
        {{"framework", "peft"}, {"source", "peft"}},
        {{reserved_share, 0}, {unused_share, 0}, {Knob::attention, is(Attention::flash_repeated)}}},
    Rule{{{"source", "peft"}, {"mem_measure", "99th"}}, {{Knob::sequence_share, 0.88}}},
    Rule{{{"source", "peft"}, {"method", "prompt"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "ptuning"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "prefix"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "trainable_tokens"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "ln_tuning"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "tinylora"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "miss"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "beft"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "adamss"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "adaption"}}, {{Knob::no_targets}}},
    Rule{{{"source", "peft"}, {"method", "osf"}},
         {{Knob::as_full}, {Knob::recipe, is(Recipe::bf16)}}},

    // ms-swift: AMP, batches of many lengths; rows of the tuner table print no length (2048 is the
    // default).
    Rule{{{"framework", "ms-swift"}},
         {{Knob::dropout, 0.05},
          {Knob::batching, is(Batching::padded)},
          {Knob::sequence_if_unstated, 2048},
          {Knob::rank_if_unstated, 8},
          {Knob::accumulation, 1}}},
    Rule{{{"framework", "ms-swift"}, {"method", "gptq"}}, {{unquantized_bytes, 2}}},
    Rule{{{"framework", "ms-swift"}, {"model", "awq"}},
         {{Knob::as_quantized}, {Knob::base, is(BaseFormat::awq4)}, {unquantized_bytes, 2}}},
    Rule{{{"framework", "ms-swift"}, {"model", "aqlm"}},
         {{Knob::as_quantized},
          {Knob::base, is(BaseFormat::aqlm2)},
          {unquantized_bytes, 2},
          {Knob::loss, is(Loss::fused)}}},
    Rule{{{"framework", "ms-swift"}, {"notes", "unsloth"}},
         {{Knob::as_quantized},
          {Knob::base, is(BaseFormat::nf4)},
          {unquantized_bytes, 2},
          {loss_vocabulary_bytes, 12},
          {Knob::norms, is(Kernels::fused)}}},
    Rule{{{"framework", "ms-swift"}, {"notes", "galore"}},
         {{Knob::optimizer, is(Optimizer::galore)}, {Knob::rank_if_unstated, 128}}},
    Rule{{{"framework", "ms-swift"}, {"method", "llamapro"}},
         {{Knob::as_adapter}, {Knob::no_targets}, {adapter_bytes, 2}}},
    Rule{{{"framework", "ms-swift"}, {"notes", "lisa_2"}}, {{Knob::active_layers, 2}}},
    Rule{{{"framework", "ms-swift"}, {"notes", "lisa_4"}}, {{Knob::active_layers, 4}}},
    Rule{{{"framework", "ms-swift"}, {"model", "chatglm3"}},
         {{Knob::attention, is(Attention::eager)}}},
    Rule{{{"framework", "ms-swift"}, {"model", "baichuan2-13b"}},
         {{Knob::attention, is(Attention::eager)}}},
    Rule{{{"framework", "ms-swift"}, {"notes", "\"use flash"}, {"attn_impl", "!flash"}},
         {{Knob::attention, is(Attention::eager)}}},
    Rule{{{"framework", "ms-swift"}, {"notes", "gpu="}},
         {{Knob::attention, is(Attention::flash)},
          {Knob::batching, is(Batching::packed)},
          {Knob::measure, is(Measure::reserved)}}},
    // Layers dealt out over the cards of one process.
    Rule{{{"parallelism", "device_map"}}, {{Knob::one_process}}},

    // Qwen's finetune.py: its own modelling code keeps 16-bit logits without autocast.
    Rule{{{"framework", "qwen"}},
         {{Knob::dropout, 0.05}, {Knob::rank_if_unstated, 64}, {step_copies, 1}}},
    Rule{{{"framework", "qwen"}, {"method", "gptq"}},
         {{Knob::sharding, is(Sharding::zero2)}, {loss_vocabulary_bytes, 8}}},
    Rule{{{"framework", "qwen finetune.py"}, {"method", "full"}},
         {{Knob::sharding, is(Sharding::zero3)}, {step_copies, 0}}},
    Rule{{{"framework", "qwen finetune.py"}, {"method", "full"}, {"device_count", "=1"}},
         {{Knob::sharding, is(Sharding::zero2)}, {gradient_extra, 4}}},
    Rule{{{"framework", "qwen notebooks"}, {"method", "full"}}, {{Knob::recipe, is(Recipe::bf16)}}},
    Rule{{{"framework", "qwen"}, {"parallelism", "zero3"}}, {{loss_vocabulary_bytes, 8}}},

    // fsdp_qlora: everything in BF16, one level of quantization; data parallelism keeps hidden
    // states in F32.
    Rule{{{"framework", "fsdp_qlora"}},
         {{Knob::recipe, is(Recipe::bf16)},
          {adapter_bytes, 2},
          {Knob::dropout, 0.1},
          {Knob::double_quantization, 0},
          {loss_vocabulary_bytes, 12},
          {Knob::attention, is(Attention::flash_repeated)},
          {Knob::rank_if_unstated, 64}}},
    Rule{{{"framework", "fsdp_qlora"}, {"parallelism", "ddp"}},
         {{quantized_hidden_bytes, 4}, {loss_vocabulary_bytes, 14}}},

    // axolotl's examples use cut cross-entropy; adapters of mixtures stand beside attention.
    Rule{{{"framework", "axolotl"}},
         {{Knob::loss, is(Loss::fused)},
          {Knob::norms, is(Kernels::eager)},
          {Knob::feed_forward, is(Kernels::eager)},
          {Knob::all_targets}}},
    Rule{{{"framework", "axolotl"}, {"experts", "yes"}}, {{Knob::attention_targets}}},
    Rule{{{"framework", "axolotl"}, {"parallelism", "fsdp"}, {"notes", "-offload."}},
         {{Knob::offload_optimizer}, {Knob::offload_parameters}}},
    Rule{{{"framework", "axolotl"}, {"grad_ckpt", "=no"}, {"parallelism", "fsdp"}},
         {{Knob::checkpointing, is(Checkpointing::full)}}},

    // ColossalChat: ZeRO-2 with HybridAdam; preference pairs are two sequences, DPO has a reference
    // network.
    Rule{{{"framework", "colossal"}},
         {{Knob::dropout, 0.1},
          {bucket_bytes, 4.8e8},
          {Knob::measure, is(Measure::allocated)},
          {margin_model, 1}}},
    Rule{{{"framework", "colossal"}, {"method", "full"}}, {{Knob::dropout, 0}}},
    Rule{{{"framework", "colossal"}, {"notes", "dpo"}},
         {{Knob::sequences, 2}, {Knob::references, 1}}},
    Rule{{{"framework", "colossal"}, {"notes", "simpo"}}, {{Knob::sequences, 2}}},

    // InternEvo: an F32 gradient copy and two flat buffers.
    Rule{{{"framework", "internevo"}},
         {{loss_vocabulary_bytes, 12},
          {gradient_extra, 4},
          {step_copies, 2},
          {Knob::step, is(Step::foreach)},
          {Knob::measure, is(Measure::reserved)},
          {fsdp_version, 2},
          {margin_exact, 0.4}}},

    // torchtitan: FSDP 2 over F32 parameters; since 2025 the compiled loss keeps no F32 copies.
    Rule{{{"framework", "titan"}},
         {{Knob::sharding, is(Sharding::fsdp)},
          {Knob::step, is(Step::fused)},
          {fsdp_version, 2},
          {gather_layers, 2},
          {loss_vocabulary_bytes, 6},
          {Knob::measure, is(Measure::reserved)},
          {margin_model, 0.6}}},
    Rule{{{"framework", "titan"}, {"notes", "pp8"}}, {{Knob::split_batch, 8}}},
    Rule{{{"framework", "titan"}, {"date", "2024"}}, {{loss_vocabulary_bytes, 14}}},
    Rule{{{"framework", "titan"}, {"framework", "compile"}}, {{Knob::norms, is(Kernels::fused)}}},
    Rule{{{"framework", "titan"}, {"parallelism", "compile"}}, {{Knob::norms, is(Kernels::fused)}}},
    Rule{{{"framework", "titan"}, {"notes", "compile"}}, {{Knob::norms, is(Kernels::fused)}}},

    // Unsloth's comparison: NF4; its README prints no lengths. Hugging Face runs hold everything
    // else in F32.
    Rule{{{"source", "unsloth readme"}},
         {{Knob::as_quantized},
          {Knob::all_targets},
          {Knob::batching, is(Batching::padded)},
          {Knob::sequence_if_unstated, 2048},
          {Knob::measure, is(Measure::reserved)},
          {Knob::optimizer, is(Optimizer::adamw_8bit)},
          {margin_model, 1}}},
    Rule{{{"source", "unsloth readme"}, {"device_id", "t4"}}, {{Knob::sequence, 700}}},
    Rule{{{"source", "unsloth readme"}, {"metric", "oom"}}, {{Knob::sequence, 512}}},
    Rule{{{"source", "unsloth readme"}, {"framework", "!unsloth"}},
         {{Knob::recipe, is(Recipe::bf16)}, {unquantized_bytes, 4}, {quantized_hidden_bytes, 4}}},
    Rule{{{"source", "unsloth readme"}, {"framework", "hugging face"}},
         {{Knob::attention, is(Attention::eager)}}},
    Rule{{{"source", "unsloth readme"}, {"framework", "unsloth"}},
         {{Knob::checkpointing, is(Checkpointing::full)}}},

    // LLaMA-Factory: the first table cuts Alpaca at 1024, of which no batch reaches more than 700.
    Rule{{{"framework", "llama-factory"}, {"framework", "unsloth"}},
         {{Knob::norms, is(Kernels::fused)},
          {loss_vocabulary_bytes, 8},
          {loss_hidden_bytes, 4},
          {Knob::checkpointing, is(Checkpointing::offloaded)}}},
    Rule{{{"framework", "llama-factory"}, {"framework", "!flashattention2"}, {"framework", "!fa2"}},
         {{Knob::attention, is(Attention::flash_repeated)}}},
    Rule{{{"framework", "llama-factory"}, {"micro_batch", "=4"}}, {{Knob::sequence, 700}}},

    // The documentation of transformers measured BERT with CUDA 11.2, which loads all kernels at
    // once.
    Rule{{{"source", "hf transformers docs"}},
         {{Knob::attention, is(Attention::eager)},
          {Knob::dropout, 0.1},
          {Knob::step, is(Step::fused)},
          {cuda_context_training, 1.31 * 1073741824},
          {nccl_buffers, 0}}},

    // Long contexts with DeepSpeed; Liger fuses norms, feed-forward and loss.
    Rule{{{"source", "stas00"}},
         {{Knob::norms, is(Kernels::fused)}, {bucket_bytes, 2e9}, {Knob::step, is(Step::fused)}}},
    Rule{{{"framework", "arctictraining"}},
         {{Knob::norms, is(Kernels::fused)},
          {bucket_bytes, 8e8},
          {Knob::step, is(Step::fused)},
          {Knob::unit, 1073741824}}},

    // torchtune's tutorials train on Alpaca, two samples at a time.
    Rule{{{"framework", "torchtune"}},
         {{Knob::recipe, is(Recipe::bf16)},
          {Knob::sequence_if_unstated, 512},
          {Knob::batch_if_unstated, 2},
          {Knob::quantizes_on_device}}},
    Rule{{{"framework", "torchtune"}, {"mem_measure", "peak memory"}},
         {{Knob::measure, is(Measure::allocated)}}},
    Rule{{{"framework", "torchtune"}, {"mem_measure", "log value"}},
         {{Knob::measure, is(Measure::reserved)}}},

    Rule{{{"framework", "trl + fsdp"}},
         {{Knob::dropout, 0.1},
          {Knob::double_quantization, 0},
          {Knob::attention, is(Attention::flash_repeated)}}},
    Rule{{{"framework", "megatron"}},
         {{gradient_extra, 2},
          {Knob::checkpointing, is(Checkpointing::none)},
          {Knob::norms, is(Kernels::fused)},
          {loss_vocabulary_bytes, 10},
          {Knob::unit, 1073741824}}},
    Rule{{{"source", "torchao quantized_training"}},
         {{Knob::step, is(Step::fused)},
          {loss_vocabulary_bytes, 10},
          {loss_hidden_bytes, 4},
          {Knob::measure, is(Measure::allocated)}}},
    Rule{{{"source", "torchao quantized_training"}, {"precision", "compile"}},
         {{Knob::norms, is(Kernels::fused)}}},
    // A component each; the states are BF16.
    Rule{{{"framework", "llmq"}}, {{Knob::optimizer, is(Optimizer::adamw_bf16)}}},
    Rule{{{"framework", "llmq"}, {"mem_measure", "gradients"}},
         {{Knob::measure, is(Measure::gradients)}}},
    Rule{{{"framework", "llmq"}, {"mem_measure", "adam"}},
         {{Knob::measure, is(Measure::half_states)}}},
};

/// Rows that no estimate answers.
constexpr std::array kRefusals = {
    Refusal{{{"model", "vit"}}, "an image network"},
    Refusal{{{"model", "t5"}}, "an encoder-decoder, and the sequence length is not stated"},
    Refusal{{{"framework", "ktransformers"}}, "experts are computed on the host"},
    Refusal{{{"mem_measure", "context only"}}, "the figure is the engine's own constant"},
    Refusal{{{"notes", "may be accumulated"}}, "the micro-batch is not stated"},
    Refusal{{{"framework", "llmq"},
             {"metric", "mem"},
             {"mem_measure", "!gradients"},
             {"mem_measure", "!adam"}},
            "an arena of the engine's own"},
    Refusal{{{"metric", "component"}, {"mem_measure", "!not peak"}, {"framework", "!llmq"}},
            "a component rigor does not know"},
};

}  // namespace

std::span<const Rule> training_rules() {
  return kRules;
}
std::span<const Refusal> training_refusals() {
  return kRefusals;
}

}  // namespace rigor::evidence
