#include "hardware/part.hpp"

#include "base/text.hpp"

namespace rigor::hardware {

Vendor parse_vendor(std::string_view name) {
  const std::string word = lower(name);
  if (word == "nvidia") return Vendor::nvidia;
  if (word == "amd") return Vendor::amd;
  if (word == "intel") return Vendor::intel;
  if (word == "apple") return Vendor::apple;
  return Vendor::other;
}

}  // namespace rigor::hardware
