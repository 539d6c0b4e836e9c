// fails: no match for 'operator-'
#include "units/quantity.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const auto rest = 24 * GiB - GB / second;
#else
const auto rest = 24 * GiB - GB / second * second;
#endif
