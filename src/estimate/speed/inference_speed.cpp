#include "estimate/speed/inference_speed.hpp"

#include <algorithm>
#include <cmath>

namespace rigor::estimate {
namespace {

constexpr Flops flop = Flops::from_base(1);

constexpr TimeTerm term_of(Operation operation) {
  return static_cast<TimeTerm>(static_cast<int>(operation));
}

/// Reading and computing overlap, but not perfectly.
Seconds slower(Seconds reading, Seconds computing) {
  return std::hypot(reading.in(second), computing.in(second)) * second;
}

/// Kernels of one layer, as graphs of the engines have them after fusion.
constexpr double kAttentionKernels = 12, kDenseKernels = 5, kExpertKernels = 12, kHeadKernels = 4;

double kernels(const Operations& o, const SpeedStage& stage) {
  const SpeedConstants& k = stage.executor->constants;
  const double recurrent = k[Factor::launch_recurrent] * o.recurrent_kernels;
  const double routed = kExpertKernels * k[Factor::launch_experts] * o.expert_layers;
  const double per_share =
      kAttentionKernels * o.attention_layers + recurrent + kDenseKernels * o.dense_layers;
  return per_share * stage.layers + routed * stage.experts + (stage.has_head ? kHeadKernels : 0.0);
}

double share_of(const SpeedStage& stage, Operation operation) {
  switch (operation) {
    case Operation::experts: return stage.experts;
    case Operation::head: return stage.has_head ? 1.0 : 0.0;
    default: return stage.layers;
  }
}

/// The matrices of one operation in one storage format, on one stage.
struct Block {
  Bytes read;           ///< of weights, by all tokens together
  double unpacked = 0;  ///< elements of those
  double used = 0;      ///< elements one token is multiplied with
  double together = 1;  ///< tokens that meet in one matrix
  Kernel kernel = Kernel::plain;
  bool routed = false;
};

/// Weights once through memory and unpacking.
Seconds read_once(const Executor& e, const Block& block) {
  const SpeedConstants& k = e.constants;
  const double streams =
      k[Factor::stream + block.kernel] * (block.routed ? k[Factor::expert_stream] : 1.0);
  return slower(block.read / (streams * e.bandwidth),
                k[Factor::unpack + block.kernel] * block.unpacked * flop / e.plain);
}

/// Kernels for single tokens: every further token costs a part of the first again.
Seconds multiply_by_vectors(const Executor& e, const Block& block, double tokens) {
  const double again = std::min(1.0, e.constants[Factor::repeat]);
  const double further = block.used * tokens / block.unpacked - 1;
  return (1 + again * further) * read_once(e, block);
}

/// Kernels for many tokens: tiles of weights are unpacked once and multiplied by matrix units.
Seconds multiply_by_tiles(const Executor& e, const Block& block, double tokens) {
  const SpeedConstants& k = e.constants;
  const double computes =
      k[Factor::compute + block.kernel] * (block.routed ? k[Factor::expert_compute] : 1.0);
  const double half = k[Factor::half_tokens] * (block.routed ? k[Factor::half_experts] : 1.0);
  const double saturation = block.together / (block.together + half);
  const FlopsPerSecond rate =
      std::pow(e.peak / e.plain, std::min(1.0, k[Factor::matrix])) * e.plain;
  const Seconds computing = 2.0 * block.used * tokens * flop / (computes * rate);
  return slower(read_once(e, block), computing / saturation);
}

/// Most tokens that kernels for single ones take at once; of routed experts, one.
constexpr double kMostByVectors = 8;

/// A few tokens go through kernels for single ones, more through those for many, which never take
/// less than the most that the others would. `quickest`: a few tokens take whichever is quicker.
Seconds multiply(const SpeedCase& input, const SpeedStage& stage, Operation operation,
                 double tokens, bool quickest) {
  const Operations& o = *input.operations;
  const Matrices& matrices = o.of(operation);
  const double share = share_of(stage, operation) / stage.ways;
  if (share <= 0 || matrices.elements <= 0) return {};
  const bool routed = operation == Operation::experts && o.experts > 0;
  const double read =
      routed ? distinct_experts(o.experts, o.experts_used, tokens) / o.experts : 1.0;
  const double used = routed ? o.experts_used / o.experts : 1.0;
  const Bytes all = matrices.sum();
  Seconds time;
  for (int i = 0; i < kKernels; ++i) {
    const Bytes stored = matrices.stored[static_cast<std::size_t>(i)];
    if (stored <= Bytes{}) continue;
    const double elements = share * matrices.elements * (stored / all);
    const Block block{.read = share * read * stored,
                      .unpacked = read * elements,
                      .used = used * elements,
                      .together = routed ? std::max(1.0, tokens * used) : tokens,
                      .kernel = static_cast<Kernel>(i),
                      .routed = routed};
    const Executor& e = *stage.executor;
    const double most = routed ? 1.0 : kMostByVectors;
    const Seconds vectors = multiply_by_vectors(e, block, std::min(tokens, most));
    if (tokens <= most && !quickest) {
      time += vectors;
      continue;
    }
    const Seconds tiles = multiply_by_tiles(e, block, tokens);
    time += tokens <= most ? std::min(vectors, tiles) : std::max(vectors, tiles);
  }
  return time;
}

/// One token of each of several sequences: an engine that gains nothing by computing them together
/// computes them one after the other.
Seconds multiply_step(const SpeedCase& input, const SpeedStage& stage, Operation operation,
                      double sequences) {
  const Seconds together = multiply(input, stage, operation, sequences, false);
  if (sequences <= 1) return together;
  return std::min(together, sequences * multiply(input, stage, operation, 1, false));
}

Seconds multiply_prompt(const SpeedCase& input, const SpeedStage& stage, Operation operation,
                        double tokens) {
  return multiply(input, stage, operation, tokens, false);
}

Seconds multiply_check(const SpeedCase& input, const SpeedStage& stage, Operation operation,
                       double tokens) {
  const Seconds together = multiply(input, stage, operation, tokens, true);
  return std::min(together, tokens * multiply(input, stage, operation, 1, false));
}

/// Tokens of the cache that a query at `depth` sees.
double seen(const AttentionKind& kind, double depth) {
  return kind.window > 0 ? std::min<double>(kind.window, depth) : depth;
}

Seconds read_cache(const SpeedCase& input, const SpeedStage& stage, double sequences,
                   double depth) {
  const Operations& o = *input.operations;
  Bytes bytes;
  for (int i = 0; i < o.attention_kinds; ++i) {
    const AttentionKind& kind = o.attention[static_cast<std::size_t>(i)];
    const double cell = kind.key_width * input.key_bytes + kind.value_width * input.value_bytes;
    bytes += kind.layers * seen(kind, depth) * cell * byte;
  }
  const Executor& e = *stage.executor;
  return stage.layers / stage.ways * sequences * bytes / (e.constants[Factor::cache] * e.bandwidth);
}

/// States are read once for every sequence and written after each of its tokens, since drafts may
/// be taken back.
Seconds update_states(const Operations& o, const SpeedStage& stage, double sequences, double run) {
  const Executor& e = *stage.executor;
  const Bytes bytes = (1.0 + run) * 4.0 * o.state * byte;
  return stage.layers / stage.ways * sequences * bytes /
         (e.constants[Factor::stream + Kernel::plain] * e.bandwidth);
}

/// A message on its way, without what starts it.
Seconds on_the_way(const SpeedCase& input, const SpeedStage& stage, const SpeedLink& link,
                   Bytes message) {
  const BytesPerSecond stated = link.rate > BytesPerSecond{} ? link.rate : input.link;
  const double reached = link.is_network ? 1.0 : stage.executor->constants[Factor::wire];
  const BytesPerSecond rate = reached * stated;
  return link.delay + (rate > BytesPerSecond{} ? message / rate : Seconds{});
}

/// Two sums over the devices of a stage in every layer.
Seconds sum_over_devices(const SpeedCase& input, const SpeedStage& stage, Bytes message) {
  const double layers = input.operations->layers * stage.layers;
  const Seconds start = stage.executor->constants[Factor::reduce] * second;
  if (input.splits_rows) {
    // Inputs go from the first device to every other and outputs come back, in 32 bits.
    constexpr double kMatrices = 7, kWidths = 22;
    return layers * (stage.ways - 1) *
           (kMatrices * start + kWidths * on_the_way(input, stage, stage.inside, message));
  }
  const double passes = 2.0 * (stage.ways - 1) / stage.ways;
  return 2 * layers * (start + on_the_way(input, stage, stage.inside, passes * message));
}

constexpr TimeTerm term_of(const SpeedLink& link) {
  return link.is_network ? TimeTerm::network : TimeTerm::communication;
}

/// Hidden states to the next device, or sums over all devices. Where stages are cut as well, what
/// goes on to the next one counts between machines only.
void exchange(const SpeedCase& input, const SpeedStage& stage, double tokens, StepTime& time) {
  const Bytes message = 2.0 * tokens * input.operations->hidden * byte;
  if (stage.ways > 1) time[term_of(stage.inside)] += sum_over_devices(input, stage, message);
  if (input.stages == 1 || (stage.ways > 1 && !stage.next.is_network)) return;
  time[term_of(stage.next)] += stage.executor->constants[Factor::hop] * second +
                               on_the_way(input, stage, stage.next, message);
}

using Multiply = Seconds(const SpeedCase&, const SpeedStage&, Operation, double);

void add_matrices(const SpeedCase& input, const SpeedStage& stage, double tokens,
                  Multiply multiplied, StepTime& time) {
  for (int i = 0; i < kOperations; ++i) {
    const auto operation = static_cast<Operation>(i);
    if (operation == Operation::head) continue;
    time[term_of(operation)] += multiplied(input, stage, operation, tokens);
  }
}

Bytes stored_on(const Operations& o, const SpeedStage& stage, double read) {
  Bytes sum;
  for (int i = 0; i < kOperations; ++i) {
    const auto operation = static_cast<Operation>(i);
    const double part = operation == Operation::experts ? read : 1.0;
    sum += share_of(stage, operation) * part * o.of(operation).sum();
  }
  return sum;
}

/// Attention of prompt tokens: every token with all before it.
Seconds attend(const SpeedCase& input, const SpeedStage& stage, double tokens, double depth) {
  const Operations& o = *input.operations;
  double pairs = 0, scores = 0;
  for (int i = 0; i < o.attention_kinds; ++i) {
    const AttentionKind& kind = o.attention[static_cast<std::size_t>(i)];
    const double mean = depth + tokens / 2;
    const double limit = kind.window > 0 ? kind.window : mean;
    pairs += kind.layers * kind.compute * tokens * std::min(mean, limit);
    scores += kind.layers * kind.heads * tokens * mean;
  }
  const Executor& e = *stage.executor;
  Seconds time = 2.0 * pairs * flop / (e.constants[Factor::attention] * e.peak);
  // Written, normalised and read again.
  constexpr double kScoreBytes = 20;
  if (!input.flash_attention)
    time += kScoreBytes * scores * byte / (e.constants[Factor::cache] * e.bandwidth);
  return stage.layers / stage.ways * time;
}

/// Recurrent states of prompt tokens: about four multiply-adds per element and token.
Seconds scan_states(const Operations& o, const SpeedStage& stage, double tokens) {
  if (o.state <= 0) return {};
  const Executor& e = *stage.executor;
  return stage.layers / stage.ways * 8.0 * o.state * tokens * flop /
         (e.constants[Factor::scan] * e.plain);
}

/// One micro-batch through one stage.
StepTime prefill_stage(const SpeedCase& input, const SpeedStage& stage, double tokens) {
  const Operations& o = *input.operations;
  StepTime time;
  if (stage.fetched_over > BytesPerSecond{}) {
    const double read =
        o.experts > 0 ? distinct_experts(o.experts, o.experts_used, tokens) / o.experts : 0.0;
    time[TimeTerm::transfer] = stored_on(o, stage, read) / stage.fetched_over;
  } else {
    add_matrices(input, stage, tokens, multiply_prompt, time);
  }
  time[TimeTerm::launch] = kernels(o, stage) * stage.executor->constants[Factor::launch] * second;
  exchange(input, stage, tokens, time);
  return time;
}

StepTime scaled(StepTime time, double factor) {
  for (Seconds& term : time.terms) term *= factor;
  return time;
}

}  // namespace

std::string_view to_text(TimeTerm term) {
  switch (term) {
    case TimeTerm::attention: return "attention projections";
    case TimeTerm::recurrent: return "state projections";
    case TimeTerm::feed_forward: return "feed-forward";
    case TimeTerm::experts: return "experts";
    case TimeTerm::head: return "output head";
    case TimeTerm::cache: return "attention over the cache";
    case TimeTerm::state: return "recurrent states";
    case TimeTerm::launch: return "kernel launches";
    case TimeTerm::communication: return "between devices";
    case TimeTerm::network: return "between machines";
    case TimeTerm::transfer: return "weights from the host";
    case TimeTerm::step: return "program";
  }
  return {};
}

Seconds StepTime::total() const {
  Seconds sum;
  for (const Seconds term : terms) sum += term;
  return sum;
}

StepTime& StepTime::operator+=(const StepTime& other) {
  for (std::size_t i = 0; i < terms.size(); ++i) terms[i] += other.terms[i];
  return *this;
}

StepTime decode_step(const SpeedCase& input, double sequences, double depth) {
  return verify_step(input, sequences, 1, depth);
}

StepTime verify_step(const SpeedCase& input, double sequences, double run, double depth) {
  const Operations& o = *input.operations;
  const double tokens = sequences * run;
  StepTime time;
  for (int i = 0; i < input.stages; ++i) {
    const SpeedStage& stage = input.stage[static_cast<std::size_t>(i)];
    // Checks of drafts take the kernels that are quicker; constants were fitted with the others.
    const auto multiplied = run > 1 ? multiply_check : multiply_step;
    add_matrices(input, stage, tokens, multiplied, time);
    time[TimeTerm::head] += multiplied(input, stage, Operation::head, tokens);
    time[TimeTerm::cache] += read_cache(input, stage, sequences, depth);
    time[TimeTerm::state] += update_states(o, stage, sequences, run);
    time[TimeTerm::launch] +=
        kernels(o, stage) * stage.executor->constants[Factor::launch] * second;
    exchange(input, stage, tokens, time);
  }
  const SpeedConstants& k = input.stage[0].executor->constants;
  time[TimeTerm::step] = (k[Factor::step] + (sequences - 1) * k[Factor::sequence]) * second;
  return time;
}

StepTime prefill(const SpeedCase& input, double tokens, double depth) {
  const Operations& o = *input.operations;
  const double together = std::min(tokens, input.micro_batch);
  const double batches = tokens / together;
  StepTime time, longest;
  for (int i = 0; i < input.stages; ++i) {
    const SpeedStage& stage = input.stage[static_cast<std::size_t>(i)];
    StepTime own = scaled(prefill_stage(input, stage, together), batches);
    own[TimeTerm::cache] += attend(input, stage, tokens, depth);
    own[TimeTerm::state] += scan_states(o, stage, tokens);
    own[TimeTerm::head] += multiply_prompt(input, stage, Operation::head, 1);
    time += own;
    if (own.total() > longest.total()) longest = own;
  }
  if (input.overlaps && input.stages > 1 && batches > 1) {
    // All stages fill once; from then on the slowest sets the pace.
    const double filling = 1 / batches;
    time = scaled(time, filling);
    time += scaled(longest, 1 - filling);
  }
  time[TimeTerm::step] = input.stage[0].executor->constants[Factor::step] * second;
  return time;
}

Seconds round_time(const SpeedCase& input, const Round& round) {
  Seconds time;
  if (round.prompt > 0) time = round.sequences * prefill(input, round.prompt, 0).total();
  const double depth = round.prompt + round.answer / 2;
  return time + round.answer * decode_step(input, round.sequences, depth).total();
}

}  // namespace rigor::estimate
