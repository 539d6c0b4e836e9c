// What a verb is: a row in the command table. The table prints the help and the generated
// reference, checks the arguments and calls the verb. Layer 11.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace rigor::apps {

/// The process's answer. Scripts rely on these numbers.
enum class Exit : int { yes = 0, no = 1, usage = 2, unknown = 3, internal = 4 };

struct Option {
  std::string_view name;   ///< without the dashes: "context"
  std::string_view value;  ///< "TOKENS"; empty for a switch
  std::string_view help;
};

/// The words after the verb, sorted out. Values are texts; the verb judges them.
class Arguments {
 public:
  std::vector<std::string> positional;
  std::map<std::string, std::string, std::less<>> values;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;

  [[nodiscard]] bool has(std::string_view name) const { return values.find(name) != values.end(); }
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  /// The value as a whole number within [low, high]; the error names the flag and the range.
  [[nodiscard]] Result<long long> number(std::string_view name, long long fallback, long long low,
                                         long long high) const;
};

struct Session;  // apps/cli/session.hpp

struct Command {
  std::string_view name;
  std::string_view positional;  ///< "RIG MODEL"; "[…]" optional
  int least = 0, most = 0;      ///< how many positional words
  std::string_view summary;
  std::span<const Option> options;
  Exit (*run)(const Arguments& arguments, Session& session);
};

/// Every verb, in the order the help shows them.
std::span<const Command> commands();

/// Checks the words against the command. "-h/--help" is handled before.
Result<Arguments> parse_arguments(const Command& command, const std::vector<std::string>& words);

/// These words after the verb are more than it takes.
Error surplus_words(const Command& command, std::span<const std::string> words);

/// The help of one verb, and of the program.
std::string help(const Command& command);
std::string help();

}  // namespace rigor::apps
