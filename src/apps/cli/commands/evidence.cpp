// rigor evidence score FILE.csv: how good are the numbers?
#include <fmt/format.h>

#include <algorithm>

#include "adapters/files/files.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/session.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "evidence/score.hpp"
#include "report/score_text.hpp"

namespace rigor::apps {
namespace {

constexpr std::array kOptions = {
    Option{"out", "FILE", "write every input row with its prediction, interval, status and reason"},
    Option{"json", "", "one JSON object instead of text"},
    Option{"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
};

Result<evidence::Table> read_table(const std::string& path) {
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

Exit run_evidence(const Arguments& arguments, Session& session) {
  if (arguments.positional[0] != "score") {
    return session.refuse(Error{ErrorCode::usage,
                                fmt::format("unknown action \"{}\"", arguments.positional[0]),
                                {},
                                "usage: rigor evidence score FILE.csv"});
  }
  if (arguments.positional.size() < 2) {
    return session.refuse(
        Error{ErrorCode::usage, "FILE.csv is missing", {}, "usage: rigor evidence score FILE.csv"});
  }
  const Result<evidence::Table> table = read_table(arguments.positional[1]);
  if (!table) return session.refuse(table.error());
  const Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return session.refuse(calibration.error());
  evidence::Library library(session.catalog, *calibration);
  const std::vector<evidence::Scored> scored = evidence::score(*table, library);
  if (const auto path = arguments.text("out")) {
    const Result<void> written =
        adapters::write_file(*path, evidence::predictions_csv(*table, scored));
    if (!written) return session.refuse(written.error());
  }
  session.out += arguments.has("json") ? report::score_json(scored) : report::score_text(scored);
  const bool any = std::any_of(scored.begin(), scored.end(), [](const evidence::Scored& one) {
    return one.prediction.status == evidence::Status::mapped;
  });
  return any ? Exit::yes : Exit::unknown;
}

}  // namespace

Command evidence_command() {
  return {"evidence",
          "score FILE.csv",
          1,
          2,
          "measured rows against estimates: how good the numbers are",
          kOptions,
          run_evidence};
}

}  // namespace rigor::apps
