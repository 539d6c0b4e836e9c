#include <fmt/format.h>

#include <algorithm>

#include "check/memory_kit.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

struct Channels {
  int served = 0, wired = 0;  ///< with a module; that processor and board have
  double per_channel = 0;     ///< B/s
  double die = 0;             ///< B/s that the processor's die takes; 0: all
};

double gigabytes(double rate) {
  return rate / 1e9;
}

Finding of_modules(Facts& facts, const Channels& channels, int modules) {
  const double reached = channels.per_channel * channels.served;
  const double whole = channels.per_channel * channels.wired;
  const std::string now =
      fmt::format("{} module{} {} of {} channels: {:.1f} of {:.1f} GB/s", modules,
                  modules == 1 ? " serves" : "s serve", channels.served, channels.wired,
                  gigabytes(reached), gigabytes(whole));
  const bool all = channels.served == channels.wired;
  const bool even = modules % channels.wired == 0;
  const std::string fix =
      all ? (even ? "" : fmt::format("modules in multiples of {}", channels.wired))
          : fmt::format("{} modules of the same total, one in every channel", channels.wired);
  return facts.measured(all && even ? Severity::ok : Severity::warning,
                        {gigabytes(reached), "GB/s"}, {gigabytes(whole), "GB/s"},
                        gigabytes(reached - whole), now + (all && !even ? ", unevenly filled" : ""),
                        fix);
}

}  // namespace

/// Populated channels against those there are, and the channels against what the die passes on:
/// rate = channels x transfers/s x 8 B.
Findings memory_channels(const Assembly& rig) {
  const Item* processor = rig.first("cpu");
  const Item* board = rig.first("board");
  if (processor == nullptr || board == nullptr || rig.first("memory") == nullptr) return {};
  Facts facts(rig);
  const auto kits = memory_kits(rig, facts);
  const auto own = facts.count(processor, "memory_channels");
  const auto boards = facts.count(board, "memory_channels");
  if (!kits || !own || !boards) return {facts.unknown("which share of the memory's speed is used")};
  constexpr double kBytes = 8;
  Channels channels{.wired = std::min(*own, *boards), .per_channel = kits->slowest * kBytes};
  channels.served = std::min(kits->modules, channels.wired);
  Findings found = {of_modules(facts, channels, kits->modules)};
  if (!Facts::states(processor, "memory_bandwidth_limit")) return found;
  Facts of_die(rig);
  const auto limit = of_die.quantity<BytesPerSecond>(processor, "memory_bandwidth_limit");
  of_die.count(processor, "memory_channels");
  const double most = limit ? limit->in(GB / second) : 0;
  const double rated = gigabytes(channels.per_channel * channels.wired);
  if (most <= 0 || most >= rated) return found;
  found.push_back(of_die.measured(
      Severity::warning, {most, "GB/s"}, {rated, "GB/s"}, most - rated,
      fmt::format("{} passes on {:.1f} GB/s, however many of its {} channels are filled: {:.1f} "
                  "GB/s would come from them",
                  processor->name(), most, *own, rated),
      "count on the lower figure, or take a processor with more core dies"));
  return found;
}

}  // namespace rigor::check
