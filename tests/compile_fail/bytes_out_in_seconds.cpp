// fails: cannot convert
#include "units/quantity.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const double count = (24 * GiB).in(second);
#else
const double count = (24 * GiB).in(GB);
#endif
