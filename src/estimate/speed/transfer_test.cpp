#include "estimate/speed/transfer.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace rigor::estimate {
namespace {

using doctest::Approx;

constexpr Link kLinks[] = {Link::drive_read, Link::drive_write, Link::drive_write_burst,
                           Link::ethernet,   Link::host_link,   Link::machines};

double seconds_of_70_gb(Link link, double bytes_per_s) {
  return (70 * GB / rates_of(link, BytesPerSecond::from_base(bytes_per_s)).expected).in(second);
}

}  // namespace

TEST_CASE("a model of 70 GB over Ethernet, from a drive and over PCIe") {
  CHECK(seconds_of_70_gb(Link::ethernet, 1.25e8) == Approx(595).epsilon(0.001));  // 117.7 MB/s
  CHECK(seconds_of_70_gb(Link::ethernet, 1.25e9) == Approx(59.5).epsilon(0.001));
  CHECK(seconds_of_70_gb(Link::ethernet, 1.25e10) == Approx(70 / 4.5));  // one stream
  CHECK(seconds_of_70_gb(Link::drive_read, 7.45e9) == Approx(11.2).epsilon(0.01));
  CHECK(seconds_of_70_gb(Link::host_link, 31.5e9) == Approx(2.65).epsilon(0.01));
}

TEST_CASE("an unknown rate stays unknown") {
  for (const Link link : kLinks) CHECK(rates_of(link, {}).expected == BytesPerSecond{});
  CHECK(read_rates({}).expected == BytesPerSecond{});
  CHECK(write_rates({}).high == BytesPerSecond{});
}

TEST_CASE("a burst may end: the slow end of writing is far below a sustained rate's") {
  hardware::Drive drive{.name = "d", .write = BytesPerSecond::from_base(6.6e9)};
  const Rates burst = write_rates(drive);
  drive.write_is_burst = false;
  const Rates sustained = write_rates(drive);
  CHECK(burst.low < 0.2 * burst.expected);
  CHECK(sustained.low > 0.7 * sustained.expected);
}

TEST_CASE("rates are ordered and grow with what is stated") {
  CHECK(rc::check([] {
    for (const Link link : kLinks) {
      const auto stated = BytesPerSecond::from_base(*rc::gen::inRange(1, 2000000000));
      const Rates less = rates_of(link, stated), more = rates_of(link, 1.5 * stated);
      RC_ASSERT(less.low <= less.expected);
      RC_ASSERT(less.expected <= less.high);
      RC_ASSERT(less.low <= more.low);
      RC_ASSERT(less.expected <= more.expected);
      RC_ASSERT(less.high <= more.high);
    }
  }));
}

}  // namespace rigor::estimate
