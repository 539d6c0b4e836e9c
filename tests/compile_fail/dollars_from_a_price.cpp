// fails: conversion from
#include "units/money.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const Dollars money = Price{100};
#else
const Dollars money = *ExchangeRates{}.dollars(Price{100});
#endif
