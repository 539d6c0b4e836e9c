// Attention with keys and values per head: MHA, GQA, MQA, with or without a window.
#include "estimate/memory/llama_builder.hpp"

namespace rigor::estimate {

bool LlamaBuilder::is_windowed(int index) const {
  const llm::Layer& layer = a_.layers[static_cast<std::size_t>(index)];
  return layer.reach != llm::Reach::full && window_mask_ != mask_;
}

std::int64_t LlamaBuilder::cells_of(int index) const {
  return is_windowed(index) ? settings_.window_cells : settings_.cells;
}

TensorId LlamaBuilder::mask_of(int index) const {
  return is_windowed(index) ? window_mask_ : mask_;
}

TensorId LlamaBuilder::key_rotation_of(int index) const {
  return is_windowed(index) ? window_key_rotation_ : key_rotation_;
}

TensorId LlamaBuilder::value_rotation_of(int index) const {
  return is_windowed(index) ? window_value_rotation_ : value_rotation_;
}

TensorId LlamaBuilder::rotated(TensorId in, TensorId rotation) {
  if (rotation == kNoTensor || in == kNoTensor) return in;
  return graph_.operation(graph_.at(in).dimensions, {rotation, in});
}

TensorId LlamaBuilder::with_positions(TensorId heads) {
  if (a_.learned_positions > 0) return heads;  // positions were added to the embedding
  return graph_.operation(graph_.at(heads).dimensions, {heads, positions_}, Place::of_source);
}

TensorId LlamaBuilder::queries_of(const llm::Layer& layer, TensorId projected) {
  const Shape heads = shape(layer.head_dim, layer.heads, u_);
  TensorId queries = graph_.view(projected, heads);
  if (a_.qk_norm != llm::QkNorm::none) queries = norm(queries, heads);
  return with_positions(queries);
}

TensorId LlamaBuilder::keys_of(const llm::Layer& layer, TensorId projected) {
  const Shape heads = shape(layer.head_dim, layer.kv_heads, u_);
  TensorId keys = graph_.view(projected, heads);
  if (a_.qk_norm != llm::QkNorm::none) keys = norm(keys, heads);
  return with_positions(keys);
}

TensorId LlamaBuilder::values_of(const llm::Layer& layer, TensorId projected) {
  const Shape heads = shape(layer.head_dim, layer.kv_heads, u_);
  const TensorId values = graph_.view(projected, heads);
  // Gemma 4 normalises values, too, without a weight.
  return a_.gguf == "gemma4" ? graph_.operation(heads, {values}, Place::of_source) : values;
}

void LlamaBuilder::store(TensorId queries, TensorId keys, TensorId values) {
  graph_.expand(queries);
  if (keys == kNoTensor) return;
  graph_.expand(style_.keys_last ? values : keys);
  graph_.expand(style_.keys_last ? keys : values);
  graph_.expand(graph_.store(cache_, {keys, cache_, key_cells_}));
  graph_.expand(graph_.store(cache_, {values, cache_, value_cells_}));
}

TensorId LlamaBuilder::attention(int index, TensorId in) {
  const llm::Layer& layer = a_.layers[static_cast<std::size_t>(index)];
  const std::int64_t width = std::int64_t{layer.heads} * layer.head_dim;
  const std::int64_t kv_width = std::int64_t{layer.kv_heads} * layer.head_dim;
  TensorId query_rows = kNoTensor, key_rows = kNoTensor, value_rows = kNoTensor;
  if (a_.fused_qkv) {
    query_rows = key_rows = value_rows = mul_mat(width + 2 * kv_width, in);
  } else {
    query_rows = mul_mat(a_.output_gate ? 2 * width : width, in);
    key_rows = layer.owns_cache ? mul_mat(kv_width, in) : kNoTensor;
    value_rows = layer.values_are_keys || !layer.owns_cache ? key_rows : mul_mat(kv_width, in);
  }
  const TensorId queries = rotated(queries_of(layer, query_rows), key_rotation_of(index));
  TensorId keys = kNoTensor, values = kNoTensor;
  if (layer.owns_cache) {
    keys = rotated(keys_of(layer, key_rows), key_rotation_of(index));
    values = rotated(values_of(layer, value_rows), value_rotation_of(index));
  }
  store(queries, keys, values);
  TensorId out = attend(index, queries);
  graph_.expand(out);
  out = rotated(out, value_rotation_of(index));
  if (a_.output_gate) {
    const Shape rows = shape(width, u_);
    const TensorId gate = graph_.operation(rows, {graph_.view(query_rows, rows)});
    const TensorId opened = graph_.operation(rows, {gate}, Place::of_source);
    out = graph_.operation(rows, {out, opened}, Place::of_source);
  }
  return mul_mat(a_.hidden, out);
}

TensorId LlamaBuilder::flash(const Shape& result, std::initializer_list<TensorId> sources,
                             double key_elements, double value_elements) {
  const TensorId out = graph_.operation(result, sources);
  if (!style_.flash_scratch) return out;
  const double keys = settings_.key_type.quantized ? key_elements : 0;
  const double values = settings_.value_type.quantized ? value_elements : 0;
  graph_.enlarge(out, 2.0 * (keys + values) * byte);
  return out;
}

TensorId LlamaBuilder::attend(int index, TensorId queries) {
  const llm::Layer& layer = a_.layers[static_cast<std::size_t>(index)];
  if (!settings_.flash_attention) return attend_by_scores(index, queries);
  const double elements = static_cast<double>(cells_of(index)) * layer.kv_heads * layer.head_dim;
  const TensorId turned = graph_.view(queries, shape(layer.head_dim, u_, layer.heads));
  const TensorId out = flash(shape(layer.head_dim, layer.heads, u_),
                             {turned, cache_, cache_, mask_of(index)}, elements, elements);
  return graph_.view(out, shape(std::int64_t{layer.heads} * layer.head_dim, u_));
}

TensorId LlamaBuilder::attend_by_scores(int index, TensorId queries) {
  const llm::Layer& layer = a_.layers[static_cast<std::size_t>(index)];
  const Shape scores = shape(cells_of(index), u_, layer.heads);
  const TensorId turned = graph_.view(queries, shape(layer.head_dim, u_, layer.heads));
  TensorId kq = graph_.operation(scores, {cache_, turned});
  kq = graph_.operation(scores, {kq, mask_of(index)}, Place::of_source);
  const TensorId mixed = graph_.operation(shape(layer.head_dim, u_, layer.heads), {cache_, kq});
  const TensorId heads_first = graph_.view(mixed, shape(layer.head_dim, layer.heads, u_));
  return graph_.operation(shape(std::int64_t{layer.heads} * layer.head_dim, u_), {heads_first});
}

}  // namespace rigor::estimate
