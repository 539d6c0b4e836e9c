// The header of one GGUF file, versions 2 and 3, little endian: metadata and the list of tensors.
// Nothing behind the header is read, so the size of the file does not matter. Format: ggml
// docs/gguf.md. Layer 10.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/bytes/byte_source.hpp"
#include "adapters/gguf/gguf_metadata.hpp"

namespace rigor::adapters {

struct GgufTensor {
  std::string name;
  std::uint32_t type = 0;  ///< ggml's number of the format
  int dimensions = 0;
  std::array<std::int64_t, 4> shape = {1, 1, 1, 1};  ///< contiguous dimension first
  std::uint64_t offset = 0;                          ///< from the start of the data

  [[nodiscard]] std::int64_t columns() const { return shape[0]; }
  [[nodiscard]] std::int64_t rows() const { return shape[1] * shape[2] * shape[3]; }
  /// Whole, and below 2^50: the reader refuses more.
  [[nodiscard]] std::int64_t elements() const { return columns() * rows(); }
};

struct GgufHeader {
  std::string file;  ///< name of the source
  std::uint32_t version = 0;
  GgufMetadata metadata;
  std::vector<GgufTensor> tensors;
  std::uint64_t alignment = 32;
  std::uint64_t data_start = 0;
  std::uint64_t file_size = 0;
};

/// Errors: not GGUF, version 1 or big endian, cut off, counts and lengths that cannot be true, a
/// key or a tensor that appears twice, sizes beyond the stated bounds.
Result<GgufHeader> read_gguf_header(ByteSource& source);

}  // namespace rigor::adapters
