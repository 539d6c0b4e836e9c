// fails: conversion from 'int' to non-scalar type
#include "units/quantity.hpp"

using namespace rigor;

#ifdef RIGOR_NONSENSE
const Bytes memory = 24;
#else
const Bytes memory = 24 * GiB;
#endif
