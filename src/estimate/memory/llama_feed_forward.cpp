// Feed-forward blocks: dense, routed experts, shared experts, per-layer inputs.
#include "estimate/memory/llama_builder.hpp"

namespace rigor::estimate {

TensorId LlamaBuilder::feed_forward(int index, TensorId in) {
  const llm::Layer& layer = a_.layers[static_cast<std::size_t>(index)];
  if (layer.feed_forward == llm::FeedForward::dense) return dense(layer.width, in);
  return shared(in, routed(index, in));
}

TensorId LlamaBuilder::gated(TensorId gate, TensorId up, const Shape& dimensions) {
  if (style_.fused_gate) return graph_.operation(dimensions, {gate, up});
  const TensorId active = graph_.operation(dimensions, {gate}, Place::of_source);
  return graph_.operation(dimensions, {active, up}, Place::of_source);
}

TensorId LlamaBuilder::dense_merged(std::int64_t width, TensorId in) {
  const TensorId both = mul_mat(2 * width, in);
  const Shape rows = shape(width, graph_.at(in).dimensions[1]);
  if (style_.fused_gate) return graph_.operation(rows, {both});
  const TensorId gate = graph_.operation(rows, {graph_.view(both, rows)});
  const TensorId up = graph_.operation(rows, {graph_.view(both, rows)});
  return gated(gate, up, rows);
}

TensorId LlamaBuilder::dense(std::int64_t width, TensorId in) {
  const Shape rows = shape(width, graph_.at(in).dimensions[1]);
  TensorId product = kNoTensor;
  if (!a_.gated) {
    product = graph_.operation(rows, {mul_mat(width, in)}, Place::of_source);
  } else if (a_.fused_gate_up) {
    product = dense_merged(width, in);
  } else {
    const TensorId up = mul_mat(width, in);
    const TensorId gate = mul_mat(width, in);
    if (style_.up_first && !a_.mla) graph_.expand(up);
    product = gated(gate, up, rows);
  }
  return mul_mat(a_.hidden, product);
}

LlamaBuilder::Routing LlamaBuilder::route(TensorId in) {
  const llm::Experts& experts = llm::stated(a_.experts);
  const std::int64_t rows = graph_.at(in).dimensions[1];
  const Shape all = shape(experts.count, rows), used = shape(experts.used, rows);
  TensorId scores = mul_mat(experts.count, in);
  scores = graph_.operation(all, {scores}, Place::of_source);
  TensorId selection = scores;
  if (experts.correction_bias) {
    selection = graph_.operation(all, {scores, weight_}, Place::of_source);
  }
  const TensorId sorted = graph_.operation(all, {selection}, Place::fresh, Element::i32);
  Routing routing{.chosen = graph_.view(sorted, used)};
  const TensorId single = graph_.view(scores, shape(1, experts.count, rows));
  const TensorId weights = graph_.operation(shape(1, experts.used, rows), {single, routing.chosen});
  const TensorId flat = graph_.view(weights, used);
  const TensorId sum = graph_.operation(shape(1, rows), {flat});
  const TensorId share = graph_.operation(used, {flat, sum}, Place::of_source);
  routing.weights = graph_.view(share, shape(1, experts.used, rows));
  if (style_.experts_early) graph_.expand(routing.weights);
  return routing;
}

std::array<TensorId, 3> LlamaBuilder::expert_weights(int index) {
  if (index >= settings_.host_expert_layers) return {weight_, weight_, weight_};
  const llm::Experts& experts = llm::stated(a_.experts);
  const double elements = static_cast<double>(experts.count) * experts.width * a_.hidden;
  const Bytes stored = settings_.network.layers[static_cast<std::size_t>(index)].experts / 3.0;
  const int home = graph_.device;
  graph_.device = kOnHost;
  std::array<TensorId, 3> weights = {};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double bits = settings_.expert_bits[i];
    weights[i] = graph_.weight(bits > 0 ? elements * bits / 8.0 * byte : stored);
  }
  graph_.device = home;
  return weights;
}

TensorId LlamaBuilder::routed_product(TensorId in, const std::array<TensorId, 3>& weights,
                                      TensorId chosen) {
  const llm::Experts& experts = llm::stated(a_.experts);
  const std::int64_t rows = graph_.at(in).dimensions[2];
  const Shape wide = shape(experts.width, experts.used, rows);
  if (settings_.fused_experts) {
    return graph_.operation(wide, {weights[0], weights[1], in, chosen});
  }
  if (experts.fused_gate_up) {
    const TensorId both = graph_.operation(
        shape(2 * std::int64_t{experts.width}, experts.used, rows), {weights[0], in, chosen});
    return graph_.operation(wide, {graph_.view(both, wide), graph_.view(both, wide)});
  }
  const TensorId up = graph_.operation(wide, {weights[0], in, chosen});
  const TensorId gate = graph_.operation(wide, {weights[1], in, chosen});
  return gated(gate, up, wide);
}

TensorId LlamaBuilder::sum_experts(TensorId all) {
  const Shape rows = shape(a_.hidden, graph_.at(all).dimensions[2]);
  if (style_.experts_summed_at_once) return graph_.operation(rows, {graph_.view(all, rows)});
  if (style_.experts_early) graph_.expand(all);
  std::vector<TensorId> parts;
  for (int i = 0; i < llm::stated(a_.experts).used; ++i) {
    parts.push_back(graph_.view(all, rows));
    if (style_.experts_early) graph_.expand(parts.back());
  }
  if (parts.size() == 1) return graph_.operation(rows, {parts.front()});
  TensorId sum = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    sum = graph_.operation(rows, {sum, parts[i]}, Place::of_source);
    if (style_.experts_early) graph_.expand(sum);
  }
  return sum;
}

TensorId LlamaBuilder::routed(int index, TensorId in) {
  const llm::Experts& experts = llm::stated(a_.experts);
  const std::int64_t rows = graph_.at(in).dimensions[1];
  const Routing routing = route(in);
  TensorId tokens = graph_.view(in, shape(a_.hidden, 1, rows));
  const Shape deep = shape(a_.hidden, experts.used, rows);
  const bool weighted_before = a_.gguf == "llama4";
  if (weighted_before) {
    const TensorId repeated = graph_.operation(deep, {tokens});
    tokens = graph_.operation(deep, {repeated, routing.weights}, Place::of_source);
  }
  const int home = graph_.device;
  const std::array<TensorId, 3> weights = expert_weights(index);
  if (index < settings_.host_expert_layers && settings_.devices > 0) {
    if (settings_.host_experts == HostExperts::processor) graph_.device = kOnHost;
    if (settings_.host_experts == HostExperts::first_device) graph_.device = 0;
  }
  const TensorId product = routed_product(tokens, weights, routing.chosen);
  TensorId out = graph_.operation(deep, {weights[2], product, routing.chosen});
  if (!weighted_before) {
    const Place place = style_.experts_weighted_in_place ? Place::of_source : Place::fresh;
    out = graph_.operation(deep, {out, routing.weights}, place);
  }
  out = sum_experts(out);
  graph_.device = home;
  return out;
}

TensorId LlamaBuilder::shared(TensorId in, TensorId routed_out) {
  const llm::Experts& experts = llm::stated(a_.experts);
  if (experts.shared_width == 0) return routed_out;
  TensorId out = dense(experts.shared_width, in);
  const Shape rows = graph_.at(out).dimensions;
  if (experts.shared_gate) {
    const TensorId gate = mul_mat(1, in);
    const TensorId opened = graph_.operation(graph_.at(gate).dimensions, {gate}, Place::of_source);
    out = graph_.operation(rows, {out, opened}, Place::of_source);
  }
  return graph_.operation(rows, {routed_out, out}, Place::of_source);
}

/// Gemma 3n and 4 E: rows of a second table, mixed with a projection of the embedding.
void LlamaBuilder::prepare_per_layer_inputs(TensorId embedded) {
  const std::int64_t width = llm::stated(a_.per_layer_embedding).width;
  const std::int64_t all = width * static_cast<std::int64_t>(device_of_.size());
  graph_.device = kOnHost;
  const TensorId tokens = graph_.input(shape(u_), Element::i32);
  const TensorId rows = graph_.operation(shape(all, u_), {tokens});
  graph_.expand(rows);
  graph_.device = device_of_.front();
  weight_ = graph_.weight();
  const TensorId projected = mul_mat(all, embedded);
  const TensorId normed = norm(graph_.view(projected, shape(all, u_)));
  const TensorId sum = graph_.operation(shape(all, u_), {normed, rows}, Place::of_source);
  per_layer_ = graph_.operation(shape(all, u_), {graph_.view(sum, shape(all, u_))});
}

TensorId LlamaBuilder::with_per_layer_input(TensorId in) {
  const std::int64_t rows = graph_.at(in).dimensions[1];
  const std::int64_t width = llm::stated(a_.per_layer_embedding).width;
  const Shape narrow = shape(width, rows);
  TensorId own = graph_.view(per_layer_, shape(width, graph_.at(per_layer_).dimensions[1]));
  if (graph_.at(own).dimensions != narrow) own = wanted_rows(own);
  TensorId gate = mul_mat(width, in);
  gate = graph_.operation(narrow, {gate}, Place::of_source);
  const TensorId mixed = graph_.operation(narrow, {gate, own}, Place::of_source);
  const TensorId out = norm(mul_mat(a_.hidden, mixed));
  return graph_.operation(graph_.at(in).dimensions, {in, out}, Place::of_source);
}

}  // namespace rigor::estimate
