// The network that drafts for another.
#include <fmt/format.h>

#include "adapters/model/open_model.hpp"
#include "apps/cli/problem.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/drafting_entry.hpp"
#include "catalog/quantization_entry.hpp"

namespace rigor::apps {

Result<estimate::Network> Problem::draft_from_catalogue() {
  const workload::Workload& workload = question_.workload;
  const Result<const catalog::Entry*> entry =
      session_.catalog.find(workload.draft_model, "architecture");
  if (!entry && entry.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found,
                fmt::format("\"{}\" is no model file and no known network", workload.draft_model),
                "--draft-model", entry.error().hint);
  if (!entry) return tl::unexpected<Error>(entry.error());
  const Result<llm::Architecture> architecture = catalog::to_architecture(**entry);
  if (!architecture) return tl::unexpected<Error>(architecture.error());
  std::string name = workload.draft_quantization;
  if (name.empty()) name = quantization_id_;
  if (name.empty()) name = default_quantization(engine_.family);
  const Result<const catalog::Entry*> stored = session_.catalog.find(name, "quantization");
  if (!stored) return tl::unexpected<Error>(stored.error());
  const Result<llm::Quantization> quantization = catalog::to_quantization(**stored);
  if (!quantization) return tl::unexpected<Error>(quantization.error());
  return estimate::make_network(*architecture, *quantization);
}

Result<void> Problem::find_draft() {
  const Result<workload::DraftTable> table = catalog::draft_table(session_.catalog);
  if (!table) return tl::unexpected<Error>(table.error());
  question_.drafts = *table;
  const workload::Workload& workload = question_.workload;
  if (workload.draft_model.empty() || !workload.inference.drafts_with(workload::Drafter::network))
    return {};
  if (!names_a_file(workload.draft_model)) {
    Result<estimate::Network> made = draft_from_catalogue();
    if (!made) return tl::unexpected<Error>(made.error());
    draft_ = std::make_unique<estimate::Network>(std::move(*made));
  } else {
    const Result<llm::StoredModel> stored = adapters::open_model(workload.draft_model, {});
    if (!stored) return tl::unexpected<Error>(stored.error());
    if (!stored->architecture || stored->tensors.empty())
      return fail(ErrorCode::unsupported, "it does not hold a whole network that rigor knows",
                  stored->source, "give a catalogue id as the draft model");
    draft_ = std::make_unique<estimate::Network>(estimate::make_network(*stored));
  }
  question_.draft = draft_.get();
  return {};
}

}  // namespace rigor::apps
