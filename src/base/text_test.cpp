#include "base/text.hpp"

#include <doctest/doctest.h>

namespace rigor {
namespace {

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("trim removes what surrounds a text, nothing within it") {
  CHECK(trim(" \t\r\n 24 GiB \n") == "24 GiB");
  CHECK(trim("24  GiB") == "24  GiB");
  CHECK(trim(" \t ").empty());
  CHECK(trim("").empty());
}

TEST_CASE("lower changes the letters a to z only") {
  CHECK(lower("RTX 5060Ti") == "rtx 5060ti");
  CHECK(lower("ÄÖ@[`{") == "ÄÖ@[`{");
}

TEST_CASE("split keeps empty pieces and join puts them back") {
  struct Case {
    std::string_view text;
    std::size_t pieces;
  };
  for (const auto& [text, pieces] :
       {Case{"", 1}, Case{",", 2}, Case{"a", 1}, Case{"a,", 2}, Case{",a", 2}, Case{",,a,,", 5}}) {
    CAPTURE(text);
    Words copies;
    for (const std::string_view piece : split(text, ',')) copies.emplace_back(piece);
    CHECK(copies.size() == pieces);
    CHECK(join(copies, ",") == text);
  }
  CHECK(join({}, ", ").empty());
}

TEST_CASE("words are runs of letters or of digits") {
  struct Case {
    std::string_view text;
    Words expected;
  };
  for (const auto& [text, expected] :
       {Case{"RTX 5060Ti", {"rtx", "5060", "ti"}}, Case{"5060ti 16", {"5060", "ti", "16"}},
        Case{"GV-N506TWF2-16GD", {"gv", "n", "506", "twf", "2", "16", "gd"}},
        Case{"H510 Pro BTC+", {"h", "510", "pro", "btc"}}, Case{"llama-3.1", {"llama", "3", "1"}},
        Case{"µATX", {"atx"}}, Case{"1\n2", {"1", "2"}}, Case{"", {}}, Case{" -+/ ", {}}}) {
    CAPTURE(text);
    CHECK(words(text) == expected);
  }
}

TEST_CASE("a swap of neighbours is one edit") {
  struct Case {
    std::string_view a, b;
    int expected;
  };
  for (const auto& [a, b, expected] :
       {Case{"", "", 0}, Case{"abc", "abc", 0}, Case{"", "abc", 3}, Case{"abc", "", 3},
        Case{"kitten", "sitting", 3}, Case{"context", "cotnext", 1}, Case{"ab", "ba", 1},
        Case{"abcd", "badc", 2}, Case{"gpu", "cpu", 1}, Case{"ca", "abc", 3}}) {
    CAPTURE(a);
    CAPTURE(b);
    CHECK(edit_distance(a, b) == expected);
    CHECK(edit_distance(b, a) == expected);
  }
}

TEST_CASE("the nearest words come first, and none is far") {
  const Words known = {"count", "context", "contexts", "slot", "price", "context"};
  CHECK(nearest("contxt", known) == Words{"context", "contexts"});
  CHECK(nearest("CONTEXT", known) == Words{"context", "contexts"});
  CHECK(nearest("contexts", known) == Words{"contexts", "context"});
  CHECK(nearest("cont", known, 1).size() == 1);
  CHECK(nearest("zzzz", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest("slot", {}).empty());
}

TEST_CASE("a short word is near only to what shares a letter with it") {
  const Words known = {"h", "s", "GB", "B"};
  CHECK(nearest("G", known) == Words{"GB"});
  CHECK(nearest("x", known).empty());
  CHECK(nearest("b", known) == Words{"B", "GB"});
}

TEST_CASE("a suggestion is a question, or nothing") {
  CHECK(did_you_mean("prise", {"price", "slot"}) == "did you mean \"price\"?");
  CHECK(did_you_mean("gpu", {"cpu", "gpus"}) == "did you mean \"cpu\" or \"gpus\"?");
  CHECK(did_you_mean("zzz", {"price", "slot"}).empty());
  CHECK(did_you_mean(std::string(100'000, 'z'), {"price"}).empty());
}

}  // namespace rigor
