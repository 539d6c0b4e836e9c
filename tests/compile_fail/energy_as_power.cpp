// fails: conversion from
#include "units/quantity.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const Joules energy = 300 * watt;
#else
const Joules energy = 300 * watt * second;
#endif
