// The whole list of verbs, readable in one glance. A new verb is one file and one row here.
#include "apps/cli/commands.hpp"

#include <array>

namespace rigor::apps {

std::span<const Command> commands() {
  static const std::array kCommands = {
      report_command(), check_command(), fit_command(),      speed_command(),   power_command(),
      cost_command(),   plan_command(),  evidence_command(), catalog_command(), reference_command(),
  };
  return kCommands;
}

}  // namespace rigor::apps
