#include "adapters/hf/hf_layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "adapters/bytes/plain_text.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Mixer;
using llm::Plan;
using llm::Reach;

constexpr int kMostLayers = 1024;

/// What a word or a letter of a layer list stands for.
struct Kind {
  std::string_view word;
  Mixer mixer = Mixer::attention;
  Reach reach = Reach::full;
  FeedForward alone = FeedForward::none;  ///< block of a layer without mixer
};
constexpr auto kKinds = std::to_array<Kind>({
    {"full_attention"},
    {"attention"},
    {"global_attention"},
    {"global"},
    {"*"},
    {"sliding_attention", Mixer::attention, Reach::sliding},
    {"local_attention", Mixer::attention, Reach::sliding},
    {"chunked_attention", Mixer::attention, Reach::chunked},
    {"linear_attention", Mixer::delta_net},
    {"mamba", Mixer::mamba2},
    {"mamba2", Mixer::mamba2},
    {"M", Mixer::mamba2},
    {"conv", Mixer::short_conv},
    {"moe", Mixer::none, Reach::full, FeedForward::experts},
    {"E", Mixer::none, Reach::full, FeedForward::experts},
    {"mlp", Mixer::none, Reach::full, FeedForward::dense},
    {"-", Mixer::none, Reach::full, FeedForward::dense},
});
constexpr const Kind& kFull = kKinds.front();

const Kind* find_kind(std::string_view word) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const Kind& kind) { return kind.word == word; });
  return found == kKinds.end() ? nullptr : &*found;
}

std::vector<std::string> listed_words(ConfigReader& config) {
  for (const std::string_view name : {"layer_types", "layers_block_type", "layer_block_types"}) {
    std::vector<std::string> words = config.texts(name);
    if (!words.empty()) return words;
  }
  std::vector<std::string> words;
  for (const char letter : config.text({"hybrid_override_pattern"})) words.emplace_back(1, letter);
  return words;
}

/// Lists of layer numbers and intervals, as single families have them.
const Kind& implied_kind(ConfigReader& config, const Architecture& a, std::size_t i) {
  static const Kind& linear = *find_kind("linear_attention");
  static const Kind& mamba = *find_kind("mamba");
  static const Kind& conv = *find_kind("conv");
  const int number = static_cast<int>(i);
  if (a.delta_net)
    return (number + 1) % std::max(1, config.count({"full_attention_interval"}, 4)) == 0 ? kFull
                                                                                         : linear;
  if (a.short_convolution) {
    const std::vector<int> full = config.counts("full_attn_idxs");
    return std::find(full.begin(), full.end(), number) != full.end() ? kFull : conv;
  }
  if (a.plan == Plan::mamba) return mamba;
  if (!a.state_space) return kFull;
  const int period = config.count({"attn_layer_period"});
  return period > 0 && number % period == config.count({"attn_layer_offset"}) ? kFull : mamba;
}

std::vector<const Kind*> layer_kinds(ConfigReader& config, const Architecture& a,
                                     std::size_t layers) {
  const std::vector<std::string> words = listed_words(config);
  if (!words.empty() && words.size() < layers) {
    config.complain(fmt::format("{} layer types for {} layers", words.size(), layers));
    return {};
  }
  std::vector<const Kind*> kinds;
  for (std::size_t i = 0; i < layers; ++i) {
    const Kind* kind = words.empty() ? &implied_kind(config, a, i) : find_kind(words[i]);
    if (kind == nullptr) {
      config.give_up(fmt::format("the architecture: rigor does not know the layer type \"{}\"",
                                 shown(words[i])));
      return {};
    }
    kinds.push_back(kind);
  }
  return kinds;
}

/// The length of the pattern; some write it as letters ("LLLG").
int stated_period(ConfigReader& config, int usual) {
  const JsonNode* node = config.find({"sliding_window_pattern", "_sliding_window_pattern"});
  if (node != nullptr && node->text() != nullptr)
    return static_cast<int>(std::min<std::size_t>(node->text()->size(), kMostLayers));
  return config.count({"sliding_window_pattern", "_sliding_window_pattern"}, usual);
}

/// The window a family applies by rule, where the file lists nothing.
class Rule {
 public:
  Rule(ConfigReader& config, const HfFamily& family, const Architecture& a)
      : windows_(family.windows),
        period_(stated_period(config, family.period)),
        listed_(!listed_words(config).empty()),
        window_(a.sliding_window) {
    if (windows_ == Windows::every && a.context > 0 && window_ >= a.context)
      windows_ = Windows::stated;
  }
  [[nodiscard]] bool applies_to(std::size_t layer) const {
    return !listed_ && window_ > 0 && sees_window(windows_, period_, layer);
  }

 private:
  Windows windows_;
  int period_;
  bool listed_;
  int window_;
};

struct Heads {
  int heads = 0, kv_heads = 0, head_dim = 0;
};

Heads read_heads(ConfigReader& config, const HfFamily& family, const Architecture& a) {
  Heads h;
  h.heads = config.count(
      {"num_attention_heads", "n_head", "n_heads", "num_heads", "encoder_attention_heads"},
      family.defaults.heads);
  const int kv = family.defaults.kv_heads > 0 ? family.defaults.kv_heads : h.heads;
  h.kv_heads = config.count(
      {"num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num"}, kv);
  const int share = h.heads > 0 ? a.hidden / h.heads : 0;
  const int usual = family.defaults.head_dim > 0 ? family.defaults.head_dim : share;
  h.head_dim = config.count({"head_dim", "attention_head_dim", "kv_channels", "d_kv"}, usual);
  return h;
}

/// Which layers have experts, in the words of the family.
class Routing {
 public:
  Routing(ConfigReader& config, const Architecture& a)
      : experts_(a.experts.has_value()),
        leading_(
            config.count({"first_k_dense_replace", "num_dense_layers", "moe_layer_start_index"})),
        step_(config.count(
            {"decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_interval"}, 1)),
        period_(config.count({"expert_layer_period"})),
        offset_(config.count({"expert_layer_offset"})),
        dense_(config.counts("mlp_only_layers")),
        routed_(config.counts("moe_layers")) {
    const JsonNode* every = config.find({"moe_layer_freq"});
    if (every != nullptr && every->list() != nullptr) {
      flags_ = config.counts("moe_layer_freq");
    } else {
      every_ = config.count({"moe_layer_freq"}, 1);
    }
  }

  [[nodiscard]] bool routes(std::size_t layer) const {
    const int i = static_cast<int>(layer);
    const auto listed = [&](const std::vector<int>& list) {
      return std::find(list.begin(), list.end(), i) != list.end();
    };
    if (!experts_ || i < leading_ || listed(dense_)) return false;
    if (!routed_.empty()) return listed(routed_);
    if (!flags_.empty()) return layer < flags_.size() && flags_[layer] != 0;
    if (period_ > 0) return i % period_ == offset_;
    return (step_ <= 1 || (i + 1) % step_ == 0) && (every_ <= 1 || i % every_ == 0);
  }

 private:
  bool experts_;
  int leading_, step_, period_, offset_;
  int every_ = 1;
  std::vector<int> dense_, routed_, flags_;
};

const ConfigReader::Names kWidths = {"intermediate_size", "n_inner",        "ffn_dim", "d_ff",
                                     "ffn_hidden_size",   "encoder_ffn_dim"};

class LayerReader {
 public:
  LayerReader(ConfigReader& config, const HfFamily& family, const Architecture& a)
      : config_(config),
        a_(a),
        heads_(read_heads(config, family, a)),
        routing_(config, a),
        rule_(config, family, a) {}

  Layer read(const Kind& kind, std::size_t i) {
    Layer layer;
    layer.mixer = mixer(kind);
    layer.reach = rule_.applies_to(i) ? Reach::sliding : kind.reach;
    if (layer.mixer == Mixer::attention || layer.mixer == Mixer::mla) set_heads(layer, i);
    layer.feed_forward = feed_forward(kind, i);
    if (layer.feed_forward == FeedForward::dense) layer.width = width(i);
    return layer;
  }

 private:
  [[nodiscard]] Mixer mixer(const Kind& kind) const {
    if (kind.mixer == Mixer::attention && a_.mla) return Mixer::mla;
    const bool first = kind.mixer == Mixer::mamba2 && a_.state_space && a_.state_space->inner > 0;
    return first ? Mixer::mamba1 : kind.mixer;
  }

  void set_heads(Layer& layer, std::size_t i) {
    layer.heads = heads_.heads;
    layer.kv_heads = config_.count_of_layer({"num_key_value_heads"}, i, heads_.kv_heads);
    layer.head_dim = heads_.head_dim;
    if (layer.mixer != Mixer::mla) return;
    layer.kv_heads = layer.heads;
    const llm::Mla& mla = stated(a_.mla);
    layer.head_dim = mla.nope_dim + mla.rope_dim;
  }

  [[nodiscard]] FeedForward feed_forward(const Kind& kind, std::size_t i) const {
    if (a_.mixer_or_feed_forward) return kind.alone;
    if (a_.plan == Plan::mamba) return FeedForward::none;
    return routing_.routes(i) ? FeedForward::experts : FeedForward::dense;
  }

  int width(std::size_t i) {
    const int usual = 4 * std::min(a_.hidden, 1 << 28);
    return config_.count_of_layer(kWidths, i, usual);
  }

  ConfigReader& config_;
  const Architecture& a_;
  Heads heads_;
  Routing routing_;
  Rule rule_;
};

}  // namespace

void read_hf_layers(ConfigReader& config, const HfFamily& family, Architecture& a) {
  const int layers =
      config.count({"num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers"});
  if (layers < 1 || layers > kMostLayers) {
    return config.complain(layers == 0 ? "it states no number of layers, such as num_hidden_layers"
                                       : fmt::format("it states {} layers", layers));
  }
  LayerReader reader(config, family, a);
  const std::vector<const Kind*> kinds = layer_kinds(config, a, static_cast<std::size_t>(layers));
  for (std::size_t i = 0; i < kinds.size(); ++i) a.layers.push_back(reader.read(*kinds[i], i));
  const bool windowed = std::any_of(a.layers.begin(), a.layers.end(),
                                    [](const Layer& layer) { return layer.reach != Reach::full; });
  if (!windowed) a.sliding_window = 0;
}

}  // namespace rigor::adapters
