// How long rented machines take for the same work: each offer's cards as a rig of their own, asked
// the same question. Layer 11.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "adapters/toml/rig_reader.hpp"
#include "apps/cli/session.hpp"
#include "cost/build_case.hpp"
#include "cost/offers.hpp"
#include "estimate/speed/calibration.hpp"
#include "place/ranged.hpp"
#include "workload/workload.hpp"

namespace rigor::apps {

/// What a machine of so many cards does of a workload.
struct RentedSpeed {
  std::string missing = {};  ///< why there is no rate; empty when there is
  place::Ranged rate = {};   ///< tokens per second
};

class Renter {
 public:
  /// All must outlive the renter.
  Renter(const cost::Offers& offers, const cost::Terms& terms,
         const estimate::Calibration& calibration, Session& session)
      : offers_(offers), terms_(terms), calibration_(calibration), session_(session) {}

  /// Fills `match` and `missing`: of all offers that hold the workload, the cheapest for the same
  /// tokens. `own` is the rig's rate, `prompt_share` of an API's tokens those that are read.
  void match(const workload::Workload& workload, const place::Ranged& own, double prompt_share,
             cost::WorkOnRig& work);

 private:
  const RentedSpeed& speed(const workload::Workload& workload, const cost::RentOffer& offer);
  RentedSpeed measure(const workload::Workload& workload, const cost::RentOffer& offer);
  void match_machines(const workload::Workload& workload, const place::Ranged& own,
                      cost::WorkOnRig& work);
  void match_apis(const workload::Workload& workload, const place::Ranged& own, double prompt_share,
                  cost::WorkOnRig& work);

  const cost::Offers& offers_;
  const cost::Terms& terms_;
  const estimate::Calibration& calibration_;
  Session& session_;
  std::map<std::string, std::unique_ptr<adapters::RigFile>> machines_;  ///< by "2 x gpu/…"
  std::map<std::string, RentedSpeed> speeds_;  ///< of the workload in hand, likewise
};

}  // namespace rigor::apps
