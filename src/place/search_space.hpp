// What a search may vary beside the placement: settings that the user left open. Layer 6.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "place/question.hpp"

namespace rigor::place {

/// A type the KV cache may have, and what it costs.
struct CacheOption {
  std::string name = "as given";  ///< "q8_0", as a setting writes it
  workload::CacheType key = {}, value = {};
  double loss = 0;               ///< perplexity it adds, as a share
  bool loss_is_assumed = false;  ///< no measurement: a rank among the others
};

struct SearchSpace {
  // Serving.
  std::vector<CacheOption> caches;  ///< at least one
  /// Tokens computed together, ascending; what the question has is tried whether it is here or not.
  std::vector<int> computed_tokens;
  /// llama.cpp: layers, or experts, go to the host where devices alone do not hold them.
  bool may_offload_layers = false, may_offload_experts = false;
  // Training.
  std::vector<workload::Checkpointing> checkpointing;  ///< at least one
  int global_batch = 1;     ///< sequences of one optimizer step: every choice keeps it
  int micro_batch = 0;      ///< fixed by the user; 0: open
  int accumulation = 0;     ///< likewise
  bool fewer_cards = true;  ///< may a training run leave devices unused?
};

/// What the workload leaves open. `caches`: types the engine has, best first. The global batch is
/// that of the workload on all of its devices.
SearchSpace search_space(const Question& question, std::span<const CacheOption> caches);

/// Sequences of one optimizer step when the user states neither a batch nor an accumulation: 16,
/// rounded up so that all devices have the same.
int usual_global_batch(const Question& question);
/// Did the user state how many sequences a step has?
bool states_batch(const workload::Workload& workload);

/// Accumulation from a stated global batch, put into the question; what is wrong with it, or empty.
std::string apply_global_batch(Question& question);

/// Tokens that the engine computes together, of a question: llama.cpp -ub, vLLM's batched tokens.
/// 0: the engine's default.
int computed_tokens(const Question& question);
void set_computed_tokens(Question& question, int tokens);

}  // namespace rigor::place
