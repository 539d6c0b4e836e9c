// Rows of llama.cpp and ik_llama.cpp: buffers as their logs print them, and what drivers say of the
// whole process. What each source states and what its figure means:
// docs/models/11-llama-cpp-memory.md.
#include <fmt/format.h>

#include "evidence/llama_buffers.hpp"
#include "evidence/llama_compute.hpp"
#include "evidence/llama_totals.hpp"
#include "evidence/memory_row.hpp"
#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

using estimate::Network;

bool is_cache(LlamaFigure figure) {
  return figure == LlamaFigure::cache || figure == LlamaFigure::cache_total;
}

/// The most and the least a figure can be: the memory of the devices in it, and the weights they
/// must hold.
Gate bounds(const LlamaRow& row, Library& library) {
  constexpr int kCardsOfRig = 4;  // sources that name their runs sum up to all their cards
  const hardware::Accelerator* card = library.device((*row.row)["device_id"]);
  const bool names_runs = !row.row->note("run_id").empty();
  const int devices = row.on_device() ? 1 : names_runs ? kCardsOfRig : row.devices;
  Gate gate;
  const bool on_devices = row.on_device() || is_total(*row.row);
  if (card != nullptr && on_devices && !row.mixed_devices) gate.memory = devices * card->memory;
  const bool is_whole = row.figure == LlamaFigure::footprint && !names_runs;
  const Network* network = is_whole ? file_recipe(row, library).network : nullptr;
  if (network != nullptr && network->tolerance <= 0)
    gate.weights = network->weights() - network->token_embedding;
  return gate;
}

std::optional<std::string> refuse(const LlamaRun& run, const Network& network, Library& library) {
  const LlamaRow& own = run.own;
  if (const auto reason = implausible(*own.row, GiB, bounds(own, library))) return reason;
  if (!is_cache(own.figure) || own.context == 0) return std::nullopt;
  constexpr double kRounding = 0.98;
  const Bytes least = least_cache(run, network);
  const bool is_whole = own.figure == LlamaFigure::cache_total;
  const Bytes bound = is_whole ? least : least / static_cast<double>(network.layers.size());
  if (own.measured() >= kRounding * bound) return std::nullopt;
  return fmt::format("{} is less than a cache of 4-bit elements takes ({})",
                     to_text_binary(own.measured()), to_text_binary(bound));
}

/// Does the log hold runs that differ in more than the rows say?
bool is_mixed(const LlamaRun& run) {
  const LlamaFigure figure = run.own.figure;
  if (!is_cache(figure) && figure != LlamaFigure::compute) return false;
  if (run.contradicts(LlamaFigure::cache_total) || run.has_two_caches()) return true;
  return run.contradicts(is_cache(figure) ? LlamaFigure::cache : LlamaFigure::compute);
}

Prediction answer(const LlamaRun& run, const Network& network, Library& library) {
  switch (run.own.figure) {
    case LlamaFigure::weights: return predict_weights(run, library);
    case LlamaFigure::cache:
    case LlamaFigure::cache_total: return predict_cache(run, network);
    case LlamaFigure::state: return predict_state(run, network);
    case LlamaFigure::compute: return predict_compute(run, network);
    case LlamaFigure::total_vram: return predict_total_vram(run, library);
    case LlamaFigure::footprint: return predict_footprint(run, library);
  }
  return unmapped("an unknown metric");
}

}  // namespace

bool accepts_llama_cpp(const Row& row) {
  return is_llama_row(row);
}

Prediction predict_llama_cpp(const Row& row, Siblings siblings, Library& library) {
  const LlamaRun run = read_run(row, siblings);
  const Network* network = any_network(run.own, library);
  if (network == nullptr) return unmapped("the catalogue has no such network");
  if (const auto reason = refuse(run, *network, library)) return gated(*reason);
  if (is_mixed(run))
    return unmapped("the log holds several runs that differ in settings no row states");
  return answer(run, *network, library);
}

}  // namespace rigor::evidence
