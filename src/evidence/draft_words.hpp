// What rows of speculative decoding say of their drafts. Layer 7.
#pragma once

#include <string>

#include "estimate/network.hpp"
#include "evidence/mapper.hpp"
#include "workload/inference.hpp"

namespace rigor::evidence {

struct Drafted {
  int tokens = 0;  ///< per step; 0: nothing is drafted
  workload::Drafter drafter = workload::Drafter::mtp;
  double acceptance = 0;
  bool stated = false;                         ///< the acceptance; else it is the table's
  const estimate::Network* network = nullptr;  ///< that drafts, where a network does
};

/// Fills `out` from a row with speculative=1; or why it cannot be.
std::string read_drafts(const Row& row, Library& library, Drafted& out);

}  // namespace rigor::evidence
