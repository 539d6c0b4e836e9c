// rigor catalog list|show|lint: what rigor knows, with the provenance of every value. import: more.
#include <fmt/format.h>

#include <algorithm>

#include "apps/cli/commands.hpp"
#include "apps/cli/commands/catalog_import.hpp"
#include "apps/cli/session.hpp"
#include "base/text.hpp"
#include "catalog/schema.hpp"
#include "report/catalog_text.hpp"

namespace rigor::apps {
namespace {

using catalog::Entry;

const std::vector<Option>& options() {
  static const std::vector<Option> list = [] {
    std::vector<Option> all = {
        {"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
        {"json", "", "one JSON object instead of text"},
    };
    for (const Option& option : catalog_import_options()) all.push_back(option);
    return all;
  }();
  return list;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const catalog::KindSpec& kind : catalog::kinds()) names.emplace_back(kind.kind);
  return names;
}

/// The words of `list` and `lint`: after the action a kind, and no more than `most` words in all.
std::optional<Error> wrong_words(const std::vector<std::string>& words, std::size_t most) {
  if (words.size() > most) return surplus_words(catalog_command(), std::span(words).subspan(most));
  if (words.size() < 2 || catalog::find_kind(words[1]) != nullptr) return std::nullopt;
  std::string hint = did_you_mean(words[1], kind_names());
  if (hint.empty()) hint = "kinds: " + join(kind_names(), ", ");
  return Error{ErrorCode::not_found, fmt::format("unknown kind \"{}\"", words[1]), {}, hint};
}

Exit list(const Arguments& arguments, Session& session) {
  if (const auto wrong = wrong_words(arguments.positional, 3)) return session.refuse(*wrong);
  const std::string kind = arguments.positional.size() > 1 ? arguments.positional[1] : "";
  const std::string filter = arguments.positional.size() > 2 ? arguments.positional[2] : "";
  const std::vector<catalog::Catalog::Row> rows = session.catalog.list(kind, filter);
  session.out +=
      arguments.has("json") ? report::catalog_list_json(rows) : report::catalog_list_text(rows);
  return rows.empty() ? Exit::no : Exit::yes;
}

Exit show(const Arguments& arguments, Session& session) {
  if (arguments.positional.size() < 2) {
    return session.refuse(
        Error{ErrorCode::usage, "REF is missing", {}, "rigor catalog show gpu/nvidia/rtx-3090"});
  }
  const std::vector<std::string> wanted(arguments.positional.begin() + 1,
                                        arguments.positional.end());
  const Result<const Entry*> entry = session.catalog.find(join(wanted, " "));
  if (!entry) return session.refuse(entry.error());
  session.out += arguments.has("json") ? report::entry_json(**entry) : report::entry_text(**entry);
  return Exit::yes;
}

Exit lint(const Arguments& arguments, Session& session) {
  if (const auto wrong = wrong_words(arguments.positional, 2)) return session.refuse(*wrong);
  const std::string kind = arguments.positional.size() > 1 ? arguments.positional[1] : "";
  Diagnostics diagnostics;
  std::vector<const Entry*> entries;
  for (const catalog::Catalog::Row& row : session.catalog.list(kind)) {
    const Result<const Entry*> entry = session.catalog.entry(row.id);
    if (!entry) {
      diagnostics.error({std::string(row.id)}, entry.error().message, entry.error().hint);
      continue;
    }
    entries.push_back(*entry);
    catalog::lint(**entry, diagnostics);
    catalog::lint_physics(**entry, diagnostics);
  }
  catalog::lint_all(entries, diagnostics);
  diagnostics.sort();
  session.err += to_text(diagnostics);
  session.out +=
      fmt::format("{} {}, {} error{}\n", entries.size(), entries.size() == 1 ? "entry" : "entries",
                  diagnostics.errors(), diagnostics.errors() == 1 ? "" : "s");
  return diagnostics.has_errors() ? Exit::no : Exit::yes;
}

std::string did_you_mean_action(const std::string& typed) {
  const std::string hint = did_you_mean(typed, {"list", "show", "lint", "import"});
  return hint.empty() ? "rigor catalog list | show | lint | import" : hint;
}

Exit run_catalog(const Arguments& arguments, Session& session) {
  const std::string& what = arguments.positional[0];
  if (what == "list") return list(arguments, session);
  if (what == "show") return show(arguments, session);
  if (what == "lint") return lint(arguments, session);
  if (what == "import") return run_catalog_import(arguments, session);
  return session.refuse(Error{
      ErrorCode::usage, fmt::format("unknown action \"{}\"", what), {}, did_you_mean_action(what)});
}

}  // namespace

Command catalog_command() {
  return {"catalog",
          "list|show|lint|import [KIND|REF] [FILTER]",
          1,
          6,
          "what rigor knows: list KIND FILTER, show REF, lint KIND; import buildcores DIR: more "
          "parts, import skypilot FILE.csv: prices of rented machines",
          options(),
          run_catalog};
}

}  // namespace rigor::apps
