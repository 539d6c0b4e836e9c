#include "adapters/gguf/gguf_of_network.hpp"

#include <algorithm>

namespace rigor::adapters::testing {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Mixer;
using llm::Plan;
using llm::Reach;
using Size = std::int64_t;

constexpr std::uint32_t kF32 = 0;

class NetworkWriter {
 public:
  explicit NetworkWriter(const Architecture& a) : a_(a), h_(a.hidden) {}

  GgufWriter write() {
    metadata();
    globals();
    for (std::size_t i = 0; i < a_.layers.size(); ++i) {
      stem_ = (a_.plan == Plan::t5 ? "enc.blk." : "blk.") + std::to_string(i) + ".";
      layer(a_.layers[i]);
    }
    for (int i = 0; i < a_.decoder_layers; ++i) {
      stem_ = "dec.blk." + std::to_string(i) + ".";
      decoder_layer(a_.layers.front());
    }
    for (int i = 0; a_.mtp && i < a_.mtp->layers; ++i) {
      stem_ = "blk." + std::to_string(a_.layers.size() + static_cast<std::size_t>(i)) + ".";
      prediction_layer();
    }
    return std::move(out_);
  }

 private:
  void key(const std::string& name, Size value) { out_.u32(a_.gguf + "." + name, value); }
  void global(const std::string& name, const std::vector<Size>& shape) { out_.tensor(name, shape); }
  void matrix(const std::string& name, Size columns, Size rows) {
    if (columns > 0 && rows > 0) out_.tensor(stem_ + name, {columns, rows});
  }
  void stack(const std::string& name, Size columns, Size rows, Size count) {
    out_.tensor(stem_ + name, {columns, rows, count});
  }
  void vector(const std::string& name, Size elements) {
    out_.tensor(stem_ + name, {elements}, kF32);
  }
  void linear(const std::string& name, Size columns, Size rows, bool bias) {
    matrix(name + ".weight", columns, rows);
    if (bias && rows > 0) vector(name + ".bias", rows);
  }
  void norm(const std::string& name, Size width) {
    vector(name + ".weight", width);
    if (a_.norm == llm::Norm::layer) vector(name + ".bias", width);
  }

  /// One number where all layers agree, else one per layer.
  template <class Get>
  void per_layer(const std::string& name, Get get) {
    std::vector<int> values;
    for (const Layer& layer : a_.layers) values.push_back(get(layer));
    const bool same =
        std::all_of(values.begin(), values.end(), [&](int v) { return v == values.front(); });
    if (same) {
      key(name, values.front());
    } else {
      out_.u32s(a_.gguf + "." + name, values);
    }
  }

  void metadata() {
    out_.text("general.architecture", a_.gguf)
        .text("general.name", a_.name)
        .u32("general.file_type", 1);
    key("block_count", static_cast<Size>(a_.layers.size()) + (a_.mtp ? a_.mtp->layers : 0));
    key("context_length", a_.context);
    key("embedding_length", a_.hidden);
    per_layer("attention.head_count", [](const Layer& l) { return l.heads; });
    per_layer("attention.head_count_kv", [](const Layer& l) { return l.kv_heads; });
    out_.f32(a_.gguf + (a_.norm == llm::Norm::rms ? ".attention.layer_norm_rms_epsilon"
                                                  : ".attention.layer_norm_epsilon"),
             1e-6F);
    windows();
    head_dimensions();
    if (a_.mtp) key("nextn_predict_layers", a_.mtp->layers);
    if (a_.experts) {
      key("expert_count", a_.experts->count);
      key("expert_used_count", a_.experts->used);
    }
    if (a_.mla && a_.mla->index_heads > 0) key("attention.indexer.top_k", a_.mla->index_top);
    if (a_.deepseek_v4) key("attention.indexer.top_k", a_.deepseek_v4->index_top);
    if (a_.deepseek_v4) key("rope.dimension_count", a_.deepseek_v4->rope_dim);
    if (a_.delta_net) key("ssm.group_count", a_.delta_net->key_heads);
    if (a_.delta_net) key("ssm.state_size", a_.delta_net->key_dim);
    if (a_.state_space) key("ssm.group_count", a_.state_space->groups);
    if (a_.state_space) key("ssm.state_size", a_.state_space->state);
    if (!a_.causal) out_.flag(a_.gguf + ".attention.causal", false);
  }

  /// Families whose pattern llama.cpp knows by name state the window only.
  void windows() {
    if (a_.sliding_window == 0) return;
    key("attention.sliding_window", a_.sliding_window);
    const bool known = a_.gguf != "gemma4" && a_.gguf != "llama";
    if (known) return;
    std::vector<bool> flags;
    for (const Layer& layer : a_.layers) flags.push_back(layer.reach != Reach::full);
    out_.flags(a_.gguf + ".attention.sliding_window_pattern", flags);
  }

  void head_dimensions() {
    int full = 0, sliding = 0;
    int shared = 0;
    for (const Layer& layer : a_.layers) {
      if (layer.mixer != Mixer::attention) continue;
      (layer.reach == Reach::full ? full : sliding) = layer.head_dim;
      if (!layer.owns_cache) ++shared;
    }
    if (full > 0) key("attention.key_length", full);
    if (full == 0 && sliding > 0) key("attention.key_length", sliding);
    if (full > 0 && sliding > 0 && full != sliding) key("attention.key_length_swa", sliding);
    if (a_.gguf == "gemma4" && shared > 0) key("attention.shared_kv_layers", shared);
  }

  void globals() {
    global("token_embd.weight", {h_, a_.vocabulary});
    if (a_.learned_positions > 0) global("position_embd.weight", {h_, a_.learned_positions});
    if (a_.token_types > 0) global("token_types.weight", {h_, a_.token_types});
    const bool encoder = a_.plan == Plan::bert || a_.plan == Plan::nomic_bert;
    if (encoder) norm("token_embd_norm", h_);
    if (a_.plan == Plan::t5) vector("enc.output_norm.weight", h_);
    if (a_.plan == Plan::t5 && a_.decoder_layers > 0) vector("dec.output_norm.weight", h_);
    if (!encoder && a_.plan != Plan::t5) norm("output_norm", h_);
    if (!a_.tied_embeddings && !encoder) global("output.weight", {h_, a_.vocabulary});
    if (a_.head_bias) vector("output.bias", a_.vocabulary);
    if (a_.rope_factors > 0) vector("rope_freqs.weight", a_.rope_factors);
    per_layer_globals();
    if (a_.deepseek_v4) {
      const Size streams = a_.deepseek_v4->hyper;
      global("output_hc_fn.weight", {streams * h_, streams});
      vector("output_hc_base.weight", streams);
      vector("output_hc_scale.weight", 1);
    }
  }

  void per_layer_globals() {
    const Size layers = static_cast<Size>(a_.layers.size());
    if (a_.per_layer_embedding) {
      const Size width = a_.per_layer_embedding->width;
      global("per_layer_token_embd.weight", {layers * width, a_.per_layer_embedding->vocabulary});
      global("per_layer_model_proj.weight", {h_, layers * width});
      vector("per_layer_proj_norm.weight", width);
    }
    if (a_.alt_up) {
      global("altup_proj.weight", {h_, h_, a_.alt_up->inputs - 1});
      global("altup_unembd_proj.weight", {h_, h_, a_.alt_up->inputs - 1});
    }
  }

  void layer(const Layer& l) {
    norms(l);
    mixer(l);
    feed_forward(l);
    for (int i = 0; i < a_.scalars_per_layer; ++i) vector("layer_output_scale.weight", 1);
    if (a_.per_layer_embedding) per_layer_input();
    if (a_.alt_up) alt_up();
  }

  void norms(const Layer& l) {
    const bool mixes = l.mixer != Mixer::none;
    const bool feeds = l.feed_forward != FeedForward::none;
    if (a_.plan == Plan::bert || a_.plan == Plan::nomic_bert) {
      norm("attn_output_norm", h_);
      return norm("layer_output_norm", h_);
    }
    if (mixes || a_.mixer_or_feed_forward) norm("attn_norm", h_);
    if (!feeds || a_.mixer_or_feed_forward || a_.norms_per_layer == 1) return;
    if (a_.gguf == "falcon") return norm("attn_norm_2", h_);
    const bool post = a_.gguf == "qwen35" || a_.gguf == "qwen35moe" || a_.gguf == "qwen3next" ||
                      a_.gguf == "gpt-oss";
    norm(post ? "post_attention_norm" : "ffn_norm", h_);
    if (a_.norms_per_layer >= 4) {
      norm("post_attention_norm", h_);
      norm("post_ffw_norm", h_);
    }
    if (a_.norms_per_layer >= 7) {
      norm("pre_ffw_norm_2", h_);
      norm("post_ffw_norm_1", h_);
      norm("post_ffw_norm_2", h_);
    }
  }

  void mixer(const Layer& l) {
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

  void attention(const Layer& l) {
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

  void mla(const Layer& l) {
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

  void latent_attention(const Layer& l) {
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

  void compressor(const std::string& name, Size width, Size ratio) {
    const Size projected = ratio == 4 ? 2 * width : width;
    matrix(name + "_kv.weight", h_, projected);
    matrix(name + "_gate.weight", h_, projected);
    matrix(name + "_ape.weight", projected, ratio);
    vector(name + "_norm.weight", width);
  }

  void delta_net() {
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

  void mamba1() {
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

  void mamba2() {
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

  void short_convolution() {
    const llm::ShortConvolution& c = *a_.short_convolution;
    matrix("shortconv.in_proj.weight", h_, 3 * Size{c.width});
    matrix("shortconv.conv.weight", c.cache, c.width);
    matrix("shortconv.out_proj.weight", c.width, h_);
  }

  void feed_forward(const Layer& l) {
    const FeedForward kind = l.feed_forward;
    if (kind == FeedForward::dense || kind == FeedForward::dense_and_experts) dense(l.width);
    if (kind == FeedForward::experts || kind == FeedForward::dense_and_experts) experts(l);
  }

  void dense(Size width) {
    if (a_.gated && !a_.fused_gate_up) linear("ffn_gate", h_, width, a_.mlp_bias);
    linear("ffn_up", h_, a_.fused_gate_up ? 2 * width : width, a_.mlp_bias);
    linear("ffn_down", width, h_, a_.mlp_bias);
  }

  void expert_matrix(const std::string& name, Size columns, Size rows) {
    stack(name + ".weight", columns, rows, a_.experts->count);
    if (a_.experts->expert_bias) matrix(name + ".bias", rows, a_.experts->count);
  }

  void experts(const Layer& l) {
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

  void per_layer_input() {
    const Size width = a_.per_layer_embedding->width;
    matrix("inp_gate.weight", h_, width);
    matrix("proj.weight", width, h_);
    vector("post_norm.weight", h_);
  }

  void alt_up() {
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

  void t5_block(const Layer& l, const std::string& prefix) {
    const Size width = Size{l.heads} * l.head_dim;
    vector(prefix + "attn_norm.weight", h_);
    matrix(prefix + "attn_q.weight", h_, width);
    matrix(prefix + "attn_k.weight", h_, width);
    matrix(prefix + "attn_v.weight", h_, width);
    matrix(prefix + "attn_o.weight", width, h_);
  }

  void decoder_layer(const Layer& l) {
    t5_block(l, "");
    t5_block(l, "cross_");
    if (stem_ == "dec.blk.0.") matrix("attn_rel_b.weight", l.heads, 32);
    vector("ffn_norm.weight", h_);
    dense(l.width);
  }

  void prediction_layer() {
    const auto last = std::find_if(a_.layers.rbegin(), a_.layers.rend(), [](const Layer& l) {
      return l.mixer == Mixer::attention || l.mixer == Mixer::mla;
    });
    Layer l = *last;
    l.compress = 0;
    l.hashed_router = false;
    layer(l);
    matrix("nextn.eh_proj.weight", 2 * h_, h_);
    for (const char* name :
         {"nextn.enorm.weight", "nextn.hnorm.weight", "nextn.shared_head_norm.weight"})
      vector(name, h_);
    if (!a_.mtp->stores_embedding_copies) return;
    matrix("nextn.embed_tokens.weight", h_, a_.vocabulary);
    matrix("nextn.shared_head_head.weight", h_, a_.vocabulary);
  }

  const Architecture& a_;
  Size h_;
  std::string stem_;
  GgufWriter out_;
};

}  // namespace

GgufWriter gguf_of_network(const Architecture& architecture) {
  return NetworkWriter(architecture).write();
}

}  // namespace rigor::adapters::testing
