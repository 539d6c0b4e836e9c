#include "estimate/operations.hpp"

#include <algorithm>
#include <cmath>

#include "llm/cache_shape.hpp"

namespace rigor::estimate {
namespace {

using llm::Mixer;
using llm::Role;

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

/// The operation of a matrix; `head + 1` for what is no matrix of a layer.
int operation_of(const llm::Layer& layer, Role role) {
  const bool recurrent = layer.mixer == Mixer::delta_net || layer.mixer == Mixer::mamba1 ||
                         layer.mixer == Mixer::mamba2 || layer.mixer == Mixer::short_conv;
  switch (role) {
    case Role::experts_gate:
    case Role::experts_up:
    case Role::experts_down: return static_cast<int>(Operation::experts);
    case Role::ffn_gate:
    case Role::ffn_up:
    case Role::ffn_down:
    case Role::shared_gate:
    case Role::shared_up:
    case Role::shared_down:
    case Role::router: return static_cast<int>(Operation::feed_forward);
    case Role::state_in:
    case Role::state_out:
    case Role::state_x:
    case Role::state_dt: return static_cast<int>(Operation::recurrent);
    case Role::norm:
    case Role::bias:
    case Role::state_small:
    case Role::vision:
    case Role::token_embedding:
    case Role::position_embedding:
    case Role::per_layer_embedding: return kOperations;
    default: return static_cast<int>(recurrent ? Operation::recurrent : Operation::attention);
  }
}

/// Multiply-adds of one query with one cached token.
double attention_compute(const llm::Architecture& a, const llm::Layer& layer) {
  if (layer.mixer == Mixer::mla && a.mla) {
    return static_cast<double>(layer.heads) * (2.0 * a.mla->kv_rank + a.mla->rope_dim);
  }
  return 2.0 * layer.heads * layer.head_dim;
}

/// Kernels of a recurrent mixer for one step, projections included.
double kernels_of(Mixer mixer) {
  switch (mixer) {
    case Mixer::delta_net: return 22;
    case Mixer::mamba1:
    case Mixer::mamba2: return 10;
    default: return 7;
  }
}

double expanded_compute(const llm::Architecture& a, const llm::Layer& layer) {
  if (layer.mixer != Mixer::mla || !a.mla) return attention_compute(a, layer);
  return static_cast<double>(layer.heads) * (a.mla->nope_dim + a.mla->rope_dim + a.mla->v_dim);
}

void add_attention(Operations& out, const llm::Architecture& a, const llm::Layer& layer) {
  const llm::LayerCache cache = llm::layer_cache(a, layer);
  const int window = layer.reach == llm::Reach::full ? 0 : a.sliding_window;
  AttentionKind kind{.layers = 1,
                     .window = window,
                     .key_width = static_cast<double>(cache.keys),
                     .value_width = static_cast<double>(cache.values),
                     .heads = static_cast<double>(layer.heads),
                     .compute = attention_compute(a, layer),
                     .expanded = expanded_compute(a, layer)};
  // Layers that read another's cache read as much as its owner.
  if (!layer.owns_cache) {
    kind.key_width = kind.value_width = 1.0 * layer.kv_heads * layer.head_dim;
  }
  const auto known =
      std::find_if(out.attention.begin(), out.attention.begin() + out.attention_kinds,
                   [&](const AttentionKind& other) {
                     return other.window == kind.window && other.key_width == kind.key_width &&
                            other.value_width == kind.value_width && other.compute == kind.compute;
                   });
  if (known != out.attention.begin() + out.attention_kinds) {
    ++known->layers;
  } else if (out.attention_kinds < static_cast<int>(out.attention.size())) {
    out.attention[static_cast<std::size_t>(out.attention_kinds++)] = kind;
  } else {
    ++out.attention.back().layers;  // more kinds than any network has: counted with the last
  }
}

}  // namespace

std::string_view to_text(Kernel kernel) {
  switch (kernel) {
    case Kernel::plain: return "plain";
    case Kernel::bf16: return "bf16";
    case Kernel::legacy: return "legacy";
    case Kernel::q8: return "q8";
    case Kernel::k_quant: return "k";
    case Kernel::i_quant: return "iq";
    case Kernel::fp4: return "fp4";
    case Kernel::fp8: return "fp8";
    case Kernel::grouped4: return "grouped4";
  }
  return {};
}

Kernel kernel_of(std::string_view type) {
  if (starts_with_any(type, {"bf16"})) return Kernel::bf16;
  if (starts_with_any(type, {"f16", "f32", "f64"})) return Kernel::plain;
  if (starts_with_any(type, {"q8", "int8", "i8", "gptq8", "awq8"})) return Kernel::q8;
  if (starts_with_any(type, {"iq4_nl"})) return Kernel::legacy;
  if (starts_with_any(type, {"iq", "tq", "i2_s"})) return Kernel::i_quant;
  if (starts_with_any(type, {"mxfp4", "nvfp4"})) return Kernel::fp4;
  if (starts_with_any(type, {"fp8", "mxfp8", "f8"})) return Kernel::fp8;
  const bool is_ggml = starts_with_any(type, {"q1_", "q2_", "q3_", "q4_", "q5_", "q6_"});
  if (is_ggml)
    return type.find("_K") != type.npos || type.find("_k") != type.npos ? Kernel::k_quant
                                                                        : Kernel::legacy;
  return Kernel::grouped4;
}

std::string_view to_text(Operation operation) {
  switch (operation) {
    case Operation::attention: return "attention projections";
    case Operation::recurrent: return "state projections";
    case Operation::feed_forward: return "feed-forward";
    case Operation::experts: return "experts";
    case Operation::head: return "output head";
  }
  return {};
}

Bytes Matrices::sum() const {
  Bytes total;
  for (const Bytes bytes : stored) total += bytes;
  return total;
}

double Operations::active_elements() const {
  double sum = 0;
  for (int i = 0; i < kOperations; ++i) {
    const bool routed = static_cast<Operation>(i) == Operation::experts && experts > 0;
    sum += matrices[static_cast<std::size_t>(i)].elements * (routed ? experts_used / experts : 1);
  }
  return sum;
}

void add_tensor(Operations& operations, const llm::Architecture& architecture, llm::Role role,
                int layer, double elements, Bytes size, Kernel kernel) {
  Matrices& head = operations.matrices[static_cast<std::size_t>(Operation::head)];
  int operation = kOperations;
  if (role == Role::token_embedding && operations.has_head) return;
  if (role == Role::output_head && !operations.has_head) {
    head = {};  // not the embedding, then
    operations.has_head = true;
  }
  if (role == Role::output_head || role == Role::token_embedding) {
    operation = static_cast<int>(Operation::head);
  } else if (layer >= 0) {
    const std::size_t index =
        std::min(static_cast<std::size_t>(layer), architecture.layers.size() - 1);
    operation = operation_of(architecture.layers[index], role);
  }
  if (operation == kOperations) return;
  Matrices& target = operations.matrices[static_cast<std::size_t>(operation)];
  target.elements += elements;
  target.stored[static_cast<std::size_t>(kernel)] += size;
}

Operations make_operations(const llm::Architecture& a) {
  Operations out;
  out.hidden = a.hidden;
  out.vocabulary = a.vocabulary;
  out.layers = static_cast<double>(a.layers.size());
  if (a.experts) {
    out.experts = a.experts->count;
    out.experts_used = a.experts->used;
  }
  for (const llm::Layer& layer : a.layers) {
    const bool attends = layer.mixer == Mixer::attention || layer.mixer == Mixer::mla;
    if (attends) {
      ++out.attention_layers;
      add_attention(out, a, layer);
    } else if (layer.mixer != Mixer::none) {
      ++out.recurrent_layers;
      out.recurrent_kernels += kernels_of(layer.mixer);
      out.state += static_cast<double>(llm::recurrent_state(a, layer).state);
    }
    const bool routed = layer.feed_forward == llm::FeedForward::experts ||
                        layer.feed_forward == llm::FeedForward::dense_and_experts;
    if (routed) ++out.expert_layers;
    if (layer.width > 0) ++out.dense_layers;
  }
  return out;
}

double distinct_experts(double count, double used, double tokens) {
  if (count <= 0) return 0;
  return count * (1 - std::pow(1 - std::min(1.0, used / count), tokens));
}

}  // namespace rigor::estimate
