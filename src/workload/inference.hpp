// Serving a network: how much context, for how many at once, stored how, drafted by whom. Layer 3.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "units/quantity.hpp"

namespace rigor::workload {

/// How cache elements are stored. `quantized` types need a half-precision scratch copy in some
/// engines.
struct CacheType {
  double bytes_per_element = 2.0;  ///< f16 2, q8_0 1.0625, q4_0 0.5625, fp8 1
  bool quantized = false;
  std::string_view name = "f16";  ///< of a table that lives as long as the program
};

/// Who proposes tokens that the network then checks in one step (speculative decoding).
enum class Drafter : std::uint8_t {
  mtp,      ///< the network's own layer that predicts further tokens
  network,  ///< a small network of the same vocabulary
  ngram,    ///< what followed the same words earlier in the text; costs nothing
};
inline constexpr int kDrafters = static_cast<int>(Drafter::ngram) + 1;

/// Probability that a drafted token is accepted when those before it were.
struct Acceptance {
  double low = 0, expected = 0, high = 0;
};

/// What is taken for drafts when nothing is stated; values in catalog/choice/drafting.toml.
struct DraftTable {
  std::array<Acceptance, kDrafters> acceptance = {};
  /// Measured rate over estimated, 5th and 95th percentile, where the acceptance is known.
  double measured_low = 1, measured_high = 1;

  [[nodiscard]] const Acceptance& of(Drafter drafter) const {
    return acceptance[static_cast<std::size_t>(drafter)];
  }
};

struct Inference {
  std::int64_t context = 4096;  ///< tokens one sequence may hold
  int sequences = 1;            ///< held at the same time
  int batch = 0;                ///< tokens submitted together (llama.cpp -b; vLLM
                                ///< max_num_batched_tokens); 0: the engine's default
  int most_sequences = 0;       ///< vLLM max_num_seqs; 0: the engine's default
  int micro_batch = 512;        ///< tokens computed together (llama.cpp -ub)
  bool flash_attention = true;
  CacheType key_type = {};
  CacheType value_type = {};
  int draft_tokens = 0;                   ///< drafted per step; 0: none
  Drafter drafter = Drafter::mtp;         ///< who drafts them
  std::optional<double> acceptance = {};  ///< of a drafted token; empty: the table's
  bool vision = false;                    ///< load the vision tower
  double memory_fraction = 0;  ///< share of a device that a preallocating engine may take (vLLM);
                               ///< 0: the engine's default
  bool cuda_graphs = true;
  int prompt = 0;  ///< longest prompt processed in one pass; 0: the whole context
  int answer = 0;  ///< tokens of an answer; 0: not stated
  int turns = 0;   ///< of a conversation of such prompts and answers; 0: none is described
  bool prefix_cache = true;  ///< turns find the earlier ones in the cache
  /// One cache of `context` tokens that all sequences draw from (llama.cpp --kv-unified), instead
  /// of one for each.
  bool shared_cache = false;
  int machines = 1;             ///< equal rigs that hold one network together
  BytesPerSecond network = {};  ///< line rate between machines; 0: the rig's fastest port

  [[nodiscard]] bool drafts_with(Drafter who) const { return draft_tokens > 0 && drafter == who; }
};

}  // namespace rigor::workload
