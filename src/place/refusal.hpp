// What a network does not have or an engine cannot load, said before anything is estimated.
// Layer 6.
#pragma once

#include <string>

#include "place/question.hpp"

namespace rigor::place {

/// What the network or the engine cannot do of what is asked of an inference, with a way out; empty
/// when nothing. Not asked of rows of evidence: those tell what ran.
std::string problem_with_network(const Question& question);

}  // namespace rigor::place
