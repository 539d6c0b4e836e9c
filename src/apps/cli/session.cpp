#include "apps/cli/session.hpp"

#include <fmt/format.h>

#include "adapters/files/files.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "base/text.hpp"

namespace rigor::apps {
namespace {

/// Lays the user's catalogue folder over the compiled-in one.
Result<void> overlay(Session& session, const std::string& folder) {
  const Result<std::vector<std::string>> paths = adapters::files_below(folder, ".toml");
  if (!paths) return tl::unexpected<Error>(paths.error());
  for (const std::string& path : *paths) {
    const Result<std::string> text = adapters::read_file(path);
    if (!text) return tl::unexpected<Error>(text.error());
    const std::string id = path.substr(folder.size() + (folder.ends_with('/') ? 0 : 1));
    Result<catalog::Entry> entry = adapters::read_entry(*text, id.substr(0, id.size() - 5), path);
    if (!entry) return tl::unexpected<Error>(entry.error());
    session.catalog.overlay(std::move(*entry));
  }
  return {};
}

const Command* find_command(std::string_view name) {
  for (const Command& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

/// Further lines stand below the first, behind "  hint: ".
std::string indented(const std::string& hint) {
  std::string text;
  for (const std::string_view line : split(hint, '\n'))
    text += (text.empty() ? "" : "\n        ") + std::string(line);
  return text;
}

Exit unknown_verb(Session& session, const std::string& verb) {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  std::string hint = did_you_mean(verb, names);
  if (hint.empty()) hint = "rigor --help lists the verbs";
  if (verb.starts_with('-')) {
    return session.refuse(Error{ErrorCode::usage,
                                fmt::format("a verb is missing before {}", verb),
                                {},
                                "rigor --help lists the verbs"});
  }
  return session.refuse(
      Error{ErrorCode::usage, fmt::format("unknown verb \"{}\"", verb), {}, hint});
}

/// `rigor help`, and `rigor help VERB`.
Exit run_help(const std::vector<std::string>& words, Session& session) {
  if (words.size() < 2) {
    session.out += help();
    return Exit::yes;
  }
  const Command* command = find_command(words[1]);
  if (command == nullptr) return unknown_verb(session, words[1]);
  session.out += help(*command);
  return Exit::yes;
}

}  // namespace

Exit Session::refuse(const Error& error) {
  err += "rigor: ";
  if (!error.where.empty()) err += error.where + ": ";
  err += error.message + "\n";
  if (!error.hint.empty()) err += "  hint: " + indented(error.hint) + "\n";
  return error.code == ErrorCode::internal ? Exit::internal : Exit::usage;
}

Exit Session::refuse(const Diagnostics& diagnostics) {
  err += to_text(diagnostics);
  return Exit::usage;
}

Session make_session() {
  return {catalog::Catalog(catalog::packed_catalogue(), &adapters::read_entry)};
}

namespace {}  // namespace

Exit run(const std::vector<std::string>& words, Session& session) {
  if (words.empty()) {
    session.err += help();
    return Exit::usage;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help")
    return run_help(words, session);
  if (words[0] == "--version") {
    session.out += "rigor " RIGOR_VERSION "\n";
    return Exit::yes;
  }
  const Command* command = find_command(words[0]);
  if (command == nullptr) return unknown_verb(session, words[0]);
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  for (const std::string& word : rest) {
    if (word == "--help" || word == "-h") {
      session.out += help(*command);
      return Exit::yes;
    }
  }
  const Result<Arguments> arguments = parse_arguments(*command, rest);
  if (!arguments) return session.refuse(arguments.error());
  if (const auto folder = arguments->text("catalog")) {
    if (Result<void> done = overlay(session, *folder); !done) return session.refuse(done.error());
  }
  return command->run(*arguments, session);
}

}  // namespace rigor::apps
