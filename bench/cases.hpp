// Questions the benchmarks ask, made the way the command line makes them: everything from the
// catalogue.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/catalog.hpp"
#include "estimate/network.hpp"
#include "hardware/rig.hpp"
#include "place/question.hpp"
#include "workload/engine.hpp"

namespace rigor::bench {

/// A question with all that it points to, and the placement that is estimated again and again.
struct Case {
  estimate::Network network;
  workload::Engine engine;
  hardware::Rig rig;
  place::Question question;
  workload::Placement placement;
};

/// The compiled-in catalogue.
catalog::Catalog make_catalog();

/// Setting and value, as in a work file.
using Settings = std::vector<std::pair<std::string_view, std::string_view>>;

/// `rig` in words ("2x rtx 3090"). Ends the program when a name is unknown: a benchmark has nothing
/// to say then.
std::unique_ptr<Case> make_case(std::string_view rig, std::string_view model, workload::Kind kind,
                                const Settings& settings);

/// Likewise, of catalogue ids.
llm::Architecture architecture(const catalog::Catalog& catalog, std::string_view name);
llm::Quantization quantization(const catalog::Catalog& catalog, std::string_view name);

}  // namespace rigor::bench
