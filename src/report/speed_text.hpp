// How fast, as text and JSON. Layer 9.
#pragma once

#include <string>
#include <vector>

#include "place/energy.hpp"
#include "place/rank.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// "32.1 (27.9 to 36.0)": expected and its 90 % interval.
std::string ranged_text(const place::Ranged& figure);

/// Three figures: "0.0123", "12.3", "1,230".
std::string figure_text(double value);

/// Rates, what bounds them, where the time goes, and how near the evidence is.
/// One figure with its interval, in the columns of a speed.
std::string figure_line(const char* what, const place::Ranged& value, const char* unit);

/// Rates, energy, what bounds them, where the time goes, and how near the evidence is.
std::string speed_text(const place::Question& question, const place::Answer& answer,
                       const place::InferenceSpeed& speed, const place::PowerUse& power);
/// "2 x …, tensor parallel 2: 12.3 tokens/s".
std::string second_text(const place::Question& question, const place::Candidate& candidate);
/// What else was considered, fastest first; empty when there was no choice.
std::string ranking_text(const place::Question& question,
                         const std::vector<place::Candidate>& ranking);
void ranking_json(Json& json, const place::Question& question,
                  const std::vector<place::Candidate>& ranking);
/// Formula, constants and evidence behind every term.
std::string speed_explain(const place::Question& question, const place::Answer& answer,
                          const place::InferenceSpeed& speed, const estimate::SpeedRig& rig);
/// `epoch_tokens`: without padding; 0: not stated.
std::string training_speed_text(const place::Question& question, const place::Answer& answer,
                                const place::TrainingSpeed& speed, const place::PowerUse& power,
                                double epoch_tokens);
void training_speed_json(Json& json, const place::Question& question,
                         const place::TrainingSpeed& speed, double epoch_tokens);
std::string training_speed_line(const place::TrainingSpeed& speed, double epoch_tokens);
/// Hours in which so many tokens are learnt from.
place::Ranged hours_of(double tokens, const place::TrainingSpeed& speed);
/// One line for the report.
std::string speed_line(const place::InferenceSpeed& speed);
/// The members of an object that is open already.
void speed_json(Json& json, const place::InferenceSpeed& speed);

}  // namespace rigor::report
