// How the cards of an answer are joined: slots, lanes, bridges, and the network between machines.
// Layer 9.
#pragma once

#include <string>

#include "place/speed.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// "links: GPU 0 PCIe 5.0 x8 (PCIEX16_1, from the processor), …; slowest pair 15.8 GB/s", a line
/// for what was assumed; empty where no cards exchange and nothing lies on the host.
std::string links_text(const place::Question& question, const workload::Placement& placement,
                       bool assumed);
/// A member "links" of an object that is open: one object for every card of a machine.
void links_json(Json& json, const place::Question& question, const workload::Placement& placement);

/// "machines: 40 + 40 layers over 10 Gbit/s; …"; empty for one machine.
std::string machines_line(const place::Question& question, const workload::Placement& placement,
                          const place::InferenceSpeed& speed);
/// The members of an object that is open.
void machines_json(Json& json, const place::Question& question, const place::InferenceSpeed& speed);

}  // namespace rigor::report
