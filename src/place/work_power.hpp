// What a machine draws at the wall while it does a workload: the cards as they work on it, the
// others idle, everything else of the rig; energy and money per token and per month. Layer 6.
//
// Formulas: docs/models/50-power-draw.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "estimate/power/sheet.hpp"
#include "place/energy.hpp"

namespace rigor::place {

/// Hours of a month when a site does not say how long the machine is on.
inline constexpr double kHoursPerMonth = 730;

/// One phase of a workload on the whole machine.
struct WorkPhase {
  estimate::Phase phase = estimate::Phase::decode;
  estimate::ActivityPower power = {};
  Ranged rate = {};                   ///< tokens per second
  std::optional<Ranged> joules = {};  ///< at the wall, per token; empty: that is unknown
};

struct WorkPower {
  std::string name;
  std::string missing = {};            ///< why there are no figures; empty when there are
  std::vector<WorkPhase> phases = {};  ///< the one that fills its hours first
  std::optional<double> hours = {};    ///< per month, as stated or by its tokens
  Bytes checkpoint = {};               ///< to be written before power is off; 0: none
  BytesPerSecond drive = {};           ///< at which; 0: unknown
};

/// Requires: an inference question, a placement that fits and has a speed.
WorkPower inference_work(const Question& question, const workload::Placement& placement,
                         const estimate::Calibration& calibration,
                         const estimate::PowerCase& machine);
/// Requires: a fine-tuning question, likewise.
WorkPower training_work(const Question& question, const workload::Placement& placement,
                        const estimate::Calibration& calibration,
                        const estimate::PowerCase& machine);

/// A month of all workloads; what is left of the time the machine is on it waits.
struct PowerMonth {
  double on = kHoursPerMonth;  ///< hours
  double busy = 0, idle = 0;   ///< hours of it
  bool is_too_long = false;    ///< the workloads take more hours than there are
  Range<Joules> energy = {};   ///< at the wall
  Range<Joules> cooling = {};  ///< what removing the heat adds, where the site says how
};
/// Empty when the draw at the wall is unknown. Workloads without hours take none.
std::optional<PowerMonth> power_month(const std::vector<WorkPower>& work,
                                      const estimate::PowerSheet& sheet,
                                      const hardware::Site& site);

/// Does a UPS last until a checkpoint is written and the machine is off?
struct UpsCover {
  const hardware::Ups* ups = nullptr;
  std::string work = {};  ///< the workload that needs most; empty: shutting down alone
  Bytes checkpoint = {};
  Range<Seconds> needed = {}, lasts = {};
  std::string missing = {};                         ///< why there is no answer; empty when there is
  estimate::LoadFit fit = estimate::LoadFit::fits;  ///< `over`: too short even as expected
};
/// Of every UPS: under the workload that needs most; without workloads under training.
std::vector<UpsCover> ups_cover(const std::vector<WorkPower>& work,
                                const estimate::PowerSheet& sheet,
                                const estimate::PowerCase& machine);

}  // namespace rigor::place
