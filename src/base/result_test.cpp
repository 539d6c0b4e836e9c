#include "base/result.hpp"

#include <doctest/doctest.h>

namespace rigor {

TEST_CASE("an error says what, where and what to do") {
  const Result<int> result = fail(ErrorCode::io, "cannot open it", "rig.toml", "check the path");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::io);
  CHECK(result.error().message == "cannot open it");
  CHECK(result.error().where == "rig.toml");
  CHECK(result.error().hint == "check the path");
}

TEST_CASE("a statement that holds lets the program go on") {
  int evaluations = 0;
  RIGOR_ASSERT(++evaluations == 1);
  CHECK(evaluations == 1);
}

}  // namespace rigor
