// A described conversation and drafts, as text and JSON. Layer 9.
#pragma once

#include <string>

#include "place/conversation.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// How long all turns take; empty when no conversation is described.
std::string conversation_text(const place::Conversation& conversation);
/// The member "conversation"; nothing when none is described.
void conversation_json(Json& json, const place::Conversation& conversation);

/// What drafts do for the answer; empty when nothing is drafted.
std::string speculation_text(const place::InferenceSpeed& speed);
/// The member "speculation"; nothing when nothing is drafted.
void speculation_json(Json& json, const place::InferenceSpeed& speed);
/// Formulas and where the acceptance comes from; empty when nothing is drafted.
std::string speculation_explain(const place::InferenceSpeed& speed);

}  // namespace rigor::report
