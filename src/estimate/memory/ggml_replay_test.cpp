#include <doctest/doctest.h>

#include "estimate/memory/ggml_graph.hpp"

namespace rigor::estimate {
namespace {

constexpr std::int64_t kKilo = 256;  // 256 floats are 1 KiB

double kib(Bytes bytes) {
  return bytes.in(KiB);
}

}  // namespace

TEST_CASE("a tensor is freed after its last reader, and its place is used again") {
  TensorGraph graph;
  graph.device = 0;
  const TensorId a = graph.operation(shape(kKilo), {});
  const TensorId b = graph.operation(shape(kKilo), {a});  // a is free from here
  const TensorId c = graph.operation(shape(kKilo), {b});
  graph.expand(c);
  CHECK(kib(replay_allocation(graph, 1, 1)[1]) == 2);
}

TEST_CASE("an operation takes its source's place unless somebody else reads it") {
  TensorGraph alone;
  alone.device = 0;
  const TensorId only = alone.operation(shape(kKilo), {});
  alone.expand(alone.operation(shape(kKilo), {only}, Place::of_source));
  CHECK(kib(replay_allocation(alone, 1, 1)[1]) == 1);

  TensorGraph read;
  read.device = 0;
  const TensorId source = read.operation(shape(kKilo), {});
  const TensorId changed = read.operation(shape(kKilo), {source}, Place::of_source);
  read.expand(read.operation(shape(kKilo), {source, changed}, Place::fresh));
  CHECK(kib(replay_allocation(read, 1, 1)[1]) == 3);
}

TEST_CASE("a view keeps its tensor alive and takes nothing itself") {
  TensorGraph graph;
  graph.device = 0;
  const TensorId whole = graph.operation(shape(4 * kKilo), {});
  const TensorId part = graph.view(whole, shape(kKilo));
  const TensorId other = graph.operation(shape(kKilo), {});
  graph.expand(other);
  graph.expand(graph.operation(shape(kKilo), {part, other}));
  CHECK(kib(replay_allocation(graph, 1, 1)[1]) == 6);  // 1 other, 4 whole, 1 result
}

TEST_CASE("the smallest hole that fits is taken") {
  TensorGraph graph;
  graph.device = 0;
  const TensorId large = graph.operation(shape(4 * kKilo), {});
  const TensorId wall = graph.operation(shape(kKilo), {});
  const TensorId small = graph.operation(shape(2 * kKilo), {});
  const TensorId end = graph.operation(shape(kKilo), {});
  for (const TensorId id : {large, wall, small, end}) graph.expand(id);
  const TensorId after = graph.operation(shape(1), {large, small});  // frees both
  graph.expand(after);
  const TensorId fits_small = graph.operation(shape(2 * kKilo), {});
  const TensorId fits_large = graph.operation(shape(4 * kKilo), {});
  graph.expand(fits_small);
  graph.expand(graph.operation(shape(1), {fits_small, fits_large, wall, end, after}));
  // 4 + 1 + 2 + 1, and 128 B each for the two results of one float.
  CHECK(kib(replay_allocation(graph, 1, 1)[1]) == 8.25);
}

TEST_CASE("what crosses devices is copied, once per device") {
  TensorGraph graph;
  graph.device = kOnHost;
  const TensorId rows = graph.operation(shape(kKilo), {graph.input(shape(2 * kKilo))});
  graph.device = 0;
  const TensorId first = graph.operation(shape(kKilo), {rows});
  graph.device = 1;
  graph.expand(graph.operation(shape(kKilo), {first, rows}));
  const std::vector<Bytes> peaks = replay_allocation(graph, 2, 1);
  CHECK(kib(peaks[0]) == 3);  // input and rows
  CHECK(kib(peaks[1]) == 2);  // copy of rows, first
  CHECK(kib(peaks[2]) == 3);  // copies of first and rows, result
}

TEST_CASE("pipeline copies exist four times and are never freed") {
  TensorGraph graph;
  const TensorId mask = graph.input(shape(kKilo));
  graph.device = 0;
  const TensorId used = graph.operation(shape(1), {mask});
  graph.expand(graph.operation(shape(8 * kKilo), {used}));
  const std::vector<Bytes> peaks = replay_allocation(graph, 1, 4);
  CHECK(kib(peaks[0]) == 4);
  CHECK(kib(peaks[1]) == 12.125);  // four masks, 128 B, 8 KiB
}

TEST_CASE("a weight elsewhere is copied whole and begins a new run") {
  TensorGraph graph;
  graph.device = kOnHost;
  const TensorId weight = graph.weight(16 * KiB);
  graph.device = 0;
  const TensorId in = graph.operation(shape(kKilo), {});
  graph.expand(graph.operation(shape(kKilo), {weight, in}));
  const std::vector<Bytes> peaks = replay_allocation(graph, 1, 1);
  CHECK(kib(peaks[0]) == 0);
  CHECK(kib(peaks[1]) == 18);
}

}  // namespace rigor::estimate
