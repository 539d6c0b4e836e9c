#include "apps/cli/workload_arguments.hpp"

#include <fmt/format.h>

#include <deque>

#include "catalog/packed.hpp"

namespace rigor::apps {

using workload::Workload;

std::vector<Option> workload_options(std::vector<Option> own) {
  static std::deque<std::string> names;  // storage of the dashed names; never moves
  for (const workload::Setting& setting : workload::settings()) {
    std::string dashed(setting.name);
    for (char& c : dashed) c = c == '_' ? '-' : c;
    names.push_back(dashed);
    own.push_back({names.back(), setting.value, setting.help});
  }
  return own;
}

Result<Workload> workload_from(const Arguments& arguments) {
  Workload workload;
  workload.model = arguments.positional[1];
  const auto trained = arguments.text("train");
  if (trained) workload.kind = workload::Kind::finetune;
  if (trained && arguments.text("method").value_or(*trained) != *trained)
    return fail(ErrorCode::usage, "--train and --method name different methods", {},
                "--train alone will do");
  const char own = trained ? 'f' : 'i';
  for (const auto& [flag, value] : arguments.values) {
    const workload::Setting* setting = workload::find_setting(flag == "train" ? "method" : flag);
    if (setting == nullptr) continue;
    if (setting->applies_to != 'b' && setting->applies_to != own) {
      return fail(
          ErrorCode::usage,
          fmt::format("--{} is for {} only", flag, own == 'i' ? "fine-tuning" : "inference"), {},
          own == 'i' ? "rigor fit RIG MODEL --train full|lora|qlora fine-tunes"
                     : "leave --train out to serve");
    }
    const std::string problem = setting->apply(workload, value);
    if (!problem.empty()) return fail(ErrorCode::usage, problem, "--" + flag);
  }
  return workload;
}

Result<estimate::Calibration> fitted() {
  Result<estimate::Calibration> speed = estimate::Calibration::parse(catalog::packed_calibration());
  if (!speed) return speed;
  const auto power = estimate::PowerCalibration::parse(catalog::packed_power_calibration());
  if (!power) return tl::unexpected<Error>(power.error());
  speed->set_power(*power);
  return speed;
}

}  // namespace rigor::apps
