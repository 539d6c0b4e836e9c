// Ids of imported entries: safe paths, no two alike, the same whatever the order.
#include "adapters/buildcores/naming.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "base/text.hpp"

namespace rigor::adapters::buildcores {
namespace {

TEST_CASE("a path word has nothing a path must not have") {
  struct Case {
    std::string text, word;
  };
  for (const auto& [text, word] :
       {Case{"RTX 5090 32GB", "rtx-5090-32gb"}, Case{"be quiet!", "be-quiet"},
        Case{"C++ & more", "c++-more"}, Case{"H510 Pro BTC+", "h510-pro-btc+"},
        Case{"../../etc/passwd", "etc-passwd"}, Case{"..", ""}, Case{".", ""}, Case{"", ""},
        Case{"...hidden", "hidden"}, Case{"a\\b/c:d\nz", "a-b-c-d-z"}, Case{"ATX 3.1", "atx-3.1"},
        Case{"\xc3\xbc\xc3\x9f", ""}, Case{"trailing. ", "trailing"},
        Case{std::string(200, 'x'), std::string(20, 'x')},
        Case{std::string(19, 'x') + " yy", std::string(19, 'x')}}) {
    CAPTURE(text);
    CHECK(path_word(text, 20) == word);
  }
}

std::vector<std::string> ids(std::vector<Named> all,
                             const std::map<std::string, std::string>& former = {}) {
  give_ids(all, former);
  std::vector<std::string> result;
  for (const Named& one : all) result.push_back(one.id + " | " + one.name);
  return result;
}

TEST_CASE("the maker is not said twice, names alike differ by their records") {
  CHECK(ids({{"aaaaaaaa-1", "psu", "Corsair", "Corsair RM1000x"},
             {"bbbbbbbb-2", "psu", "Corsair", "corsair RM 1000x"},
             {"cccccccc-3", "psu", "Corsair", "RM850x"},
             {"dddddddd-4", "case", "Corsair", "RM850x"},
             {"eeeeeeee-5", "psu", "", "\xe9\x9b\xbb"}}) ==
        std::vector<std::string>{"psu/corsair/rm1000x-aaaaaaaa | Corsair RM1000x [aaaaaaaa]",
                                 "psu/corsair/rm-1000x-bbbbbbbb | corsair RM 1000x [bbbbbbbb]",
                                 "psu/corsair/rm850x | RM850x", "case/corsair/rm850x | RM850x",
                                 "psu/other/eeeeeeee-5 | \xe9\x9b\xbb"});
  // The first digits are alike as well.
  CHECK(ids({{"aaaaaaaa-1", "psu", "A", "X"}, {"aaaaaaaa-2", "psu", "A", "X"}}) ==
        std::vector<std::string>{"psu/a/x-aaaaaaaa | X [aaaaaaaa]",
                                 "psu/a/x-aaaaaaaa-aaaaaaaa-2 | X [aaaaaaaa-2]"});
}

TEST_CASE("a record keeps the id of an earlier import, and nobody else gets it") {
  CHECK(
      ids({{"aaaaaaaa", "psu", "A", "New name"}, {"bbbbbbbb", "psu", "A", "Old name"}},
          {{"aaaaaaaa", "psu/a/old-name"}}) ==
      std::vector<std::string>{"psu/a/old-name | New name", "psu/a/old-name-bbbbbbbb | Old name"});
}

TEST_CASE("ids are unique and do not depend on the order") {
  CHECK(rc::check([](const std::vector<std::string>& names) {
    std::vector<Named> all;
    for (std::size_t i = 0; i < names.size(); ++i)
      all.push_back({"0000000" + std::to_string(i), "psu", "m", names[i]});
    std::vector<std::string> forward = ids(all);
    std::reverse(all.begin(), all.end());
    std::vector<std::string> backward = ids(all);
    std::sort(forward.begin(), forward.end());
    std::sort(backward.begin(), backward.end());
    RC_ASSERT(forward == backward);
    RC_ASSERT(std::adjacent_find(forward.begin(), forward.end(), [](auto& a, auto& b) {
                return a.substr(0, a.find(" | ")) == b.substr(0, b.find(" | "));
              }) == forward.end());
    for (const std::string& one : forward) {
      const std::string id = one.substr(0, one.find(" | "));
      RC_ASSERT(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.+-/") == id.npos);
      for (const std::string_view part : split(id, '/'))
        RC_ASSERT(!part.empty() && part.front() != '.');
    }
  }));
}

}  // namespace
}  // namespace rigor::adapters::buildcores
