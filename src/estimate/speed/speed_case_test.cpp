// From placements to stages: nothing of a network is lost or counted twice, whatever holds it.
#include "estimate/speed/speed_case.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "estimate/memory/inference_fixture.hpp"

namespace rigor::estimate {
namespace {

using doctest::Approx;
using workload::EngineFamily;
using workload::Split;

/// Eight devices, each with its number as bandwidth.
SpeedRig numbered() {
  SpeedRig rig;
  for (int i = 0; i < 8; ++i)
    rig.devices.push_back({.bandwidth = BytesPerSecond::from_base(1.0 + i)});
  rig.host.bandwidth = BytesPerSecond::from_base(100);
  rig.link = BytesPerSecond::from_base(10);
  rig.host_link = BytesPerSecond::from_base(20);
  return rig;
}

/// Of 40 layers, the first `dense` without experts.
Fixture routed(int dense) {
  Fixture f;
  f.network.layers.assign(40, {});
  f.network.operations = {.dense_layers = dense, .expert_layers = 40 - dense};
  return f;
}

struct Shares {
  double layers = 0, experts = 0;
  int heads = 0;
};

Shares shares(const SpeedCase& input) {
  Shares sum;
  for (int i = 0; i < input.stages; ++i) {
    const SpeedStage& stage = input.stage[static_cast<std::size_t>(i)];
    sum.layers += stage.layers;
    sum.experts += stage.experts;
    sum.heads += stage.has_head ? 1 : 0;
  }
  return sum;
}

hardware::Accelerator card(const char* name, double tensor, double plain) {
  return {.id = "gpu/nvidia/any",
          .name = name,
          .vendor = hardware::Vendor::nvidia,
          .architecture = "Ada Lovelace",
          .compute_capability = "8.9",
          .fp32 = FlopsPerSecond::from_base(plain),
          .fp16 = FlopsPerSecond::from_base(tensor),
          .int8 = FlopsPerSecond::from_base(4 * tensor)};
}

}  // namespace

TEST_CASE("the stages of a placement hold every layer, every expert and one head") {
  CHECK(rc::check([] {
    Fixture f = routed(*rc::gen::inRange(0, 41));
    const SpeedRig rig = numbered();
    f.placement.tensor = *rc::gen::inRange(1, 4);
    f.placement.pipeline = *rc::gen::inRange(1, 3);
    f.placement.devices = *rc::gen::inRange(0, 2) * f.placement.tensor * f.placement.pipeline;
    f.placement.split = f.placement.tensor > 1 ? Split::tensor : Split::layer;
    f.placement.host_layers = *rc::gen::inRange(0, 41);
    f.placement.host_expert_layers = *rc::gen::inRange(0, 41);
    f.placement.replicas = *rc::gen::inRange(1, 4);
    const Shares sum = shares(speed_case(f.input(), rig));
    RC_ASSERT(std::abs(sum.layers - 1) < 1e-9);
    RC_ASSERT(std::abs(sum.experts - 1) < 1e-9);
    RC_ASSERT(sum.heads == 1);
  }));
}

TEST_CASE("without devices the host does everything, where it lies") {
  Fixture f;
  f.placement.devices = 0;
  const SpeedRig rig = numbered();
  const SpeedCase input = speed_case(f.input(), rig);
  REQUIRE(input.stages == 1);
  CHECK(input.stage[0].executor == &rig.host);
  CHECK(input.stage[0].layers == 1);
  CHECK(input.stage[0].has_head);
  CHECK(input.stage[0].fetched_over == BytesPerSecond{});
}

TEST_CASE("layers left on the host come last, and prompts fetch them") {
  Fixture f = routed(0);
  f.placement.host_layers = 10;
  f.placement.host_expert_layers = 20;
  const SpeedRig rig = numbered();
  const SpeedCase input = speed_case(f.input(), rig);
  REQUIRE(input.stages == 2);
  CHECK(input.stage[0].executor == rig.devices.data());
  CHECK(input.stage[0].layers == Approx(0.75));
  CHECK(input.stage[0].experts == Approx(0.5));
  CHECK(input.stage[1].executor == &rig.host);
  CHECK(input.stage[1].layers == Approx(0.25));
  CHECK(input.stage[1].experts == Approx(0.5));
  CHECK(input.stage[1].fetched_over == rig.host_link);
  CHECK_FALSE(input.stage[1].has_head);
}

TEST_CASE("layers are split as the placement states, over the devices it names") {
  Fixture f = routed(40);
  f.placement.devices = f.placement.pipeline = 2;
  f.placement.device = {3, 5};
  f.placement.layers = {30, 10};
  const SpeedRig rig = numbered();
  const auto check = [&] {
    const SpeedCase input = speed_case(f.input(), rig);
    REQUIRE(input.stages == 2);
    CHECK(input.stage[0].executor == &rig.devices[3]);
    CHECK(input.stage[1].executor == &rig.devices[5]);
    CHECK(input.stage[0].layers == Approx(0.75));
    CHECK(input.stage[1].layers == Approx(0.25));
    CHECK(input.stage[0].ways == 1);
    CHECK(input.overlaps);
  };
  check();
  // One copy stands for both.
  f.placement.replicas = 2;
  check();
}

TEST_CASE("cut matrices are one stage of several ways; replicas divide the devices") {
  Fixture f;
  f.engine.family = EngineFamily::vllm;
  f.placement.devices = 8;
  f.placement.split = Split::tensor;
  f.placement.tensor = 4;
  const SpeedRig rig = numbered();
  f.placement.replicas = 2;
  CHECK(speed_case(f.input(), rig).stages == 1);
  f.placement.replicas = 1;
  f.placement.pipeline = 2;
  const SpeedCase input = speed_case(f.input(), rig);
  REQUIRE(input.stages == 2);
  CHECK(input.stage[0].ways == 4);
  CHECK(input.stage[1].executor == &rig.devices[4]);
  CHECK_FALSE(input.overlaps);
  CHECK(input.link == rig.link);
}

TEST_CASE("tokens computed together are the engine's, or as asked") {
  Fixture f;
  const SpeedRig rig = numbered();
  f.inference.micro_batch = 256;
  f.inference.batch = 1024;
  f.set(workload::Constant::batched_tokens, 8192);
  f.engine.family = EngineFamily::llama_cpp;
  CHECK(speed_case(f.input(), rig).micro_batch == 256);
  f.engine.family = EngineFamily::vllm;
  CHECK(speed_case(f.input(), rig).micro_batch == 1024);
  f.inference.batch = 0;
  CHECK(speed_case(f.input(), rig).micro_batch == 8192);
  f.set(workload::Constant::batched_tokens, 0);
  CHECK(speed_case(f.input(), rig).micro_batch == 2048);
  f.inference.key_type = {.bytes_per_element = 1.0625, .quantized = true};
  CHECK(speed_case(f.input(), rig).key_bytes == 1.0625);
  CHECK(speed_case(f.input(), rig).value_bytes == 2);
}

TEST_CASE("peaks: matrix units, half sums where the engine adds so, else the plain rate") {
  const hardware::Accelerator geforce = card("GeForce RTX 4090", 165e12, 83e12);
  CHECK(executor_of(geforce, {}, false).peak == FlopsPerSecond::from_base(165e12));
  CHECK(executor_of(geforce, {}, true).peak == FlopsPerSecond::from_base(330e12));
  CHECK(executor_of(geforce, {}, true).plain == FlopsPerSecond::from_base(83e12));
  hardware::Accelerator radeon = geforce;
  radeon.vendor = hardware::Vendor::amd;
  CHECK(executor_of(radeon, {}, true).peak == FlopsPerSecond::from_base(165e12));
  hardware::Accelerator old = card("Tesla P40", 0, 12e12);
  old.int8 = {};
  CHECK(executor_of(old, {}, false).peak == FlopsPerSecond::from_base(12e12));
  CHECK(has_half_sums(EngineFamily::llama_cpp));
  CHECK(has_half_sums(EngineFamily::exllama));
  CHECK_FALSE(has_half_sums(EngineFamily::vllm));
  hardware::Host host;
  host.cores = 16;
  CHECK(executor_of(host, {}).peak.in(TFLOP / second) == Approx(1.792));
}

TEST_CASE("scopes: who measured what") {
  const hardware::Accelerator geforce = card("GeForce RTX 4090", 165e12, 83e12);
  CHECK(family_of(geforce) == "ada lovelace 8.9 geforce");
  CHECK(family_of(card("RTX 6000 Ada", 1, 1)) == "ada lovelace 8.9");
  hardware::Accelerator radeon = geforce;
  radeon.vendor = hardware::Vendor::amd;
  radeon.architecture = "RDNA 3";
  CHECK(family_of(radeon) == "rdna 3");
  const SpeedScope scope = scope_of(geforce, "vllm", workload::Backend::cuda, "2025-1");
  CHECK(scope.backend == "CUDA");
  CHECK(scope.epoch == "2025-1");
  CHECK(scope.device == "gpu/nvidia/any");
  hardware::Host host;
  host.id = "cpu/amd/ryzen-9-7950x";
  host.architecture = "Zen 4";
  CHECK(scope_of(host, "llama.cpp").backend == "CPU");
  CHECK(scope_of(host, "llama.cpp").family == "zen 4");
  CHECK(scope_of(host, "llama.cpp").device == host.id);
  workload::Engine engine;
  for (const char* id : {"engine/llama.cpp", "engine/llama.cpp/b4000", "llama.cpp"}) {
    engine.id = id;
    CHECK(engine_name(engine) == "llama.cpp");
  }
}

TEST_CASE("links: the card's slot, or NVLink where the module has it or a bridge is stated") {
  hardware::Accelerator card;
  card.id = "gpu/nvidia/rtx-3090";
  card.pcie_generation = 4;
  card.pcie_lanes = 16;
  CHECK(slot_bandwidth(card).in(GB / second) == Approx(31.52));
  card.nvlink = BytesPerSecond::from_base(112.5e9);
  CHECK(peer_bandwidth(card, false) == slot_bandwidth(card));
  CHECK(peer_bandwidth(card, true).in(GB / second) == Approx(56.25));
  card.id = "gpu/nvidia/h100-sxm-80gb";
  CHECK(peer_bandwidth(card, false).in(GB / second) == Approx(56.25));
  // Nothing stated: sixteen lanes of generation 3.
  CHECK(slot_bandwidth({}).in(GB / second) == Approx(15.76));
}

}  // namespace rigor::estimate
