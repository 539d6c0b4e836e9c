// fails: no match for 'operator+'
#include "units/quantity.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const auto sum = 24 * GiB + 1 * second;
#else
const auto sum = 24 * GiB + 1 * GB;
#endif
