#include "catalog/habits.hpp"

#include <array>

#include "catalog/electrical.hpp"
#include "catalog/field_reader.hpp"

namespace rigor::catalog {
namespace {

using hardware::Activity;
using hardware::Habits;

/// Reads ranges that must all be there.
class HabitReader {
 public:
  HabitReader(const Entry& entry, Diagnostics& diagnostics) : reader_(entry, diagnostics) {}

  template <class Q>
  void take(Range<Q>& into, std::string_view key) {
    reader_.require(key);
    into = reader_.range<Q>(key);
  }
  /// Idle, then the same for all work, then 1 at the limit.
  void shares(std::array<Range<double>, hardware::kActivities>& into, const std::string& what) {
    take(into[index(Activity::idle)], "share." + what + "_idle");
    for (const Activity busy : {Activity::decode, Activity::prefill, Activity::training})
      take(into[index(busy)], "share." + what + "_busy");
    into[index(Activity::limit)] = exactly(1.0);
  }

 private:
  FieldReader reader_;
};

void read_watts(HabitReader& from, Habits& habits) {
  from.take(habits.board, "watts.board");
  from.take(habits.registered_module, "watts.registered_module");
  from.take(habits.plain_module, "watts.plain_module");
  from.take(habits.nvme_drive, "watts.nvme_drive");
  from.take(habits.sata_drive, "watts.sata_drive");
  from.take(habits.hard_disk, "watts.hard_disk");
  from.take(habits.network, "watts.network");
  from.take(habits.fan, "watts.fan");
  from.take(habits.pump, "watts.pump");
  from.take(habits.radiator_section, "watts.radiator_section");
}

void read_processor(HabitReader& from, Habits& habits) {
  auto& shares = habits.processor;
  from.take(shares[index(Activity::idle)], "share.cpu_idle");
  from.take(shares[index(Activity::decode)], "share.cpu_decode");
  from.take(shares[index(Activity::prefill)], "share.cpu_prefill");
  from.take(shares[index(Activity::training)], "share.cpu_training");
  shares[index(Activity::limit)] = exactly(1.0);
  from.take(habits.package_over_tdp, "factor.package_over_tdp");
}

void read_supply(HabitReader& from, Habits& habits) {
  from.take(habits.certificate_margin, "share.certificate_margin");
  from.take(habits.power_factor, "share.power_factor");
  from.take(habits.battery_age, "share.battery_age");
  from.take(habits.inverter, "share.inverter");
  from.take(habits.peukert_lead, "factor.peukert_lead");
  from.take(habits.peukert_lithium, "factor.peukert_lithium");
  from.take(habits.shutdown, "time.shutdown");
  for (std::size_t i = 0; i < kBucketNames.size(); ++i)
    from.take(habits.excursion.factor[i], "factor.peak_" + std::string(kBucketNames[i]));
}

void read_heat(HabitReader& from, Habits& habits) {
  Range<double> slowest;
  from.take(habits.case_flow, "share.case_flow");
  from.take(slowest, "share.slowest_fan");
  habits.slowest_fan = slowest.expected;
  from.take(habits.case_rise, "rise.case");
  from.take(habits.wall_conductance, "factor.wall_conductance");
  from.take(habits.leakage, "factor.leakage");
  from.take(habits.noise_open, "factor.noise_open");
  from.take(habits.noise_blower, "factor.noise_blower");
  from.take(habits.noise_supply, "factor.noise_supply");
}

}  // namespace

Result<Habits> habits(const Catalog& catalog) {
  const Result<const Entry*> entry = catalog.entry("choice/draw");
  if (!entry) return tl::unexpected<Error>(entry.error());
  Diagnostics diagnostics;
  HabitReader reader(**entry, diagnostics);
  Habits result;
  read_watts(reader, result);
  read_processor(reader, result);
  reader.shares(result.board_share, "board");
  reader.shares(result.memory, "memory");
  reader.shares(result.drive, "drive");
  read_supply(reader, result);
  read_heat(reader, result);
  for (const Catalog::Row& row : catalog.list("psu-class")) {
    const Result<const Entry*> of_class = catalog.entry(row.id);
    if (!of_class) return tl::unexpected<Error>(of_class.error());
    const auto curve = efficiency_points(**of_class, diagnostics);
    result.classes.emplace_back((*of_class)->name, curve);
    for (const std::string& alias : (*of_class)->aliases) result.classes.emplace_back(alias, curve);
  }
  if (!diagnostics.has_errors()) return result;
  const Diagnostic& first = diagnostics.all().front();
  return fail(ErrorCode::malformed, first.message, to_text(first.where), first.hint);
}

}  // namespace rigor::catalog
