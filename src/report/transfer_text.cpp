#include <fmt/format.h>

#include <algorithm>

#include "estimate/speed/speed_case.hpp"
#include "report/traffic_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using estimate::Link;
using estimate::Rates;

constexpr double kGbit = 1.25e8;

TransferWay from_drive(const hardware::Drive& drive) {
  TransferWay way{.key = "drive", .what = "from the drive"};
  if (drive.name.empty()) {
    way.unknown = "the rig states no drive";
  } else if (drive.read <= BytesPerSecond{}) {
    way.unknown = "how fast the " + drive.name + " reads is not stated";
  } else {
    way.what += ", " + drive.name;
    way.rates = estimate::read_rates(drive);
  }
  return way;
}

TransferWay over_ethernet(BytesPerSecond line, bool own) {
  const double gigabits = line / BytesPerSecond::from_base(kGbit);
  return {.key = fmt::format("ethernet_{:g}", gigabits),
          .what = fmt::format("over {:g} Gbit/s Ethernet{}", gigabits, own ? " (the rig's)" : ""),
          .rates = rates_of(Link::ethernet, line)};
}

/// The cards of one copy load their parts at once; the host's memory bounds them together.
TransferWay into_cards(const place::Question& question, const workload::Placement& placement) {
  TransferWay way{.key = "card", .what = "into the card"};
  if (question.accelerators.empty() || placement.devices == 0) {
    way.unknown = "no card is used";
    return way;
  }
  const hardware::Accelerator& card = question.accelerators[placement.accelerator(0)];
  if (card.unified) {
    way.unknown = "memory is shared with the processor: nothing is copied";
    return way;
  }
  const int cards = std::max(1, placement.tensor * placement.pipeline);
  if (cards > 1) way.what = fmt::format("into {} cards at once", cards);
  way.what += card.pcie_generation > 0 ? fmt::format(", PCIe {}.0 x{}", card.pcie_generation,
                                                     card.pcie_lanes > 0 ? card.pcie_lanes : 16)
                                       : ", PCIe 3.0 x16 assumed";
  way.rates = rates_of(Link::host_link, 1.0 * cards * estimate::slot_bandwidth(card));
  const BytesPerSecond most = question.host.bandwidth;
  for (BytesPerSecond* rate : {&way.rates.low, &way.rates.expected, &way.rates.high})
    if (most > BytesPerSecond{}) *rate = std::min(*rate, most);
  return way;
}

struct Times {
  Seconds low, expected, high;
};

Times times_of(Bytes bytes, const Rates& rates) {
  return {bytes / rates.high, bytes / rates.expected, bytes / rates.low};
}

/// "7.20 s (5.93 s to 11.4 s)".
std::string times_text(const Times& times) {
  return fmt::format("{} ({} to {})", to_text(times.expected), to_text(times.low),
                     to_text(times.high));
}

}  // namespace

Bytes stored_bytes(const estimate::Network& network) {
  return network.weights() + network.draft + network.vision;
}

std::vector<TransferWay> transfer_ways(const place::Question& question,
                                       const workload::Placement& placement) {
  std::vector<TransferWay> ways = {from_drive(question.host.drive)};
  std::vector<double> lines = {1, 10, 25, 100};
  const double own = question.host.network / BytesPerSecond::from_base(kGbit);
  if (own > 0 && std::find(lines.begin(), lines.end(), own) == lines.end()) lines.push_back(own);
  std::sort(lines.begin(), lines.end());
  for (const double gigabits : lines)
    ways.push_back(over_ethernet(BytesPerSecond::from_base(gigabits * kGbit), gigabits == own));
  ways.push_back(into_cards(question, placement));
  return ways;
}

std::string transfer_text(const place::Question& question, const workload::Placement& placement) {
  const Bytes bytes = stored_bytes(*question.network);
  std::string text = fmt::format("moving the model, {}\n", to_text(bytes));
  for (const TransferWay& way : transfer_ways(question, placement)) {
    if (!way.unknown.empty()) {
      text += fmt::format("  {:<44} unknown: {}\n", way.what, way.unknown);
      continue;
    }
    const Times times = times_of(bytes, way.rates);
    text += fmt::format("  {:<44} {:>9}  {} to {}\n", way.what, to_text(times.expected),
                        to_text(times.low), to_text(times.high));
  }
  return text;
}

std::string transfer_line(const place::Question& question, const workload::Placement& placement) {
  const Bytes bytes = stored_bytes(*question.network);
  std::string text = fmt::format("moving its {}:", to_text(bytes));
  const char* between = " ";
  for (const TransferWay& way : transfer_ways(question, placement)) {
    if (way.key == "ethernet_25" || way.key == "ethernet_100" || way.key == "ethernet_2.5" ||
        way.key == "ethernet_5")
      continue;
    if (way.key == "card" && !way.unknown.empty()) continue;
    const std::string name = way.key == "drive"  ? "from the drive"
                             : way.key == "card" ? way.what.substr(0, way.what.find(','))
                                                 : "over " + way.key.substr(9) + "GbE";
    text += between + name + " " +
            (way.unknown.empty() ? times_text(times_of(bytes, way.rates))
                                 : "unknown (" + way.unknown + ")");
    between = ", ";
  }
  return text;
}

void transfer_json(Json& json, const place::Question& question,
                   const workload::Placement& placement) {
  const Bytes bytes = stored_bytes(*question.network);
  json.key("transfer").begin_object().member("bytes", bytes.in(byte));
  for (const TransferWay& way : transfer_ways(question, placement)) {
    json.key(way.key + "_s");
    if (!way.unknown.empty()) {
      json.null().member(way.key + "_reason", way.unknown);
      continue;
    }
    const Times times = times_of(bytes, way.rates);
    json.begin_object().member("low", times.low.in(second));
    json.member("expected", times.expected.in(second)).member("high", times.high.in(second));
    json.end_object();
  }
  json.end_object();
}

}  // namespace rigor::report
