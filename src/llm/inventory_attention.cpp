#include "llm/inventory.hpp"

namespace rigor::llm {
namespace {

/// Weights that normalise queries and keys: one vector per head dimension, or per whole projection.
void add_query_key_norms(Inventory& out, const Architecture& a, const Layer& layer) {
  switch (a.qk_norm) {
    case QkNorm::none: return;
    case QkNorm::head:
      out.vector(Role::norm, layer.head_dim);
      out.vector(Role::norm, layer.head_dim);
      return;
    case QkNorm::full:
      out.vector(Role::norm, Size{layer.heads} * layer.head_dim);
      out.vector(Role::norm, Size{layer.kv_heads} * layer.head_dim);
      return;
  }
}

/// Chooses the tokens that sparse attention looks at; its keys are normalised with weight and bias.
void add_indexer(Inventory& out, const Architecture& a, const Mla& mla) {
  if (mla.index_heads == 0) return;
  out.matrix(Role::indexer, mla.q_rank, Size{mla.index_heads} * mla.index_dim);
  out.matrix(Role::indexer, a.hidden, mla.index_dim);
  out.norm(Norm::layer, mla.index_dim);
  out.matrix(Role::indexer, a.hidden, mla.index_heads);
}

}  // namespace

void add_attention(Inventory& out, const Architecture& a, const Layer& layer) {
  const Size hidden = a.hidden;
  const Size answers = Size{layer.heads} * layer.head_dim;
  const Size queries = a.output_gate ? 2 * answers : answers;
  const Size keys = Size{layer.kv_heads} * layer.head_dim;
  const Size values = layer.values_are_keys ? 0 : keys;
  const Bias bias = bias_if(a.qkv_bias);
  if (a.fused_qkv) {
    out.linear(Role::attention_qkv, hidden, queries + keys + values, bias);
  } else {
    out.linear(Role::attention_q, hidden, queries, bias);
    out.linear(Role::attention_k, hidden, keys, bias);
    out.linear(Role::attention_v, hidden, values, bias);
  }
  out.linear(Role::attention_output, answers, hidden, bias_if(a.o_bias));
  add_query_key_norms(out, a, layer);
  if (a.sinks) out.vector(Role::bias, layer.heads);
}

void add_mla(Inventory& out, const Architecture& a, const Layer& layer) {
  const Mla& mla = stated(a.mla);
  const Size hidden = a.hidden;
  const Size heads = layer.heads;
  const Size queries = heads * (mla.nope_dim + mla.rope_dim);
  if (mla.q_rank > 0) {
    out.matrix(Role::mla_q_a, hidden, mla.q_rank);
    out.norm(Norm::rms, mla.q_rank);
    out.matrix(Role::mla_q_b, mla.q_rank, queries);
  } else {
    out.matrix(Role::attention_q, hidden, queries);
  }
  out.matrix(Role::mla_kv_a, hidden, Size{mla.kv_rank} + mla.rope_dim);
  out.norm(Norm::rms, mla.kv_rank);
  out.matrix(Role::mla_k_b, mla.nope_dim, heads * mla.kv_rank);
  out.matrix(Role::mla_v_b, mla.kv_rank, heads * mla.v_dim);
  out.matrix(Role::attention_output, heads * mla.v_dim, hidden);
  add_indexer(out, a, mla);
}

}  // namespace rigor::llm
