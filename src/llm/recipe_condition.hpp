// What a recipe's rule may ask about a network and about a tensor's place in it: a small, closed
// vocabulary. Written as text ("more-bits and not falcon"), kept as bits. Layer 2.
//
// n is the number of layers, i the tensor's layer for feed-forward matrices; for value projections
// both count only the layers that have one. Meanings and origin: docs/models/02-quantization.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "llm/architecture.hpp"
#include "llm/tensor.hpp"

namespace rigor::llm {

enum class Condition : std::uint8_t {
  tied,       ///< the file has no output head: the embedding serves as one
  falcon,     ///< GGUF architecture "falcon"
  seventy_b,  ///< what llama.cpp calls 70B: llama, qwen2 or deci with 80 layers and shared KV heads
  gqa_2,      ///< at least two query heads share a key head in the first layer
  gqa_4,      ///< at least four do
  experts_4,  ///< at least four routed experts
  experts_8,  ///< exactly eight
  experts_8_up,     ///< at least eight
  odd_width,        ///< rows are no multiple of 256
  first_sixteenth,  ///< i < n/16
  first_eighth,     ///< i < n/8
  middle,           ///< n/8 <= i < 7n/8
  more_bits,        ///< the first and last eighth, and every third layer between
  first_2,          ///< i < 2
  first_4,          ///< i < 4
};
inline constexpr int kConditions = static_cast<int>(Condition::first_4) + 1;

/// As recipes spell it: "seventy-b", "gqa-4".
std::string_view to_text(Condition condition);

class ConditionSet {
 public:
  [[nodiscard]] constexpr bool contains(Condition c) const { return (bits_ & bit(c)) != 0; }
  [[nodiscard]] constexpr bool covers(ConditionSet other) const {
    return (other.bits_ & ~bits_) == 0;
  }
  [[nodiscard]] constexpr bool overlaps(ConditionSet other) const {
    return (other.bits_ & bits_) != 0;
  }
  constexpr void insert(Condition c) { bits_ |= bit(c); }
  constexpr void insert_if(bool holds, Condition c) { bits_ |= holds ? bit(c) : 0; }
  constexpr ConditionSet& operator|=(ConditionSet other) {
    bits_ |= other.bits_;
    return *this;
  }

 private:
  static_assert(kConditions <= 32);
  static constexpr std::uint32_t bit(Condition c) {
    return std::uint32_t{1} << static_cast<int>(c);
  }
  std::uint32_t bits_ = 0;
};

/// A conjunction; an empty one always holds.
struct When {
  ConditionSet required = {};
  ConditionSet forbidden = {};

  [[nodiscard]] constexpr bool holds(ConditionSet facts) const {
    return facts.covers(required) && !facts.overlaps(forbidden);
  }
};

/// "a and not b"; empty text is the empty conjunction. Errors name the unknown word and what is
/// near it.
Result<When> parse_when(std::string_view text);

/// What is true of a network, prepared once; per tensor it costs a few comparisons.
class RecipeFacts {
 public:
  explicit RecipeFacts(const Architecture& architecture);

  [[nodiscard]] ConditionSet of(const Tensor& tensor) const;
  /// The experts are published as MXFP4 and every GGUF file keeps them so (gpt-oss).
  [[nodiscard]] bool mxfp4_experts() const { return mxfp4_experts_; }

 private:
  /// How many counted layers lie before each layer, and how many there are in all.
  struct Count {
    std::vector<int> before;
    int all = 0;
    [[nodiscard]] int index(int layer) const;
  };
  static Count count_layers(const Architecture& a,
                            bool (*counted)(const Architecture&, const Layer&));

  ConditionSet network_;
  Count values_;
  Count feed_forwards_;
  bool mxfp4_experts_ = false;
};

}  // namespace rigor::llm
