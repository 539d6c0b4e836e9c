// Multi-head latent attention of mainline: queries are absorbed, the cache is one vector per token.
#include "estimate/memory/llama_builder.hpp"

namespace rigor::estimate {

LlamaBuilder::LatentInputs LlamaBuilder::latent_inputs(TensorId in) {
  const llm::Mla& m = llm::stated(a_.mla);
  const std::int64_t heads = a_.layers.front().heads;
  LatentInputs out;
  TensorId rows = in;
  if (m.q_rank > 0) rows = norm(mul_mat(m.q_rank, in));
  out.queries = mul_mat(heads * (m.nope_dim + m.rope_dim), rows);
  const TensorId turned = graph_.view(out.queries, shape(m.rope_dim, heads, u_));
  const TensorId keys = mul_mat(m.kv_rank + m.rope_dim, in);
  const TensorId key_part = graph_.view(keys, shape(m.rope_dim, 1, u_));
  const TensorId latent_part = graph_.view(keys, shape(m.kv_rank, u_));
  out.compressed = norm(latent_part);
  out.rope_queries = with_positions(turned);
  out.rope_keys = with_positions(key_part);
  return out;
}

TensorId LlamaBuilder::latent_attention(TensorId in) {
  const llm::Mla& m = llm::stated(a_.mla);
  const std::int64_t heads = a_.layers.front().heads;
  const std::int64_t width = m.kv_rank + m.rope_dim;
  const LatentInputs part = latent_inputs(in);
  const TensorId plain = graph_.view(part.queries, shape(m.nope_dim, u_, heads));
  const TensorId absorbed = graph_.operation(shape(m.kv_rank, u_, heads), {weight_, plain});
  const TensorId absorbed_heads = graph_.view(absorbed, shape(m.kv_rank, heads, u_));
  const TensorId queries =
      graph_.operation(shape(width, heads, u_), {absorbed_heads, part.rope_queries});
  const TensorId values = graph_.view(part.compressed, shape(m.kv_rank, 1, u_));
  const TensorId keys = graph_.operation(shape(width, 1, u_), {values, part.rope_keys});
  graph_.expand(queries);
  graph_.expand(values);
  graph_.expand(keys);
  graph_.expand(graph_.store(cache_, {keys, cache_, key_cells_}));
  const auto cells = static_cast<double>(settings_.cells);
  const TensorId turned = graph_.view(queries, shape(width, u_, heads));
  TensorId mixed = kNoTensor;
  if (settings_.flash_attention) {
    const TensorId flashed = flash(shape(m.kv_rank, heads, u_), {turned, cache_, cache_, mask_},
                                   cells * static_cast<double>(width), 0);
    mixed = graph_.view(flashed, shape(m.kv_rank, u_, heads));
  } else {
    TensorId scores = graph_.operation(shape(settings_.cells, u_, heads), {cache_, turned});
    scores = graph_.operation(shape(settings_.cells, u_, heads), {scores, mask_}, Place::of_source);
    const TensorId transposed =
        graph_.operation(shape(settings_.cells, m.kv_rank), {cache_}, Place::fresh, Element::f16);
    mixed = graph_.operation(shape(m.kv_rank, u_, heads), {transposed, scores});
  }
  const TensorId expanded = graph_.operation(shape(m.v_dim, u_, heads), {weight_, mixed});
  const TensorId heads_first = graph_.view(expanded, shape(m.v_dim, heads, u_));
  const TensorId out = graph_.operation(shape(m.v_dim * heads, u_), {heads_first});
  graph_.expand(out);
  return mul_mat(a_.hidden, out);
}

}  // namespace rigor::estimate
