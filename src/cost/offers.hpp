// What may be rented: the plan's offers where it states any, else those of the catalogue. Layer 6.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "cost/plan_file.hpp"
#include "cost/terms.hpp"

namespace rigor::cost {

/// A rented machine. Amounts per hour of the machine, in the terms' currency.
struct RentOffer {
  std::string name = {}, source = {};
  std::string gpu = {};  ///< catalogue id
  int count = 1;
  std::optional<double> price = {}, spot = {}, committed = {};
  int committed_months = 0;
};

/// A network behind an API. Amounts per million tokens.
struct ApiPrice {
  std::string name = {}, source = {};
  std::string model = {};  ///< catalogue id of its architecture
  double input = 0, output = 0;
};

struct Offers {
  std::vector<RentOffer> machines = {};
  std::vector<ApiPrice> apis = {};
};
/// `plan` may be null. Errors: names that the catalogue does not know, with their place.
Result<Offers> make_offers(const catalog::Catalog& catalog, const PlanFile* plan,
                           const Terms& terms);

}  // namespace rigor::cost
