#include "apps/cli/own.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/files/files.hpp"
#include "base/diagnostic.hpp"
#include "evidence/own_row.hpp"

namespace rigor::apps {

std::string own_path(const std::string& rig) {
  constexpr std::string_view kEnd = ".toml";
  const bool is_file = rig.ends_with(kEnd) || adapters::exists(rig);
  if (!is_file) return {};
  return rig.substr(0, rig.size() - (rig.ends_with(kEnd) ? kEnd.size() : 0)) + ".evidence.csv";
}

evidence::Library own_library(const hardware::Rig& rig, const Session& session,
                              const estimate::Calibration& calibration) {
  evidence::Library library(session.catalog, calibration);
  for (const hardware::Accelerator& device : rig.accelerators) library.use(device);
  if (!rig.host.id.empty() && rig.host.bandwidth > BytesPerSecond{}) library.use(rig.host);
  return library;
}

Result<evidence::Table> read_evidence(const std::string& path) {
  const Result<std::string> text = adapters::read_file(path, 512U << 20);
  if (!text) return tl::unexpected<Error>(text.error());
  Result<evidence::Table> table = evidence::parse_csv(*text, path);
  if (!table) return table;
  for (const char* column :
       {"id", "source", "locator", "device_id", "model_id", "metric", "value"}) {
    if (std::find(table->header.begin(), table->header.end(), column) == table->header.end()) {
      return fail(ErrorCode::malformed, fmt::format("the table has no column \"{}\"", column), path,
                  "the columns are described in evidence/README.md");
    }
  }
  return table;
}

Result<std::vector<place::OwnRow>> own_rows(const Arguments& arguments, const hardware::Rig& rig,
                                            const estimate::Calibration& calibration,
                                            Session& session) {
  const auto stated = arguments.text("own");
  if (arguments.has("no-own")) {
    if (!stated) return std::vector<place::OwnRow>();
    return fail(ErrorCode::usage, "--own and --no-own together", {}, "one of them will do");
  }
  const std::string path = stated ? *stated : own_path(arguments.positional[0]);
  if (path.empty() || (!stated && !adapters::exists(path))) return std::vector<place::OwnRow>();
  const Result<evidence::Table> table = read_evidence(path);
  if (!table) {
    Error error = table.error();
    if (!stated)
      error.hint += (error.hint.empty() ? "" : "\n") + std::string("--no-own leaves it out");
    return tl::unexpected<Error>(std::move(error));
  }
  evidence::Library library = own_library(rig, session, calibration);
  evidence::OwnReading reading = evidence::read_own(*table, library);
  for (const evidence::OwnReading::Unused& row : reading.unused)
    session.err += fmt::format("{}: not used: {}\n", to_text(Location{path, row.line}), row.reason);
  return std::move(reading.rows);
}

}  // namespace rigor::apps
