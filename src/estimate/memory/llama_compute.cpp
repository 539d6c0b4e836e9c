#include "estimate/memory/llama_compute.hpp"

#include <algorithm>
#include <cmath>

#include "estimate/memory/inference_shard.hpp"

namespace rigor::estimate {
namespace {

using workload::Backend;
using workload::Constant;

constexpr double kFloat = 4.0;
constexpr double kHalf = 2.0;

double padded(double cells, double block) {
  return std::ceil(cells / block) * block;
}

bool is_flash(const LlamaRun& run) {
  return run.input.inference.flash_attention;
}

double mask_elements(const LlamaRun& run) {
  if (!run.facts.attends) return 0;
  return (run.cells + (run.windows ? run.window_cells : 0)) * run.tokens;
}

/// As it lies on a device.
Bytes mask(const LlamaRun& run) {
  return (is_flash(run) ? kHalf : kFloat) * mask_elements(run) * byte;
}

/// As the graph's input. Builds that hand it over in F32 cast it on the first device.
Bytes mask_input(const LlamaRun& run) {
  const Bytes element =
      is_flash(run) ? run.input.engine.bytes(Constant::mask_bytes) : kFloat * byte;
  return mask_elements(run) * element;
}

Bytes hidden(const LlamaRun& run) {
  return kFloat * run.tokens * run.input.network.architecture.hidden * byte;
}

/// Half-precision copies of one layer's quantized cache, the largest.
Bytes scratch(const LlamaRun& run) {
  const InferenceCase& input = run.input;
  const LlamaFacts& facts = run.facts;
  const bool converts = input.backend == Backend::cuda || input.backend == Backend::rocm;
  if (!converts || input.engine.number(Constant::cache_scratch) <= 0) return {};
  const double keys = input.inference.key_type.quantized ? 1 : 0;
  const double values = input.inference.value_type.quantized ? 1 : 0;
  const double all = keys * facts.cell_keys + values * facts.cell_values;
  const double windowed = keys * facts.window_cell_keys + values * facts.window_cell_values;
  const double most = std::max(run.cells * all, run.window_cells * windowed);
  return kHalf * most * run.caches * byte;
}

/// Scores of all heads, and MLA's transposed latent cache.
Bytes scores(const LlamaRun& run) {
  const auto& mla = run.input.network.architecture.mla;
  const double latent = mla ? kHalf * run.cells * mla->kv_rank : 0;
  return (kFloat * run.cells * run.tokens * run.facts.heads + latent) * byte;
}

double flash_width(const LlamaRun& run) {
  const GraphWidths& w = run.facts.graph;
  const double copies = scratch(run).in(byte) / (kFloat * run.tokens);
  if (copies <= 0) return w.flash;
  if (copies <= w.room) return w.flash_quantized;
  return std::max(w.flash_quantized, w.converting + copies);
}

/// Builds that compute activation and product in two steps hold one width less; builds that
/// reserve logits for the whole micro-batch may hold those instead.
double in_older_builds(const LlamaRun& run, double width) {
  const workload::Engine& engine = run.input.engine;
  const llm::Architecture& a = run.input.network.architecture;
  constexpr double kCurrentWidths = 3, kHiddens = 2;
  const double widths = engine.number(Constant::activation_widths);
  const bool fewer = widths > 0 && widths < kCurrentWidths && !a.experts;
  if (fewer) width = std::max(0.0, width - (kCurrentWidths - widths) * run.facts.dense);
  if (engine.number(Constant::logits_tokens) > 0) return width;
  return std::max(width, a.vocabulary + kHiddens * a.hidden);
}

Bytes activations(const LlamaRun& run) {
  const GraphWidths& w = run.facts.graph;
  const double per_token = kFloat * run.tokens;
  const double scored = w.scores + scores(run).in(byte) / per_token;
  double width = is_flash(run) ? flash_width(run) : std::max(w.plain, scored);
  const double slots = run.input.inference.sequences;
  width = std::max(width, w.state + w.state_of_slot * slots / run.tokens);
  return per_token * in_older_builds(run, width) * byte;
}

/// Forks that expand the latent cache for prompts hold F16 keys and values of all heads, and some
/// heads' in F32.
Bytes expanded(const LlamaRun& run) {
  constexpr double kPromptTokens = 128;
  const auto& mla = run.input.network.architecture.mla;
  const Bytes limit = run.input.engine.bytes(Constant::attention_limit);
  if (!mla || limit <= Bytes{} || !is_flash(run) || run.tokens < kPromptTokens) return {};
  const double heads = run.facts.heads;
  const double all = mla->nope_dim + mla->rope_dim + mla->v_dim;
  const Bytes whole = kFloat * run.cells * heads * (mla->nope_dim + mla->v_dim) * byte;
  const double queries = 3.0 * run.tokens * heads * (mla->nope_dim + mla->rope_dim);
  return (kHalf * run.cells * heads * all + kFloat * queries) * byte + std::min(whole, limit);
}

bool casts(const LlamaRun& run) {
  return is_flash(run) && mask_input(run) > mask(run);
}

/// While a mask is cast, little else is there yet.
Bytes with_mask(const LlamaRun& run, Bytes active) {
  const Bytes while_cast = mask_input(run) + 2.0 * hidden(run);
  return mask(run) + (casts(run) ? std::max(active, while_cast) : active);
}

/// Weights of experts on the host are copied to the first device while it computes with them: one
/// matrix in use, another that does not fit where the last one was.
Bytes copied_experts(const LlamaRun& run) {
  constexpr double kMatrices = 3, kHeld = 2, kOffloadFrom = 32;
  const bool copies = run.input.placement.host_expert_layers > 0 && run.tokens >= kOffloadFrom;
  return copies ? kHeld * run.facts.layer_experts / kMatrices : Bytes{};
}

/// Masks and embeddings as inputs, the rows of per-layer tables, and logits as they come back.
Bytes pinned(const LlamaRun& run) {
  const llm::Architecture& a = run.input.network.architecture;
  const auto& tables = a.per_layer_embedding;
  const double wide =
      tables ? static_cast<double>(tables->width) * static_cast<double>(a.layers.size()) : 0;
  const double logits = static_cast<double>(run.input.inference.sequences) * a.vocabulary;
  return run.copies * mask_input(run) + 2.0 * hidden(run) +
         kFloat * (run.tokens * wide + logits) * byte;
}

/// More than one where whole layers are split over devices and nothing stays on the host.
int graph_copies(const InferenceCase& input) {
  const workload::Placement& placement = input.placement;
  const int copies = static_cast<int>(input.engine.number(Constant::graph_copies));
  const int stages = devices_of_copy(placement) / std::max(1, placement.tensor);
  const bool all_offloaded = placement.host_layers == 0 && placement.host_expert_layers == 0;
  const bool queues = input.backend != Backend::metal && input.backend != Backend::cpu;
  const bool in_line = placement.split == workload::Split::layer && stages > 1;
  return in_line && all_offloaded && queues ? std::max(1, copies) : 1;
}

}  // namespace

LlamaRun llama_run(const InferenceCase& input, const LlamaFacts& facts) {
  const workload::Inference& inference = input.inference;
  const auto context = static_cast<double>(std::max<std::int64_t>(1, inference.context));
  const double block = std::max(1.0, input.engine.number(Constant::cache_padding));
  const double held = inference.shared_cache ? inference.sequences : 1;
  LlamaRun run{.input = input, .facts = facts};
  run.tokens = std::min<double>(context, std::max(1, inference.micro_batch));
  run.cells = run.window_cells = padded(context, block);
  run.caches = inference.shared_cache ? 1 : inference.sequences;
  run.windows = facts.windows && input.engine.number(Constant::cache_windows) > 0;
  if (run.windows) {
    const double window = input.network.architecture.sliding_window;
    run.window_cells = std::min(run.cells, padded(window * held + run.tokens, block));
  }
  run.copies = graph_copies(input);
  return run;
}

LlamaCompute llama_compute(const LlamaRun& run) {
  const Bytes active = std::max(activations(run), expanded(run));
  LlamaCompute compute;
  compute.buffer = with_mask(run, active) + copied_experts(run);
  // Draft layers keep an F16 cache, so their graph converts nothing.
  compute.draft = mask(run) + kFloat * run.tokens * run.facts.graph.flash * byte;
  if (run.copies > 1) {
    const Bytes embeddings = run.copies * hidden(run);
    const Bytes masks = (run.copies - 1) * mask(run);
    compute.copies = masks + embeddings;
    compute.first_copies = (casts(run) ? run.copies * mask_input(run) : masks) + embeddings;
  }
  compute.pinned = pinned(run);
  const bool host_computes =
      run.input.placement.devices == 0 || run.input.placement.host_layers > 0;
  if (host_computes) compute.host = active;
  return compute;
}

}  // namespace rigor::estimate
