// vLLM's own start-up figures on H100 cards, as published by llm-d-incubation/llm-d-planner (PR 205
// and 266, docs/empirical-vllm-memory-results.md), against the estimator with the catalogue's data.
#include <doctest/doctest.h>

#include <optional>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/catalog.hpp"
#include "catalog/engine_entry.hpp"
#include "catalog/parts.hpp"
#include "catalog/quantization_entry.hpp"
#include "estimate/memory/inference_memory.hpp"

namespace rigor::estimate {
namespace {

const catalog::Catalog& entries() {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  return all;
}

const catalog::Entry& entry(const std::string& id) {
  const auto found = entries().entry(id);
  REQUIRE_MESSAGE(found.has_value(), id);
  return **found;
}

Network network(const std::string& architecture, const std::string& recipe) {
  return make_network(*catalog::to_architecture(entry("architecture/" + architecture)),
                      *catalog::to_quantization(entry("quantization/" + recipe)));
}

/// One device of a run on H100 80 GB cards: the first, or the last when stages are asked for.
struct Run {
  const char* version = "vllm";
  const char* architecture = "llama-3.1-8b";
  const char* recipe = "bf16";
  int tensor = 1, pipeline = 1;
  double fraction = 0.95;
};

DeviceMemory device_of(const Run& run, int place = 0) {
  Diagnostics diagnostics;
  const auto card = catalog::to_accelerator(entry("gpu/nvidia/h100-sxm-80gb"), diagnostics);
  const std::vector<hardware::Accelerator> cards(8, card);
  const Network net = network(run.architecture, run.recipe);
  const auto engine = catalog::to_engine(entry(std::string("engine/") + run.version));
  REQUIRE(engine.has_value());
  const workload::Inference inference{.context = 16, .batch = 0, .memory_fraction = run.fraction};
  workload::Placement placement;
  placement.tensor = run.tensor;
  placement.pipeline = run.pipeline;
  placement.devices = run.tensor * run.pipeline;
  for (int i = 0; i < placement.devices; ++i) {
    placement.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  }
  const hardware::Host host;
  const InferenceCase input{net, *engine, inference, placement, cards, host};
  MemoryEstimate result;
  vllm_memory(input, result);
  return result.device[static_cast<std::size_t>(place)];
}

double gib(const DeviceMemory& memory, Term term) {
  return memory[term].expected.in(GiB);
}

}  // namespace

TEST_CASE("weights per GPU") {
  struct Case {
    Run run;
    double measured;
  };
  for (const auto& [run, measured] :
       {Case{{}, 14.99}, Case{{.tensor = 2}, 7.51}, Case{{.tensor = 4}, 3.77},
        Case{{.pipeline = 2}, 7.51}, Case{{.architecture = "qwen2.5-7b"}, 14.25},
        Case{{.architecture = "qwen2.5-7b", .tensor = 4}, 3.55},
        Case{{.architecture = "qwen3-14b"}, 27.52}, Case{{.architecture = "qwen3-32b"}, 61.03},
        Case{{.recipe = "fp32"}, 29.98}, Case{{.recipe = "fp8"}, 8.49}}) {
    CAPTURE(run.architecture);
    CAPTURE(run.tensor);
    CHECK(gib(device_of(run), Term::weights) == doctest::Approx(measured).epsilon(0.01));
  }
}

TEST_CASE("activation peak: the sampler's scratch decides, whatever the tensor degree") {
  struct Case {
    Run run;
    double measured, within;
  };
  for (const auto& [run, measured, within] :
       {Case{{}, 1.89, 0.02}, Case{{.tensor = 2}, 1.89, 0.02}, Case{{.tensor = 4}, 1.89, 0.02},
        Case{{.architecture = "qwen2.5-7b"}, 2.21, 0.02},
        Case{{.architecture = "qwen3-14b"}, 2.23, 0.02},
        Case{{.version = "vllm/0.16", .architecture = "qwen3-14b"}, 5.64, 0.02},
        Case{{.version = "vllm/0.16"}, 4.76, 0.02},
        Case{{.version = "vllm/0.16", .architecture = "qwen3-0.6b"}, 5.56, 0.02},
        Case{{.version = "vllm/0.16", .architecture = "qwen3-32b", .tensor = 2}, 5.64, 0.02},
        Case{
            {.version = "vllm/0.16", .architecture = "gpt-oss-20b", .recipe = "mxfp4"}, 7.38, 0.02},
        // The first stage of two does not sample: 2 B x 8192 x (4 x 14336 + 3 x 4096) = 1.06 GiB.
        Case{{.pipeline = 2}, 1.10, 0.05}}) {
    CAPTURE(run.architecture);
    CAPTURE(run.version);
    CHECK(gib(device_of(run), Term::compute) == doctest::Approx(measured).epsilon(within));
  }
  CHECK(gib(device_of({.pipeline = 2}, 1), Term::compute) == doctest::Approx(1.89).epsilon(0.02));
}

TEST_CASE("memory outside PyTorch") {
  const auto outside = [](const Run& run) {
    const DeviceMemory memory = device_of(run);
    return gib(memory, Term::runtime) + gib(memory, Term::communication);
  };
  CHECK(outside({}) == doctest::Approx(0.25));
  CHECK(outside({.tensor = 2}) == doctest::Approx(2.07).epsilon(0.02));
  CHECK(outside({.tensor = 4}) == doctest::Approx(2.13).epsilon(0.02));
  CHECK(outside({.version = "vllm/0.16"}) == doctest::Approx(0.13));
  CHECK(outside({.version = "vllm/0.16", .tensor = 2}) == doctest::Approx(0.54).epsilon(0.02));
}

TEST_CASE("what is left for the cache") {
  struct Case {
    Run run;
    double measured;
  };
  for (const auto& [run, measured] :
       {Case{{}, 58.11}, Case{{.architecture = "qwen2.5-7b"}, 58.53},
        Case{{.architecture = "qwen3-14b"}, 45.34},
        Case{{.version = "vllm/0.16", .architecture = "qwen3-14b"}, 41.94},
        Case{{.version = "vllm/0.16", .fraction = 0.9}, 51.38},
        Case{{.version = "vllm/0.16", .architecture = "qwen3-0.6b", .fraction = 0.9}, 64.45},
        Case{{.version = "vllm/0.16", .architecture = "qwen3-32b", .tensor = 2, .fraction = 0.9},
             34.49},
        Case{{.version = "vllm/0.16",
              .architecture = "gpt-oss-20b",
              .recipe = "mxfp4",
              .fraction = 0.9},
             50.28}}) {
    CAPTURE(run.architecture);
    const DeviceMemory memory = device_of(run);
    const double available = gib(memory, Term::kv_cache) + gib(memory, Term::cache_pool);
    CHECK(available == doctest::Approx(measured).epsilon(0.01));
  }
}

TEST_CASE("tokens that a measured pool holds") {
  struct Case {
    const char* architecture;
    double pool, bytes_per_element, tokens;
  };
  for (const auto& [architecture, pool, bytes_per_element, tokens] :
       {Case{"llama-3.1-8b", 58.11, 2, 476016}, Case{"llama-3.1-8b", 58.11, 1, 952032},
        Case{"llama-3.1-8b", 42.80, 4, 175296}, Case{"qwen2.5-7b", 58.53, 2, 1096000}}) {
    CAPTURE(tokens);
    const Network net = network(architecture, "bf16");
    const workload::Engine engine;
    const workload::Inference inference{.key_type = {bytes_per_element},
                                        .value_type = {bytes_per_element}};
    const workload::Placement placement;
    const hardware::Host host;
    const InferenceCase input{net, engine, inference, placement, {}, host};
    const double predicted = vllm_cache_tokens(input, 0, pool * GiB);
    CHECK(predicted == doctest::Approx(tokens).epsilon(0.001));
  }
}

}  // namespace rigor::estimate
