#include "catalog/drafting_entry.hpp"

#include "catalog/field_reader.hpp"

namespace rigor::catalog {

Result<workload::DraftTable> draft_table(const Catalog& catalog) {
  const Result<const Entry*> entry = catalog.entry("choice/drafting");
  if (!entry) return tl::unexpected<Error>(entry.error());
  Diagnostics diagnostics;
  FieldReader reader(**entry, diagnostics);
  const auto of = [&](const std::string& drafter) {
    reader.require(drafter);
    return workload::Acceptance{reader.fraction(drafter + "_low"), reader.fraction(drafter),
                                reader.fraction(drafter + "_high")};
  };
  workload::DraftTable table;
  table.acceptance = {of("mtp"), of("network"), of("ngram")};
  table.measured_low = reader.real("measured_low", 1);
  table.measured_high = reader.real("measured_high", 1);
  if (!diagnostics.has_errors()) return table;
  const Diagnostic& first = diagnostics.all().front();
  return fail(ErrorCode::malformed, first.message, to_text(first.where), first.hint);
}

}  // namespace rigor::catalog
