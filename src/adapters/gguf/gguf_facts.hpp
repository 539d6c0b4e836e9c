// What the derivation of an architecture looks at: metadata of the file's own architecture, tensors
// by block, and how many blocks are layers of the main network. Layer 10.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/gguf/gguf_blocks.hpp"
#include "adapters/gguf/gguf_families.hpp"
#include "adapters/gguf/gguf_metadata.hpp"

namespace rigor::adapters {

/// Within int; what does not fit is caught later as a value out of its bounds.
int to_int(std::int64_t value);

class GgufFacts {
 public:
  GgufFacts(const GgufMetadata& metadata, const GgufBlocks& tensors, const GgufFamily& family);

  /// "block_count" is looked up as "llama.block_count". A list has one value per layer: the
  /// layer's.
  [[nodiscard]] int whole(std::string_view key, int fallback = 0) const;
  [[nodiscard]] int whole_of_layer(std::string_view key, std::size_t layer, int fallback = 0) const;
  [[nodiscard]] bool flag(std::string_view key, bool fallback) const;
  [[nodiscard]] const GgufList* list(std::string_view key) const;
  [[nodiscard]] bool states(std::string_view key) const;

  [[nodiscard]] const GgufNames& globals() const { return tensors_.globals; }
  [[nodiscard]] const GgufNames& block(std::size_t i) const { return tensors_.blocks.at(i); }
  [[nodiscard]] const GgufFamily& family() const { return family_; }
  /// Blocks of the main network; those after them predict further tokens.
  [[nodiscard]] std::size_t layers() const { return layers_; }
  [[nodiscard]] std::size_t prediction_layers() const { return tensors_.blocks.size() - layers_; }
  [[nodiscard]] std::size_t decoder_layers() const { return tensors_.decoder.size(); }
  /// The first main block that has such a tensor, else one without any tensor.
  [[nodiscard]] const GgufNames& first_with(std::string_view name) const;

 private:
  [[nodiscard]] std::string full(std::string_view key) const;

  const GgufMetadata& metadata_;
  const GgufBlocks& tensors_;
  const GgufFamily& family_;
  std::size_t layers_;
};

}  // namespace rigor::adapters
