#include "base/diagnostic.hpp"

#include <doctest/doctest.h>

namespace rigor {

TEST_CASE("a place leaves out what is unknown") {
  CHECK(to_text(Location{"rig.toml", 3, 7}) == "rig.toml:3:7");
  CHECK(to_text(Location{"rig.toml", 3}) == "rig.toml:3");
  CHECK(to_text(Location{"rig.toml"}) == "rig.toml");
  CHECK(to_text(Location{"rig.toml", 0, 7}) == "rig.toml");
  CHECK(to_text(Location{}).empty());
}

TEST_CASE("errors are counted, warnings are not") {
  Diagnostics diagnostics;
  CHECK_FALSE(diagnostics.has_errors());
  diagnostics.warning({}, "sums differ");
  CHECK_FALSE(diagnostics.has_errors());
  diagnostics.error({}, "no unit");
  diagnostics.error({}, "no name");
  CHECK(diagnostics.has_errors());
  CHECK(diagnostics.errors() == 2);
  REQUIRE(diagnostics.all().size() == 3);
  CHECK(diagnostics.all()[0].severity == Severity::warning);
  CHECK(diagnostics.all()[2].message == "no name");
}

TEST_CASE("one line per diagnostic, in the order they were found, hints indented") {
  Diagnostics diagnostics;
  CHECK(to_text(diagnostics).empty());
  diagnostics.error({"rig.toml", 3, 7}, "\"24\" has no unit", "write \"24 GiB\"");
  diagnostics.warning({"rig.toml", 9}, "the parts cost 2 USD more than stated");
  diagnostics.error({}, "the file is empty");
  CHECK(to_text(diagnostics) ==
        "rig.toml:3:7: error: \"24\" has no unit\n"
        "  hint: write \"24 GiB\"\n"
        "rig.toml:9: warning: the parts cost 2 USD more than stated\n"
        "error: the file is empty\n");
}

}  // namespace rigor
