// How fast a card works under a power limit, and what it draws. Limits and draws are shares of the
// card's default limit. A limit takes clock from the cores; memory keeps its own. A phase loses
// what its cores lose, weighted with how much it waits for them. Layer 5.
//
// Derivation, sources and errors: docs/models/33-power-limit.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rigor::estimate {

/// What a card does. `stress` is matrix products without pause (burn-in, diffusion): the most a
/// card can be made to draw.
enum class Phase : std::uint8_t { decode, output, prefill, training, stress };
inline constexpr int kPhases = static_cast<int>(Phase::stress) + 1;
/// "decode" (one stream), "output" (many streams), "prefill", "training", "stress".
std::string_view to_text(Phase phase);
std::optional<Phase> parse_phase(std::string_view name);

/// One phase on one family of cards. Shares lie in (0, 1].
struct PowerCurve {
  double fixed = 0.33;  ///< share of the default limit that does not follow the clock
  double knee = 0.8;    ///< clock below which the voltage falls no further
  double core = 0.7;   ///< how much the phase waits for its cores: 0 not at all, 1 for nothing else
  double bite = 0.95;  ///< limit from which on clocks fall
  double draw = 0.9;   ///< share of the default limit drawn when nothing binds
  double lowest = 0.3;  ///< smallest limit that was measured
};

/// The slowest clock of a card, as a share of the one it reaches undisturbed.
inline constexpr double kLeastClock = 0.1;

/// Clock at a limit, as a share of the one without: dynamic power grows with the cube of the clock
/// down to the knee, in proportion below it. Never falls when the limit rises. No allocation.
double clock_share(const PowerCurve& curve, double limit);

/// Rate at a limit over the rate at the default limit; 1 for limits of 1 and more. Never falls when
/// the limit rises. Requires: limit > 0.
double rate_share(const PowerCurve& curve, double limit);

/// Everything about one family of cards.
struct PowerConstants {
  std::array<PowerCurve, kPhases> curve = {};
  double idle = 0.08;  ///< share of the default limit drawn by a card that waits

  [[nodiscard]] const PowerCurve& operator[](Phase phase) const {
    return curve[static_cast<std::size_t>(phase)];
  }
  PowerCurve& operator[](Phase phase) { return curve[static_cast<std::size_t>(phase)]; }
};

/// As above; generating falls no more than prompts do, which have the greater need of the cores.
double rate_share(const PowerConstants& constants, Phase phase, double limit);

/// Share of the default limit that a busy card draws under a limit.
double draw_share(const PowerConstants& constants, Phase phase, double limit);

}  // namespace rigor::estimate
