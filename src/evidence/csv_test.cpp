#include <doctest/doctest.h>

#include "evidence/row.hpp"

namespace rigor::evidence {

TEST_CASE("quotes, commas, line ends and blank lines") {
  const auto table =
      parse_csv("\xEF\xBB\xBFid,notes\r\n1,plain\r\n2,\"a, \"\"b\"\" and\nc\"\n\n3,\n", "rows.csv");
  REQUIRE(table.has_value());
  REQUIRE(table->rows.size() == 3);
  CHECK(table->header == std::vector<std::string>{"id", "notes"});
  CHECK(table->rows[0]["notes"] == "plain");
  CHECK(table->rows[1]["notes"] == "a, \"b\" and\nc");
  CHECK(table->rows[2]["notes"].empty());
  CHECK(table->rows[0].line == 2);
  CHECK(table->rows[1].line == 3);
  CHECK(table->rows[2].line == 6);
}

TEST_CASE("a table without a last line end, and one with a header only") {
  CHECK(parse_csv("a,b\n1,2", "t.csv")->rows.size() == 1);
  CHECK(parse_csv("a,b\n", "t.csv")->rows.empty());
  CHECK(parse_csv("a\n\"\"\n", "t.csv")->rows.empty());
}

TEST_CASE("broken tables name the line") {
  struct Case {
    const char* text;
    const char* message;
    const char* where;
  };
  for (const auto& [text, message, where] :
       {Case{"", "the table has no header", "t.csv"},
        Case{"\n\n", "the table has no header", "t.csv"},
        Case{"a,b\n1\n", "1 field where the header has 2", "t.csv:2"},
        Case{"a,b\n1,2\n1,2,3\n", "3 fields where the header has 2", "t.csv:3"},
        Case{"a,b\n1,\"open\n", "a quote is opened and never closed", "t.csv:2"},
        Case{"a,b\n\"x\ny\",\"open", "a quote is opened and never closed", "t.csv:3"},
        Case{"a,b\n\"x\"y,2\n", "text after a closing quote", "t.csv:2"}}) {
    CAPTURE(text);
    const auto table = parse_csv(text, "t.csv");
    REQUIRE_FALSE(table.has_value());
    CHECK(table.error().message == message);
    CHECK(table.error().where == where);
  }
}

TEST_CASE("a field is quoted only when it has to be, and reads back") {
  for (const char* text : {"plain", "", "a,b", "say \"no\"", "two\nlines", "\r", " spaced "}) {
    CAPTURE(text);
    const auto table = parse_csv("x,y\n" + csv_field(text) + ",1\n", "t.csv");
    REQUIRE(table.has_value());
    CHECK(table->rows[0]["x"] == text);
  }
  CHECK(csv_field("plain") == "plain");
  CHECK(csv_field("a\"b") == "\"a\"\"b\"");
}

TEST_CASE("columns that are absent or no number give the fallback") {
  Row row;
  row.columns = {{"value", " 3.5 "}, {"words", "12 apples"}, {"empty", ""}};
  CHECK(row.number("value") == 3.5);
  CHECK(row.number("words", 7) == 7);
  CHECK(row.number("empty", 7) == 7);
  CHECK(row.number("absent", 7) == 7);
  CHECK(row["absent"].empty());
}

TEST_CASE("notes are read by their keys, which stand alone") {
  Row row;
  row.columns["notes"] = "n_ubatch=512, run_id=a/b_c; kv=f16;max_ctx=8192 (tp=2) ctp=9";
  CHECK(row.note("n_ubatch") == "512");
  CHECK(row.note("run_id") == "a/b_c");
  CHECK(row.note("kv") == "f16");
  CHECK(row.note("max_ctx") == "8192");
  CHECK(row.note("tp") == "2)");
  CHECK(row.note("ubatch").empty());
  CHECK(row.note("dp").empty());
}

}  // namespace rigor::evidence
