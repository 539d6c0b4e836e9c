// Cases derived by hand, and published measurements, against the catalogue's own engines and
// networks.
#include "estimate/memory/training_memory.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "adapters/toml/entry_reader.hpp"
#include "estimate/memory/training_activations.hpp"
#include "estimate/memory/training_peaks.hpp"
#include "estimate/memory/training_states.hpp"
#include "evidence/mapper.hpp"

namespace rigor::estimate {
namespace {

using namespace workload;
using doctest::Approx;

evidence::Library& library() {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  static evidence::Library lookups(all);
  return lookups;
}

const Network& network(std::string_view id) {
  const Network* found = library().network(id, "bf16");
  REQUIRE_MESSAGE(found != nullptr, id);
  return *found;
}

Engine engine(std::string_view id) {
  const Engine* found = library().engine(id);
  REQUIRE_MESSAGE(found != nullptr, id);
  return *found;
}

void set(Engine& changed, Constant constant, double value) {
  changed.constants[static_cast<std::size_t>(constant)] = value;
}

/// A task on `devices` equal cards.
struct Setup {
  const Network& network;
  Engine engine;
  FineTune finetune = {};
  Placement placement = {};
  std::vector<hardware::Accelerator> cards = {};
  hardware::Host host = {};

  void put_on(int devices, Bytes memory) {
    cards.assign(static_cast<std::size_t>(devices), {.memory = memory, .usable = memory});
    placement.devices = devices;
    placement.data = devices;
    for (int i = 0; i < devices; ++i) {
      placement.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
    }
  }
  [[nodiscard]] FineTuneCase input() const {
    return {network, engine, finetune, placement, cards, host};
  }
  [[nodiscard]] MemoryEstimate memory() const {
    MemoryEstimate result;
    training_memory(input(), result);
    return result;
  }
};

Setup full_mixed(std::string_view model, int devices = 1) {
  Setup setup{network(model), engine("engine/deepspeed"), {.sequence = 512}};
  setup.put_on(devices, 16 * GiB);
  return setup;
}

/// Weights, gradients, optimizer states and master weights of one device.
Bytes states(const Setup& setup) {
  const TrainingStates s = training_states(setup.input());
  return s.weights + s.gradients + s.optimizer + s.master;
}

}  // namespace

TEST_CASE("full fine-tuning with AdamW and F32 master weights holds 16 bytes per parameter") {
  // 2 weight + 2 gradient + 8 states + 4 master.
  struct Case {
    std::string_view model;
    double gigabytes;
  };
  for (const auto& [model, gigabytes] : {Case{"deepseek-coder-1.3b", 21.5},   // 1.346e9 x 16
                                         Case{"deepseek-coder-6.7b", 107.8},  // 6.740e9 x 16
                                         Case{"llama-2-13b", 208.3},          // 13.02e9 x 16
                                         Case{"llama-3-70b", 1129.0}}) {      // 70.55e9 x 16
    CAPTURE(model);
    CHECK(states(full_mixed(model)).in(GB) == Approx(gigabytes).epsilon(0.002));
  }
}

TEST_CASE("ZeRO divides states among the cards, stage by stage") {
  Setup setup = full_mixed("deepseek-coder-6.7b", 2);
  // 13.48 GB of weights stay whole up to ZeRO-2; 2 B gradients and 12 B of states are halved.
  setup.placement.sharding = Sharding::zero2;
  CHECK(training_states(setup.input()).weights.in(GB) == Approx(13.48).epsilon(0.002));
  CHECK(states(setup).in(GB) == Approx(13.48 + 6.74 + 40.44).epsilon(0.002));
  setup.placement.sharding = Sharding::zero3;
  CHECK(states(setup).in(GB) == Approx(53.9).epsilon(0.002));
}

TEST_CASE("6.7B does not fit two 16 GiB cards with ZeRO-2, whatever is offloaded") {
  // Weights 13.48 GB and half the gradients 6.74 exceed 17.18 GB; with the optimizer offloaded the
  // weights, buckets of 0.8 GB, a DeepSpeed loss and context leave nothing.
  Setup setup = full_mixed("deepseek-coder-6.7b", 2);
  setup.placement.sharding = Sharding::zero2;
  CHECK(verdict(setup.memory()).fit == Fit::does_not_fit);
  setup.finetune.sequence = 2048;
  setup.finetune.micro_batch = 2;
  setup.placement.optimizer = Offload::host;
  CHECK(verdict(setup.memory()).fit == Fit::does_not_fit);
}

TEST_CASE("ZeRO-3 with optimizer and parameters on the host leaves buffers and activations") {
  Setup setup = full_mixed("deepseek-coder-6.7b", 2);
  setup.host.memory = 256 * GiB;
  setup.placement.sharding = Sharding::zero3;
  setup.placement.optimizer = Offload::host;
  setup.placement.parameters = Offload::host;
  const MemoryEstimate memory = setup.memory();
  CHECK(memory.device[0][Term::weights].expected == Bytes{});
  CHECK(memory.device[0][Term::optimizer].expected == Bytes{});
  CHECK(memory.device[0].total().expected < 8 * GiB);
  CHECK(verdict(memory).fit == Fit::fits);
  // 18 B per parameter, of which 4 are gradients; at worst half as much again in buffers.
  CHECK(memory.host.total().expected.in(GB) == Approx(6.7405 * 18).epsilon(0.002));
  CHECK(memory.host.total().high > 1.5 * memory.host.total().expected);
}

TEST_CASE("QLoRA of 6.7B fits one 16 GiB card, full fine-tuning of 1.3B does not") {
  Setup small{network("deepseek-coder-6.7b"), engine("engine/trl"), {.method = Method::qlora}};
  small.put_on(1, 16 * GiB);
  CHECK(verdict(small.memory()).fit == Fit::fits);
  CHECK(verdict(full_mixed("deepseek-coder-1.3b").memory()).fit == Fit::does_not_fit);
  // In plain BF16 with an 8-bit optimizer 1.3B has states of 6 B per parameter.
  Setup lean{network("deepseek-coder-1.3b"),
             engine("engine/trl"),
             {.recipe = Recipe::bf16, .optimizer = Optimizer::adamw_8bit, .sequence = 512}};
  lean.put_on(1, 16 * GiB);
  CHECK(states(lean).in(GB) == Approx(1.346 * 6.03).epsilon(0.002));
  CHECK(verdict(lean.memory()).fit == Fit::fits);
}

TEST_CASE("DeepSpeed's own estimates for T5-3B on 8 GPUs") {
  // deepspeedai/DeepSpeed docs/code-docs/source/memory.rst: 2,851e6 parameters, the largest layer
  // 32e6.
  Network t5;
  t5.embedding_elements = 32e6;
  t5.layers.resize(1);
  t5.layers[0].linear_elements = 2819e6;
  t5.architecture.layers.resize(1);
  derive(t5);
  Setup setup{t5, engine("engine/deepspeed"), {.sequence = 1}};
  setup.put_on(8, 80 * GiB);
  struct Case {
    Sharding sharding;
    Offload optimizer, parameters;
    double host;  ///< GiB
  };
  for (const Case& c : {Case{Sharding::zero3, Offload::host, Offload::none, 63.72},
                        Case{Sharding::zero3, Offload::host, Offload::host, 71.69},
                        Case{Sharding::zero2, Offload::host, Offload::none, 127.45},
                        Case{Sharding::zero3, Offload::none, Offload::none, 0.0}}) {
    setup.placement.sharding = c.sharding;
    setup.placement.optimizer = c.optimizer;
    setup.placement.parameters = c.parameters;
    CAPTURE(c.host);
    // The document adds its buffers in full.
    const DeviceMemory host = setup.memory().host;
    const Bytes documented = host.total().expected + host[Term::staging].high;
    CHECK(documented.in(GiB) == Approx(c.host).epsilon(0.001));
  }
  // On the card: 2P/8 beside the largest layer; the document's 0.78 GiB less its 0.12 GiB.
  setup.placement.optimizer = Offload::host;
  setup.placement.sharding = Sharding::zero3;
  CHECK(states(setup).in(GiB) == Approx(0.78 - 0.119).epsilon(0.01));
}

TEST_CASE("a GPT layer keeps 34 hidden widths per token without its scores") {
  // Korthikanti et al. 2022, equation 2: LayerNorms 4, attention 11 (with a mask), feed-forward 19.
  llm::Architecture gpt{
      .vocabulary = 50257, .hidden = 1024, .norm = llm::Norm::layer, .gated = false};
  gpt.layers.assign(1, {.heads = 16, .kv_heads = 16, .head_dim = 64, .width = 4096});
  Network made;
  made.architecture = gpt;
  const Setup setup{made, engine("engine/deepspeed"), {.dropout = 0.1}};
  const LayerActivations layer = layer_activations(setup.input(), gpt.layers[0]);
  CHECK(layer.saved.in(byte / token) == Approx(34 * 1024));
}

TEST_CASE("LoRA adapters: elements of known configurations") {
  FineTune lora{.method = Method::lora, .rank = 8, .targets = {true, false, true}};
  const Network& llama = network("llama-2-7b");
  CHECK(trained_parameters(llama, lora) == 4194304);  // 32 layers x 8 x 2 x (4096 + 4096)
  lora.targets.fill(true);
  lora.rank = 16;
  CHECK(trained_parameters(llama, lora) == 39976960);  // as PEFT prints it
  lora.adapter_parameters = 1e6;
  CHECK(trained_parameters(llama, lora) == 1e6);
  lora.train_embeddings = true;
  CHECK(trained_parameters(llama, lora) == 1e6 + 2 * 32000.0 * 4096);
  const FineTune full{.frozen_share = 0.75};
  const double layers = llama.elements() - 2 * 32000.0 * 4096;
  CHECK(trained_parameters(llama, full) == Approx(layers / 4));
}

TEST_CASE("quantized weights") {
  // Double quantization: 4 + 8/64 + 32/(64 x 256) = 4.127 bits; without it 4.5.
  FineTune f{.method = Method::qlora};
  CHECK(8 * matrix_bytes(f) == Approx(4.127).epsilon(0.0001));
  f.double_quantization = false;
  CHECK(8 * matrix_bytes(f) == 4.5);
  f.base = BaseFormat::gptq4;
  CHECK(8 * matrix_bytes(f) == 4.15625);  // 16-bit scale and 4-bit zero per 128
  // Embedding, head and norms stay in 16 bits: 262,410,240 of Llama-2-7B's 6,738,415,616.
  const Setup setup{network("llama-2-7b"), engine("engine/trl"), {.method = Method::qlora}};
  const double expected = 6476005376.0 * 4.127 / 8 + 262410240.0 * 2;
  CHECK(training_states(setup.input()).weights.in(byte) == Approx(expected).epsilon(0.0002));
}

TEST_CASE("Mistral 7B in fms-acceleration's benchmarks, to the percent") {
  Setup setup{network("mistral-7b-v0.1"),
              engine("engine/trl"),
              {.recipe = Recipe::bf16, .sequence = 4096, .micro_batch = 4}};
  // Pure BF16: weights, gradients, two states and the step's copy, 2 B each: measured 67.46 GiB.
  CHECK(training_peaks(setup.input()).allocated().in(GiB) == Approx(67.46).epsilon(0.002));
  CHECK(training_peaks(setup.input()).binding == Moment::optimizer_step);
  // LoRA on attention with dropout: peak allocated grows by 734,757 B per token (measured).
  setup.finetune.method = Method::lora;
  setup.finetune.recipe = Recipe::amp;
  setup.finetune.targets = {true, true, true, true};
  setup.finetune.dropout = 0.1;
  const Bytes four = training_peaks(setup.input()).allocated();
  setup.finetune.micro_batch = 8;
  const Bytes eight = training_peaks(setup.input()).allocated();
  CHECK(((eight - four) / (4 * 4096.0)).in(byte) == Approx(734757).epsilon(0.0005));
  CHECK(training_peaks(setup.input()).binding == Moment::loss);
}

TEST_CASE("fsdp_qlora's table for Llama-2-7B on two cards, reserved, within 16 %") {
  Setup setup{network("llama-2-7b"), engine("engine/fsdp"), {.rank = 64}};
  setup.put_on(2, 24 * GiB);
  setup.placement.sharding = Sharding::fsdp;
  set(setup.engine, Constant::adapter_bytes, 2);
  set(setup.engine, Constant::loss_vocabulary_bytes, 12);
  FineTune& f = setup.finetune;
  f.recipe = Recipe::bf16;
  f.double_quantization = false;
  f.dropout = 0.1;
  f.attention = Attention::flash_repeated;
  struct Case {
    Method method;
    int sequence, batch;
    double reserved;  ///< GiB
  };
  for (const Case& c : {Case{Method::qlora, 512, 1, 4.98}, Case{Method::qlora, 2048, 1, 5.21},
                        Case{Method::qlora, 2048, 4, 11.22}, Case{Method::qlora, 2048, 10, 20.97},
                        Case{Method::lora, 2048, 4, 16.14}, Case{Method::lora, 2048, 6, 21.35}}) {
    f.method = c.method;
    f.sequence = c.sequence;
    f.micro_batch = c.batch;
    CAPTURE(c.reserved);
    CHECK(training_peaks(setup.input()).reserved.in(GiB) == Approx(c.reserved).epsilon(0.16));
  }
}

TEST_CASE("an allocator close to full gives blocks back") {
  const TrainingPeaks peaks{.reserved = 30 * GiB, .irreducible = 20 * GiB};
  CHECK(held(peaks, 1 * GiB, {}) == 30 * GiB);
  CHECK(held(peaks, 1 * GiB, 40 * GiB) == 30 * GiB);
  CHECK(held(peaks, 1 * GiB, 24 * GiB).in(GiB) == Approx(0.965 * 24 - 1));
  CHECK(held(peaks, 1 * GiB, 18 * GiB) == 20 * GiB);
}

TEST_CASE("the desktop's share is on the card that has the display") {
  Setup setup = full_mixed("deepseek-coder-1.3b", 2);
  MemoryEstimate memory;
  FineTuneCase input = setup.input();
  input.display_reserve = 1 * GiB;
  input.display_device = 1;
  training_memory(input, memory);
  CHECK(memory.device[0][Term::reserve].expected == Bytes{});
  CHECK(memory.device[1][Term::reserve].expected == 1 * GiB);
}

}  // namespace rigor::estimate
