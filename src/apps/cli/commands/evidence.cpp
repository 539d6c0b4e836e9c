// rigor evidence score FILE.csv: how good are the numbers? rigor evidence add RIG LOG: own ones.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/files/files.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/commands/evidence_add.hpp"
#include "apps/cli/own.hpp"
#include "apps/cli/session.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "evidence/score.hpp"
#include "report/score_text.hpp"

namespace rigor::apps {
namespace {

const std::vector<Option>& options() {
  static const std::vector<Option> list = [] {
    std::vector<Option> all = {
        {"out", "FILE",
         "score: write every input row with its prediction, interval, status and reason"},
        {"json", "", "one JSON object instead of text"},
        {"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
    };
    for (const Option& option : evidence_add_options()) all.push_back(option);
    return all;
  }();
  return list;
}

constexpr const char* kScoreUsage = "rigor evidence score FILE.csv";
constexpr const char* kAddUsage = "rigor evidence add RIG LOG";

Error wrong_use(std::string message, const std::string& usage) {
  return {ErrorCode::usage, std::move(message), {}, "usage: " + usage};
}

Exit run_score(const Arguments& arguments, Session& session) {
  const Result<evidence::Table> table = read_evidence(arguments.positional[1]);
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

Exit run_evidence(const Arguments& arguments, Session& session) {
  const std::vector<std::string>& words = arguments.positional;
  if (words[0] == "add") {
    if (words.size() == 3) return run_evidence_add(arguments, session);
    const char* missing = words.size() < 2 ? "RIG and LOG are missing" : "LOG is missing";
    return session.refuse(wrong_use(missing, kAddUsage));
  }
  if (words[0] != "score") {
    return session.refuse(wrong_use(fmt::format("unknown action \"{}\"", words[0]),
                                    std::string(kScoreUsage) + ", or " + kAddUsage));
  }
  if (words.size() < 2) return session.refuse(wrong_use("FILE.csv is missing", kScoreUsage));
  if (words.size() > 2)
    return session.refuse(
        wrong_use(fmt::format("\"{}\" is one word too many", words[2]), kScoreUsage));
  return run_score(arguments, session);
}

}  // namespace

Command evidence_command() {
  return {"evidence",
          "score|add FILES",
          1,
          3,
          "score FILE.csv: how good the numbers are; add RIG LOG: keep your own measurements",
          options(),
          run_evidence};
}

}  // namespace rigor::apps
