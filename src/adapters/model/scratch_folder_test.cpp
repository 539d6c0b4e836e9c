#include "adapters/model/scratch_folder.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rigor::adapters::testing {
namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
  std::string form = (fs::temp_directory_path() / "rigor-test-XXXXXX").string();
  REQUIRE(::mkdtemp(form.data()) != nullptr);
  path_ = form;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string ScratchFolder::file(const std::string& name, const std::string& content) const {
  const std::string full = path(name);
  fs::create_directories(fs::path(full).parent_path());
  std::ofstream(full, std::ios::binary) << content;
  return full;
}

std::string ScratchFolder::sparse_file(const std::string& name, const std::string& content,
                                       std::uint64_t size) const {
  const std::string full = file(name, content);
  fs::resize_file(full, size);
  return full;
}

}  // namespace rigor::adapters::testing
