// Test support: a folder that is gone when the test is over. Layer 10, tests only.
#pragma once

#include <cstdint>
#include <string>

namespace rigor::adapters::testing {

class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }
  /// Writes a file, in a subfolder if the name has one, and returns its path.
  std::string file(const std::string& name, const std::string& content) const;
  /// As `file`, then made that large without writing anything.
  std::string sparse_file(const std::string& name, const std::string& content,
                          std::uint64_t size) const;

 private:
  std::string path_;
};

}  // namespace rigor::adapters::testing
