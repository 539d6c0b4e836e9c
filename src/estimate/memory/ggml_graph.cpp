#include "estimate/memory/ggml_graph.hpp"

#include "base/result.hpp"

namespace rigor::estimate {
namespace {

/// Bytes of a block of 32 elements.
std::int64_t block_bytes(Element element) {
  switch (element) {
    case Element::f32: return 128;
    case Element::f16: return 64;
    case Element::i32: return 128;
    case Element::i64: return 256;
    case Element::q8_0: return 34;
    case Element::q4_0: return 18;
  }
  return 128;
}

std::int64_t bytes_of(const Shape& dimensions, Element element) {
  std::int64_t count = block_bytes(element);
  for (const std::int64_t dimension : dimensions) count *= dimension;
  return count / 32;
}

void read(GraphTensor& tensor, std::initializer_list<TensorId> sources) {
  for (const TensorId source : sources) {
    if (source == kNoTensor) continue;
    RIGOR_ASSERT(tensor.source_count < static_cast<int>(tensor.sources.size()));
    tensor.sources[static_cast<std::size_t>(tensor.source_count++)] = source;
  }
}

}  // namespace

TensorId TensorGraph::add(const GraphTensor& tensor) {
  tensors_.push_back(tensor);
  visited_.push_back(false);
  return size() - 1;
}

TensorId TensorGraph::input(const Shape& dimensions, Element element, int where) {
  return add({.kind = TensorKind::input,
              .element = element,
              .device = where,
              .dimensions = dimensions,
              .bytes = bytes_of(dimensions, element)});
}

TensorId TensorGraph::weight(Bytes bytes) {
  const auto whole = static_cast<std::int64_t>(bytes.in(byte));
  return add(
      {.kind = TensorKind::weight, .device = device, .dimensions = shape(whole), .bytes = whole});
}

TensorId TensorGraph::operation(const Shape& dimensions, std::initializer_list<TensorId> sources,
                                Place place, Element element) {
  GraphTensor tensor{.element = element,
                     .may_replace_source = place == Place::of_source,
                     .device = device,
                     .dimensions = dimensions,
                     .bytes = bytes_of(dimensions, element)};
  read(tensor, sources);
  return add(tensor);
}

TensorId TensorGraph::view(TensorId of, const Shape& dimensions) {
  GraphTensor tensor{.kind = TensorKind::view,
                     .element = at(of).element,
                     .device = device,
                     .dimensions = dimensions,
                     .bytes = bytes_of(dimensions, at(of).element),
                     .view_of = of};
  read(tensor, {of});
  return add(tensor);
}

TensorId TensorGraph::store(TensorId cache, std::initializer_list<TensorId> sources) {
  GraphTensor tensor{.kind = TensorKind::view, .device = device, .view_of = cache};
  read(tensor, sources);
  return add(tensor);
}

void TensorGraph::enlarge(TensorId tensor, Bytes scratch) {
  at(tensor).bytes += static_cast<std::int64_t>(scratch.in(byte));
}

void TensorGraph::expand(TensorId tensor) {
  const auto index = static_cast<std::size_t>(tensor);
  if (visited_[index]) return;
  visited_[index] = true;
  const GraphTensor node = at(tensor);
  for (int i = 0; i < node.source_count; ++i) expand(node.sources[static_cast<std::size_t>(i)]);
  if (node.view_of != kNoTensor) expand(node.view_of);
  if (node.kind != TensorKind::weight) order_.push_back(tensor);
}

}  // namespace rigor::estimate
