#include "catalog/electrical.hpp"

#include <doctest/doctest.h>

#include <string>

#include "adapters/toml/entry_reader.hpp"
#include "adapters/toml/rig_reader.hpp"
#include "catalog/habits.hpp"

namespace rigor::catalog {
namespace {

using doctest::Approx;
using hardware::Activity;
using hardware::Component;
using hardware::Electrical;

const Catalog& built_in() {
  static const Catalog all(packed_catalogue(), &adapters::read_entry);
  return all;
}

const hardware::Habits& built_in_habits() {
  static const Result<hardware::Habits> read = habits(built_in());
  REQUIRE_MESSAGE(read.has_value(), read.error().message);
  return *read;
}

/// What a rig of these [[part]] tables draws.
Electrical of(const std::string& parts, const std::string& head = {}) {
  Diagnostics diagnostics;
  const adapters::RigFile rig =
      adapters::read_rig("name = \"r\"\n" + head + parts, "r.toml", built_in(), diagnostics);
  REQUIRE_MESSAGE(!diagnostics.has_errors(), to_text(diagnostics));
  return electrical(rig.rig, rig.entries, built_in_habits());
}

std::string part(const std::string& ref, const std::string& more = {}) {
  return "[[part]]\nref = \"" + ref + "\"\n" + more + "\n";
}

const hardware::Unknown* unknown_of(const Electrical& rig, const std::string& key) {
  for (const hardware::Unknown& one : rig.unknown) {
    if (one.key == key) return &one;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("the habits are complete and ordered as nature has them") {
  const hardware::Habits& habits = built_in_habits();
  CHECK(habits.board.low == 40 * watt);
  CHECK(habits.board.high == 70 * watt);
  CHECK(habits.registered_module.high == 8 * watt);
  CHECK(habits.nvme_drive.low == 8 * watt);
  for (std::size_t i = 1; i < hardware::kBuckets; ++i)
    CHECK(habits.excursion.factor[i].high <= habits.excursion.factor[i - 1].high);
  CHECK(habits.processor[index(Activity::idle)].high <=
        habits.processor[index(Activity::training)].high);
  CHECK(habits.classes.size() >= 6);
  CHECK(habits.slowest_fan == Approx(0.3));
}

TEST_CASE("a card draws its limit, by the settings if they are lower") {
  const std::string card = part("gpu/nvidia/rtx-5090", "count = 2");
  const Electrical rig = of(card);
  REQUIRE(rig.consumers.size() == 1);
  const hardware::Consumer& gpu = rig.consumers[0];
  CHECK(gpu.component == Component::card);
  CHECK(gpu.count == 2);
  CHECK(gpu.at(Activity::limit) == exactly(575 * watt));
  CHECK(gpu.idle_is_known);
  CHECK(gpu.excursion.factor[1].expected == Approx(1.57));  // measured
  CHECK(gpu.excursion.is_assumed);                          // not for a tenth of a second
  REQUIRE(unknown_of(rig, "peak") != nullptr);
  CHECK(unknown_of(rig, "peak")->id == "gpu/nvidia/rtx-5090");
  const std::string low = "[settings]\ngpu_power_limit = \"450 W\"\n";
  CHECK(of(card, low).consumers[0].at(Activity::limit) == exactly(450 * watt));
  const std::string high = "[settings]\ngpu_power_limit = \"600 W\"\n";
  const std::string larger =
      card + "[[part]]\nref = \"gpu/nvidia/rtx-pro-6000-blackwell-workstation\"\n";
  CHECK(of(larger, high).consumers[0].at(Activity::limit) == exactly(575 * watt));
}

TEST_CASE("a processor draws its package power, not its TDP") {
  const auto most = [](const Electrical& rig) { return rig.consumers.at(0).at(Activity::limit); };
  CHECK(most(of(part("cpu/amd/ryzen-9-9950x"))) == exactly(230 * watt));
  // A server processor keeps to its TDP; a desktop one without a stated limit is guessed, by name.
  CHECK(most(of(part("cpu/amd/epyc-7252"))) == exactly(120 * watt));
  const Electrical desktop =
      of("[[part]]\nkind = \"cpu\"\nname = \"C\"\nvendor = \"x\"\ncores = 8\nthreads = 8\n"
         "tdp = \"100 W\"\nmemory_type = [\"DDR5\"]\nmemory_channels = 2\nsocket = \"AM5\"\n");
  CHECK(most(desktop).low == 100 * watt);
  CHECK(most(desktop).expected.in(watt) == Approx(135));
  CHECK(most(desktop).high.in(watt) == Approx(220));
  REQUIRE(unknown_of(desktop, "package_power") != nullptr);
  CHECK(unknown_of(desktop, "package_power")->instead == "100 to 220 W");
  const std::string limit = "[settings]\ncpu_power_limit = \"142 W\"\n";
  CHECK(most(of(part("cpu/amd/ryzen-9-9950x"), limit)) == exactly(142 * watt));
}

TEST_CASE("memory counts modules, registered ones draw more") {
  const Electrical rig = of(part("32GB DDR5-6400 ECC RDIMM", "count = 6"));
  CHECK(rig.consumers.at(0).count == 6);
  CHECK(rig.consumers[0].at(Activity::limit).expected == 6.5 * watt);
  CHECK(unknown_of(rig, "module_power") != nullptr);
  const Electrical pair = of(part("KF564C32BWEA-32", "count = 2"));
  CHECK(pair.consumers.at(0).at(Activity::limit).high == 5 * watt);
  const Electrical stated = of(part("KF564C32BWEA-32", "module_power = \"4 W\""));
  CHECK(stated.consumers.at(0).at(Activity::limit) == exactly(4 * watt));
  CHECK(unknown_of(stated, "module_power") == nullptr);
}

TEST_CASE("supplies: rating, low line, curve of the class, what they promise for peaks") {
  const Electrical rig = of(part("psu/hp/dps-1200fb", "count = 2"));
  REQUIRE(rig.supplies.size() == 1);
  CHECK(rig.supplies[0].count == 2);
  CHECK(rig.supplies[0].low_line == 900 * watt);
  CHECK(rig.supplies[0].is_server);
  CHECK(rig.supplies[0].curve.size() >= 3);
  CHECK(rig.supplies[0].margin.high == Approx(0.02));
  const hardware::Supply seasonic = of(part("psu/seasonic/prime-tx-1600")).supplies.at(0);
  CHECK(seasonic.atx_version == Approx(2.53));
  CHECK(seasonic.excursion_power == 1000 * watt);
  CHECK(seasonic.has_16pin);
  const Electrical bare =
      of("[[part]]\nkind = \"psu\"\nname = \"P\"\nvendor = \"x\"\npower = \"500 W\"\n"
         "[[part.efficiency]]\nvoltage = \"230 V\"\nload = \"50 %\"\nefficiency = \"90 %\"\n");
  CHECK(bare.supplies.at(0).curve.size() == 1);
  CHECK(bare.supplies[0].margin == exactly(0.0));
  CHECK(unknown_of(bare, "atx_version") != nullptr);
  const Electrical unknown =
      of("[[part]]\nkind = \"psu\"\nname = \"P\"\nvendor = \"x\"\npower = \"500 W\"\n");
  CHECK(unknown.supplies.at(0).curve.empty());
  REQUIRE(unknown_of(unknown, "efficiency") != nullptr);
  CHECK(unknown_of(unknown, "efficiency")->instead.empty());
}

TEST_CASE("UPS, coolers, fans, whole machines and what is no part") {
  const Electrical rig =
      of(part("ups/apc/smt2200c") + part("cooler/noctua/nh-u14s-tr5-sp6") +
         part("fan/noctua/nf-a14-pwm", "count = 3") + "[[part]]\nname = \"a lamp\"\n");
  REQUIRE(rig.ups.size() == 1);
  CHECK(rig.ups[0].runtime.size() == 2);
  CHECK(rig.ups[0].runtime[0].load == 990 * watt);
  REQUIRE(rig.coolers.size() == 1);
  CHECK(rig.coolers[0].rated == 350 * watt);
  REQUIRE(rig.fans.size() == 1);
  CHECK(rig.fans[0].airflow.in(cubic_metre_per_hour) == Approx(140.2));
  CHECK(rig.fans[0].max_noise == 24.6);
  CHECK(rig.consumers.size() == 2);  // the fans of the cooler, and the three
  CHECK(rig.uncounted == std::vector<std::string>{"a lamp"});
  const Electrical spark = of(part("system/nvidia/dgx-spark"));
  CHECK(spark.has_built_in_supply);
  CHECK(spark.consumers.at(0).at(Activity::limit) == exactly(240 * watt));
  CHECK(of(part("ups/apc/smx3000lv")).unknown.at(0).key == "runtime");
}

}  // namespace rigor::catalog
