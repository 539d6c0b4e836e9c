#include "apps/cli/work_file.hpp"

#include <fmt/format.h>

#include "adapters/files/files.hpp"
#include "adapters/toml/work_reader.hpp"

namespace rigor::apps {

Result<std::vector<workload::Workload>> read_workloads(const std::string& path, Session& session) {
  const Result<std::string> text = adapters::read_file(path, 4U << 20);
  if (!text) return tl::unexpected<Error>(text.error());
  Diagnostics diagnostics;
  std::vector<workload::Workload> workloads = adapters::read_work(*text, path, diagnostics);
  if (!diagnostics.has_errors()) return workloads;
  session.err += to_text(diagnostics);
  return fail(ErrorCode::malformed,
              fmt::format("{} problem{} in the work file", diagnostics.errors(),
                          diagnostics.errors() == 1 ? "" : "s"),
              path);
}

}  // namespace rigor::apps
