// A checkpoint cut into shards: model.safetensors.index.json says which tensor lies in which file.
// Layer 10.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/bytes/byte_source.hpp"
#include "llm/stored_model.hpp"

namespace rigor::adapters {

struct SafetensorsIndex {
  std::vector<std::string> shards;  ///< file names, sorted
  std::optional<Bytes> total;       ///< as the index states it
  std::size_t tensors = 0;
};

/// Errors: no JSON, no weight_map, shard names that leave the folder.
Result<SafetensorsIndex> read_safetensors_index(std::string_view text, const std::string& file);

/// The tensors of a checkpoint and what could not be told about them.
struct Checkpoint {
  std::vector<llm::StoredTensor> tensors;
  std::vector<std::string> undetermined;
};

/// Reads the header of every shard; `prefix` is put before their names ("folder/"). When a shard is
/// not there, one entry with the index's total stands for all. Errors: those of one header, a
/// tensor in two shards, neither shards nor a total.
Result<Checkpoint> read_shards(const SafetensorsIndex& index, const std::string& prefix,
                               const OpenSource& open);

}  // namespace rigor::adapters
