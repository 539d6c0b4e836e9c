// fails: has no member named 'value'
#include "units/quantity.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const double count = (24 * GiB).value();
#else
const double count = (24 * GiB).in(byte);
#endif
