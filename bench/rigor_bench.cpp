// What ./dev bench runs: the warm path, in nanoseconds and allocations per call. Cold processes are
// timed by cold_start.sh. Figures to reach and figures reached: docs/benchmarks.md.
#include <benchmark/benchmark.h>

#include "bench/allocations.hpp"
#include "bench/cases.hpp"
#include "catalog/packed.hpp"
#include "estimate/memory/inference_memory.hpp"
#include "estimate/memory/training_memory.hpp"
#include "place/rank.hpp"
#include "place/search.hpp"
#include "units/unit_text.hpp"

namespace rigor::bench {
namespace {

using workload::Kind;

enum class Allocations { reported, forbidden };

bool broken_promise = false;

/// Reports allocations per iteration; where they are forbidden, one is an error.
void report_allocations(benchmark::State& state, std::size_t before,
                        Allocations allocations_are = Allocations::reported) {
  const std::size_t made = allocations() - before;
  state.counters["allocs"] =
      benchmark::Counter(static_cast<double>(made), benchmark::Counter::kAvgIterations);
  if (allocations_are == Allocations::reported || made == 0) return;
  broken_promise = true;
  state.SkipWithError("allocates, though it promises not to");
}

/// One estimate, warm: terms of every device and the verdict.
void inference_memory(benchmark::State& state, const char* rig, const char* model,
                      const Settings& settings) {
  const std::unique_ptr<Case> c = make_case(rig, model, Kind::inference, settings);
  const place::Question& q = c->question;
  const estimate::InferenceCase input = {
      c->network, c->engine, q.workload.inference, c->placement, q.accelerators, q.host, q.backend};
  estimate::MemoryEstimate result;
  const std::size_t before = allocations();
  for ([[maybe_unused]] auto _ : state) {
    estimate::inference_memory(input, result);
    estimate::Verdict verdict = estimate::verdict(result);
    benchmark::DoNotOptimize(verdict);
    benchmark::ClobberMemory();
  }
  report_allocations(state, before, Allocations::forbidden);
}
BENCHMARK_CAPTURE(inference_memory, llama_cpp_70b_2_cards, "2x rtx 3090", "llama-3.1-70b",
                  {{"engine", "engine/llama.cpp"},
                   {"quantization", "Q4_K_M"},
                   {"context", "32768"}});
BENCHMARK_CAPTURE(inference_memory, vllm_70b_4_cards, "4x rtx 3090", "llama-3.1-70b",
                  {{"engine", "engine/vllm"},
                   {"quantization", "awq-4bit-g128"},
                   {"context", "8192"}});
BENCHMARK_CAPTURE(
    inference_memory, llama_cpp_405b_4_cards, "4x rtx pro 6000 max-q", "llama-3.1-405b",
    {{"engine", "engine/llama.cpp"}, {"quantization", "Q4_K_M"}, {"context", "131072"}});

void training_memory(benchmark::State& state, const char* rig, const char* model,
                     const Settings& settings) {
  const std::unique_ptr<Case> c = make_case(rig, model, Kind::finetune, settings);
  const place::Question& q = c->question;
  const estimate::FineTuneCase input = {c->network,   c->engine,      q.workload.finetune,
                                        c->placement, q.accelerators, q.host};
  estimate::MemoryEstimate result;
  const std::size_t before = allocations();
  for ([[maybe_unused]] auto _ : state) {
    estimate::training_memory(input, result);
    estimate::Verdict verdict = estimate::verdict(result);
    benchmark::DoNotOptimize(verdict);
    benchmark::ClobberMemory();
  }
  report_allocations(state, before, Allocations::forbidden);
}
BENCHMARK_CAPTURE(
    training_memory, full_6_7b_zero_3, "2x 5060 ti 16gb", "deepseek-coder-6.7b",
    {{"engine", "engine/deepspeed"}, {"quantization", "bf16"}, {"method", "full"}, {"zero", "3"}});
BENCHMARK_CAPTURE(training_memory, qlora_70b_fsdp, "2x rtx 3090", "llama-3.1-70b",
                  {{"engine", "engine/fsdp"}, {"quantization", "bf16"}, {"method", "qlora"}});

const estimate::Calibration& calibration() {
  static const auto fitted = estimate::Calibration::parse(catalog::packed_calibration());
  return fitted.value();
}

/// Memory, verdict, one step of generation and a prompt.
void memory_and_speed(benchmark::State& state, const char* rig, const char* model,
                      const Settings& settings) {
  const std::unique_ptr<Case> c = make_case(rig, model, Kind::inference, settings);
  const place::Question& q = c->question;
  const estimate::SpeedRig machine = place::speed_rig(q, calibration());
  const estimate::InferenceCase input = {
      c->network, c->engine, q.workload.inference, c->placement, q.accelerators, q.host, q.backend};
  estimate::MemoryEstimate result;
  const std::size_t before = allocations();
  for ([[maybe_unused]] auto _ : state) {
    estimate::inference_memory(input, result);
    estimate::Verdict verdict = estimate::verdict(result);
    const estimate::SpeedCase stages = estimate::speed_case(input, machine);
    Seconds step = estimate::decode_step(stages, 1, 4096).total();
    Seconds prompt = estimate::prefill(stages, 512, 0).total();
    benchmark::DoNotOptimize(verdict);
    benchmark::DoNotOptimize(step);
    benchmark::DoNotOptimize(prompt);
    benchmark::ClobberMemory();
  }
  report_allocations(state, before, Allocations::forbidden);
}
BENCHMARK_CAPTURE(memory_and_speed, llama_cpp_70b_2_cards, "2x rtx 3090", "llama-3.1-70b",
                  {{"engine", "engine/llama.cpp"},
                   {"quantization", "Q4_K_M"},
                   {"context", "32768"}});
BENCHMARK_CAPTURE(memory_and_speed, vllm_70b_4_cards, "4x rtx 3090", "llama-3.1-70b",
                  {{"engine", "engine/vllm"},
                   {"quantization", "awq-4bit-g128"},
                   {"context", "8192"}});

/// All placements, evaluated and ordered.
void rank(benchmark::State& state, const char* rig, const char* model, Kind kind,
          const Settings& settings) {
  const std::unique_ptr<Case> c = make_case(rig, model, kind, settings);
  for ([[maybe_unused]] auto _ : state) {
    std::vector<place::Candidate> ranking = place::rank(c->question, calibration());
    benchmark::DoNotOptimize(ranking);
  }
}
BENCHMARK_CAPTURE(rank, vllm_70b_8_cards, "8x rtx pro 6000 max-q", "llama-3.1-70b", Kind::inference,
                  {{"engine", "engine/vllm"}, {"quantization", "bf16"}});
BENCHMARK_CAPTURE(rank, full_13b_8_cards, "8x rtx pro 6000 max-q", "llama-2-13b", Kind::finetune,
                  {{"engine", "engine/deepspeed"}, {"quantization", "bf16"}, {"method", "full"}});

/// Placements with all settings that are open: KV type, batches, sharding, offload, checkpointing.
void search(benchmark::State& state, const char* rig, const char* model, Kind kind,
            const Settings& settings) {
  const std::unique_ptr<Case> c = make_case(rig, model, kind, settings);
  c->question.host.memory = 512 * GiB;
  c->question.host.bandwidth = 300 * GB / second;
  const std::vector<place::CacheOption> caches = {
      {.name = "f16"},
      {.name = "q8_0", .key = {1.0625, true}, .value = {1.0625, true}, .loss = 0.0003},
      {.name = "q4_0", .key = {0.5625, true}, .value = {0.5625, true}, .loss = 0.012}};
  place::SearchSpace space = place::search_space(c->question, caches);
  space.global_batch = kind == Kind::finetune ? 64 : 1;
  place::Found found;
  for ([[maybe_unused]] auto _ : state) {
    found = place::search(c->question, space, calibration());
    benchmark::DoNotOptimize(found);
  }
  state.counters["estimates"] = static_cast<double>(found.evaluated);
  state.counters["fitting"] = static_cast<double>(found.choices.size());
}
BENCHMARK_CAPTURE(search, llama_cpp_70b_8_cards, "8x rtx 3090", "llama-3.1-70b", Kind::inference,
                  {{"engine", "engine/llama.cpp"},
                   {"quantization", "Q4_K_M"},
                   {"context", "32768"}});
BENCHMARK_CAPTURE(
    search, llama_cpp_405b_8_cards_offload, "8x rtx 3090", "llama-3.1-405b", Kind::inference,
    {{"engine", "engine/llama.cpp"}, {"quantization", "Q4_K_M"}, {"context", "32768"}});
BENCHMARK_CAPTURE(
    search, llama_cpp_235b_8_cards_experts, "8x 5060 ti 16gb", "qwen3-235b-a22b", Kind::inference,
    {{"engine", "engine/llama.cpp"}, {"quantization", "Q4_K_M"}, {"context", "32768"}});
BENCHMARK_CAPTURE(search, vllm_70b_8_cards, "8x rtx pro 6000 max-q", "llama-3.1-70b",
                  Kind::inference, {{"engine", "engine/vllm"}, {"quantization", "bf16"}});
BENCHMARK_CAPTURE(search, full_13b_8_cards, "8x rtx pro 6000 max-q", "llama-2-13b", Kind::finetune,
                  {{"engine", "engine/deepspeed"}, {"quantization", "bf16"}, {"method", "full"}});
BENCHMARK_CAPTURE(search, lora_13b_8_cards, "8x rtx 3090", "llama-2-13b", Kind::finetune,
                  {{"engine", "engine/deepspeed"}, {"quantization", "bf16"}, {"method", "lora"}});

/// The search for a placement.
void choose(benchmark::State& state, const char* rig, const char* model, Kind kind,
            const Settings& settings) {
  const std::unique_ptr<Case> c = make_case(rig, model, kind, settings);
  const std::size_t before = allocations();
  for ([[maybe_unused]] auto _ : state) {
    place::Answer answer = place::choose(c->question);
    benchmark::DoNotOptimize(answer);
  }
  report_allocations(state, before);
}
BENCHMARK_CAPTURE(choose, llama_cpp_405b_8_cards, "8x rtx 3090", "llama-3.1-405b", Kind::inference,
                  {{"engine", "engine/llama.cpp"},
                   {"quantization", "Q4_K_M"},
                   {"context", "131072"}});
BENCHMARK_CAPTURE(choose, full_70b_8_cards, "8x rtx pro 6000 max-q", "llama-3.1-70b",
                  Kind::finetune,
                  {{"engine", "engine/deepspeed"}, {"quantization", "bf16"}, {"method", "full"}});

void parse_unit(benchmark::State& state, const char* text) {
  const std::size_t before = allocations();
  for ([[maybe_unused]] auto _ : state) {
    Result<AnyQuantity> quantity = parse_any(text);
    benchmark::DoNotOptimize(quantity);
  }
  report_allocations(state, before);
}
BENCHMARK_CAPTURE(parse_unit, bytes, "24 GiB");
BENCHMARK_CAPTURE(parse_unit, bandwidth, "1008 GB/s");

constexpr const char* kCard = "gpu/nvidia/rtx-5060-ti-16gb";

void catalogue_index(benchmark::State& state) {
  const std::size_t before = allocations();
  for ([[maybe_unused]] auto _ : state) {
    catalog::Catalog catalog = make_catalog();
    benchmark::DoNotOptimize(catalog);
  }
  report_allocations(state, before);
}
BENCHMARK(catalogue_index);

void catalogue_resolve(benchmark::State& state, const char* words) {
  const catalog::Catalog catalog = make_catalog();
  const std::size_t before = allocations();
  for ([[maybe_unused]] auto _ : state) {
    Result<std::string> id = catalog.resolve(words);
    benchmark::DoNotOptimize(id);
  }
  report_allocations(state, before);
}
BENCHMARK_CAPTURE(catalogue_resolve, exact, kCard);
BENCHMARK_CAPTURE(catalogue_resolve, fuzzy, "5060ti 16");

/// The first look at an entry: its text is parsed.
void catalogue_parse(benchmark::State& state) {
  catalog::Catalog catalog = make_catalog();
  for ([[maybe_unused]] auto _ : state) {
    Result<const catalog::Entry*> entry = catalog.entry(kCard);
    benchmark::DoNotOptimize(entry);
    state.PauseTiming();
    catalog = make_catalog();
    state.ResumeTiming();
  }
}
BENCHMARK(catalogue_parse);

/// Every further look.
void catalogue_entry(benchmark::State& state) {
  const catalog::Catalog catalog = make_catalog();
  benchmark::DoNotOptimize(catalog.entry(kCard));
  const std::size_t before = allocations();
  for ([[maybe_unused]] auto _ : state) {
    Result<const catalog::Entry*> entry = catalog.entry(kCard);
    benchmark::DoNotOptimize(entry);
  }
  report_allocations(state, before);
}
BENCHMARK(catalogue_entry);

void make_network(benchmark::State& state, const char* model, const char* recipe) {
  const catalog::Catalog catalog = make_catalog();
  const llm::Architecture network = architecture(catalog, model);
  const llm::Quantization storage = quantization(catalog, recipe);
  const std::size_t before = allocations();
  for ([[maybe_unused]] auto _ : state) {
    estimate::Network made = estimate::make_network(network, storage);
    benchmark::DoNotOptimize(made);
  }
  report_allocations(state, before);
}
BENCHMARK_CAPTURE(make_network, llama_405b, "llama-3.1-405b", "Q4_K_M");
BENCHMARK_CAPTURE(make_network, deepseek_v3, "deepseek-v3", "Q4_K_M");

}  // namespace
}  // namespace rigor::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return rigor::bench::broken_promise ? 1 : 0;
}
