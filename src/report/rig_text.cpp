#include "report/rig_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using hardware::PlacedPart;
using hardware::Rig;

std::string part_line(const PlacedPart& part, std::size_t width) {
  const std::string count = part.count > 1 ? fmt::format("{} x ", part.count) : "";
  const std::string slots = part.slots.empty() ? "" : join(part.slots, ", ");
  std::string line = fmt::format("  {:<{}}", count + part.name, width);
  if (part.price) {
    line += fmt::format("  {:>12}", to_grouped_text(*part.price * part.count));
  } else {
    line += fmt::format("  {:>12}", "");
  }
  if (!slots.empty()) line += "  " + slots;
  while (line.ends_with(' ')) line.pop_back();
  return line + "\n";
}

std::string memory_lines(const Rig& rig) {
  std::string text;
  Bytes usable = {};
  for (const hardware::Accelerator& device : rig.accelerators) usable += device.usable;
  if (!rig.accelerators.empty()) {
    text += fmt::format("accelerator memory  {} usable on {} device{}\n", to_text_binary(usable),
                        rig.accelerators.size(), rig.accelerators.size() == 1 ? "" : "s");
  }
  if (rig.host.memory > Bytes{}) {
    text += fmt::format("host memory         {}", to_text_binary(rig.host.memory));
    if (rig.host.bandwidth > BytesPerSecond{})
      text += fmt::format(" at {}", to_text(rig.host.bandwidth));
    text += "\n";
  } else {
    text += "host memory         not stated\n";
  }
  return text;
}

}  // namespace

std::string sum_remark(const Rig& rig) {
  if (!rig.stated_total) return {};
  const Price& stated = *rig.stated_total;
  for (const Price& sum : hardware::totals(rig)) {
    if (sum.currency != stated.currency || sum.minor == stated.minor) continue;
    const bool more = sum.minor > stated.minor;
    const Price difference = more ? sum - stated : stated - sum;
    return fmt::format("the file states {}, its lines add up to {}: {} {}", to_grouped_text(stated),
                       to_grouped_text(sum), to_grouped_text(difference), more ? "more" : "less");
  }
  return {};
}

std::string rig_text(const Rig& rig) {
  std::string text = rig.name + "\n";
  if (!rig.summary.empty()) text += rig.summary + "\n";
  text += "\nparts\n";
  std::size_t width = 0;
  for (const PlacedPart& part : rig.parts)
    width = std::max(width, part.name.size() + (part.count > 1 ? 4 : 0));
  for (const PlacedPart& part : rig.parts)
    text += part_line(part, std::min<std::size_t>(width, 62));
  for (const Price& sum : hardware::totals(rig)) {
    text += fmt::format("  {:<{}}  {:>12}\n", "total", std::min<std::size_t>(width, 62),
                        to_grouped_text(sum));
  }
  const std::string remark = sum_remark(rig);
  if (!remark.empty()) text += "  wrong sum: " + remark + "\n";
  return text + "\n" + memory_lines(rig);
}

void rig_json(Json& json, const Rig& rig) {
  json.begin_object().member("name", rig.name).key("parts").begin_list();
  for (const PlacedPart& part : rig.parts) {
    json.begin_object()
        .member("id", part.id)
        .member("kind", part.kind)
        .member("name", part.name)
        .member("count", part.count);
    json.key("slots").begin_list();
    for (const std::string& slot : part.slots) json.value(slot);
    json.end_list().key("unit_price");
    if (part.price) {
      json.value(to_text(*part.price));
    } else {
      json.null();
    }
    json.end_object();
  }
  json.end_list().key("totals").begin_list();
  for (const Price& sum : hardware::totals(rig)) json.value(to_text(sum));
  json.end_list();
  if (rig.stated_total) json.member("stated_total", to_text(*rig.stated_total));
  const std::string remark = sum_remark(rig);
  if (!remark.empty()) json.member("wrong_sum", remark);
  Bytes usable = {};
  for (const hardware::Accelerator& device : rig.accelerators) usable += device.usable;
  json.member("accelerators", static_cast<int>(rig.accelerators.size()));
  json.member("accelerator_memory_bytes", usable.in(byte))
      .member("host_memory_bytes", rig.host.memory.in(byte));
  json.end_object();
}

}  // namespace rigor::report
