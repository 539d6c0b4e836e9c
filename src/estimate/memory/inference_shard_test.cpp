#include "estimate/memory/inference_shard.hpp"

#include <doctest/doctest.h>

#include "estimate/memory/inference_fixture.hpp"

namespace rigor::estimate {
namespace {

Fixture laid_out(int devices, int tensor, int replicas = 1) {
  Fixture f;
  f.placement.devices = devices;
  f.placement.tensor = tensor;
  f.placement.replicas = replicas;
  return f;
}

}  // namespace

TEST_CASE("stages take even shares, and what is left over goes before the last") {
  struct Case {
    int layers, stages;
    std::vector<int> expected;
  };
  // vLLM's get_pp_indices: 7 over 3 is 2 + 3 + 2, 5 over 2 is 3 + 2.
  for (const auto& [layers, stages, expected] :
       {Case{4, 1, {4}}, Case{4, 2, {2, 2}}, Case{7, 3, {2, 3, 2}}, Case{5, 2, {3, 2}},
        Case{10, 4, {2, 3, 3, 2}}}) {
    CAPTURE(layers);
    Fixture f = laid_out(stages, 1);
    f.network.layers.assign(static_cast<std::size_t>(layers), f.network.layers.front());
    int first = 0;
    for (int place = 0; place < stages; ++place) {
      const Shard shard = shard_at(f.input(), place);
      CHECK(shard.first == first);
      CHECK(shard.last - shard.first == expected[static_cast<std::size_t>(place)]);
      CHECK(shard.has_input == (place == 0));
      CHECK(shard.has_output == (place == stages - 1));
      first = shard.last;
    }
    CHECK(first == layers);
  }
}

TEST_CASE("a placement's own layers are followed, and replicas repeat the first copy") {
  Fixture f = laid_out(4, 1, 2);
  f.placement.layers = {3, 1, 3, 1};
  CHECK(shard_at(f.input(), 1).first == 3);
  CHECK(shard_at(f.input(), 2).first == 0);
  CHECK(shard_at(f.input(), 2).last == 3);
  CHECK(shard_at(f.input(), 3).has_output);
}

TEST_CASE("one copy's devices may stand for all replicas") {
  Fixture f = laid_out(2, 2, 4);
  CHECK(shard_at(f.input(), 1).ways == 2);
  CHECK(shard_at(f.input(), 1).last == 4);
  f.placement.tensor = 1;
  f.placement.pipeline = 2;
  CHECK(shard_at(f.input(), 0).last == 2);
  CHECK(shard_at(f.input(), 1).first == 2);
}

TEST_CASE("tensor-parallel devices share a stage") {
  const Fixture f = laid_out(8, 4);
  for (int place = 0; place < 8; ++place) {
    const Shard shard = shard_at(f.input(), place);
    CHECK(shard.ways == 4);
    CHECK(shard.first == (place < 4 ? 0 : 2));
  }
}

TEST_CASE("the shards of all devices hold the network once, vectors and a tied head again") {
  const Fixture whole = laid_out(1, 1);
  const Bytes all = shard_weights(whole.network, shard_at(whole.input(), 0)).sum();
  CHECK(all == whole.network.weights());

  const auto total = [](const Fixture& f) {
    Bytes sum;
    for (int i = 0; i < f.placement.devices; ++i) {
      sum += shard_weights(f.network, shard_at(f.input(), i)).sum();
    }
    return sum;
  };
  CHECK(total(laid_out(2, 1)) == all);
  // Cut four ways: 128 vectors of 2 B in each of 4 layers, and the last norm, on three more
  // devices.
  CHECK(total(laid_out(4, 4)).in(byte) ==
        doctest::Approx((all + 3 * (4 * 256 + 128) * byte).in(byte)));

  Fixture tied = laid_out(2, 1);
  tied.network.output_head = {};
  CHECK(total(tied) == all);  // the last stage holds the table as its head
}

TEST_CASE("experts are spread over the larger of tensor and expert degrees") {
  Fixture f = laid_out(4, 2);
  f.placement.expert = 4;
  f.placement.pipeline = 1;
  f.network.layers[0].experts = 400 * byte;
  const ShardWeights parts = shard_weights(f.network, shard_at(f.input(), 0));
  CHECK(parts.experts == 100 * byte);
}

TEST_CASE(
    "a cell holds whole key-value heads: what cannot be cut is repeated, a latent never cut") {
  const llm::Layer layer{.heads = 32, .kv_heads = 8, .head_dim = 128};
  const llm::LayerCache gqa{.keys = 1024, .values = 1024};
  struct Case {
    int ways;
    double expected;
  };
  for (const auto& [ways, expected] : {Case{1, 4096}, Case{2, 2048}, Case{4, 1024}, Case{8, 512},
                                       Case{16, 512}, Case{3, 3 * 512}}) {
    CAPTURE(ways);
    CHECK(cell_bytes(gqa, layer, ways, {}) == expected * byte);
  }
  const llm::LayerCache mla{.keys = 576};  // DeepSeek-V3: 512 + 64, per layer and token 1,152 B
  CHECK(cell_bytes(mla, {.heads = 128, .kv_heads = 128}, 8, {}) == 1152 * byte);
  const CacheLayout fp8{.key_bytes = 1.0, .value_bytes = 0.5};
  CHECK(cell_bytes(gqa, layer, 1, fp8) == 1536 * byte);
}

TEST_CASE("windows limit cells unless the engine ignores them") {
  const llm::LayerCache sliding{.keys = 8, .values = 8, .window = 128};
  CHECK(cells(sliding, {.cells = 1000}) == 128);
  CHECK(cells(sliding, {.cells = 1000, .beside_window = 512}) == 640);
  CHECK(cells(sliding, {.cells = 100, .beside_window = 512}) == 100);
  CHECK(cells(sliding, {.cells = 1000, .windows = false}) == 1000);
  // Compressed entries of the same size, one per 4 tokens: 128 cells of the window and 250 more.
  const llm::LayerCache compressed{.keys = 8, .window = 128, .ratio = 4, .compressed_keys = 8};
  CHECK(cells(compressed, {.cells = 1000}) == 378);
}

TEST_CASE("a recurrent state is F32, the inputs of its convolution 16 bits") {
  const llm::RecurrentState state{.state = 1000, .channels = 100, .taps = 4};
  CHECK(state_bytes(state, 1) == (4000 + 800) * byte);
  CHECK(state_bytes(state, 4) == 1200 * byte);
}

TEST_CASE("capacity leaves out what the driver keeps, and the display device bears the desktop") {
  Fixture f = laid_out(2, 1);
  f.set(workload::Constant::driver_reserve, 1e6);
  f.display_reserve = 500 * byte;
  f.display_device = 1;
  MemoryEstimate result;
  const Fill nothing = [](const InferenceCase&, const Shard&, DeviceMemory&) {};
  estimate_shards(f.input(), result, nothing);
  CHECK(result.devices == 2);
  CHECK(result.device[0].capacity == 9e6 * byte);
  CHECK(result.device[0].total() == Interval{});
  CHECK(result.device[1][Term::reserve].high == 500 * byte);
  f.accelerators[0].unified = true;
  estimate_shards(f.input(), result, nothing);
  CHECK(result.device[0].capacity == 1e7 * byte);
}

TEST_CASE("widths are those of the widest layer and of the experts one token meets") {
  llm::Architecture a = fixture_architecture();
  CHECK(widths(a).live() == 128);
  CHECK(widths(a).queries == 64);
  a.experts = llm::Experts{.count = 8, .used = 2, .width = 96, .shared_width = 32};
  CHECK(widths(a).live() == 2 * 96 + 32);
}

}  // namespace rigor::estimate
