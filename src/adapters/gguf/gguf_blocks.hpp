// The tensors of a GGUF file sorted by block, so that shapes can be asked for by name: what a
// tensor's shape says is exact, whatever the metadata claims. Layer 10.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "adapters/gguf/gguf_header.hpp"

namespace rigor::adapters {

/// Tensors by name; names of blocks come without "blk.12.". An absent tensor has no rows and no
/// columns.
class GgufNames {
 public:
  void add(std::string_view name, const GgufTensor& tensor) { tensors_.emplace(name, &tensor); }

  [[nodiscard]] bool has(std::string_view name) const { return tensors_.contains(name); }
  [[nodiscard]] bool has_prefix(std::string_view stem) const;
  [[nodiscard]] std::int64_t columns(std::string_view name) const;
  [[nodiscard]] std::int64_t rows(std::string_view name) const;
  [[nodiscard]] std::int64_t elements(std::string_view name) const;
  /// Extent of one dimension, 0 for an absent tensor. Requires: 0 <= dimension < 4.
  [[nodiscard]] std::int64_t extent(std::string_view name, std::size_t dimension) const;
  [[nodiscard]] bool empty() const { return tensors_.empty(); }

 private:
  [[nodiscard]] const GgufTensor* find(std::string_view name) const;
  std::map<std::string_view, const GgufTensor*> tensors_;
};

/// Views into the header's tensors, which must outlive it.
struct GgufBlocks {
  GgufNames globals;
  std::vector<GgufNames> blocks;   ///< "blk.N." and, in encoder-decoders, "enc.blk.N."
  std::vector<GgufNames> decoder;  ///< "dec.blk.N."
};

/// Blocks beyond the 1024th are left out: no network has them.
GgufBlocks sort_by_block(const std::vector<GgufTensor>& tensors);

}  // namespace rigor::adapters
