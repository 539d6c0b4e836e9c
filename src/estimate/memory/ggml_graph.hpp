// A ggml graph as its allocator sees it: tensors with sizes, places and readers, in the order in
// which they are computed. Nothing is computed. Layer 5.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "units/quantity.hpp"

namespace rigor::estimate {

enum class Element : std::uint8_t { f32, f16, i32, i64, q8_0, q4_0 };

using Shape = std::array<std::int64_t, 4>;
constexpr Shape shape(std::int64_t a, std::int64_t b = 1, std::int64_t c = 1, std::int64_t d = 1) {
  return {a, b, c, d};
}

using TensorId = int;
inline constexpr TensorId kNoTensor = -1;
/// Where a tensor lies: a device from 0, or the host.
inline constexpr int kOnHost = -1;

enum class TensorKind : std::uint8_t {
  input,   ///< filled before the graph runs
  weight,  ///< in another buffer: weights and the cache
  operation,
  view,      ///< other dimensions of another tensor, no bytes of its own; writes into a cache too
  transfer,  ///< reads its source to copy it to another device
};

struct GraphTensor {
  TensorKind kind = TensorKind::operation;
  Element element = Element::f32;
  bool may_replace_source = false;  ///< ggml computes it in place when nobody else reads the source
  bool output = false;              ///< never freed
  int device = kOnHost;
  Shape dimensions = {};
  std::int64_t bytes = 0;
  TensorId view_of = kNoTensor;
  std::array<TensorId, 6> sources = {};
  int source_count = 0;
};

/// Whether an operation may take its source's place.
enum class Place : std::uint8_t { fresh, of_source };

class TensorGraph {
 public:
  /// New tensors lie here.
  int device = kOnHost;

  /// Allocated before anything is computed.
  TensorId input(const Shape& dimensions, Element element = Element::f32, int where = kOnHost);
  /// A weight or cache; `bytes` matter only when it must be copied to another device.
  TensorId weight(Bytes bytes = {});
  TensorId operation(const Shape& dimensions, std::initializer_list<TensorId> sources,
                     Place place = Place::fresh, Element element = Element::f32);
  TensorId view(TensorId of, const Shape& dimensions);
  /// Writes the sources into a cache.
  TensorId store(TensorId cache, std::initializer_list<TensorId> sources);
  /// Scratch that a backend keeps behind a result.
  void enlarge(TensorId tensor, Bytes scratch);

  /// Appends a tensor and everything it needs to the order of computation.
  void expand(TensorId tensor);
  void mark_output(TensorId tensor) { at(tensor).output = true; }

  [[nodiscard]] const GraphTensor& at(TensorId id) const {
    return tensors_[static_cast<std::size_t>(id)];
  }
  GraphTensor& at(TensorId id) { return tensors_[static_cast<std::size_t>(id)]; }
  [[nodiscard]] const std::vector<TensorId>& order() const { return order_; }
  [[nodiscard]] int size() const { return static_cast<int>(tensors_.size()); }
  TensorId add(const GraphTensor& tensor);

 private:
  std::vector<GraphTensor> tensors_;
  std::vector<bool> visited_;
  std::vector<TensorId> order_;
};

/// Peaks of the buffers when ggml's scheduler splits the graph by device, copies what a device
/// needs from another one, and its allocator places the tensors. Element 0 is the host's buffer,
/// element 1 + d that of device d.
std::vector<Bytes> replay_allocation(TensorGraph graph, int devices, int copies);

}  // namespace rigor::estimate
