// What programs reach of the stated rate of a drive, a network or a slot: how long it takes to move
// bytes. Layer 5.
//
// Shares and their rows (evidence/microbench.csv): docs/models/34-transfers.md.
#pragma once

#include <cstdint>

#include "hardware/part.hpp"
#include "units/quantity.hpp"

namespace rigor::estimate {

enum class Link : std::uint8_t {
  drive_read,         ///< large blocks, several in flight
  drive_write,        ///< at a stated sustained rate
  drive_write_burst,  ///< at the maker's rate, which holds until a drive's cache is full
  ethernet,           ///< a copy over TCP
  host_link,          ///< pinned host memory to a device's, over its slot
  machines,           ///< sums and averages among machines (NCCL, Gloo)
};

/// Shares of the stated rate, as measured: the slow and the fast end, and the median.
struct Reach {
  double low = 0, expected = 0, high = 0;
  BytesPerSecond one_stream = {};  ///< what one stream reaches at most; 0: no such bound
};
Reach reach_of(Link link);

struct Rates {
  BytesPerSecond low = {}, expected = {}, high = {};
};
/// A faster link is never slower. Expected: one stream; high: as many as it takes.
Rates rates_of(Link link, BytesPerSecond stated);

/// Reading and writing of a machine's drive. Zero where the drive states no rate.
Rates read_rates(const hardware::Drive& drive);
Rates write_rates(const hardware::Drive& drive);

}  // namespace rigor::estimate
