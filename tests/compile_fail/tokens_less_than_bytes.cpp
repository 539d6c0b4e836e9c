// fails: no match for 'operator<'
#include "units/quantity.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const bool fewer = 8 * token < 9 * byte;
#else
const bool fewer = 8 * token < 9 * token;
#endif
