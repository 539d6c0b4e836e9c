#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

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

const Option* find_option(const Command& command, std::string_view name) {
  for (const Option& option : command.options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

Error no_value(const Option& option) {
  return {ErrorCode::usage,
          fmt::format("--{} needs a value", option.name),
          {},
          fmt::format("--{} {}: {}", option.name, option.value, option.help)};
}

/// What CLI11 says begins with the flag, or names it behind a colon: "--context: 1 required TEXT
/// missing", "Could not convert: --json = maybe".
Error wrong_value(const Command& command, std::string_view said) {
  const std::size_t start = said.find("--");
  const std::string_view flag = start == std::string_view::npos ? "" : said.substr(start + 2);
  const Option* option = find_option(command, flag.substr(0, flag.find_first_of(": =")));
  if (option != nullptr && !option->value.empty()) return no_value(*option);
  if (option != nullptr)
    return {ErrorCode::usage, fmt::format("--{} takes no value", option->name)};
  return {ErrorCode::usage,
          std::string(said),
          {},
          fmt::format("rigor {} --help lists the flags", command.name)};
}

std::string usage(const Command& command) {
  return fmt::format("usage: rigor {}{}{}", command.name, command.positional.empty() ? "" : " ",
                     command.positional);
}

/// "MODEL", or "list, show or lint" for a choice, of the words from `from` to `to`.
std::string word_names(const Command& command, std::size_t from, std::size_t to) {
  const std::vector<std::string_view> names = split(command.positional, ' ');
  std::string text;
  for (std::size_t i = from; i < std::min(to, names.size()); ++i) {
    text += text.empty() ? "" : " and ";
    const std::vector<std::string_view> choices = split(names[i], '|');
    for (std::size_t k = 0; k < choices.size(); ++k) {
      const char* separator = k == 0 ? "" : (k + 1 == choices.size() ? " or " : ", ");
      text += separator + std::string(choices[k]);
    }
  }
  return text;
}

Error missing_words(const Command& command, std::size_t given) {
  const auto least = static_cast<std::size_t>(command.least);
  return {ErrorCode::usage,
          fmt::format("{} {} missing", word_names(command, given, least),
                      least - given > 1 ? "are" : "is"),
          {},
          usage(command)};
}

/// How many words there are, and that none that must be there is empty.
std::optional<Error> wrong_words(const Command& command, const std::vector<std::string>& words) {
  const auto least = static_cast<std::size_t>(command.least);
  const auto most = static_cast<std::size_t>(command.most);
  if (words.size() < least) return missing_words(command, words.size());
  if (words.size() > most) return surplus_words(command, std::span(words).subspan(most));
  for (std::size_t i = 0; i < least; ++i) {
    if (!trim(words[i]).empty()) continue;
    return Error{ErrorCode::usage,
                 fmt::format("{} is empty", word_names(command, i, i + 1)),
                 {},
                 usage(command)};
  }
  return std::nullopt;
}

}  // namespace

Error surplus_words(const Command& command, std::span<const std::string> words) {
  constexpr std::size_t kMostShown = 3;
  std::string list;
  for (std::size_t i = 0; i < std::min(words.size(), kMostShown); ++i) {
    const char* separator = i == 0 ? "" : (i + 1 == words.size() ? " and " : ", ");
    list += fmt::format("{}\"{}\"", separator, words[i]);
  }
  if (words.size() > kMostShown) list += fmt::format(" and {} more", words.size() - kMostShown);
  const char* quotes = "; put quotes round a name of several words";
  return {
      ErrorCode::usage,
      fmt::format("{} {}", list, words.size() > 1 ? "are too many words" : "is one word too many"),
      {},
      usage(command) + (command.positional.empty() ? "" : quotes)};
}

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

namespace {

/// "--flag=" without a value: CLI11 would take the next word as the value.
std::optional<Error> dangling_flag(const Command& command, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word == "--") break;
    if (!word.starts_with("--") || !word.ends_with('=')) continue;
    const Option* option = find_option(command, word.substr(2, word.size() - 3));
    return option == nullptr ? unknown_flag(command, word) : wrong_value(command, word);
  }
  return std::nullopt;
}

/// Moves what CLI11 found into the arguments; an option without a value is an error.
std::optional<Error> take_values(const Command& command, const CLI::App& app, Slots& slots,
                                 Arguments& arguments) {
  for (const Option& option : command.options) {
    const std::string name(option.name);
    const bool is_switch = option.value.empty();
    if (app.count("--" + name) == 0 || (is_switch && !slots.switches[name])) continue;
    if (!is_switch && trim(slots.values[name]).empty()) return no_value(option);
    arguments.values[name] = is_switch ? "true" : slots.values[name];
  }
  return std::nullopt;
}

}  // namespace

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
  if (std::optional<Error> wrong = dangling_flag(command, words))
    return tl::unexpected<Error>(std::move(*wrong));
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ExtrasError&) {
    for (const std::string& word : app.remaining()) {
      if (word.starts_with("-")) return tl::unexpected<Error>(unknown_flag(command, word));
    }
    return tl::unexpected<Error>(surplus_words(command, app.remaining()));
  } catch (const CLI::ParseError& error) {
    return tl::unexpected<Error>(wrong_value(command, error.what()));
  }
  if (std::optional<Error> wrong = wrong_words(command, arguments.positional))
    return tl::unexpected<Error>(std::move(*wrong));
  if (std::optional<Error> wrong = take_values(command, app, slots, arguments))
    return tl::unexpected<Error>(std::move(*wrong));
  return arguments;
}

}  // namespace rigor::apps
