#include "estimate/speed/transfer.hpp"

#include <algorithm>

namespace rigor::estimate {

Reach reach_of(Link link) {
  // 1448 of 1538 bytes on the wire: MTU 1500, TCP with timestamps.
  constexpr double kPayload = 1448.0 / 1538.0;
  switch (link) {
    case Link::drive_read: return {0.53, 0.84, 1.02};
    case Link::drive_write: return {0.8, 0.94, 1.03};
    case Link::drive_write_burst: return {0.12, 0.94, 1.03};
    case Link::ethernet: return {0.55, kPayload, 0.99, BytesPerSecond::from_base(4.5e9)};
    case Link::host_link: return {0.66, 0.84, 0.89};
    case Link::machines: return {0.23, 0.6, 0.83};
  }
  return {};
}

Rates rates_of(Link link, BytesPerSecond stated) {
  const Reach reach = reach_of(link);
  Rates rates{reach.low * stated, reach.expected * stated, reach.high * stated};
  if (reach.one_stream > BytesPerSecond{}) {
    rates.expected = std::min(rates.expected, reach.one_stream);
    rates.low = std::min(rates.low, reach.low / reach.expected * rates.expected);
  }
  return rates;
}

Rates read_rates(const hardware::Drive& drive) {
  return rates_of(Link::drive_read, drive.read);
}

Rates write_rates(const hardware::Drive& drive) {
  return rates_of(drive.write_is_burst ? Link::drive_write_burst : Link::drive_write, drive.write);
}

}  // namespace rigor::estimate
