// What a model or a training run moves: copies of the model's bytes, samples, checkpoints,
// exchanges between machines. Layer 9.
#pragma once

#include <string>
#include <vector>

#include "estimate/speed/transfer.hpp"
#include "place/speed.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// One way for the model to go. Without rates: why there are none.
struct TransferWay {
  std::string key;   ///< "drive", "ethernet_10", "card"
  std::string what;  ///< "over 10 Gbit/s Ethernet"
  estimate::Rates rates = {};
  std::string unknown = {};
};
/// From the rig's drive, over Ethernet of 1, 10, 25 and 100 Gbit/s and over the rig's own port,
/// into the cards of one copy.
std::vector<TransferWay> transfer_ways(const place::Question& question,
                                       const workload::Placement& placement);
/// The file of the model: text network, draft layers, vision.
Bytes stored_bytes(const estimate::Network& network);

/// A table: way, expected time and its interval.
std::string transfer_text(const place::Question& question, const workload::Placement& placement);
/// One line for the report.
std::string transfer_line(const place::Question& question, const workload::Placement& placement);
/// A member "transfer" of an object that is open.
void transfer_json(Json& json, const place::Question& question,
                   const workload::Placement& placement);

/// "2 x …, data parallel 2, on each of 4 machines".
std::string machines_text(const place::Question& question, const workload::Placement& placement);

/// Tokens that are no padding in one epoch: from `samples`; 0: not stated.
double epoch_tokens_of(const workload::Workload& workload);

/// Data, checkpoints and the network of a training run, a line each.
std::string training_traffic_text(const place::Question& question,
                                  const place::TrainingSpeed& speed);
/// The members of an object that is open.
void training_traffic_json(Json& json, const place::Question& question,
                           const place::TrainingSpeed& speed);

}  // namespace rigor::report
