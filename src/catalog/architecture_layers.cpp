#include "catalog/architecture_layers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rigor::catalog {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Mixer;
using llm::Plan;
using llm::Reach;

constexpr int kMostLayers = 1024;
constexpr int kMostHeads = 4096;
constexpr int kWidestHead = 1 << 14;
constexpr int kWidest = 1 << 20;

/// What one letter of a pattern stands for.
struct Letter {
  char letter;
  Mixer mixer;
  Reach reach = Reach::full;
  FeedForward alone = FeedForward::none;  ///< block of a layer that has no mixer
  int compress = 0;
  std::string_view needs = {};  ///< key, or table ending with a dot, that must be stated
};

constexpr std::array kLetters = {
    Letter{.letter = 'F', .mixer = Mixer::attention, .needs = "heads"},
    Letter{.letter = 'S',
           .mixer = Mixer::attention,
           .reach = Reach::sliding,
           .needs = "sliding_window"},
    Letter{.letter = 'C',
           .mixer = Mixer::attention,
           .reach = Reach::chunked,
           .needs = "sliding_window"},
    Letter{.letter = 'L', .mixer = Mixer::delta_net, .needs = "delta_net."},
    Letter{.letter = 'M', .mixer = Mixer::mamba2, .needs = "state_space."},
    Letter{.letter = 'K', .mixer = Mixer::short_conv, .needs = "short_convolution."},
    Letter{.letter = 'E', .mixer = Mixer::none, .alone = FeedForward::experts, .needs = "moe."},
    Letter{.letter = 'D', .mixer = Mixer::none, .alone = FeedForward::dense, .needs = "width"},
    Letter{.letter = 'I',
           .mixer = Mixer::attention,
           .reach = Reach::sliding,
           .compress = 4,
           .needs = "deepseek_v4."},
    Letter{.letter = 'H',
           .mixer = Mixer::attention,
           .reach = Reach::sliding,
           .compress = 128,
           .needs = "deepseek_v4."},
};

const Letter* find_letter(char wanted) {
  const auto found = std::find_if(kLetters.begin(), kLetters.end(),
                                  [&](const Letter& letter) { return letter.letter == wanted; });
  return found == kLetters.end() ? nullptr : &*found;
}

/// Everything the entry says about its layers.
struct LayerFacts {
  int layers = 0;
  std::string pattern;
  int heads = 0, kv_heads = 0, head_dim = 0, width = 0;
  int full_head_dim = 0, full_kv_heads = 0;  ///< of full-attention layers; 0: as the others
  bool full_values_are_keys = false;
  std::vector<int> kv_heads_by_layer, width_by_layer;
  int shared_cache_layers = 0, shared_cache_width = 0;
  int leading_dense = 0, expert_every = 1, hash_layers = 0;
  bool beside_dense = false;
};

LayerFacts read_facts(ArchitectureReader& r, const Architecture& a) {
  LayerFacts f;
  f.layers = a.flux ? a.flux->depth + a.flux->depth_single : r.count("layers", kMostLayers);
  f.pattern = r.text("pattern");
  if (f.pattern.empty()) f.pattern = "F";
  f.heads = r.count("heads", kMostHeads);
  f.kv_heads = r.count("kv_heads", kMostHeads, f.heads);
  f.head_dim = r.count("head_dim", kWidestHead);
  f.width = r.count("width", kWidest);
  f.full_head_dim = r.count("full_attention.head_dim", kWidestHead, f.head_dim);
  f.full_kv_heads = r.count("full_attention.kv_heads", kMostHeads, f.kv_heads);
  f.full_values_are_keys = r.flag("full_attention.values_are_keys");
  f.kv_heads_by_layer = r.counts("kv_heads_by_layer", kMostHeads);
  f.width_by_layer = r.counts("width_by_layer", kWidest);
  f.shared_cache_layers = r.count("shared_cache_layers", kMostLayers);
  f.shared_cache_width = r.count("shared_cache_width", kWidest, f.width);
  f.leading_dense = r.count("moe.leading_dense", kMostLayers);
  f.expert_every = std::max(1, r.count("moe.every", kMostLayers, 1));
  f.beside_dense = r.flag("moe.beside_dense");
  f.hash_layers = r.count("deepseek_v4.hash_layers", kMostLayers);
  return f;
}

void check_pattern(ArchitectureReader& r, const Architecture& a, const LayerFacts& f) {
  if (static_cast<int>(f.pattern.size()) > f.layers) {
    r.error("pattern", fmt::format("{} letters for {} layers", f.pattern.size(), f.layers));
  }
  for (const char c : f.pattern) {
    const Letter* letter = find_letter(c);
    if (letter == nullptr) {
      return r.error("pattern", fmt::format("unknown letter '{}'", c),
                     "write F S C L M K E D I or H");
    }
    const bool stated =
        letter->needs.ends_with('.') ? r.has_table(letter->needs) : r.has(letter->needs);
    if (!stated) r.error("pattern", fmt::format("'{}' needs \"{}\"", c, letter->needs));
    if (letter->mixer == Mixer::none && !a.mixer_or_feed_forward) {
      r.error("pattern", fmt::format("'{}' needs one_block_per_layer = true", c));
    }
  }
}

void check_heads(ArchitectureReader& r, const LayerFacts& f) {
  if (f.heads == 0) return;
  if (f.head_dim == 0) r.error("head_dim", "it is missing");
  for (const int kv : {f.kv_heads, f.full_kv_heads}) {
    if (kv <= 0 || f.heads % kv != 0) {
      r.error("kv_heads", fmt::format("{} heads cannot share {} key-value heads", f.heads, kv));
    }
  }
}

void check_lists(ArchitectureReader& r, const LayerFacts& f) {
  const auto fits = [&](const char* key, const std::vector<int>& list) {
    if (list.empty() || static_cast<int>(list.size()) == f.layers) return;
    r.error(key, fmt::format("{} values for {} layers", list.size(), f.layers));
  };
  fits("kv_heads_by_layer", f.kv_heads_by_layer);
  fits("width_by_layer", f.width_by_layer);
  if (f.shared_cache_layers >= f.layers)
    r.error("shared_cache_layers", "no layer is left to own a cache");
}

void set_heads(Layer& layer, const LayerFacts& f, std::size_t i) {
  const bool full = layer.reach == Reach::full;
  layer.heads = f.heads;
  layer.kv_heads = full ? f.full_kv_heads : f.kv_heads;
  layer.head_dim = full ? f.full_head_dim : f.head_dim;
  layer.values_are_keys = full && f.full_values_are_keys;
  if (i < f.kv_heads_by_layer.size()) layer.kv_heads = f.kv_heads_by_layer[i];
  if (layer.kv_heads == 0) layer.mixer = Mixer::none;
}

void set_mixer(Layer& layer, const Architecture& a, const Letter& letter) {
  layer.mixer = letter.mixer;
  layer.reach = letter.reach;
  layer.compress = letter.compress;
  if (letter.mixer == Mixer::attention && a.mla) layer.mixer = Mixer::mla;
  if (letter.mixer == Mixer::mamba2 && a.state_space && a.state_space->inner > 0) {
    layer.mixer = Mixer::mamba1;
  }
}

FeedForward feed_forward(const Architecture& a, const LayerFacts& f, const Letter& letter, int i) {
  if (a.mixer_or_feed_forward) return letter.alone;
  if (a.plan == Plan::mamba) return FeedForward::none;
  const bool routed = a.experts && i >= f.leading_dense && (i + 1) % f.expert_every == 0;
  if (!routed) return FeedForward::dense;
  return f.beside_dense ? FeedForward::dense_and_experts : FeedForward::experts;
}

int dense_width(const Layer& layer, const LayerFacts& f, std::size_t i) {
  if (layer.feed_forward == FeedForward::none || layer.feed_forward == FeedForward::experts)
    return 0;
  if (i < f.width_by_layer.size()) return f.width_by_layer[i];
  return layer.owns_cache ? f.width : f.shared_cache_width;
}

Layer resolve(const Architecture& a, const LayerFacts& f, std::size_t i) {
  const Letter* letter = find_letter(f.pattern[i % f.pattern.size()]);
  if (letter == nullptr) return {};
  const int number = static_cast<int>(i);
  Layer layer;
  set_mixer(layer, a, *letter);
  if (letter->mixer == Mixer::attention) set_heads(layer, f, i);
  layer.owns_cache = number < f.layers - f.shared_cache_layers;
  layer.hashed_router = number < f.hash_layers;
  layer.feed_forward = feed_forward(a, f, *letter, number);
  layer.width = dense_width(layer, f, i);
  return layer;
}

}  // namespace

std::vector<Layer> read_layers(ArchitectureReader& r, const Architecture& a) {
  const LayerFacts facts = read_facts(r, a);
  if (a.plan == Plan::sizes_only) return {};
  if (facts.layers == 0) {
    r.error("layers", "it is missing");
    return {};
  }
  check_pattern(r, a, facts);
  check_heads(r, facts);
  check_lists(r, facts);
  std::vector<Layer> layers(static_cast<std::size_t>(facts.layers));
  for (std::size_t i = 0; i < layers.size(); ++i) layers[i] = resolve(a, facts, i);
  const bool narrow = std::any_of(layers.begin(), layers.end(), [](const Layer& layer) {
    return layer.width == 0 && (layer.feed_forward == FeedForward::dense ||
                                layer.feed_forward == FeedForward::dense_and_experts);
  });
  if (narrow) r.error("width", "a layer has a dense feed-forward of width 0");
  return layers;
}

}  // namespace rigor::catalog
