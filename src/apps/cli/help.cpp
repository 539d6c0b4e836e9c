#include <fmt/format.h>

#include <algorithm>

#include "apps/cli/command.hpp"

namespace rigor::apps {

std::string help(const Command& command) {
  std::string text = fmt::format("usage: rigor {}{}{}{}\n\n{}\n", command.name,
                                 command.positional.empty() ? "" : " ", command.positional,
                                 command.options.empty() ? "" : " [flags]", command.summary);
  if (!command.options.empty()) text += "\nflags:\n";
  for (const Option& option : command.options) {
    const std::string flag = option.value.empty()
                                 ? fmt::format("--{}", option.name)
                                 : fmt::format("--{} {}", option.name, option.value);
    text += fmt::format("  {:<28} {}\n", flag, option.help);
  }
  return text;
}

std::string help() {
  std::string text =
      "usage: rigor VERB …\n\n"
      "Numbers for a local AI workstation that can be checked: every figure has an interval, a "
      "formula and a source.\n\n";
  std::size_t width = 0;
  for (const Command& command : commands())
    width = std::max(width, command.name.size() + 1 + command.positional.size());
  for (const Command& command : commands()) {
    const std::string left = fmt::format("{} {}", command.name, command.positional);
    text += fmt::format("  {:<{}}  {}\n", left, width, command.summary);
  }
  text +=
      "\nrigor VERB --help explains one verb. Exit codes: 0 yes, 1 no, 2 bad input, 3 no verdict, "
      "4 internal error.\n";
  return text;
}

}  // namespace rigor::apps
