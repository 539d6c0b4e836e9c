#include "hardware/rig.hpp"

#include <algorithm>

namespace rigor::hardware {

std::vector<Price> totals(const Rig& rig) {
  std::vector<Price> sums;
  for (const PlacedPart& part : rig.parts) {
    if (!part.price) continue;
    const Price line = *part.price * part.count;
    const auto same = std::find_if(sums.begin(), sums.end(),
                                   [&](const Price& sum) { return sum.currency == line.currency; });
    if (same != sums.end()) {
      *same = *same + line;
    } else {
      sums.push_back({line.minor, line.currency, {}});
    }
  }
  return sums;
}

int unpriced(const Rig& rig) {
  return static_cast<int>(std::count_if(rig.parts.begin(), rig.parts.end(),
                                        [](const PlacedPart& p) { return !p.price; }));
}

}  // namespace rigor::hardware
