// Multi-head latent attention of ik_llama.cpp (-mla 0 to 3), 2025.
#include <algorithm>

#include "estimate/memory/llama_builder.hpp"

namespace rigor::estimate {
namespace {

/// Micro-batches from this size expand keys and values instead of absorbing the queries.
constexpr int kPromptTokens = 128;

constexpr std::int64_t kMiB = std::int64_t{1} << 20;

Element element_of(const workload::CacheType& type) {
  if (!type.quantized) return Element::f16;
  return type.bytes_per_element > 1.0 ? Element::q8_0 : Element::f16;
}

}  // namespace

TensorId LlamaBuilder::fork_latent_attention(TensorId in) {
  const LatentInputs part = latent_inputs(in);
  TensorId out = kNoTensor;
  const bool computes = settings_.flash_attention && settings_.micro_batch >= kPromptTokens &&
                        settings_.latent >= LatentMode::computed;
  if (settings_.latent == LatentMode::expanded) {
    out = fork_expanded(part);
  } else if (computes) {
    out = settings_.first_flash_latent ? fork_computed_at_first(part) : fork_computed(part);
  } else {
    out = fork_absorbed(part);
  }
  graph_.expand(out);
  return mul_mat(a_.hidden, out);
}

TensorId LlamaBuilder::fork_expanded(const LatentInputs& in) {
  const llm::Mla& m = llm::stated(a_.mla);
  const std::int64_t heads = a_.layers.front().heads;
  const std::int64_t width = m.nope_dim + m.rope_dim;
  const TensorId both = mul_mat(heads * (m.nope_dim + m.v_dim), in.compressed);
  const TensorId plain = graph_.view(both, shape(m.nope_dim, heads, u_));
  const TensorId values = graph_.view(
      graph_.operation(shape(m.v_dim, heads, u_), {graph_.view(both, shape(m.v_dim, heads, u_))}),
      shape(m.v_dim * heads, u_));
  const TensorId query_part = graph_.view(in.queries, shape(m.nope_dim, heads, u_));
  const TensorId queries = graph_.operation(shape(width, heads, u_), {query_part, in.rope_queries});
  const TensorId repeated = graph_.operation(shape(m.rope_dim, heads, u_), {in.rope_keys});
  const TensorId keys = graph_.operation(shape(width, heads, u_), {plain, repeated});
  store(queries, keys, values);
  const TensorId turned = graph_.view(queries, shape(width, u_, heads));
  if (settings_.flash_attention) {
    const TensorId out = graph_.operation(shape(m.v_dim, heads, u_), {turned, cache_, mask_});
    return graph_.view(out, shape(m.v_dim * heads, u_));
  }
  TensorId scores = graph_.operation(shape(settings_.cells, u_, heads), {cache_, turned});
  scores = graph_.operation(shape(settings_.cells, u_, heads), {scores, mask_}, Place::of_source);
  const TensorId mixed = graph_.operation(shape(m.v_dim, u_, heads), {cache_, scores});
  return graph_.operation(shape(m.v_dim * heads, u_),
                          {graph_.view(mixed, shape(m.v_dim, heads, u_))});
}

int LlamaBuilder::heads_at_once() const {
  const llm::Mla& m = llm::stated(a_.mla);
  const std::int64_t heads = a_.layers.front().heads;
  const std::int64_t whole = (m.nope_dim + m.v_dim) * heads * settings_.cells * 4 / kMiB;
  const std::int64_t limit = settings_.attention_limit;
  if (limit == 0 || whole <= limit) return static_cast<int>(heads);
  for (std::int64_t rounds = 2; rounds < heads; ++rounds) {
    if (heads % rounds == 0 && whole <= limit * rounds) return static_cast<int>(heads / rounds);
  }
  return 1;
}

/// Keys and values of some heads at a time; those of all rounds stay alive until the attention
/// operations, which are expanded after the loop.
TensorId LlamaBuilder::fork_computed(const LatentInputs& in) {
  const llm::Mla& m = llm::stated(a_.mla);
  const std::int64_t heads = a_.layers.front().heads, some = heads_at_once();
  const std::int64_t cells = settings_.cells, width = m.nope_dim + m.rope_dim;
  const Element stored = element_of(settings_.key_type);
  const Element element = settings_.devices == 0 ? stored : Element::f16;
  const TensorId latent =
      graph_.operation(shape(m.kv_rank + m.rope_dim, u_, 1),
                       {graph_.view(in.rope_keys, shape(m.rope_dim, u_)), in.compressed});
  graph_.expand(graph_.store(cache_, {latent, cache_}));
  TensorId rope = cache_;
  if (stored != element) {
    rope = graph_.operation(shape(m.rope_dim, cells), {cache_}, Place::fresh, Element::f16);
  }
  const TensorId repeated =
      graph_.operation(shape(m.rope_dim, cells, some), {rope}, Place::fresh, element);
  const TensorId query_part = graph_.view(in.queries, shape(m.nope_dim, heads, u_));
  const TensorId queries = graph_.operation(shape(width, heads, u_), {in.rope_queries, query_part});
  const TensorId turned = graph_.view(queries, shape(width, u_, heads));
  graph_.expand(turned);
  TensorId out = kNoTensor;
  for (std::int64_t done = 0; done < heads; done += some) {
    const TensorId both =
        graph_.operation(shape((m.nope_dim + m.v_dim) * some, cells), {weight_, cache_});
    const TensorId values =
        graph_.operation(shape(m.v_dim, cells, some),
                         {graph_.view(both, shape(m.v_dim, cells, some))}, Place::fresh, element);
    const TensorId plain = graph_.operation(shape(m.nope_dim, cells, some),
                                            {graph_.view(both, shape(m.nope_dim, cells, some))},
                                            Place::fresh, element);
    graph_.expand(plain);
    graph_.expand(values);
    const TensorId keys =
        graph_.operation(shape(width, cells, some), {repeated, plain}, Place::fresh, element);
    graph_.expand(keys);
    const TensorId part = graph_.view(turned, shape(width, u_, some));
    const TensorId mixed = graph_.operation(shape(m.v_dim, some, u_), {part, keys, values, mask_});
    const TensorId rows = graph_.view(mixed, shape(m.v_dim * some, u_));
    out =
        out == kNoTensor ? rows : graph_.operation(shape(m.v_dim * (done + some), u_), {out, rows});
  }
  return out;
}

TensorId LlamaBuilder::fork_computed_at_first(const LatentInputs& in) {
  const llm::Mla& m = llm::stated(a_.mla);
  const std::int64_t heads = a_.layers.front().heads, cells = settings_.cells;
  const std::int64_t width = m.nope_dim + m.rope_dim;
  const TensorId latent =
      graph_.operation(shape(m.kv_rank + m.rope_dim, u_, 1),
                       {graph_.view(in.rope_keys, shape(m.rope_dim, u_)), in.compressed});
  graph_.expand(graph_.store(cache_, {latent, cache_}));
  const TensorId rope = graph_.operation(shape(m.rope_dim, cells), {cache_});
  const TensorId both =
      graph_.operation(shape((m.nope_dim + m.v_dim) * heads, cells), {weight_, cache_});
  const TensorId repeated = graph_.operation(shape(m.rope_dim, cells, heads), {rope});
  const TensorId joined = graph_.operation(
      shape(width, cells, heads), {graph_.view(both, shape(m.nope_dim, cells, heads)), repeated});
  const TensorId keys =
      graph_.operation(shape(width, cells, heads), {joined}, Place::fresh, Element::f16);
  const TensorId values = graph_.operation(shape(m.v_dim, cells, heads),
                                           {graph_.view(both, shape(m.v_dim, cells, heads))},
                                           Place::fresh, Element::f16);
  const TensorId query_part = graph_.view(in.queries, shape(m.nope_dim, heads, u_));
  const TensorId queries = graph_.operation(shape(width, heads, u_), {query_part, in.rope_queries});
  const TensorId turned = graph_.view(queries, shape(width, u_, heads));
  const TensorId out = graph_.operation(shape(m.v_dim, heads, u_), {turned, keys, values, mask_});
  return graph_.view(out, shape(m.v_dim * heads, u_));
}

TensorId LlamaBuilder::fork_absorbed(const LatentInputs& in) {
  const llm::Mla& m = llm::stated(a_.mla);
  const std::int64_t heads = a_.layers.front().heads, width = m.kv_rank + m.rope_dim;
  const bool flashed = settings_.flash_attention && settings_.latent != LatentMode::computed;
  const Element element = element_of(settings_.key_type);
  TensorId transposed = cache_;
  if (settings_.latent == LatentMode::transposed && !settings_.flash_attention) {
    const TensorId turned = graph_.view(in.compressed, shape(u_, m.kv_rank));
    graph_.expand(graph_.store(cache_, {turned, cache_}));
  }
  const TensorId latent = graph_.operation(
      shape(width, u_, 1), {graph_.view(in.rope_keys, shape(m.rope_dim, u_)), in.compressed});
  graph_.expand(graph_.store(cache_, {latent, cache_}));
  const TensorId plain = graph_.view(in.queries, shape(m.nope_dim, u_, heads));
  const TensorId absorbed = graph_.operation(shape(m.kv_rank, u_, heads), {weight_, plain});
  const TensorId rope = graph_.view(in.rope_queries, shape(m.rope_dim, u_, heads));
  const TensorId queries = graph_.operation(shape(width, u_, heads), {rope, absorbed});
  if (settings_.latent != LatentMode::transposed) {
    transposed =
        graph_.operation(shape(settings_.cells, m.kv_rank), {cache_}, Place::fresh, element);
  }
  TensorId mixed = kNoTensor;
  if (flashed) {
    const TensorId out =
        graph_.operation(shape(m.kv_rank, heads, u_), {queries, cache_, cache_, mask_});
    mixed = graph_.view(out, shape(m.kv_rank, u_, heads));
  } else {
    mixed = fork_absorbed_scores(queries, transposed);
  }
  const TensorId expanded = graph_.operation(shape(m.v_dim, u_, heads), {weight_, mixed});
  const TensorId heads_first = graph_.operation(shape(m.v_dim, heads, u_),
                                                {graph_.view(expanded, shape(m.v_dim, heads, u_))});
  return graph_.view(heads_first, shape(m.v_dim * heads, u_));
}

TensorId LlamaBuilder::fork_absorbed_scores(TensorId queries, TensorId transposed) {
  const llm::Mla& m = llm::stated(a_.mla);
  const std::int64_t heads = a_.layers.front().heads, cells = settings_.cells;
  const bool prompt = settings_.micro_batch >= kPromptTokens;
  const std::int64_t whole = cells * u_ * heads * 4 / kMiB;
  const std::int64_t limit = settings_.attention_limit;
  if (limit != 0 && limit < whole) {
    return fork_scores_in_parts(queries, transposed, std::min(heads, (whole + limit - 1) / limit));
  }
  const Shape scores = shape(cells, u_, heads);
  TensorId kq = kNoTensor;
  if (prompt) {
    kq = graph_.operation(scores, {cache_, queries});
  } else {
    const TensorId tokens_last = graph_.view(queries, shape(m.kv_rank + m.rope_dim, heads, u_));
    kq = graph_.operation(shape(cells, heads, u_), {cache_, tokens_last});
    kq = graph_.operation(scores, {graph_.view(kq, scores)});
  }
  kq = graph_.operation(scores, {kq, mask_}, Place::of_source);
  if (prompt) return graph_.operation(shape(m.kv_rank, u_, heads), {transposed, kq});
  const TensorId turned = graph_.view(kq, shape(cells, heads, u_));
  const TensorId mixed = graph_.operation(shape(m.kv_rank, heads, u_), {transposed, turned});
  return graph_.view(mixed, shape(m.kv_rank, u_, heads));
}

TensorId LlamaBuilder::fork_scores_in_parts(TensorId queries, TensorId transposed,
                                            std::int64_t parts) {
  const llm::Mla& m = llm::stated(a_.mla);
  const std::int64_t heads = a_.layers.front().heads, cells = settings_.cells;
  const std::int64_t some = (heads + parts - 1) / parts;
  TensorId out = kNoTensor;
  for (std::int64_t first = 0; first < heads; first += some) {
    const std::int64_t count = std::min(some, heads - first);
    const TensorId part = graph_.view(queries, shape(m.kv_rank + m.rope_dim, u_, count));
    TensorId kq = graph_.operation(shape(cells, u_, count), {cache_, part});
    kq = graph_.operation(shape(cells, u_, count), {kq, mask_}, Place::of_source);
    const TensorId mixed = graph_.operation(shape(m.kv_rank, u_, count), {transposed, kq});
    out = out == kNoTensor ? mixed
                           : graph_.operation(shape(m.kv_rank, u_, first + count), {out, mixed});
    graph_.expand(out);
  }
  return out;
}

}  // namespace rigor::estimate
