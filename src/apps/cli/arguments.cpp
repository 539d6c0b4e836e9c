#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "apps/cli/command.hpp"
#include "base/text.hpp"

namespace rigor::apps {
namespace {

struct Slots {
  std::map<std::string, std::string, std::less<>> values;
  std::map<std::string, bool, std::less<>> switches;
};

Error unknown_flag(const Command& command, const std::string& word) {
  std::vector<std::string> names = {"--help"};
  for (const Option& option : command.options) names.push_back("--" + std::string(option.name));
  std::string hint = did_you_mean(word.substr(0, word.find('=')), names);
  if (hint.empty()) hint = fmt::format("rigor {} --help lists the flags", command.name);
  return {ErrorCode::usage, fmt::format("unknown flag {}", word), {}, hint};
}

/// CLI11 would take the next word as the value.
Error no_value(const std::string& word) {
  return {ErrorCode::usage, fmt::format("{} needs a value", word)};
}

Error wrong_count(const Command& command, std::size_t given) {
  return {ErrorCode::usage,
          fmt::format("{} takes {}, not {} words", command.name,
                      command.positional.empty() ? "no words" : command.positional, given),
          {},
          fmt::format("usage: rigor {} {}", command.name, command.positional)};
}

}  // namespace

std::optional<std::string> Arguments::text(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

Result<long long> Arguments::number(std::string_view name, long long fallback, long long low,
                                    long long high) const {
  const auto found = values.find(name);
  if (found == values.end()) return fallback;
  std::string digits = found->second;
  long long scale = 1;
  if (!digits.empty() && (digits.back() == 'k' || digits.back() == 'K')) {
    digits.pop_back();
    scale = 1024;
  }
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(digits.c_str(), &end, 10);
  const bool whole = !digits.empty() && *end == '\0' && errno == 0;
  const bool near = value >= low / scale && value <= high / scale;  // else the product may overflow
  if (!whole || !near || value * scale < low || value * scale > high) {
    return fail(ErrorCode::usage,
                fmt::format("\"{}\" is no whole number from {} to {}", found->second, low, high),
                fmt::format("--{}", name));
  }
  return value * scale;
}

Result<Arguments> parse_arguments(const Command& command, const std::vector<std::string>& words) {
  CLI::App app;
  app.set_help_flag();
  Arguments arguments;
  Slots slots;
  for (const Option& option : command.options) {
    const std::string name(option.name);
    if (option.value.empty()) {
      app.add_flag("--" + name, slots.switches[name]);
    } else {
      app.add_option("--" + name, slots.values[name])->take_last();
    }
  }
  app.add_option("words", arguments.positional);
  for (const std::string& word : words) {
    if (word == "--") break;
    if (word.starts_with("--") && word.ends_with('=')) return tl::unexpected<Error>(no_value(word));
  }
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ExtrasError&) {
    for (const std::string& word : app.remaining()) {
      if (word.starts_with("-")) return tl::unexpected<Error>(unknown_flag(command, word));
    }
    return tl::unexpected<Error>(wrong_count(command, words.size()));
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::usage, error.what(), {},
                fmt::format("rigor {} --help lists the flags", command.name));
  }
  const auto given = static_cast<int>(arguments.positional.size());
  if (given < command.least || given > command.most) {
    return tl::unexpected<Error>(wrong_count(command, arguments.positional.size()));
  }
  for (const Option& option : command.options) {
    const std::string name(option.name);
    const bool is_switch = option.value.empty();
    if (app.count("--" + name) == 0 || (is_switch && !slots.switches[name])) continue;
    arguments.values[name] = is_switch ? "true" : slots.values[name];
  }
  return arguments;
}

}  // namespace rigor::apps
