// Cards in the rows of the case: which sit one above the other, and what room is between. Layer 6.
#pragma once

#include <string>
#include <vector>

#include "check/assembly.hpp"

namespace rigor::check {

struct SeatedCard {
  std::size_t user = 0;  ///< among the plugged
  std::size_t item = 0;  ///< among the rig's items
  std::string name = {}, slot = {};
  const hardware::Connector* place = nullptr;
  int row = 0;   ///< of the case, from 1; 0: unknown
  int rows = 0;  ///< that it takes
  bool draws_air = false;
};

/// Two cards with no other between them.
struct CardPair {
  SeatedCard upper = {}, lower = {};
  int rows = 0;       ///< that the upper one takes
  int apart = 0;      ///< rows from one slot to the other
  int free_rows = 0;  ///< between them; negative: the upper covers the lower's slot
};

struct SeatedCards {
  std::vector<SeatedCard> cards = {};  ///< by row; those on risers are not in it
  std::vector<CardPair> pairs = {};    ///< neighbours by row
  bool rows_known = true;              ///< of all of them
};

SeatedCards seated_cards(const Assembly& rig);

}  // namespace rigor::check
