// fails: is private within this context
#include "units/quantity.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const Bytes memory{24e9};
#else
const Bytes memory = Bytes::from_base(24e9);
#endif
