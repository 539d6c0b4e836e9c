// The answer of `rigor fit` for people and for programs, made from the finished estimate. Layer 9.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardware/rig.hpp"
#include "place/question.hpp"
#include "place/rank.hpp"
#include "place/remedy.hpp"
#include "report/json.hpp"
#include "report/search_text.hpp"

namespace rigor::report {

/// What a solved extreme says: "context", "131072", with the answer at that value.
struct Solved {
  std::string what;
  std::string value;        ///< empty: nothing fits
  std::string remark = {};  ///< "the network's own limit"
};

/// Everything the text and the JSON are made from.
struct FitReport {
  const place::Question* question = nullptr;
  place::Answer answer;
  std::vector<place::Remedy> remedies;
  std::optional<Solved> solved = {};
  std::optional<place::Candidate> second = {};  ///< the next best placement, where one was chosen
  std::optional<SearchReport> search = {};      ///< the answer is its best choice
  std::string origin;                           ///< where the network's bytes come from
  std::vector<std::string> undetermined;
};

/// "Llama 3.1 70B, Q4_K_M, 32,768 tokens on llama.cpp".
std::string workload_title(const place::Question& question);
/// "2 of 4 x RTX 3090, 40 + 40 layers", "host alone", "ZeRO-3 over 2 devices, optimizer on the
/// host".
std::string placement_text(const place::Question& question, const workload::Placement& placement);
/// "fits on one card with 3.1 GiB to spare" / "does not fit: GPU 1 is short by 12.0 GiB".
std::string verdict_text(const place::Question& question, const place::Answer& answer);

std::string fit_text(const FitReport& report);
/// One object into `json`, without `schema_version`.
void fit_json(Json& json, const FitReport& report);

/// "15,419": groups of three digits.
std::string grouped(std::int64_t number);

}  // namespace rigor::report
