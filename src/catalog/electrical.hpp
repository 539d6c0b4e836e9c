// A rig's catalogue entries made into what it draws, what feeds it and what cools it. Layer 4.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "catalog/entry.hpp"
#include "hardware/electrical.hpp"
#include "hardware/rig.hpp"

namespace rigor::catalog {

/// Lengths of peaks as keys spell them ("peak.10ms").
inline constexpr std::array<std::string_view, hardware::kBuckets> kBucketNames = {"100us", "1ms",
                                                                                  "10ms", "100ms"};

/// Consumers, supplies, UPS, coolers and fans of a rig. Power limits of its [settings] are in it.
/// What no entry states is taken from the habits, or left out; either way it stands in `unknown`
/// by entry and key. Parts of kind "other" are named in `uncounted`. Values were judged when the
/// rig was read, so nothing fails here.
/// Requires: entries in the order of rig.parts.
hardware::Electrical electrical(const hardware::Rig& rig, std::span<const Entry> entries,
                                const hardware::Habits& habits);

/// The points of `[[efficiency]]`, in the order of the entry.
std::vector<hardware::EfficiencyPoint> efficiency_points(const Entry& entry,
                                                         Diagnostics& diagnostics);

}  // namespace rigor::catalog
