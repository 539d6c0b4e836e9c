#include "check/connectors.hpp"

namespace rigor::check {

PowerConnectors connectors_of(const std::vector<std::string>& list) {
  PowerConnectors all;
  for (const std::string& one : list) {
    if (one == "16-pin") {
      ++all.sixteen_pin;
    } else if (one == "8-pin") {
      ++all.eight_pin;
    } else if (one == "6-pin") {
      ++all.six_pin;
    } else if (one == "8-pin EPS") {
      ++all.eps;
    } else {
      all.strange = one;
    }
  }
  return all;
}

Watts PowerConnectors::carry(Facts& facts) const {
  Watts sum;
  if (sixteen_pin > 0) sum += sixteen_pin * facts.limit<Watts>("connector.sixteen_pin");
  if (eight_pin > 0) sum += eight_pin * facts.limit<Watts>("connector.eight_pin");
  if (six_pin > 0) sum += six_pin * facts.limit<Watts>("connector.six_pin");
  if (eps > 0) sum += eps * facts.limit<Watts>("connector.eps");
  return sum;
}

}  // namespace rigor::check
