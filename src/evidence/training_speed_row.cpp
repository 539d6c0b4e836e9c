// Rows of training speed: how much of a step's work they state, in which unit.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "estimate/speed/training_speed.hpp"
#include "evidence/memory_row.hpp"
#include "evidence/speed_row.hpp"
#include "evidence/training_setup.hpp"

namespace rigor::evidence {
namespace {

enum class Unit { tokens, tokens_per_device, samples, step, utilisation, tflops };

struct UnitName {
  std::string_view column;
  Unit unit;
};
constexpr std::array kUnits = {
    UnitName{"tokens_per_s", Unit::tokens},
    UnitName{"tokens_per_s_per_gpu", Unit::tokens_per_device},
    UnitName{"samples_per_s", Unit::samples},
    UnitName{"step_s", Unit::step},
    UnitName{"mfu", Unit::utilisation},
    UnitName{"tflops_per_gpu", Unit::tflops},
};

const UnitName* unit_of(const Row& row) {
  const auto found = std::find_if(kUnits.begin(), kUnits.end(),
                                  [&](const UnitName& u) { return u.column == row["metric"]; });
  return found == kUnits.end() ? nullptr : &*found;
}

struct TrainingSpeedRow : TimedRow {
  Unit unit = Unit::tokens;
  TrainingSetup setup;
  hardware::Accelerator device;
  hardware::Host host;
  estimate::TrainingRig rig;
  double sample = 0;  ///< mean tokens of a sample

  [[nodiscard]] double predict(const estimate::SpeedConstants& constants) const override {
    estimate::TrainingRig calibrated = rig;
    calibrated.device.constants = calibrated.host.constants = constants;
    return figure(step(calibrated));
  }
  [[nodiscard]] std::string_view quantity() const override { return "training"; }
  [[nodiscard]] double thumb() const override {
    const double rate =
        rig.device.peak / (6.0 * setup.network->elements() * Flops::from_base(1)) * second;
    if (unit == Unit::tokens) return setup.devices * rate;
    return unit == Unit::tokens_per_device ? rate : 0.0;
  }
  [[nodiscard]] std::string impossible() const override;

  [[nodiscard]] estimate::TrainingTime step(const estimate::TrainingRig& with) const {
    const estimate::FineTuneCase input{*setup.network,  setup.engine,          setup.finetune,
                                       setup.placement, std::span(&device, 1), host};
    return estimate::training_step(input, with);
  }
  [[nodiscard]] double figure(const estimate::TrainingTime& time) const {
    const double devices = setup.devices;
    const double rate = time.tokens_per_s();
    switch (unit) {
      case Unit::tokens: return time.useful * rate;
      case Unit::tokens_per_device: return time.useful * rate / devices;
      case Unit::samples: return time.useful * rate / sample / setup.sequences;
      case Unit::step: return time.total().in(second);
      case Unit::utilisation:
        return rate * time.flop_per_token /
               (devices * rig.device.peak.in(Flops::from_base(1) / second));
      case Unit::tflops: return rate * time.flop_per_token / devices / 1e12;
    }
    return 0;
  }
};

std::string TrainingSpeedRow::impossible() const {
  estimate::TrainingRig ideal = rig;
  ideal.device.constants.value.fill(1.0);
  for (const estimate::Factor f : {estimate::Factor::train_half, estimate::Factor::train_launch,
                                   estimate::Factor::train_exposed}) {
    ideal.device.constants[f] = 0;
  }
  ideal.host.constants = ideal.device.constants;
  if (unit == Unit::step) return {};
  constexpr double kLowerPrecision = 2.1;  // FP8 where a row does not say so
  const double most = kLowerPrecision * figure(step(ideal));
  if (measured <= most) return {};
  return fmt::format("{:.4g} is more than the device's rate allows ({:.4g})", measured, most);
}

/// Cards exchange through this, one way.
BytesPerSecond link_of(const Row& row, const hardware::Accelerator& device) {
  const std::string words = lower(row["interconnect"]);
  const bool bridged = words.find("nvlink") != words.npos && words.find("no nvlink") == words.npos;
  return estimate::peer_bandwidth(device, bridged);
}

/// "llm-foundry/composer (fsdp…)" -> "llm-foundry".
std::string program_of(std::string_view framework) {
  std::string word = lower(framework);
  const std::size_t end = word.find_first_of(" /(,+");
  if (end != word.npos) word.resize(end);
  return word;
}

/// How long samples are, where the row says so: `sample_tokens` is their mean before they are cut
/// at the sequence. Such rows count tokens without padding.
void read_lengths(const Row& row, TrainingSpeedRow& out) {
  workload::FineTune& task = out.setup.finetune;
  out.sample = static_cast<double>(task.sequence);
  const auto mean = number_after(row["notes"], "sample_tokens=");
  if (!mean || *mean <= 0) return;
  out.sample = *mean * -std::expm1(-out.sample / *mean);
  task.sample_tokens = static_cast<int>(std::lround(out.sample));
  task.batching = workload::Batching::padded;
}

std::string read(const Row& row, Library& library, TrainingSpeedRow& out) {
  out.setup = training_setup(row, library);
  const TrainingSetup& setup = out.setup;
  if (std::string reason = training_refusal(row, setup); !reason.empty()) return reason;
  const hardware::Accelerator* device = library.device(row["device_id"]);
  if (device == nullptr) return fmt::format("the catalogue has no device \"{}\"", row["device_id"]);
  out.device = *device;
  out.rig.device = estimate::executor_of(*device, {}, false);
  if (out.rig.device.peak <= FlopsPerSecond{}) return "the device's rate is unknown";
  if (out.rig.device.bandwidth <= BytesPerSecond{}) return "the device's bandwidth is unknown";
  constexpr int kMost = 16;
  if (setup.devices > kMost) return "more than 16 devices";
  if (setup.finetune.micro_batch <= 0) return "the micro-batch is not stated";
  if (out.unit == Unit::samples && row["seq_len"].empty())
    return "how long samples are is not stated";
  read_lengths(row, out);
  out.devices_used = setup.devices;
  out.rig.link = link_of(row, *device);
  out.rig.host_link = estimate::slot_bandwidth(*device);
  out.rig.host.bandwidth = BytesPerSecond::from_base(2e11);  // a server of eight channels
  out.network = setup.network;
  out.scope.engine = estimate::engine_name(setup.engine);
  out.scope.backend = "train";
  out.scope.program = program_of(row["framework"]);
  out.scope.family = estimate::family_of(*device);
  out.scope.device = device->id;
  out.measured = row.number("value");
  if (out.unit == Unit::utilisation && out.measured > 1) out.measured /= 100;
  if (out.measured <= 0) return "the figure is not positive";
  return {};
}

}  // namespace

bool is_training_speed_row(const Row& row) {
  return unit_of(row) != nullptr && !row["framework"].empty();
}

ReadTimedRow read_training_speed_row(const Row& row, Library& library) {
  auto out = std::make_unique<TrainingSpeedRow>();
  out->row = &row;
  out->unit = unit_of(row)->unit;
  std::string reason = read(row, library, *out);
  if (!reason.empty()) return {nullptr, std::move(reason)};
  return {std::move(out), {}};
}

}  // namespace rigor::evidence
