#include "catalog/electrical.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"
#include "base/text.hpp"
#include "catalog/field_reader.hpp"

namespace rigor::catalog {
namespace {

using hardware::Activity;
using hardware::Component;
using hardware::Consumer;
using hardware::Electrical;
using hardware::Habits;
using hardware::PlacedPart;
using Shares = std::array<Range<double>, hardware::kActivities>;

/// "5 to 8 W"; "7 W" where the ends are one.
std::string range_text(const Range<Watts>& range) {
  const double low = range.low.in(watt), high = range.high.in(watt);
  return low == high ? fmt::format("{:g} W", low) : fmt::format("{:g} to {:g} W", low, high);
}

/// Draws of every activity: shares of what the part draws at its most.
std::array<Range<Watts>, hardware::kActivities> shared(const Range<Watts>& most,
                                                       const Shares& shares) {
  std::array<Range<Watts>, hardware::kActivities> draw;
  for (std::size_t i = 0; i < draw.size(); ++i) {
    draw[i] = {shares[i].low * most.low, shares[i].expected * most.expected,
               shares[i].high * most.high};
  }
  return draw;
}

/// Sockets whose processors keep to their TDP: those of registered memory.
bool keeps_to_tdp(FieldReader& reader) {
  return reader.flag("registered") || reader.text("socket").starts_with("SP") ||
         reader.text("socket").starts_with("sTR") || reader.text("socket").starts_with("sWRX");
}

/// Reads a rig part by part.
class Maker {
 public:
  Maker(const hardware::Rig& rig, const Habits& habits) : rig_(rig), habits_(habits) {}
  void take(std::size_t place, const Entry& entry);
  Electrical finished() { return std::move(result_); }

 private:
  void card(Consumer& consumer);
  void whole_machine(Consumer& consumer);
  void processor(Consumer& consumer);
  void memory(Consumer& consumer);
  void drive(Consumer& consumer);
  void cooler(Consumer& consumer);
  void fan(Consumer& consumer);
  void supply();
  void ups();
  Range<Watts> stated_or(std::string_view key, const Range<Watts>& habit);
  void unknown(std::string_view key, std::string instead);
  Consumer& add(Component component);
  std::vector<hardware::EfficiencyPoint> curve(Range<double>& margin);

  const hardware::Rig& rig_;
  const Habits& habits_;
  Electrical result_;
  Diagnostics ignored_;  // values were judged when the rig was read
  int accelerators_ = 0;
  std::size_t place_ = 0;  // of the part at hand
  const PlacedPart* part_ = nullptr;
  const Entry* entry_ = nullptr;
  FieldReader* reader_ = nullptr;
};

void Maker::unknown(std::string_view key, std::string instead) {
  result_.unknown.push_back({part_->name, entry_->id, std::string(key), std::move(instead)});
}

Range<Watts> Maker::stated_or(std::string_view key, const Range<Watts>& habit) {
  if (reader_->has(key)) return reader_->range<Watts>(key);
  unknown(key, range_text(habit));
  return habit;
}

Consumer& Maker::add(Component component) {
  Consumer consumer;
  consumer.name = part_->name;
  consumer.id = entry_->id;
  consumer.component = component;
  consumer.count = part_->count;
  return result_.consumers.emplace_back(std::move(consumer));
}

hardware::Cooling cooling_of(const std::string& name) {
  if (name == "open") return hardware::Cooling::open;
  if (name == "blower") return hardware::Cooling::blower;
  if (name == "passive") return hardware::Cooling::passive;
  if (name == "liquid") return hardware::Cooling::liquid;
  return hardware::Cooling::unknown;
}

void Maker::card(Consumer& consumer) {
  consumer.accelerator = accelerators_;
  consumer.board_power = reader_->quantity<Watts>("board_power");
  const Watts limit =
      std::min(consumer.board_power, rig_.settings.gpu_power_limit.value_or(consumer.board_power));
  consumer.draw[index(Activity::limit)] = exactly(limit);
  consumer.idle_is_known = reader_->has("idle_power");
  consumer.draw[index(Activity::idle)] = reader_->range<Watts>("idle_power");
  consumer.cooling = cooling_of(reader_->text("cooling"));
  bool assumed = false;
  for (std::size_t i = 0; i < kBucketNames.size(); ++i) {
    const std::string key = "peak." + std::string(kBucketNames[i]);
    consumer.excursion.factor[i] = reader_->range<double>(key, habits_.excursion.factor[i]);
    assumed = assumed || !reader_->has(key);
  }
  consumer.excursion.is_assumed = assumed;
  if (assumed) unknown("peak", "the habit of cards");
  const bool silent = consumer.cooling == hardware::Cooling::passive ||
                      consumer.cooling == hardware::Cooling::liquid;
  if (reader_->has("max_noise")) {
    consumer.noise = exactly(*parse_sound_level(reader_->text("max_noise")));
  } else if (!silent) {
    const bool blows = consumer.cooling == hardware::Cooling::blower;
    consumer.noise = blows ? habits_.noise_blower : habits_.noise_open;
    unknown("max_noise",
            fmt::format("{:g} to {:g} dB(A)", consumer.noise.low, consumer.noise.high));
  }
}

void Maker::whole_machine(Consumer& consumer) {
  consumer.accelerator = accelerators_;
  result_.has_built_in_supply = true;
  if (!reader_->has("power")) return unknown("power", "");
  const Range<Watts> most = exactly(reader_->quantity<Watts>("power"));
  Shares shares;
  shares.fill({0.3, 0.6, 1});
  shares[index(Activity::idle)] = habits_.processor[index(Activity::idle)];
  shares[index(Activity::limit)] = exactly(1.0);
  consumer.draw = shared(most, shares);
  consumer.board_power = most.expected;
  unknown("power while working", "30 to 100 % of its power");
}

void Maker::processor(Consumer& consumer) {
  Range<Watts> most;
  const Watts tdp = reader_->quantity<Watts>("tdp");
  if (rig_.settings.cpu_power_limit) {
    most = exactly(*rig_.settings.cpu_power_limit);
  } else if (reader_->has("package_power")) {
    most = exactly(reader_->quantity<Watts>("package_power"));
  } else {
    consumer.limit_is_assumed = true;
    const Range<double>& over = habits_.package_over_tdp;
    most = keeps_to_tdp(*reader_)
               ? exactly(tdp)
               : Range<Watts>{over.low * tdp, over.expected * tdp, over.high * tdp};
    unknown("package_power", range_text(most));
  }
  consumer.draw = shared(most, habits_.processor);
}

void Maker::memory(Consumer& consumer) {
  const bool registered = reader_->text("module_kind").find("RDIMM") != std::string::npos;
  consumer.count *= static_cast<int>(reader_->count("modules", 1));
  const Range<Watts> most =
      stated_or("module_power", registered ? habits_.registered_module : habits_.plain_module);
  consumer.draw = shared(most, habits_.memory);
}

void Maker::drive(Consumer& consumer) {
  const Range<Watts>& habit = reader_->text("media") == "hdd"        ? habits_.hard_disk
                              : reader_->text("interface") == "sata" ? habits_.sata_drive
                                                                     : habits_.nvme_drive;
  const Range<Watts> most = stated_or("active_power", habit);
  consumer.draw = shared(most, habits_.drive);
  if (reader_->has("idle_power"))
    consumer.draw[index(Activity::idle)] = reader_->range<Watts>("idle_power");
}

void Maker::cooler(Consumer& consumer) {
  hardware::Cooler cooler;
  cooler.name = part_->name;
  cooler.id = entry_->id;
  cooler.part = place_;
  cooler.is_liquid = reader_->text("kind") == "aio";
  cooler.rated = reader_->quantity<Watts>("rated_power");
  cooler.radiator = reader_->quantity<Metres>("radiator");
  cooler.fan_size = reader_->quantity<Metres>("fan_size");
  cooler.fans = static_cast<int>(reader_->count("fans"));
  cooler.max_speed = reader_->quantity<Hertz>("max_speed");
  if (reader_->has("max_noise")) cooler.max_noise = *parse_sound_level(reader_->text("max_noise"));
  const bool has_radiator = cooler.radiator > Metres{} && cooler.fan_size > Metres{};
  if (cooler.rated <= Watts{} && !has_radiator) unknown("rated_power", "");
  if (!cooler.max_noise) unknown("max_noise", "");
  Range<Watts> most = std::max(1, cooler.fans) * habits_.fan;
  if (cooler.is_liquid) most += habits_.pump;
  consumer.component = cooler.is_liquid ? Component::pump : Component::fan;
  consumer.draw = shared(most, habits_.board_share);
  result_.coolers.push_back(std::move(cooler));
}

void Maker::fan(Consumer& consumer) {
  hardware::Fan fan;
  fan.name = part_->name;
  fan.id = entry_->id;
  fan.count = part_->count;
  fan.size = reader_->quantity<Metres>("size");
  fan.max_speed = reader_->quantity<Hertz>("max_speed");
  fan.airflow = reader_->quantity<AirFlow>("airflow");
  if (reader_->has("max_noise")) fan.max_noise = *parse_sound_level(reader_->text("max_noise"));
  if (fan.airflow <= AirFlow{}) unknown("airflow", "");
  if (!fan.max_noise) unknown("max_noise", "");
  consumer.draw = shared(stated_or("power", habits_.fan), habits_.board_share);
  result_.fans.push_back(std::move(fan));
}

/// Points of the entry, else those of the class it names; empty when neither is known.
std::vector<hardware::EfficiencyPoint> Maker::curve(Range<double>& margin) {
  std::vector<hardware::EfficiencyPoint> points = efficiency_points(*entry_, ignored_);
  if (!points.empty()) return points;
  for (const char* key : {"efficiency_class", "rating"}) {
    const std::string wanted = join(words(reader_->text(key)), " ");
    for (const auto& [name, curve] : habits_.classes) {
      if (wanted.empty() || join(words(name), " ") != wanted) continue;
      margin = habits_.certificate_margin;
      return curve;
    }
  }
  unknown("efficiency", "");
  return {};
}

void Maker::supply() {
  hardware::Supply supply;
  supply.name = part_->name;
  supply.id = entry_->id;
  supply.part = place_;
  supply.count = part_->count;
  supply.power = reader_->quantity<Watts>("power");
  supply.low_line = reader_->quantity<Watts>("power_low_line");
  supply.curve = curve(supply.margin);
  supply.atx_version = parse_number(reader_->text("atx_version")).value_or(0);
  supply.has_16pin = reader_->count("pcie_16pin") > 0;
  supply.is_server = reader_->text("form_factor") == "server";
  supply.excursion_power = reader_->quantity<Watts>("excursion_power");
  if (supply.power <= Watts{}) return unknown("power", "");
  if (!supply.is_server && supply.atx_version <= 0)
    unknown("atx_version", "no allowance for peaks beyond its rating");
  result_.supplies.push_back(std::move(supply));
}

void Maker::ups() {
  hardware::Ups ups;
  ups.name = part_->name;
  ups.id = entry_->id;
  ups.part = place_;
  ups.apparent_power = reader_->quantity<Watts>("apparent_power");
  ups.power = reader_->quantity<Watts>("power");
  ups.battery = reader_->quantity<Joules>("battery_energy");
  ups.is_lithium = reader_->text("battery") == "lithium";
  for (int i = 0;; ++i) {
    const std::string at = fmt::format("runtime[{}].", i);
    if (!reader_->has(at + "load") || !reader_->has(at + "time")) break;
    ups.runtime.push_back(
        {reader_->quantity<Watts>(at + "load"), reader_->quantity<Seconds>(at + "time")});
  }
  std::sort(ups.runtime.begin(), ups.runtime.end(),
            [](const auto& a, const auto& b) { return a.load < b.load; });
  const auto same = [](const auto& a, const auto& b) { return a.load == b.load; };
  ups.runtime.erase(std::unique(ups.runtime.begin(), ups.runtime.end(), same), ups.runtime.end());
  if (ups.runtime.empty() && ups.battery <= Joules{}) unknown("runtime", "");
  for (int i = 0; i < part_->count; ++i) result_.ups.push_back(ups);
}

void Maker::take(std::size_t place, const Entry& entry) {
  const PlacedPart& part = rig_.parts[place];
  FieldReader reader(entry, ignored_);
  place_ = place;
  part_ = &part;
  entry_ = &entry;
  reader_ = &reader;
  const std::string_view kind = part.kind;
  if (kind == "gpu") card(add(Component::card));
  if (kind == "system") whole_machine(add(Component::system));
  if (kind == "cpu") processor(add(Component::processor));
  if (kind == "memory") memory(add(Component::memory));
  if (kind == "drive") drive(add(Component::drive));
  if (kind == "cooler") cooler(add(Component::fan));
  if (kind == "fan") fan(add(Component::fan));
  if (kind == "psu") supply();
  if (kind == "ups") ups();
  if (kind == "board")
    add(Component::board).draw = shared(stated_or("power", habits_.board), habits_.board_share);
  if (kind == "nic")
    add(Component::network).draw = shared(stated_or("power", habits_.network), habits_.board_share);
  if (kind == "case") {
    result_.has_case = true;
    result_.is_open = reader.flag("open_frame");
  }
  if (kind == "other") result_.uncounted.push_back(part.name);
  if (kind == "gpu" || kind == "system") accelerators_ += part.count;
}

}  // namespace

std::vector<hardware::EfficiencyPoint> efficiency_points(const Entry& entry,
                                                         Diagnostics& diagnostics) {
  FieldReader reader(entry, diagnostics);
  std::vector<hardware::EfficiencyPoint> points;
  for (int i = 0;; ++i) {
    const std::string at = fmt::format("efficiency[{}].", i);
    if (!reader.has(at + "efficiency")) return points;
    const hardware::EfficiencyPoint point = {reader.quantity<Volts>(at + "voltage"),
                                             reader.fraction(at + "load"),
                                             reader.fraction(at + "efficiency")};
    if (point.voltage > Volts{} && point.load > 0 && point.efficiency > 0) points.push_back(point);
  }
}

Electrical electrical(const hardware::Rig& rig, std::span<const Entry> entries,
                      const Habits& habits) {
  RIGOR_ASSERT(rig.parts.size() == entries.size());
  Maker maker(rig, habits);
  for (std::size_t i = 0; i < rig.parts.size(); ++i) maker.take(i, entries[i]);
  return maker.finished();
}

}  // namespace rigor::catalog
