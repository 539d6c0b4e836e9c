#include "adapters/gguf/gguf_layer_writer.hpp"

namespace rigor::adapters::testing {

using llm::FeedForward;
using llm::Mixer;
using llm::Plan;

void GgufLayerWriter::mixer(const Layer& l) {
  if (a_.deepseek_v4) return latent_attention(l);
  switch (l.mixer) {
    case Mixer::none: return;
    case Mixer::attention: return attention(l);
    case Mixer::mla: return mla(l);
    case Mixer::delta_net: return delta_net();
    case Mixer::mamba1: return mamba1();
    case Mixer::mamba2: return mamba2();
    case Mixer::short_conv: return short_convolution();
  }
}

void GgufLayerWriter::attention(const Layer& l) {
  const Size answers = Size{l.heads} * l.head_dim;
  const Size queries = a_.output_gate ? 2 * answers : answers;
  const Size keys = Size{l.kv_heads} * l.head_dim;
  const std::string out = a_.plan == Plan::t5 ? "attn_o" : "attn_output";
  if (a_.fused_qkv) {
    linear("attn_qkv", h_, queries + 2 * keys, a_.qkv_bias);
  } else {
    linear("attn_q", h_, queries, a_.qkv_bias);
    linear("attn_k", h_, keys, a_.qkv_bias);
    if (!l.values_are_keys) linear("attn_v", h_, keys, a_.qkv_bias);
  }
  linear(out, answers, h_, a_.o_bias);
  if (a_.qk_norm != llm::QkNorm::none) {
    const bool full = a_.qk_norm == llm::QkNorm::full;
    vector("attn_q_norm.weight", full ? answers : l.head_dim);
    vector("attn_k_norm.weight", full ? keys : l.head_dim);
  }
  if (a_.sinks) vector("attn_sinks.weight", l.heads);
  if (stem_ == "enc.blk.0.") matrix("attn_rel_b.weight", l.heads, 32);
}

void GgufLayerWriter::mla(const Layer& l) {
  const llm::Mla& m = *a_.mla;
  const Size heads = l.heads;
  const Size queries = heads * (m.nope_dim + m.rope_dim);
  if (m.q_rank > 0) {
    matrix("attn_q_a.weight", h_, m.q_rank);
    vector("attn_q_a_norm.weight", m.q_rank);
    matrix("attn_q_b.weight", m.q_rank, queries);
  } else {
    matrix("attn_q.weight", h_, queries);
  }
  matrix("attn_kv_a_mqa.weight", h_, Size{m.kv_rank} + m.rope_dim);
  vector("attn_kv_a_norm.weight", m.kv_rank);
  stack("attn_k_b.weight", m.nope_dim, m.kv_rank, heads);
  stack("attn_v_b.weight", m.kv_rank, m.v_dim, heads);
  matrix("attn_output.weight", heads * m.v_dim, h_);
  if (m.index_heads == 0) return;
  matrix("indexer.attn_q_b.weight", m.q_rank, Size{m.index_heads} * m.index_dim);
  matrix("indexer.attn_k.weight", h_, m.index_dim);
  vector("indexer.k_norm.weight", m.index_dim);
  vector("indexer.k_norm.bias", m.index_dim);
  matrix("indexer.proj.weight", h_, m.index_heads);
}

void GgufLayerWriter::latent_attention(const Layer& l) {
  const llm::DeepSeekV4& v = *a_.deepseek_v4;
  const Size queries = Size{l.heads} * l.head_dim;
  const Size low = Size{v.o_groups} * v.o_rank;
  vector("attn_sinks.weight", l.heads);
  matrix("attn_q_a.weight", h_, v.q_rank);
  vector("attn_q_a_norm.weight", v.q_rank);
  matrix("attn_q_b.weight", v.q_rank, queries);
  matrix("attn_kv.weight", h_, l.head_dim);
  vector("attn_kv_a_norm.weight", l.head_dim);
  matrix("attn_output_a.weight", queries / v.o_groups, low);
  matrix("attn_output_b.weight", low, h_);
  for (const std::string part : {"attn", "ffn"}) {
    const Size mixes = Size{2 + v.hyper} * v.hyper;
    matrix("hc_" + part + "_fn.weight", v.hyper * h_, mixes);
    vector("hc_" + part + "_base.weight", mixes);
    vector("hc_" + part + "_scale.weight", 3);
  }
  if (l.compress > 0) compressor("attn_compressor", l.head_dim, l.compress);
  if (l.compress != 4) return;
  matrix("indexer.proj.weight", h_, v.index_heads);
  matrix("indexer.attn_q_b.weight", v.q_rank, Size{v.index_heads} * v.index_dim);
  compressor("indexer_compressor", v.index_dim, l.compress);
}

void GgufLayerWriter::compressor(const std::string& name, Size width, Size ratio) {
  const Size projected = ratio == 4 ? 2 * width : width;
  matrix(name + "_kv.weight", h_, projected);
  matrix(name + "_gate.weight", h_, projected);
  matrix(name + "_ape.weight", projected, ratio);
  vector(name + "_norm.weight", width);
}

void GgufLayerWriter::delta_net() {
  const llm::DeltaNet& d = *a_.delta_net;
  const Size values = Size{d.value_heads} * d.value_dim;
  const Size mixed = 2 * Size{d.key_heads} * d.key_dim + values;
  matrix("attn_qkv.weight", h_, mixed);
  matrix("attn_gate.weight", h_, values);
  if (d.fused_beta_alpha) {
    matrix("ssm_ba.weight", h_, 2 * d.value_heads);
  } else {
    matrix("ssm_beta.weight", h_, d.value_heads);
    matrix("ssm_alpha.weight", h_, d.value_heads);
  }
  matrix("ssm_conv1d.weight", d.convolution, mixed);
  vector("ssm_a", d.value_heads);
  vector("ssm_dt.bias", d.value_heads);
  vector("ssm_norm.weight", d.value_dim);
  matrix("ssm_out.weight", values, h_);
}

void GgufLayerWriter::mamba1() {
  const llm::StateSpace& s = *a_.state_space;
  matrix("ssm_in.weight", h_, 2 * Size{s.inner});
  matrix("ssm_conv1d.weight", s.convolution, s.inner);
  vector("ssm_conv1d.bias", s.inner);
  matrix("ssm_x.weight", s.inner, s.dt_rank + 2 * Size{s.state});
  matrix("ssm_dt.weight", s.dt_rank, s.inner);
  vector("ssm_dt.bias", s.inner);
  matrix("ssm_a", s.state, s.inner);
  vector("ssm_d", s.inner);
  matrix("ssm_out.weight", s.inner, h_);
}

void GgufLayerWriter::mamba2() {
  const llm::StateSpace& s = *a_.state_space;
  const Size inner = Size{s.heads} * s.head_dim;
  const Size mixed = inner + 2 * Size{s.groups} * s.state;
  matrix("ssm_in.weight", h_, inner + mixed + s.heads);
  matrix("ssm_conv1d.weight", s.convolution, mixed);
  vector("ssm_conv1d.bias", mixed);
  vector("ssm_dt.bias", s.heads);
  matrix("ssm_a", 1, s.heads);
  matrix("ssm_d", 1, s.heads);
  matrix("ssm_norm.weight", inner / s.groups, s.groups);
  matrix("ssm_out.weight", inner, h_);
}

void GgufLayerWriter::short_convolution() {
  const llm::ShortConvolution& c = *a_.short_convolution;
  matrix("shortconv.in_proj.weight", h_, 3 * Size{c.width});
  matrix("shortconv.conv.weight", c.cache, c.width);
  matrix("shortconv.out_proj.weight", c.width, h_);
}

void GgufLayerWriter::feed_forward(const Layer& l) {
  const FeedForward kind = l.feed_forward;
  if (kind == FeedForward::dense || kind == FeedForward::dense_and_experts) dense(l.width);
  if (kind == FeedForward::experts || kind == FeedForward::dense_and_experts) experts(l);
}

void GgufLayerWriter::dense(Size width) {
  if (a_.gated && !a_.fused_gate_up) linear("ffn_gate", h_, width, a_.mlp_bias);
  linear("ffn_up", h_, a_.fused_gate_up ? 2 * width : width, a_.mlp_bias);
  linear("ffn_down", width, h_, a_.mlp_bias);
}

void GgufLayerWriter::expert_matrix(const std::string& name, Size columns, Size rows) {
  stack(name + ".weight", columns, rows, a_.experts->count);
  if (a_.experts->expert_bias) matrix(name + ".bias", rows, a_.experts->count);
}

void GgufLayerWriter::experts(const Layer& l) {
  const llm::Experts& e = *a_.experts;
  linear("ffn_gate_inp", h_, e.count, e.router_bias);
  if (l.hashed_router) matrix("ffn_gate_tid2eid.weight", e.used, a_.vocabulary);
  if (e.correction_bias || (a_.deepseek_v4 && !l.hashed_router))
    vector("exp_probs_b.bias", e.count);
  if (e.router_extra > 0) {
    vector("ffn_gate_inp.scale", h_);
    vector("ffn_down_exps.scale", e.count);
  }
  if (e.fused_gate_up) {
    expert_matrix("ffn_gate_up_exps", h_, 2 * Size{e.width});
  } else {
    if (a_.gated) expert_matrix("ffn_gate_exps", h_, e.width);
    expert_matrix("ffn_up_exps", h_, e.width);
  }
  expert_matrix("ffn_down_exps", e.width, h_);
  if (e.shared_width == 0) return;
  if (e.shared_gate) vector("ffn_gate_inp_shexp.weight", h_);
  if (a_.gated) matrix("ffn_gate_shexp.weight", h_, e.shared_width);
  matrix("ffn_up_shexp.weight", h_, e.shared_width);
  matrix("ffn_down_shexp.weight", e.shared_width, h_);
}

void GgufLayerWriter::per_layer_input() {
  const Size width = a_.per_layer_embedding->width;
  matrix("inp_gate.weight", h_, width);
  matrix("proj.weight", width, h_);
  vector("post_norm.weight", h_);
}

void GgufLayerWriter::alt_up() {
  const Size n = a_.alt_up->inputs;
  matrix("altup_correct_coef.weight", n, n);
  vector("altup_correct_scale.weight", h_);
  matrix("altup_predict_coef.weight", n, n * n);
  matrix("altup_router.weight", h_, n);
  vector("altup_router_norm.weight", h_);
  matrix("laurel_l.weight", h_, a_.alt_up->laurel_rank);
  matrix("laurel_r.weight", a_.alt_up->laurel_rank, h_);
  vector("laurel_post_norm.weight", h_);
}

}  // namespace rigor::adapters::testing
