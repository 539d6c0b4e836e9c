// The graph of one micro-batch: inputs, layers, output. Blocks of a layer: llama_attention.cpp,
// llama_latent*.cpp, llama_recurrent.cpp, llama_feed_forward.cpp.
#include "estimate/memory/llama_graph.hpp"

#include <algorithm>

#include "estimate/memory/llama_builder.hpp"

namespace rigor::estimate {
namespace {

using llm::FeedForward;
using llm::Mixer;

bool with_post_norms(const llm::Architecture& a) {
  return a.norms_per_layer >= 4;
}

/// One norm for attention and feed-forward, which run side by side.
bool is_parallel(const llm::Architecture& a) {
  return a.norms_per_layer == 1 && !a.mixer_or_feed_forward;
}

bool all_zero(const LlamaGraph& settings) {
  return std::all_of(settings.layers.begin(), settings.layers.end(),
                     [](std::int16_t layers) { return layers == 0; });
}

}  // namespace

GraphStyle style_of(LlamaEpoch epoch) {
  switch (epoch) {
    case LlamaEpoch::b2800: return {.up_first = true, .experts_weighted_in_place = true};
    case LlamaEpoch::ik_2025:
      return {.fused_norm = true,
              .fused_gate = true,
              .up_first = true,
              .windows = true,
              .experts_weighted_in_place = true,
              .experts_summed_at_once = true};
    case LlamaEpoch::b6000:
    case LlamaEpoch::b9000:
      return {.cell_inputs = true,
              .embedding_input = epoch == LlamaEpoch::b9000,
              .fused_gate = true,
              .windows = true,
              .experts_weighted_in_place = true,
              .experts_early = true,
              .keys_last = true};
    case LlamaEpoch::b10900:
      return {.half_mask = true,
              .cell_inputs = true,
              .embedding_input = true,
              .fused_gate = true,
              .slot_logits = true,
              .windows = true,
              .flash_scratch = true,
              .rotation = true,
              .experts_early = true,
              .keys_last = true};
  }
  return {};
}

LlamaBuilder::LlamaBuilder(const LlamaGraph& settings)
    : settings_(settings),
      a_(settings.network.architecture),
      style_(style_of(settings.epoch)),
      u_(settings.micro_batch) {
  place_layers();
}

void LlamaBuilder::place_layers() {
  const int layers = llm::generating_layers(a_);
  const int on_devices = layers - settings_.host_layers;
  const auto counts =
      all_zero(settings_) ? equal_layers(on_devices, settings_.devices) : settings_.layers;
  device_of_.assign(static_cast<std::size_t>(layers), kOnHost);
  auto next = device_of_.begin() + settings_.host_layers;
  for (int device = 0; device < settings_.devices; ++device) {
    const int count = counts[static_cast<std::size_t>(device)];
    RIGOR_ASSERT(count <= device_of_.end() - next);
    next = std::fill_n(next, count, device);
  }
}

TensorId LlamaBuilder::embedding() {
  graph_.device = kOnHost;
  const TensorId tokens = graph_.input(shape(u_), Element::i32);
  if (style_.embedding_input) graph_.expand(graph_.input(shape(a_.hidden, u_)));
  const TensorId rows = graph_.operation(shape(a_.hidden, u_), {tokens});
  if (style_.embedding_input) graph_.expand(rows);
  return rows;
}

void LlamaBuilder::make_inputs() {
  positions_ = graph_.input(shape(u_), Element::i32);
  make_masks();
  if (style_.cell_inputs) {
    key_cells_ = graph_.input(shape(u_), Element::i64);
    value_cells_ = graph_.input(shape(u_), Element::i64);
  }
  if (style_.rotation && !a_.mla) make_rotations();
  state_rows_ = graph_.input(shape(settings_.sequences), Element::i32);
  wanted_ = graph_.input(shape(style_.slot_logits ? settings_.sequences : u_), Element::i32);
}

/// Keys by the largest power of two that divides their head, values by 64. Layers with a window
/// have their own.
void LlamaBuilder::make_rotations() {
  constexpr std::int64_t kValueBlock = 64;
  const bool windows = window_mask_ != mask_;
  for (const llm::Layer& layer : a_.layers) {
    if (layer.mixer != Mixer::attention) continue;
    const bool windowed = windows && layer.reach != llm::Reach::full;
    TensorId& keys = windowed ? window_key_rotation_ : key_rotation_;
    TensorId& values = windowed ? window_value_rotation_ : value_rotation_;
    const std::int64_t block = layer.head_dim & -layer.head_dim;
    if (settings_.key_type.quantized && keys == kNoTensor) {
      keys = graph_.input(shape(block, block));
    }
    if (settings_.value_type.quantized && values == kNoTensor) {
      values = graph_.input(shape(kValueBlock, kValueBlock));
    }
  }
}

void LlamaBuilder::make_masks() {
  const bool halved = settings_.flash_attention;
  const Element element = halved && style_.half_mask ? Element::f16 : Element::f32;
  const bool cast = halved && !style_.half_mask;
  graph_.device = device_of_.empty() ? kOnHost : device_of_.front();
  const auto make = [&](std::int64_t cells) {
    const TensorId mask = graph_.input(shape(cells, u_), element);
    return cast ? graph_.operation(shape(cells, u_), {mask}, Place::fresh, Element::f16) : mask;
  };
  mask_ = make(settings_.cells);
  const bool windows = style_.windows && has_windows(a_) && settings_.window_cells > 0;
  window_mask_ = windows ? make(settings_.window_cells) : mask_;
}

TensorGraph LlamaBuilder::build() {
  const TensorId embedded = embedding();
  make_inputs();
  if (a_.per_layer_embedding) prepare_per_layer_inputs(embedded);
  TensorId flow = embedded;
  const int layers = static_cast<int>(device_of_.size());
  for (int i = 0; i < layers; ++i) flow = layer(i, flow);
  logits(flow);
  return std::move(graph_);
}

TensorId LlamaBuilder::norm(TensorId in) {
  return norm(in, graph_.at(in).dimensions);
}

TensorId LlamaBuilder::norm(TensorId in, Shape dimensions) {
  if (style_.fused_norm) return graph_.operation(dimensions, {in, weight_});
  const TensorId normed = graph_.operation(dimensions, {in}, Place::of_source);
  return graph_.operation(dimensions, {normed, weight_}, Place::of_source);
}

TensorId LlamaBuilder::mul_mat(std::int64_t rows, TensorId in) {
  return graph_.operation(shape(rows, graph_.at(in).dimensions[1]), {weight_, in});
}

TensorId LlamaBuilder::wanted_rows(TensorId all) {
  const std::int64_t rows = graph_.at(wanted_).dimensions[0];
  return graph_.operation(shape(graph_.at(all).dimensions[0], rows), {all, wanted_});
}

TensorId LlamaBuilder::layer(int index, TensorId in) {
  graph_.device = device_of_[static_cast<std::size_t>(index)];
  weight_ = graph_.weight();
  cache_ = graph_.weight();
  const llm::Layer& shape = a_.layers[static_cast<std::size_t>(index)];
  if (shape.mixer == Mixer::none) return with_feed_forward(index, in);
  TensorId mixed = norm(in);
  if (a_.delta_net) graph_.expand(mixed);
  const TensorId normed = mixed;
  switch (shape.mixer) {
    case Mixer::mla:
      mixed = settings_.epoch == LlamaEpoch::ik_2025 ? fork_latent_attention(normed)
                                                     : latent_attention(normed);
      break;
    case Mixer::delta_net: mixed = delta_net(normed); break;
    case Mixer::mamba1:
    case Mixer::mamba2: mixed = state_space(shape, normed); break;
    case Mixer::short_conv: mixed = short_convolution(normed); break;
    default: mixed = attention(index, normed);
  }
  TensorId residual = in;
  const bool last = index + 1 == static_cast<int>(device_of_.size());
  if (last && !is_parallel(a_)) {
    mixed = wanted_rows(mixed);
    residual = wanted_rows(residual);
    u_ = graph_.at(mixed).dimensions[1];
  }
  if (with_post_norms(a_)) mixed = norm(mixed);
  if (is_parallel(a_)) {
    const TensorId fed = feed_forward(index, normed);
    const TensorId sum = graph_.operation(graph_.at(fed).dimensions, {fed, in}, Place::of_source);
    return graph_.operation(graph_.at(fed).dimensions, {sum, mixed}, Place::of_source);
  }
  const TensorId attended =
      graph_.operation(graph_.at(mixed).dimensions, {mixed, residual}, Place::of_source);
  return with_feed_forward(index, attended);
}

TensorId LlamaBuilder::with_feed_forward(int index, TensorId attended) {
  const llm::Layer& shape = a_.layers[static_cast<std::size_t>(index)];
  if (shape.feed_forward == FeedForward::none) return attended;
  TensorId fed = kNoTensor;
  if (shape.feed_forward == FeedForward::dense_and_experts) {
    const TensorId mlp = norm(dense(shape.width, norm(attended)));
    const TensorId routed_out = norm(routed(index, norm(attended)));
    fed = graph_.operation(graph_.at(mlp).dimensions, {mlp, routed_out}, Place::of_source);
  } else {
    fed = feed_forward(index, norm(attended));
  }
  if (with_post_norms(a_)) fed = norm(fed);
  const TensorId out =
      graph_.operation(graph_.at(fed).dimensions, {fed, attended}, Place::of_source);
  return a_.per_layer_embedding ? with_per_layer_input(out) : out;
}

void LlamaBuilder::logits(TensorId in) {
  if (settings_.devices > 0) graph_.device = settings_.devices - 1;
  weight_ = graph_.weight();
  TensorId normed = norm(in);
  if (is_parallel(a_)) normed = wanted_rows(normed);
  const TensorId all = mul_mat(a_.vocabulary, normed);
  graph_.mark_output(all);
  graph_.expand(all);
}

bool has_windows(const llm::Architecture& a) {
  bool windowed = false, full = false;
  for (const llm::Layer& layer : a.layers) {
    if (layer.mixer != Mixer::attention) continue;
    (layer.reach == llm::Reach::full ? full : windowed) = true;
  }
  return windowed && full;
}

Bytes mask_size(const LlamaGraph& graph) {
  const llm::Architecture& a = graph.network.architecture;
  const auto attends = [](const llm::Layer& layer) {
    return layer.mixer == Mixer::attention || layer.mixer == Mixer::mla;
  };
  if (std::none_of(a.layers.begin(), a.layers.end(), attends)) return {};
  const bool windows = style_of(graph.epoch).windows && has_windows(a);
  const auto cells = static_cast<double>(graph.cells + (windows ? graph.window_cells : 0));
  return (graph.flash_attention ? 2.0 : 4.0) * cells * graph.micro_batch * byte;
}

Bytes flash_scratch(const LlamaGraph& graph) {
  const llm::Architecture& a = graph.network.architecture;
  const bool windows = style_of(graph.epoch).windows && has_windows(a);
  double most = 0;
  for (const llm::Layer& layer : a.layers) {
    const llm::LayerCache cache = llm::layer_cache(a, layer);
    const bool windowed = windows && layer.reach != llm::Reach::full;
    const auto cells = static_cast<double>(windowed ? graph.window_cells : graph.cells);
    const double keys = graph.key_type.quantized ? static_cast<double>(cache.keys) : 0;
    const double values = graph.value_type.quantized ? static_cast<double>(cache.values) : 0;
    most = std::max(most, cells * (keys + values));
  }
  return 2.0 * most * byte;
}

Bytes score_size(const LlamaGraph& graph) {
  const llm::Architecture& a = graph.network.architecture;
  int heads = 0;
  for (const llm::Layer& layer : a.layers) {
    const bool scored = layer.mixer == Mixer::attention || layer.mixer == Mixer::mla;
    if (scored) heads = std::max(heads, layer.heads);
  }
  const auto cells = static_cast<double>(graph.cells);
  const Bytes scores = 4.0 * cells * graph.micro_batch * heads * byte;
  return a.mla ? scores + 2.0 * cells * a.mla->kv_rank * byte : scores;
}

bool has_exact_graph(const Network& network) {
  const llm::Architecture& a = network.architecture;
  const auto known = [](const llm::Layer& layer) {
    return layer.mixer == Mixer::attention || layer.mixer == Mixer::mla ||
           layer.mixer == Mixer::delta_net;
  };
  return a.plan == llm::Plan::decoder && a.causal && !a.alt_up &&
         std::all_of(a.layers.begin(), a.layers.end(), known);
}

std::array<std::int16_t, workload::kMostDevices> equal_layers(int layers, int devices) {
  std::array<std::int16_t, workload::kMostDevices> counts = {};
  for (int i = 0; i < layers && devices > 0; ++i) {
    ++counts[static_cast<std::size_t>(i * devices / (layers + 1))];
  }
  return counts;
}

LlamaBuffers replay(const LlamaGraph& graph) {
  RIGOR_ASSERT(graph.micro_batch > 0 && graph.cells > 0);
  const std::vector<Bytes> peaks =
      replay_allocation(LlamaBuilder(graph).build(), graph.devices, graph.copies);
  LlamaBuffers buffers{.devices = graph.devices, .host = peaks.front()};
  for (int device = 0; device < graph.devices; ++device) {
    buffers.device[static_cast<std::size_t>(device)] = peaks[static_cast<std::size_t>(device) + 1];
  }
  return buffers;
}

}  // namespace rigor::estimate
