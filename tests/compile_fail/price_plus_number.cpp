// fails: no match for 'operator+'
#include "units/money.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const auto sum = Price{100} + 5;
#else
const Price sum = Price{100} + Price{100};
#endif
