// Rigs written as text and judged, for the tests of the rules.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "adapters/toml/rig_reader.hpp"
#include "catalog/habits.hpp"
#include "catalogue_scene.hpp"
#include "check/rule.hpp"

namespace rigor::check {

/// A rig file's text with its findings; all that they point into lives as long.
class Scene {
 public:
  explicit Scene(const std::string& parts, std::vector<Demand> demands = {}) {
    Diagnostics diagnostics;
    file_ =
        adapters::read_rig("name = \"x\"\n" + parts, "rig.toml", scene::catalogue(), diagnostics);
    CHECK_MESSAGE(!diagnostics.has_errors(), to_text(diagnostics));
    const auto habits = catalog::habits(scene::catalogue());
    REQUIRE(habits.has_value());
    habits_ = *habits;
    assembly_ = assemble(
        file_.rig, file_.entries,
        {*scene::catalogue().entry("choice/limits"), &habits_, &scene::calibration().power()},
        std::move(demands));
    findings_ = judge(*assembly_);
  }

  [[nodiscard]] std::vector<Finding> of(std::string_view rule) const {
    std::vector<Finding> found;
    for (const Finding& one : findings_) {
      if (one.rule == rule) found.push_back(one);
    }
    return found;
  }
  /// The only finding of a rule.
  [[nodiscard]] Finding one(std::string_view rule) const {
    const auto found = of(rule);
    CAPTURE(rule);
    REQUIRE(found.size() == 1);
    return found.front();
  }
  [[nodiscard]] Severity severity(std::string_view rule) const { return one(rule).severity; }
  [[nodiscard]] const std::vector<Finding>& all() const { return findings_; }

 private:
  adapters::RigFile file_;
  hardware::Habits habits_;
  std::unique_ptr<const Assembly> assembly_;
  std::vector<Finding> findings_;
};

inline std::string part(const std::string& ref, const std::string& more = {}) {
  return "[[part]]\nref = \"" + ref + "\"\n" + more + "\n";
}

inline const std::string kBoard = part("board/asus/proart-x870e-creator-wifi");
inline const std::string kCpu = part("cpu/amd/ryzen-9-9950x");
inline const std::string kDesktop = kBoard + kCpu;
inline const std::string kServer =
    part("board/asus/pro-ws-wrx90e-sage-se") + part("cpu/amd/threadripper-pro-7975wx");
inline const std::string kCase = part("case/fractal-design/define-7-xl");
inline const std::string kMaxQ = "gpu/nvidia/rtx-pro-6000-blackwell-max-q";

inline std::string memory(const std::string& type, const std::string& kind, int modules,
                          const std::string& more = "speed = \"5600 MT/s\"\necc = false") {
  return "[[part]]\nname = \"kit\"\nkind = \"memory\"\nvendor = \"any\"\nmemory_type = \"" + type +
         "\"\nmodule_kind = \"" + kind + "\"\nmodules = " + std::to_string(modules) +
         "\nmodule_capacity = \"32 GiB\"\n" + more + "\n";
}

inline std::string slots(const std::string& list, int count) {
  return "count = " + std::to_string(count) + "\nslot = [" + list + "]";
}

/// The rig file's own value of a part described in it.
inline std::string supply(const std::string& values) {
  return "[[part]]\nname = \"supply\"\nkind = \"psu\"\nvendor = \"any\"\n" + values + "\n";
}

}  // namespace rigor::check
