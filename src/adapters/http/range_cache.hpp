// Pieces of remote files kept in a folder, by address and ETag. Nothing depends on it: whatever
// cannot be written or read is simply fetched again. Layer 10.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace rigor::adapters {

/// What is known about a remote file.
struct RemoteFile {
  std::string etag;
  std::uint64_t size = 0;
};

class RangeCache {
 public:
  /// An empty folder name switches the cache off.
  RangeCache(const std::string& folder, const std::string& url);

  /// What was last known, if it is younger than `age`.
  [[nodiscard]] std::optional<RemoteFile> recall(std::chrono::seconds age) const;
  /// States what is true now; pieces of another version are dropped. Does nothing without an ETag.
  void remember(const RemoteFile& file);
  /// A piece, if it is there and has exactly `length` bytes.
  [[nodiscard]] std::optional<std::string> load(std::uint64_t piece, std::uint64_t length) const;
  void store(std::uint64_t piece, const std::string& bytes) const;

 private:
  [[nodiscard]] std::string piece_path(std::uint64_t piece) const;

  std::string url_;
  std::string place_;  // this file's folder; empty: off
  bool known_ = false;
};

}  // namespace rigor::adapters
