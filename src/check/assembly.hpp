// A rig as the rules see it: its parts with their catalogue entries, the lanes they get, and what
// its work asks for. Layer 6.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/entry.hpp"
#include "catalog/lane_users.hpp"
#include "estimate/power/sheet.hpp"
#include "hardware/lanes.hpp"
#include "hardware/rig.hpp"

namespace rigor::check {

/// A line of the parts list.
struct Item {
  const hardware::PlacedPart* placed = nullptr;
  const catalog::Entry* entry = nullptr;
  std::size_t index = 0;  ///< among the rig's parts

  [[nodiscard]] const std::string& name() const { return placed->name; }
  [[nodiscard]] int count() const { return placed->count; }
};

/// What a task of the work file asks of host and drive.
struct Demand {
  std::string workload = {};
  std::string model = {};            ///< network and quantization, to count a file once
  bool fits = true;                  ///< it finds room on this rig at all
  Bytes host_high = {};              ///< high end of `host`
  Bytes model_file = {};             ///< largest file that is loaded; 0: none
  Bytes host = {};                   ///< memory of the host while it runs, as estimated; 0: none
  Bytes on_drive = {};               ///< models, samples and checkpoints that lie there
  BytesPerSecond samples_rate = {};  ///< read without pause while it trains; 0: not
};

/// What rules know beside the parts. All must outlive the assembly.
struct Knowledge {
  const catalog::Entry* limits = nullptr;    ///< choice/limits
  const hardware::Habits* habits = nullptr;  ///< choice/draw
  const estimate::PowerCalibration* power = nullptr;
};

/// Points into the rig, the entries it was made from, and itself.
struct Assembly {
  Assembly() = default;
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  const hardware::Rig* rig = nullptr;
  std::vector<Item> items = {};
  catalog::LaneUsers plugged = {};
  hardware::LaneGraph graph = {};   ///< no groups: the board's lanes are not known
  hardware::LaneReport lanes = {};  ///< in the order of `plugged`; empty without a graph
  hardware::Electrical electrical = {};
  estimate::PowerSheet sheet = {};  ///< points into `electrical`
  const catalog::Entry* limits = nullptr;
  const hardware::Habits* habits = nullptr;
  std::vector<Diagnostic> wrong_places = {};  ///< of the rig file; its parts then sit nowhere
  std::vector<Demand> demands = {};           ///< of the work file, if there is one

  [[nodiscard]] std::vector<const Item*> all(std::string_view kind) const;
  /// The first of its kind; null when the rig lists none.
  [[nodiscard]] const Item* first(std::string_view kind) const;
  /// A machine as sold (Mac Studio, DGX Spark): rules about separate parts do not apply.
  [[nodiscard]] bool is_whole_machine() const { return first("system") != nullptr; }
};

/// Requires: `entries` match `rig.parts`, and all arguments outlive the result.
std::unique_ptr<const Assembly> assemble(const hardware::Rig& rig,
                                         std::span<const catalog::Entry> entries,
                                         const Knowledge& knowledge,
                                         std::vector<Demand> demands = {},
                                         std::vector<Diagnostic> wrong_places = {});

}  // namespace rigor::check
