#include "adapters/gguf/gguf_of_network.hpp"

#include <algorithm>

#include "adapters/gguf/gguf_layer_writer.hpp"

namespace rigor::adapters::testing {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Mixer;
using llm::Plan;
using llm::Reach;

class NetworkWriter : GgufLayerWriter {
 public:
  explicit NetworkWriter(const Architecture& a) : GgufLayerWriter(a) {}

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
};

}  // namespace

GgufWriter gguf_of_network(const Architecture& architecture) {
  return NetworkWriter(architecture).write();
}

}  // namespace rigor::adapters::testing
