#include "estimate/memory/llama_pool.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "estimate/memory/inference_shard.hpp"

namespace rigor::estimate {
namespace {

using workload::Backend;
using workload::Constant;

constexpr double kHalf = 2.0, kFloat = 4.0;
/// Prompts below this are multiplied without expanding the matrices.
constexpr double kFewestTokens = 64;

/// ggml's legacy pool: a request takes the smallest free block that holds it, else a new block a
/// little larger. Requests are given back in groups.
class Pool {
 public:
  void take(double bytes) {
    if (bytes <= 0) return;
    int best = -1;
    for (int i = 0; i < count_; ++i) {
      if (!used_[slot(i)] && blocks_[slot(i)] >= bytes &&
          (best < 0 || blocks_[slot(i)] < blocks_[slot(best)])) {
        best = i;
      }
    }
    if (best < 0) best = grow(bytes);
    if (best >= 0) used_[slot(best)] = true;
  }
  void give_back() { used_.fill(false); }
  [[nodiscard]] double total() const { return total_; }
  [[nodiscard]] double largest() const {
    return *std::max_element(blocks_.begin(), blocks_.begin() + count_);
  }
  static double block_for(double bytes) {
    constexpr double kLookAhead = 1.05, kBlock = 256;
    return std::ceil(bytes * kLookAhead / kBlock) * kBlock;
  }

 private:
  static std::size_t slot(int i) { return static_cast<std::size_t>(i); }
  int grow(double bytes) {
    total_ += block_for(bytes);
    if (count_ == static_cast<int>(blocks_.size())) return -1;
    blocks_[slot(count_)] = block_for(bytes);
    return count_++;
  }

  std::array<double, 24> blocks_ = {};
  std::array<bool, 24> used_ = {};
  int count_ = 0;
  double total_ = 0;
};

/// Expanded matrix, its input and its output.
void multiply(Pool& pool, double columns, double rows, double tokens) {
  pool.take(kHalf * columns * rows);
  pool.take(kHalf * tokens * columns);
  pool.take(kHalf * tokens * rows);
  pool.give_back();
}

void route(Pool& pool, const PoolWidths& w, double tokens) {
  const double rows = tokens * w.used;
  const double share = std::max(1.0, std::floor(w.experts / 4.0));
  pool.take(kFloat * rows * w.hidden);
  pool.take(kFloat * rows * w.expert);
  pool.take(kHalf * w.hidden * w.expert);
  pool.take(std::floor(kHalf * rows * std::max(w.hidden, w.expert) / share));
  pool.give_back();
  if (!w.quantized) return;
  pool.take(kHalf * w.hidden * w.shared);
  pool.give_back();
}

void feed_forward(Pool& pool, const PoolWidths& w, double tokens) {
  if (w.experts > 0) {
    route(pool, w, tokens);
  } else if (w.quantized) {
    multiply(pool, w.hidden, w.dense, tokens);
  }
}

PoolWidths pool_widths(const LlamaRun& run) {
  const llm::Architecture& a = run.input.network.architecture;
  PoolWidths widths{.hidden = static_cast<double>(a.hidden),
                    .queries = run.facts.queries,
                    .heads = static_cast<double>(run.facts.heads),
                    .dense = run.facts.dense,
                    .quantized = run.facts.quantized};
  if (!a.experts) return widths;
  widths.expert = a.experts->width;
  widths.used = a.experts->used;
  widths.experts = a.experts->count;
  widths.shared = a.experts->shared_width;
  return widths;
}

/// Scores as F16 grow with every step; a block that has become too small is never given back.
double later_scores(const PoolWidths& w, double tokens, double prompt, double largest) {
  constexpr double kBlock = 32;
  const double all = std::ceil(prompt / kBlock) * kBlock;
  const double steps = std::ceil(prompt / tokens);
  double sum = 0;
  for (double step = 2; step <= steps; ++step) {
    const double cells = std::min(step * tokens, all);
    const double rows = std::min(tokens, prompt - (step - 1) * tokens);  // the last step is shorter
    const double request = kHalf * cells * rows * w.heads;
    if (request <= largest) {
      step = std::max(step, std::floor(largest / (kHalf * tokens * tokens * w.heads)) - 1);
      continue;
    }
    largest = Pool::block_for(request);
    sum += largest;
  }
  return sum;
}

}  // namespace

Bytes rocm_pool(const PoolWidths& w, double prompt, double step, bool flash_attention) {
  if (prompt < kFewestTokens) return {};
  const double tokens = std::min(prompt, step);
  Pool pool;
  if (w.quantized) multiply(pool, w.hidden, w.queries, tokens);
  constexpr double kBlock = 32;
  const double cells = std::min(tokens, std::ceil(prompt / kBlock) * kBlock);
  pool.take(flash_attention ? kFloat * tokens * w.queries : kHalf * cells * tokens * w.heads);
  pool.give_back();
  feed_forward(pool, w, tokens);
  const double later = flash_attention ? 0 : later_scores(w, tokens, prompt, pool.largest());
  return (pool.total() + later) * byte;
}

Bytes cuda_pool(const PoolWidths& w, double prompt, double step, bool flash_attention) {
  constexpr double kQuantizedInput = 1.125;  // bytes per element of q8_1
  const double tokens = std::min(prompt, step);
  const double input =
      tokens * std::max({w.dense, w.queries, w.used * w.hidden, w.used * w.expert});
  const double scores = kHalf * prompt * tokens * w.heads;
  const double attention = flash_attention ? kFloat * tokens * w.queries : scores;
  const double multiplied = (w.quantized ? kQuantizedInput : kHalf) * input;
  return std::max(multiplied, attention) * byte;
}

Bytes prompt_pool(const LlamaRun& run) {
  const InferenceCase& input = run.input;
  const auto prompt = static_cast<double>(longest_prompt(input.inference));
  const bool flash = input.inference.flash_attention;
  if (input.backend == Backend::cuda) return cuda_pool(pool_widths(run), prompt, run.tokens, flash);
  if (input.backend != Backend::rocm || prompt < kFewestTokens) return {};
  return rocm_pool(pool_widths(run), prompt, run.tokens, flash) +
         input.engine.bytes(Constant::pool_workspace);
}

}  // namespace rigor::estimate
