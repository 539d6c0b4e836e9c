// rigor catalog list|show|lint: what rigor knows, with the provenance of every value.
#include <fmt/format.h>

#include <algorithm>

#include "apps/cli/commands.hpp"
#include "apps/cli/session.hpp"
#include "base/text.hpp"
#include "catalog/schema.hpp"
#include "report/catalog_text.hpp"

namespace rigor::apps {
namespace {

using catalog::Entry;

constexpr std::array kOptions = {
    Option{"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
    Option{"json", "", "one JSON object instead of text"},
};

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const catalog::KindSpec& kind : catalog::kinds()) names.emplace_back(kind.kind);
  return names;
}

Exit list(const Arguments& arguments, Session& session) {
  std::string kind = arguments.positional.size() > 1 ? arguments.positional[1] : "";
  std::string filter = arguments.positional.size() > 2 ? arguments.positional[2] : "";
  if (!kind.empty() && catalog::find_kind(kind) == nullptr) {
    std::string hint = did_you_mean(kind, kind_names());
    if (hint.empty()) hint = "kinds: " + join(kind_names(), ", ");
    return session.refuse(
        Error{ErrorCode::not_found, fmt::format("unknown kind \"{}\"", kind), {}, hint});
  }
  const std::vector<catalog::Catalog::Row> rows = session.catalog.list(kind, filter);
  session.out +=
      arguments.has("json") ? report::catalog_list_json(rows) : report::catalog_list_text(rows);
  return rows.empty() ? Exit::no : Exit::yes;
}

Exit show(const Arguments& arguments, Session& session) {
  if (arguments.positional.size() < 2) {
    return session.refuse(
        Error{ErrorCode::usage, "show what?", {}, "rigor catalog show gpu/nvidia/rtx-3090"});
  }
  const std::vector<std::string> wanted(arguments.positional.begin() + 1,
                                        arguments.positional.end());
  const Result<const Entry*> entry = session.catalog.find(join(wanted, " "));
  if (!entry) return session.refuse(entry.error());
  session.out += arguments.has("json") ? report::entry_json(**entry) : report::entry_text(**entry);
  return Exit::yes;
}

Exit lint(const Arguments& arguments, Session& session) {
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
  session.err += to_text(diagnostics);
  session.out += fmt::format("{} entries, {} errors\n", entries.size(), diagnostics.errors());
  return diagnostics.has_errors() ? Exit::no : Exit::yes;
}

Exit run_catalog(const Arguments& arguments, Session& session) {
  const std::string& what = arguments.positional[0];
  if (what == "list") return list(arguments, session);
  if (what == "show") return show(arguments, session);
  if (what == "lint") return lint(arguments, session);
  return session.refuse(Error{ErrorCode::usage,
                              fmt::format("unknown action \"{}\"", what),
                              {},
                              "rigor catalog list | show | lint"});
}

}  // namespace

Command catalog_command() {
  return {"catalog",
          "list|show|lint [KIND|REF] [FILTER]",
          1,
          6,
          "what rigor knows: parts, architectures, quantizations, engines",
          kOptions,
          run_catalog};
}

}  // namespace rigor::apps
