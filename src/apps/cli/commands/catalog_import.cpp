#include "apps/cli/commands/catalog_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "adapters/buildcores/database.hpp"
#include "adapters/buildcores/importer.hpp"
#include "adapters/buildcores/overlay.hpp"
#include "adapters/files/files.hpp"
#include "adapters/skypilot/prices.hpp"
#include "base/text.hpp"
#include "catalog/schema.hpp"
#include "report/import_text.hpp"

namespace rigor::apps {
namespace {

namespace buildcores = adapters::buildcores;

constexpr std::array kOptions = {
    Option{"into", "OVERLAY",
           "import: the folder to write into, for --catalog (default: buildcores-catalog, "
           "skypilot-catalog)"},
    Option{"provider", "NAME",
           "import skypilot: whose prices they are (default: the folder of the file)"},
    Option{"kind", "KINDS", "import: only these kinds, separated by commas: gpu,psu,case"},
    Option{
        "date", "DATE",
        "import: the day the data is of, 2026-03-31 (default: as git's log of the checkout says)"},
    Option{"force", "", "import: replace files of the overlay that you made or changed"},
    Option{"dry-run", "", "import: say what would be written, write nothing"},
};

constexpr std::uint64_t kLargestRecord = 1ULL << 20;
constexpr std::uint64_t kLargestList = 64ULL << 20;
constexpr const char* kUsage =
    "usage: rigor catalog import buildcores DIR | skypilot FILE.csv [--into OVERLAY]";

std::optional<Error> wrong_words(const Arguments& arguments) {
  const std::vector<std::string>& words = arguments.positional;
  if (words.size() < 2) return Error{ErrorCode::usage, "which database?", {}, kUsage};
  const bool is_known = words[1] == "buildcores" || words[1] == "skypilot";
  if (!is_known) {
    const std::string hint = did_you_mean(words[1], {"buildcores", "skypilot"});
    return Error{ErrorCode::usage,
                 fmt::format("unknown database \"{}\"", words[1]),
                 {},
                 hint.empty() ? kUsage : hint};
  }
  if (words.size() != 3) {
    const bool few = words.size() < 3;
    return Error{ErrorCode::usage,
                 fmt::format("{} is {}", words[1] == "skypilot" ? "FILE.csv" : "DIR",
                             few ? "missing" : "wanted once"),
                 {},
                 kUsage};
  }
  if (arguments.has("catalog"))
    return Error{ErrorCode::usage,
                 "an import does not read --catalog",
                 {},
                 "name the folder to write into with --into"};
  return std::nullopt;
}

/// The kinds wanted; all when --kind is not given.
Result<std::set<std::string_view>> wanted_kinds(const Arguments& arguments) {
  std::set<std::string_view> all;
  std::vector<std::string> names;
  for (const buildcores::Category& category : buildcores::categories()) {
    all.insert(category.kind);
    names.emplace_back(category.kind);
  }
  const std::optional<std::string> list = arguments.text("kind");
  if (!list) return all;
  std::set<std::string_view> wanted;
  for (const std::string_view word : split(*list, ',')) {
    const auto found = all.find(trim(word));
    if (found == all.end()) {
      const std::string hint = did_you_mean(trim(word), names);
      return fail(ErrorCode::usage, fmt::format("there is no kind \"{}\" in it", trim(word)),
                  "--kind", hint.empty() ? "kinds: " + join(names, ", ") : hint);
    }
    wanted.insert(*found);
  }
  return wanted;
}

Result<std::string> date_of_data(const Arguments& arguments, const buildcores::Checkout& checkout) {
  std::string date = arguments.text("date").value_or(checkout.date);
  if (date.empty())
    return fail(ErrorCode::usage, "no date of this data is known: it is no checkout of git",
                arguments.positional[2], "add --date 2026-03-31, the day you fetched it");
  Diagnostics problems;
  catalog::lint_value({"date", date, {}, {}}, {"date", catalog::FieldType::date}, problems);
  if (problems.has_errors())
    return fail(ErrorCode::usage, fmt::format("\"{}\" is no date", date), "--date",
                "write it as 2026-03-31 or 2026-03");
  return date;
}

/// Gives every record of the wanted kinds to the importer.
Result<void> read_records(const buildcores::Checkout& checkout,
                          const std::set<std::string_view>& kinds, buildcores::Importer& importer) {
  for (const std::string& folder : checkout.categories) {
    const buildcores::Category* category = buildcores::find_category(folder);
    if (category == nullptr || !kinds.contains(category->kind)) continue;
    const std::string place = checkout.folder + "/" + folder;
    const Result<std::vector<std::string>> paths = adapters::files_below(place, ".json");
    if (!paths) return tl::unexpected<Error>(paths.error());
    for (const std::string& path : *paths) {
      const std::string file = path.substr(checkout.folder.size() + 1);
      const Result<std::string> text = adapters::read_file(path, kLargestRecord);
      if (text) {
        importer.add(*category, file, *text);
      } else {
        importer.add_unreadable(*category, file, text.error().message);
      }
    }
  }
  return {};
}

/// Folders that rigor has no kind for.
void tally_others(const buildcores::Checkout& checkout, report::Tally& skipped) {
  for (const std::string& folder : checkout.categories) {
    if (buildcores::find_category(folder) != nullptr) continue;
    const auto files = adapters::files_below(checkout.folder + "/" + folder, ".json");
    const int count = files ? static_cast<int>(files->size()) : 0;
    if (count > 0) skipped.add_many(fmt::format("{}: rigor has no such kind", folder), count);
  }
}

Result<report::Import> import_database(const Arguments& arguments, Session& session) {
  const Result<std::set<std::string_view>> kinds = wanted_kinds(arguments);
  if (!kinds) return tl::unexpected<Error>(kinds.error());
  const Result<buildcores::Checkout> checkout = buildcores::open_checkout(arguments.positional[2]);
  if (!checkout) return tl::unexpected<Error>(checkout.error());
  const Result<std::string> date = date_of_data(arguments, *checkout);
  if (!date) return tl::unexpected<Error>(date.error());
  report::Import import;
  import.database = "BuildCores open database (ODC-By 1.0)";
  import.commit = checkout->commit;
  import.date = *date;
  import.into = arguments.text("into").value_or("buildcores-catalog");
  import.only_looked = arguments.has("dry-run");
  buildcores::Surroundings around;
  buildcores::note_catalogue(session.catalog, around);
  const Result<void> noted = buildcores::note_overlay(import.into, around);
  if (!noted) return tl::unexpected<Error>(noted.error());
  buildcores::Importer importer(around, {checkout->commit, *date});
  const Result<void> read = read_records(*checkout, *kinds, importer);
  if (!read) return tl::unexpected<Error>(read.error());
  const std::vector<buildcores::PlannedFile> files = importer.finish();
  import.kinds = importer.kinds();
  import.skipped = importer.skipped();
  import.left_out = importer.left_out();
  if (!arguments.has("kind")) tally_others(*checkout, import.skipped);
  const Result<void> written = buildcores::write_overlay(
      import.into, files, {arguments.has("force"), import.only_looked}, import);
  if (!written) return tl::unexpected<Error>(written.error());
  return import;
}

/// ".../v8/runpod/vms.csv" -> "runpod"; ".../runpod.csv" -> "runpod".
std::string provider_of(const std::string& path) {
  const std::vector<std::string_view> pieces = split(path, '/');
  std::string_view name = pieces.back().substr(0, pieces.back().rfind('.'));
  if ((name == "vms" || name == "catalog") && pieces.size() > 1) name = pieces[pieces.size() - 2];
  return lower(name);
}

Result<report::Import> import_prices(const Arguments& arguments, Session& session) {
  adapters::skypilot::ListOrigin origin;
  origin.file = arguments.positional[2];
  origin.provider = lower(arguments.text("provider").value_or(provider_of(origin.file)));
  if (origin.provider.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") !=
          std::string::npos ||
      origin.provider.empty())
    return fail(ErrorCode::usage, fmt::format("\"{}\" is no name of a provider", origin.provider),
                "--provider", "letters, digits and '-': --provider runpod");
  for (const char* other : {"kind"}) {
    if (arguments.has(other))
      return fail(ErrorCode::usage, fmt::format("--{} is of buildcores", other), {},
                  "a price list holds rented machines only");
  }
  const Result<std::string> date = date_of_data(arguments, {});
  if (!date) return tl::unexpected<Error>(date.error());
  origin.date = *date;
  const Result<std::string> text = adapters::read_file(origin.file, kLargestList);
  if (!text) return tl::unexpected<Error>(text.error());
  report::Import import;
  import.database = "SkyPilot price list of " + origin.provider;
  import.date = *date;
  import.into = arguments.text("into").value_or("skypilot-catalog");
  import.only_looked = arguments.has("dry-run");
  const auto files = adapters::skypilot::read_prices(*text, origin, session.catalog, import);
  if (!files) return tl::unexpected<Error>(files.error());
  const Result<void> written = buildcores::write_overlay(
      import.into, *files, {arguments.has("force"), import.only_looked}, import);
  if (!written) return tl::unexpected<Error>(written.error());
  return import;
}

}  // namespace

std::span<const Option> catalog_import_options() {
  return kOptions;
}

Exit run_catalog_import(const Arguments& arguments, Session& session) {
  if (const auto wrong = wrong_words(arguments)) return session.refuse(*wrong);
  const bool is_prices = arguments.positional[1] == "skypilot";
  const Result<report::Import> import =
      is_prices ? import_prices(arguments, session) : import_database(arguments, session);
  if (!import) return session.refuse(import.error());
  session.out +=
      arguments.has("json") ? report::import_json(*import) : report::import_text(*import);
  const int standing = import->added + import->updated + import->unchanged;
  if (standing > 0) return Exit::yes;
  session.err += fmt::format("rigor: {}: nothing of it could be taken\n", arguments.positional[2]);
  return Exit::no;
}

}  // namespace rigor::apps
