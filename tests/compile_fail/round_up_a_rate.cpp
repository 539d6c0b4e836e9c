// fails: could not convert
#include "units/quantity.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const Bytes padded = round_up_to(5 * byte / second, 256 * byte);
#else
const Bytes padded = round_up_to(5 * byte, 256 * byte);
#endif
