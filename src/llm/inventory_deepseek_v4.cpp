// DeepSeek-V4: one latent key-value head, output in two low-rank steps, compressed and indexed
// attention, hyper-connections instead of one residual stream. Shapes: ggml-org/llama.cpp
// src/models/deepseek4.cpp.
#include "llm/inventory.hpp"

namespace rigor::llm {
namespace {

void add_v4_attention(Inventory& out, const Architecture& a, const Layer& layer) {
  const DeepSeekV4& v = stated(a.deepseek_v4);
  const Size queries = Size{layer.heads} * layer.head_dim;
  const Size low = Size{v.o_groups} * v.o_rank;
  out.vector(Role::bias, layer.heads);  // sinks
  out.matrix(Role::mla_q_a, a.hidden, v.q_rank);
  out.norm(Norm::rms, v.q_rank);
  out.matrix(Role::mla_q_b, v.q_rank, queries);
  out.matrix(Role::mla_kv_a, a.hidden, layer.head_dim);
  out.norm(Norm::rms, layer.head_dim);
  out.matrix(Role::mla_o_a, queries / v.o_groups, low);
  out.matrix(Role::mla_o_b, low, a.hidden);
}

/// Turns `ratio` neighbouring tokens into one entry of `width` elements; indexed entries overlap
/// (two sets).
void add_compressor(Inventory& out, Size hidden, Size width, int ratio) {
  const Size projected = ratio == kIndexedCompression ? 2 * width : width;
  out.matrix(Role::compressor, hidden, projected);
  out.matrix(Role::compressor, hidden, projected);
  out.matrix(Role::compressor, projected, ratio);  // position weights
  out.norm(Norm::rms, width);
}

void add_v4_sparse(Inventory& out, const Architecture& a, const Layer& layer) {
  if (layer.compress == 0) return;
  const DeepSeekV4& v = stated(a.deepseek_v4);
  add_compressor(out, a.hidden, layer.head_dim, layer.compress);
  if (layer.compress != kIndexedCompression) return;
  out.matrix(Role::indexer, a.hidden, v.index_heads);
  out.matrix(Role::indexer, v.q_rank, Size{v.index_heads} * v.index_dim);
  add_compressor(out, a.hidden, v.index_dim, layer.compress);
}

/// Mixes `hyper` residual streams before and after a block.
void add_hyper_connection(Inventory& out, const Architecture& a) {
  const Size streams = stated(a.deepseek_v4).hyper;
  const Size mixes = (2 + streams) * streams;
  out.matrix(Role::state_small, streams * a.hidden, mixes);
  out.vector(Role::state_small, mixes);
  out.vector(Role::state_small, 3);
}

void add_v4_layer(Inventory& out, const Architecture& a, const Layer& layer) {
  out.norm(a.norm, a.hidden);
  add_v4_attention(out, a, layer);
  add_v4_sparse(out, a, layer);
  add_hyper_connection(out, a);
  add_hyper_connection(out, a);
  out.norm(a.norm, a.hidden);
  add_experts(out, a);
  if (layer.hashed_router) {
    out.matrix(Role::state_small, stated(a.experts).used, a.vocabulary);  // token to experts
  } else {
    out.vector(Role::bias, stated(a.experts).count);
  }
}

/// Sees its window only, like the layers at the start.
Layer v4_mtp_layer(const Architecture& a) {
  Layer layer = a.layers.back();
  layer.compress = 0;
  layer.hashed_router = false;
  return layer;
}

}  // namespace

void add_deepseek_v4(Inventory& out, const Architecture& a, InventoryScope scope) {
  const Size hidden = a.hidden;
  const Size streams = stated(a.deepseek_v4).hyper;
  out.matrix(Role::token_embedding, hidden, a.vocabulary);
  out.norm(a.norm, hidden);
  if (!a.tied_embeddings) out.matrix(Role::output_head, hidden, a.vocabulary);
  out.matrix(Role::state_small, streams * hidden, streams);
  out.vector(Role::state_small, streams);
  out.vector(Role::state_small, 1);
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    out.enter(static_cast<int>(i));
    add_v4_layer(out, a, a.layers[i]);
  }
  if (!scope.mtp || !a.mtp || a.layers.empty()) return;
  for (int i = 0; i < stated(a.mtp).layers; ++i) {
    out.enter(static_cast<int>(a.layers.size()) + i);
    add_v4_layer(out, a, v4_mtp_layer(a));
    out.matrix(Role::next_token, 2 * hidden, hidden);
    for (int norm = 0; norm < 3; ++norm) out.norm(a.norm, hidden);
  }
}

}  // namespace rigor::llm
