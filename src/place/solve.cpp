#include "place/solve.hpp"

#include "base/result.hpp"

namespace rigor::place {

std::optional<std::int64_t> largest(std::int64_t low, std::int64_t high, std::int64_t step,
                                    const std::function<bool(std::int64_t)>& holds) {
  RIGOR_ASSERT(step > 0);
  if (low > high || !holds(low)) return std::nullopt;
  std::int64_t good = 0;  // in steps above low
  std::int64_t bad = (high - low) / step + 1;
  while (bad - good > 1) {
    const std::int64_t middle = good + (bad - good) / 2;
    (holds(low + middle * step) ? good : bad) = middle;
  }
  return low + good * step;
}

std::optional<std::int64_t> smallest(std::int64_t low, std::int64_t high,
                                     const std::function<bool(std::int64_t)>& holds) {
  if (low > high || !holds(high)) return std::nullopt;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return high;
}

}  // namespace rigor::place
