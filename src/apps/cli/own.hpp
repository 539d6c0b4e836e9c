// The measurements a person keeps of his own rig: found beside the rig's file. Layer 11.
#pragma once

#include <string>
#include <vector>

#include "adapters/toml/rig_reader.hpp"
#include "apps/cli/session.hpp"
#include "estimate/speed/calibration.hpp"
#include "evidence/mapper.hpp"
#include "place/own_rows.hpp"

namespace rigor::apps {

/// The flags of verbs that use own rows.
inline constexpr Option kOwnOption = {
    "own", "FILE.csv", "own measurements of the rig (default: RIG.evidence.csv beside the rig)"};
inline constexpr Option kNoOwnOption = {"no-own", "", "leave own measurements out"};

/// "rigs/my.toml" -> "rigs/my.evidence.csv"; empty when the rig is no file.
std::string own_path(const std::string& rig);

/// Parts as the rig has them, the rest as the catalogue has them. `session` and `calibration` must
/// outlive it.
evidence::Library own_library(const hardware::Rig& rig, const Session& session,
                              const estimate::Calibration& calibration);

/// A table with the columns evidence needs.
Result<evidence::Table> read_evidence(const std::string& path);

/// What was measured on the rig: of --own, else of the file beside the rig if there is one, unless
/// --no-own. Rows that cannot be used are named on standard error.
Result<std::vector<place::OwnRow>> own_rows(const Arguments& arguments, const hardware::Rig& rig,
                                            const estimate::Calibration& calibration,
                                            Session& session);

}  // namespace rigor::apps
