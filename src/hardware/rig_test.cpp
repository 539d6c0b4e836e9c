#include "hardware/rig.hpp"

#include <doctest/doctest.h>

namespace rigor::hardware {
namespace {

PlacedPart part(int count, std::string_view price) {
  PlacedPart result;
  result.count = count;
  if (!price.empty()) result.price = *parse_price(price);
  return result;
}

std::string sums(const Rig& rig) {
  std::string text;
  for (const Price& sum : totals(rig)) text += (text.empty() ? "" : " + ") + to_text(sum);
  return text;
}

}  // namespace

TEST_CASE("vendors are known by name, whatever its case") {
  CHECK(parse_vendor("NVIDIA") == Vendor::nvidia);
  CHECK(parse_vendor("amd") == Vendor::amd);
  CHECK(parse_vendor("Intel") == Vendor::intel);
  CHECK(parse_vendor("Apple") == Vendor::apple);
  for (const char* other : {"", "nvidia ", "nVidia Corp.", "Habana"}) {
    CHECK(parse_vendor(other) == Vendor::other);
  }
}

TEST_CASE("totals count every piece and keep currencies apart") {
  Rig rig;
  CHECK(totals(rig).empty());
  rig.parts = {part(1, "0.10 ILS"), part(4, "750 USD"), part(1, ""), part(3, "0.20 ILS")};
  CHECK(sums(rig) == "0.70 ILS + 3000 USD");
  CHECK(unpriced(rig) == 1);
}

TEST_CASE("a price of nothing is a price") {
  Rig rig;
  rig.parts = {part(2, "0 USD"), part(1, "")};
  CHECK(sums(rig) == "0 USD");
  CHECK(unpriced(rig) == 1);
}

}  // namespace rigor::hardware
