#include "llm/recipe_condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "llm/role_set.hpp"

namespace rigor::llm {
namespace {

constexpr std::array<std::string_view, kConditions> kNames = {
    "tied",         "falcon",    "seventy-b",    "gqa-2",     "gqa-4",
    "experts-4",    "experts-8", "experts-8-up", "odd-width", "first-sixteenth",
    "first-eighth", "middle",    "more-bits",    "first-2",   "first-4"};

Result<Condition> find_condition(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found != kNames.end()) return static_cast<Condition>(found - kNames.begin());
  return fail(ErrorCode::malformed, fmt::format("unknown condition \"{}\"", name), {},
              did_you_mean(name, {kNames.begin(), kNames.end()}));
}

/// Text up to " and ", which is removed together with it.
std::string_view next_term(std::string_view& text) {
  constexpr std::string_view separator = " and ";
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view term = trim(text.substr(0, end));
  text.remove_prefix(std::min(end + separator.size(), text.size()));
  return term;
}

const Layer* first_attention(const Architecture& a) {
  const auto attends = [](const Layer& layer) {
    return layer.mixer == Mixer::attention || layer.mixer == Mixer::mla;
  };
  const auto found = std::ranges::find_if(a.layers, attends);
  return found != a.layers.end() ? &*found : nullptr;
}

/// Query heads per key head of the first layer as a GGUF header states it: state-space layers have
/// none, delta-net layers carry the attention layers' numbers, MLA counts as one key head.
int sharing(const Architecture& a) {
  if (a.layers.empty()) return 0;
  const bool stated_for_all = a.layers.front().mixer == Mixer::delta_net;
  const Layer* layer = stated_for_all ? first_attention(a) : &a.layers.front();
  if (layer == nullptr) return 0;
  if (layer->mixer == Mixer::mla) return layer->heads;
  if (layer->mixer != Mixer::attention || layer->kv_heads == 0) return 0;
  return layer->heads / layer->kv_heads;
}

bool is_seventy_b(const Architecture& a, int shared) {
  const bool llama = (a.gguf == "llama" || a.gguf == "deci") && shared > 1;
  return (llama || a.gguf == "qwen2") && a.layers.size() == 80 && !a.experts;
}

/// Layers whose GGUF tensors include attn_v or attn_qkv.
bool has_values(const Architecture& a, const Layer& layer) {
  if (layer.mixer == Mixer::delta_net) return true;
  return layer.mixer == Mixer::attention && (a.fused_qkv || !layer.values_are_keys);
}

/// With experts llama.cpp takes the number from the layer's name, without it counts down
/// projections.
bool has_feed_forward(const Architecture& a, const Layer& layer) {
  return a.experts.has_value() || layer.feed_forward != FeedForward::none;
}

constexpr RoleSet kValues = {Role::attention_v, Role::attention_qkv, Role::mla_kv_b};
constexpr RoleSet kFeedForward = {Role::ffn_gate,     Role::ffn_up,     Role::ffn_down,
                                  Role::experts_gate, Role::experts_up, Role::experts_down,
                                  Role::shared_gate,  Role::shared_up,  Role::shared_down};

ConditionSet place(int i, int n) {
  ConditionSet facts;
  const bool first = i < n / 8;
  const bool last = i >= 7 * n / 8;
  facts.insert_if(i < n / 16, Condition::first_sixteenth);
  facts.insert_if(first, Condition::first_eighth);
  facts.insert_if(!first && !last, Condition::middle);
  facts.insert_if(first || last || (i - n / 8) % 3 == 2, Condition::more_bits);
  facts.insert_if(i < 2, Condition::first_2);
  facts.insert_if(i < 4, Condition::first_4);
  return facts;
}

}  // namespace

std::string_view to_text(Condition condition) {
  return kNames[static_cast<std::size_t>(condition)];
}

Result<When> parse_when(std::string_view text) {
  When when;
  text = trim(text);
  while (!text.empty()) {
    std::string_view term = next_term(text);
    const bool negated = term.starts_with("not ");
    if (negated) term = trim(term.substr(4));
    const Result<Condition> condition = find_condition(term);
    if (!condition) return tl::unexpected<Error>(condition.error());
    (negated ? when.forbidden : when.required).insert(*condition);
  }
  return when;
}

RecipeFacts::RecipeFacts(const Architecture& a)
    : values_(count_layers(a, has_values)), feed_forwards_(count_layers(a, has_feed_forward)) {
  const int shared = sharing(a);
  const int experts = a.experts ? a.experts->count : 0;
  // The number of layers in the header, whether or not each has a feed-forward.
  feed_forwards_.all = static_cast<int>(a.layers.size());
  network_.insert_if(a.tied_embeddings, Condition::tied);
  network_.insert_if(a.gguf == "falcon", Condition::falcon);
  network_.insert_if(is_seventy_b(a, shared), Condition::seventy_b);
  network_.insert_if(shared >= 2, Condition::gqa_2);
  network_.insert_if(shared >= 4, Condition::gqa_4);
  network_.insert_if(experts >= 4, Condition::experts_4);
  network_.insert_if(experts == 8, Condition::experts_8);
  network_.insert_if(experts >= 8, Condition::experts_8_up);
  mxfp4_experts_ = a.gguf == "gpt-oss";
}

ConditionSet RecipeFacts::of(const Tensor& tensor) const {
  ConditionSet facts = network_;
  facts.insert_if(tensor.columns % 256 != 0, Condition::odd_width);
  if (tensor.layer == kNoLayer) return facts;
  if (kValues.contains(tensor.role)) facts |= place(values_.index(tensor.layer), values_.all);
  if (kFeedForward.contains(tensor.role)) {
    facts |= place(feed_forwards_.index(tensor.layer), feed_forwards_.all);
  }
  return facts;
}

int RecipeFacts::Count::index(int layer) const {
  // Layers beyond the main ones (MTP) come last.
  const auto i = static_cast<std::size_t>(layer);
  return i < before.size() ? before[i] : all;
}

RecipeFacts::Count RecipeFacts::count_layers(const Architecture& a,
                                             bool (*counted)(const Architecture&, const Layer&)) {
  Count count;
  count.before.reserve(a.layers.size());
  for (const Layer& layer : a.layers) {
    count.before.push_back(count.all);
    if (counted(a, layer)) ++count.all;
  }
  return count;
}

}  // namespace rigor::llm
