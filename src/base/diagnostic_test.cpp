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

TEST_CASE("sorted by file, line and column; what stands in one place keeps its order") {
  Diagnostics diagnostics;
  for (const Location& where :
       {Location{"b.toml", 1, 1}, Location{"a.toml", 10, 2}, Location{"a.toml", 9, 7},
        Location{"a.toml", 10, 1}, Location{"a.toml"}, Location{"a.toml", 9, 7}}) {
    diagnostics.error(where, std::to_string(diagnostics.all().size()));
  }
  diagnostics.sort();
  std::string order;
  for (const Diagnostic& d : diagnostics.all()) order += d.message;
  CHECK(order == "425310");
  CHECK(diagnostics.errors() == 6);
}

}  // namespace rigor
