#include "report/traffic_text.hpp"

#include <fmt/format.h>

#include "report/fit_text.hpp"
#include "report/speed_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using estimate::StepTerm;
using place::TrainingSpeed;

double share(const TrainingSpeed& speed, StepTerm term) {
  return speed.time[term] / speed.time.total();
}

/// "data: 6.9 kB/s are needed, the Samsung 990 PRO 2TB gives 6.3 GB/s".
std::string data_text(const place::Question& question, const TrainingSpeed& speed) {
  const hardware::Drive& drive = question.host.drive;
  if (drive.name.empty()) return "unknown: the rig states no drive";
  if (drive.read <= BytesPerSecond{}) return "unknown: the drive states no rate";
  const Seconds others = speed.time.total() - speed.time[StepTerm::loading];
  const BytesPerSecond rate = estimate::read_rates(drive).expected;
  const Bytes each_second = speed.time.data / others * second;
  std::string text = fmt::format("{}/s are needed, the {} gives {}", to_text(each_second),
                                 drive.name, to_text(rate));
  if (speed.time[StepTerm::loading] > Seconds{})
    text += fmt::format(": the devices wait {:.0f} % of the time",
                        100 * share(speed, StepTerm::loading));
  return text;
}

std::string checkpoint_text(const place::Question& question, const TrainingSpeed& speed) {
  const int steps = question.workload.finetune.save_every;
  const std::string what = fmt::format("{} every {} step{}", to_text(speed.time.checkpoint), steps,
                                       steps == 1 ? "" : "s");
  const hardware::Drive& drive = question.host.drive;
  if (drive.name.empty()) return what + "; how long is unknown: the rig states no drive";
  if (drive.write <= BytesPerSecond{})
    return what + "; how long is unknown: the drive states no rate";
  const Seconds once = 1.0 * steps * speed.time[StepTerm::saving];
  return fmt::format("{}, {} at a time, {} % of the time", what, to_text(once),
                     figure_text(100 * share(speed, StepTerm::saving)));
}

std::string network_text(const place::Question& question, const TrainingSpeed& speed) {
  const workload::FineTune& f = question.workload.finetune;
  const double gigabits = network_rate(question) / BytesPerSecond::from_base(1.25e8);
  const std::string of = f.network > BytesPerSecond{} || question.host.port.empty()
                             ? ""
                             : " of the " + question.host.port;
  const std::string when =
      f.sync_every > 1 ? fmt::format("every {} steps", f.sync_every) : "every step";
  return fmt::format("each machine sends {} {} over {:g} Gbit/s{}", to_text(speed.time.exchanged),
                     when, gigabits, of);
}

}  // namespace

std::string machines_text(const place::Question& question, const workload::Placement& placement) {
  const bool trains = question.workload.kind == workload::Kind::finetune;
  const int machines = trains ? question.workload.finetune.machines : 1;
  std::string text = placement_text(question, placement);
  return machines > 1 ? text + fmt::format(", on each of {} machines", machines) : text;
}

double epoch_tokens_of(const workload::Workload& workload) {
  const workload::FineTune& f = workload.finetune;
  return workload.samples.value_or(0) * (f.sample_tokens > 0 ? f.sample_tokens : f.sequence);
}

std::string training_traffic_text(const place::Question& question, const TrainingSpeed& speed) {
  const workload::FineTune& f = question.workload.finetune;
  std::string text = "data: " + data_text(question, speed) + "\n";
  if (f.save_every > 0) text += "checkpoints: " + checkpoint_text(question, speed) + "\n";
  if (f.machines > 1) text += "network: " + network_text(question, speed) + "\n";
  const bool writes = speed.time[StepTerm::storage] + speed.time[StepTerm::saving] > Seconds{};
  if (writes && question.host.drive.write_is_burst)
    text +=
        "assumed: the drive writes as its maker says; with its cache full it may be slower "
        "(sustained_write)\n";
  if (f.batching == workload::Batching::padded && f.sample_tokens == 0)
    text += "padding: unknown: sample-tokens is not given\n";
  return text;
}

void training_traffic_json(Json& json, const place::Question& question,
                           const TrainingSpeed& speed) {
  const workload::FineTune& f = question.workload.finetune;
  json.member("machines", f.machines);
  json.member("speed_up_of_machines", speed.tokens.expected / speed.one_machine);
  json.member("communication_share", speed.communication);
  json.member("exchanged_bytes", speed.time.exchanged.in(byte));
  json.member("data_bytes_per_step", speed.time.data.in(byte));
  json.member("checkpoint_bytes", speed.time.checkpoint.in(byte));
  const hardware::Drive& drive = question.host.drive;
  json.key("drive_read_bytes_per_s");
  if (drive.read > BytesPerSecond{}) {
    json.value(estimate::read_rates(drive).expected.in(byte / second));
  } else {
    json.null().member("drive_reason",
                       drive.name.empty() ? "the rig states no drive" : "the drive states no rate");
  }
}

}  // namespace rigor::report
