// Mixers with a state: gated delta-net, and by their widths Mamba and short convolutions.
#include "estimate/memory/llama_builder.hpp"

namespace rigor::estimate {

/// The last inputs of each slot are put before the new ones; the newest go back into the cache.
TensorId LlamaBuilder::convolution(TensorId in, std::int64_t channels, std::int64_t taps) {
  const std::int64_t slots = settings_.sequences, tokens = u_ / slots;
  const TensorId rows =
      graph_.operation(shape((taps - 1) * channels, slots), {cache_, state_rows_});
  const TensorId before = graph_.view(rows, shape(taps - 1, channels, slots));
  graph_.expand(before);
  const TensorId turned = graph_.view(in, shape(tokens, channels, slots));
  const TensorId joined =
      graph_.operation(shape(taps - 1 + tokens, channels, slots), {before, turned});
  const TensorId newest = graph_.view(joined, shape(taps - 1, channels, slots));
  graph_.expand(graph_.store(cache_, {newest, cache_}));
  return joined;
}

TensorId LlamaBuilder::delta_net_heads(TensorId convolved, TensorId decay, TensorId beta) {
  const llm::DeltaNet& d = llm::stated(a_.delta_net);
  const std::int64_t slots = settings_.sequences, tokens = u_ / slots;
  const Shape key_heads = shape(d.key_dim, d.key_heads, tokens, slots);
  const Shape value_heads = shape(d.value_dim, d.value_heads, tokens, slots);
  const std::int64_t values = std::int64_t{d.value_dim} * d.value_heads;
  const TensorId rows = graph_.operation(shape(values * d.key_dim, slots), {cache_, state_rows_});
  const TensorId state = graph_.view(rows, shape(d.key_dim, d.value_dim, d.value_heads, slots));
  graph_.expand(state);
  const TensorId filtered =
      graph_.operation(shape(2 * std::int64_t{d.key_heads} * d.key_dim + values, tokens, slots),
                       {convolved, weight_});
  const TensorId active =
      graph_.operation(graph_.at(filtered).dimensions, {filtered}, Place::of_source);
  const TensorId queries = graph_.operation(key_heads, {graph_.view(active, key_heads)});
  const TensorId keys = graph_.operation(key_heads, {graph_.view(active, key_heads)});
  const TensorId value_part = graph_.view(active, value_heads);
  const TensorId result =
      graph_.operation(shape(values, tokens * slots + std::int64_t{d.key_dim} * slots),
                       {queries, keys, value_part, decay, beta, state});
  const TensorId out = graph_.view(result, value_heads);
  graph_.expand(
      graph_.store(cache_, {graph_.view(result, shape(values * d.key_dim, slots)), cache_}));
  return out;
}

TensorId LlamaBuilder::delta_net(TensorId in) {
  const llm::DeltaNet& d = llm::stated(a_.delta_net);
  const std::int64_t slots = settings_.sequences, tokens = u_ / slots;
  const std::int64_t values = std::int64_t{d.value_dim} * d.value_heads;
  const std::int64_t channels = 2 * std::int64_t{d.key_heads} * d.key_dim + values;
  const TensorId mixed = graph_.view(mul_mat(channels, in), shape(channels, tokens, slots));
  const TensorId gate = mul_mat(values, in);
  const Shape per_head = shape(d.value_heads, tokens, slots);
  const TensorId beta =
      graph_.operation(shape(1, d.value_heads, tokens, slots),
                       {graph_.view(mul_mat(d.value_heads, in), per_head)}, Place::of_source);
  TensorId decay = graph_.view(mul_mat(d.value_heads, in), per_head);
  for (int step = 0; step < 3; ++step) {
    decay = graph_.operation(per_head, {decay, step == 1 ? kNoTensor : weight_}, Place::of_source);
  }
  const TensorId convolved = convolution(mixed, channels, d.convolution);
  const TensorId out = delta_net_heads(convolved, decay, beta);
  const Shape value_heads = shape(d.value_dim, d.value_heads, tokens, slots);
  const TensorId normed = norm(out, value_heads);
  const TensorId opened =
      graph_.operation(value_heads, {graph_.view(gate, value_heads)}, Place::of_source);
  const TensorId gated = graph_.operation(value_heads, {normed, opened}, Place::of_source);
  return graph_.view(mul_mat(a_.hidden, graph_.view(gated, shape(values, u_))),
                     shape(a_.hidden, u_));
}

/// Input projection, convolution, scan with its new states, gate and output.
TensorId LlamaBuilder::state_space(const llm::Layer& layer, TensorId in) {
  const llm::StateSpace& s = llm::stated(a_.state_space);
  const std::int64_t slots = settings_.sequences, tokens = u_ / slots;
  const bool second = layer.mixer == llm::Mixer::mamba2;
  const std::int64_t inner = second ? std::int64_t{s.heads} * s.head_dim : s.inner;
  const std::int64_t groups = second ? 2 * std::int64_t{s.groups} * s.state : 0;
  const std::int64_t channels = inner + groups;
  const TensorId projected = mul_mat(inner + channels + s.heads, in);
  const TensorId mixed = graph_.view(projected, shape(channels, tokens, slots));
  const TensorId joined = convolution(mixed, channels, s.convolution);
  TensorId active = graph_.operation(shape(channels, tokens, slots), {joined, weight_});
  for (int step = 0; step < 2; ++step) {  // bias, SiLU
    active = graph_.operation(shape(channels, tokens, slots), {active}, Place::of_source);
  }
  const TensorId rows = graph_.operation(shape(inner * s.state, slots), {cache_, state_rows_});
  const TensorId scan = graph_.operation(shape(inner * (tokens * slots + s.state * slots)),
                                         {rows, active, projected});
  graph_.expand(graph_.store(cache_, {graph_.view(scan, shape(inner * s.state, slots)), cache_}));
  const Shape rows_out = shape(inner, tokens, slots);
  const TensorId scanned = graph_.view(scan, rows_out);
  const TensorId skipped = graph_.operation(rows_out, {graph_.view(active, rows_out), weight_});
  const TensorId sum = graph_.operation(rows_out, {scanned, skipped}, Place::of_source);
  const TensorId gate = graph_.view(projected, rows_out);
  const TensorId gated = graph_.operation(rows_out, {gate, sum}, Place::of_source);
  return mul_mat(a_.hidden, graph_.view(norm(gated), shape(inner, u_)));
}

TensorId LlamaBuilder::short_convolution(TensorId in) {
  const llm::ShortConvolution& c = llm::stated(a_.short_convolution);
  const std::int64_t slots = settings_.sequences, tokens = u_ / slots;
  const TensorId projected = mul_mat(3 * std::int64_t{c.width}, in);
  const Shape rows = shape(c.width, tokens, slots);
  const TensorId mixed = graph_.operation(rows, {graph_.view(projected, rows)});
  const TensorId joined = convolution(mixed, c.width, c.cache);
  const TensorId filtered = graph_.operation(rows, {joined, weight_});
  const TensorId gated =
      graph_.operation(rows, {graph_.view(projected, rows), filtered}, Place::of_source);
  return mul_mat(a_.hidden, graph_.view(gated, shape(c.width, u_)));
}

}  // namespace rigor::estimate
