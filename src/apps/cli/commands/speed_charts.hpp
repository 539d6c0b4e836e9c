// The pictures of `rigor speed --svg`. Layer 11.
#pragma once

#include "apps/cli/command.hpp"
#include "apps/cli/session.hpp"
#include "estimate/speed/calibration.hpp"
#include "place/rank.hpp"

namespace rigor::apps {

/// Writes FILE of --svg: of inference the roofline, with the rows of --evidence on it; of training
/// the speed over the number of devices, which inference on several devices gets as
/// FILE-scaling.svg. Does nothing without --svg. Returns what was written, for stderr.
Result<std::string> write_speed_charts(const Arguments& arguments, const place::Question& question,
                                       const place::Candidate& taken,
                                       const estimate::Calibration& calibration, Session& session);

}  // namespace rigor::apps
