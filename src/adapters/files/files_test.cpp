// Files that are replaced in one step: what was there stays when something goes wrong.
#include "adapters/files/files.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "adapters/model/scratch_folder.hpp"

namespace rigor::adapters {

TEST_CASE("a file is replaced whole or not at all") {
  const testing::ScratchFolder folder;
  const std::string path = folder.path("own.csv");
  REQUIRE(replace_file(path, "one").has_value());
  REQUIRE(replace_file(path, "two").has_value());
  CHECK(*read_file(path) == "two");
  CHECK_FALSE(exists(path + ".new"));
  CHECK_FALSE(replace_file(folder.path(), "three").has_value());
  const Result<void> nowhere = replace_file(folder.path("none/own.csv"), "three");
  REQUIRE_FALSE(nowhere.has_value());
  CHECK(nowhere.error().where == folder.path("none/own.csv"));
  // The fresh file cannot be made: the old one stays as it is.
  std::filesystem::create_directory(path + ".new");
  CHECK_FALSE(replace_file(path, "three").has_value());
  CHECK(*read_file(path) == "two");
}

}  // namespace rigor::adapters
