// What programs reach of stated rates, against evidence/microbench.csv: the medians that the
// estimates take are those of the rows, and their ends hold nearly all of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "estimate/speed/transfer.hpp"
#include "evidence/row.hpp"

namespace rigor::evidence {
namespace {

using estimate::Link;
using estimate::Reach;

const Table& rows() {
  static const Table table = [] {
    std::ifstream in("evidence/microbench.csv");
    REQUIRE(in.good());
    std::stringstream text;
    text << in.rdbuf();
    Result<Table> read = parse_csv(text.str(), "evidence/microbench.csv");
    REQUIRE(read.has_value());
    return *read;
  }();
  return table;
}

/// Of a sum over machines what crosses a machine's network: 2(m - 1)/m of the bytes, where the bus
/// bandwidth that is printed stands for 2(n - 1)/n of them.
double on_the_wire(const Row& row, double value) {
  const double n = row.number("devices"), m = row.number("machines");
  return m > 1 ? value * n / (2 * (n - 1)) * 2 * (m - 1) / m : value;
}

/// Measured over stated, ascending, of all rows of these kinds that state a rate.
std::vector<double> shares(const std::set<std::string_view>& kinds) {
  std::vector<double> out;
  for (const Row& row : rows().rows) {
    const double stated = row.number("stated_gb_per_s");
    if (!kinds.contains(row["kind"]) || stated <= 0) continue;
    CHECK(row["unit"] == "GB/s");
    out.push_back(on_the_wire(row, row.number("value")) / stated);
  }
  std::sort(out.begin(), out.end());
  return out;
}

void check(Link link, const std::set<std::string_view>& kinds, std::size_t least_rows) {
  const std::vector<double> measured = shares(kinds);
  REQUIRE(measured.size() >= least_rows);
  const Reach reach = reach_of(link);
  const double median = 0.5 * (measured[measured.size() / 2] + measured[(measured.size() - 1) / 2]);
  CAPTURE(median);
  CHECK(reach.expected == doctest::Approx(median).epsilon(0.02));
  const auto inside = std::count_if(measured.begin(), measured.end(), [&](double share) {
    return share >= reach.low * 0.995 && share <= reach.high * 1.02;
  });
  CAPTURE(inside);
  CHECK(static_cast<double>(inside) >= 0.9 * static_cast<double>(measured.size()));
}

}  // namespace

TEST_CASE("drives, slots, Ethernet and sums over machines reach what is said of them") {
  check(Link::drive_read, {"drive_read"}, 20);
  check(Link::host_link, {"host_link_in", "host_link_out"}, 30);
  check(Link::ethernet, {"tcp"}, 6);
  check(Link::machines, {"all_reduce_machines"}, 9);
}

TEST_CASE("one stream of TCP does not fill 100 Gbit/s") {
  for (const Row& row : rows().rows) {
    if (row["kind"] != "tcp_one") continue;
    const double most = reach_of(Link::ethernet).one_stream.in(GB / second);
    CHECK(row.number("value") == doctest::Approx(most).epsilon(0.03));
  }
}

TEST_CASE("every row says where it was published, what was measured and in which unit") {
  std::set<std::string_view> ids;
  for (const Row& row : rows().rows) {
    CAPTURE(row["id"]);
    CHECK(ids.insert(row["id"]).second);
    for (const char* column : {"source", "locator", "kind", "value", "unit"})
      CHECK_FALSE(row[column].empty());
    CHECK(row.number("value") > 0);
  }
}

}  // namespace rigor::evidence
