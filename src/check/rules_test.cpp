// Every rule on both sides of its limit, and what it says when a value is missing. The figures are
// those of the catalogue; where a limit is a sum, it stands in a comment.
#include <fmt/format.h>

#include <algorithm>

#include "check_scene.hpp"

namespace rigor::check {
namespace {

using doctest::Approx;

const std::string kBoard = part("board/asus/proart-x870e-creator-wifi");
const std::string kCpu = part("cpu/amd/ryzen-9-9950x");
const std::string kDesktop = kBoard + kCpu;
const std::string kServer =
    part("board/asus/pro-ws-wrx90e-sage-se") + part("cpu/amd/threadripper-pro-7975wx");
const std::string kCase = part("case/fractal-design/define-7-xl");
const std::string kMaxQ = "gpu/nvidia/rtx-pro-6000-blackwell-max-q";

std::string memory(const std::string& type, const std::string& kind, int modules,
                   const std::string& more = "speed = \"5600 MT/s\"\necc = false") {
  return "[[part]]\nname = \"kit\"\nkind = \"memory\"\nvendor = \"any\"\nmemory_type = \"" + type +
         "\"\nmodule_kind = \"" + kind + "\"\nmodules = " + std::to_string(modules) +
         "\nmodule_capacity = \"32 GiB\"\n" + more + "\n";
}

std::string slots(const std::string& list, int count) {
  return "count = " + std::to_string(count) + "\nslot = [" + list + "]";
}

/// The rig file's own value of a part described in it.
std::string supply(const std::string& values) {
  return "[[part]]\nname = \"supply\"\nkind = \"psu\"\nvendor = \"any\"\n" + values + "\n";
}

}  // namespace

TEST_CASE("a finding never passes without the values it needs") {
  // Nothing but cards: no rule may call anything fine that it could not see.
  const Scene scene(part("rtx 3090", "count = 2"));
  for (const Finding& one : scene.all()) {
    CAPTURE(one.rule);
    if (one.severity == Severity::ok) CHECK(one.missing.empty());
    if (one.severity == Severity::unknown) {
      CHECK_FALSE(one.missing.empty());
      CHECK_FALSE(one.fix.empty());
    }
  }
}

TEST_CASE("a rig without a supply is unknown, not fine") {
  const Scene scene(kDesktop + part("rtx 3090"));
  CHECK(scene.severity("supply-load") == Severity::unknown);
  CHECK(scene.one("supply-load").missing.front().key == "psu");
  CHECK(outcome(scene.all()) == Outcome::unknown);
}

TEST_CASE("the processor's socket is the board's") {
  CHECK(Scene(kDesktop).severity("socket") == Severity::ok);
  const Scene wrong(kBoard + part("cpu/amd/threadripper-pro-7975wx"));
  CHECK(wrong.severity("socket") == Severity::error);
  CHECK(wrong.one("socket").fix.find("AM5") != std::string::npos);
  CHECK(wrong.one("socket").used.size() == 2);
  CHECK(outcome(wrong.all()) == Outcome::no);
}

TEST_CASE("a board older than its processor needs a BIOS") {
  // PRIME X670E-PRO (2022) and Zen 5 (2024).
  const Finding newer = Scene(part("prime x670e-pro") + kCpu).one("bios");
  CHECK(newer.severity != Severity::ok);
  CHECK(Scene(part("prime x670e-pro") + part("ryzen 9 7950x")).severity("bios") !=
        Severity::warning);
}

TEST_CASE("boards in cases") {
  CHECK(Scene(kServer + kCase).severity("board-in-case") == Severity::ok);
  const Scene small(kServer + part("case/antec/performance-1-ft-white"));
  CHECK(small.severity("board-in-case") == Severity::error);
  CHECK(Scene(kDesktop + kCase).severity("board-in-case") == Severity::ok);
}

TEST_CASE("coolers: socket, height, capacity") {
  const Scene fits(kServer + kCase + part("cooler/noctua/nh-u14s-tr5-sp6"));
  CHECK(fits.severity("cooler-socket") == Severity::ok);
  CHECK(fits.severity("cooler-height") == Severity::ok);         // 165 of 185 mm
  CHECK(fits.severity("cooler-capacity") == Severity::warning);  // 350 W for 350 W
  CHECK(fits.one("cooler-capacity").margin->number == Approx(0));
  const Scene weak(kServer + part("cooler/noctua/nh-u14s-tr5-sp6", "rated_power = \"220 W\""));
  CHECK(weak.severity("cooler-capacity") == Severity::error);
  CHECK(weak.one("cooler-capacity").margin->number == Approx(-130));
  CHECK(Scene(kDesktop + part("cooler/noctua/nh-u14s-tr5-sp6")).severity("cooler-socket") ==
        Severity::error);
}

TEST_CASE("memory: type, buffering, slots, capacity") {
  CHECK(Scene(kDesktop + memory("DDR5", "UDIMM", 2)).severity("memory-type") == Severity::ok);
  CHECK(Scene(kDesktop + memory("DDR4", "UDIMM", 2)).severity("memory-type") == Severity::error);
  CHECK(Scene(kDesktop + memory("DDR5", "RDIMM", 2)).severity("memory-type") == Severity::error);
  CHECK(Scene(kServer + memory("DDR5", "UDIMM", 2)).severity("memory-type") == Severity::error);
  CHECK(Scene(kDesktop + memory("DDR5", "UDIMM", 4)).severity("memory-modules") == Severity::ok);
  const Finding six = Scene(kDesktop + memory("DDR5", "UDIMM", 6)).one("memory-modules");
  CHECK(six.severity == Severity::error);
  CHECK(six.margin->number == Approx(-2));
  const auto both = Scene(kDesktop + memory("DDR5", "UDIMM", 2)).of("memory-capacity");
  CHECK(both.size() == 2);  // board and processor
  for (const Finding& one : both) CHECK(one.severity == Severity::ok);
}

TEST_CASE("six of eight channels lose a quarter") {
  const std::string fast = "speed = \"6400 MT/s\"\necc = true";
  const Finding six = Scene(kServer + memory("DDR5", "RDIMM", 6, fast)).one("memory-channels");
  CHECK(six.severity == Severity::warning);
  CHECK(six.value->number == Approx(307.2));  // 6 x 6.4 GT/s x 8 B
  CHECK(six.limit->number == Approx(409.6));
  CHECK(six.margin->number == Approx(-102.4));
  CHECK(Scene(kServer + memory("DDR5", "RDIMM", 8, fast)).severity("memory-channels") ==
        Severity::ok);
}

TEST_CASE("one module of eight, and a processor that passes on less than its channels give") {
  const std::string epyc = part("board/asrock-rack/romed8-2t") + part("cpu/amd/epyc-7252");
  const auto found = Scene(epyc + memory("DDR4", "RDIMM", 1, "speed = \"3200 MT/s\"\necc = true"))
                         .of("memory-channels");
  REQUIRE(found.size() == 2);
  CHECK(found[0].value->number == Approx(25.6));
  CHECK(found[1].value->number == Approx(85.3));
  CHECK(found[1].severity == Severity::warning);
}

TEST_CASE("memory above the guaranteed speed is an overclock; AM5 names its clocks") {
  const std::string fast = "speed = \"6400 MT/s\"\necc = false";
  const Finding over = Scene(kDesktop + memory("DDR5", "UDIMM", 2, fast)).one("memory-speed");
  CHECK(over.severity == Severity::info);
  CHECK(over.margin->number == Approx(-800));
  CHECK(over.message.find("controller (UCLK) 3200, fabric (FCLK) about 2133") != std::string::npos);
  const std::string faster = "speed = \"8000 MT/s\"\necc = false";
  CHECK(Scene(kDesktop + memory("DDR5", "UDIMM", 2, faster))
            .one("memory-speed")
            .message.find("controller (UCLK) 2000") != std::string::npos);
  CHECK(Scene(kDesktop + memory("DDR5", "UDIMM", 4, fast)).severity("memory-speed") ==
        Severity::warning);
  CHECK(Scene(kDesktop + memory("DDR5", "UDIMM", 2)).severity("memory-speed") == Severity::ok);
}

TEST_CASE("ECC needs all three") {
  const std::string with = "speed = \"5600 MT/s\"\necc = true";
  CHECK(Scene(kServer + memory("DDR5", "RDIMM", 8, with)).severity("ecc") == Severity::ok);
  CHECK(Scene(kDesktop + memory("DDR5", "UDIMM", 2)).severity("ecc") == Severity::info);
  const std::string board = part("board/asus/proart-x870e-creator-wifi", "ecc = false");
  CHECK(Scene(board + kCpu + memory("DDR5", "UDIMM", 2, with)).severity("ecc") ==
        Severity::warning);
}

TEST_CASE("a card of two rows in slot 1 covers slot 2, and slot 3 leaves no gap") {
  const Scene third(kServer + kCase +
                    part(kMaxQ, slots("\"PCIEX16(G5)_1\", \"PCIEX16(G5)_3\"", 2)));
  CHECK(third.severity("slot-rows") == Severity::ok);
  CHECK(third.severity("air-gap") == Severity::info);  // blowers
  CHECK(third.one("air-gap").value->number == Approx(0));
  const Scene fourth(kServer + kCase +
                     part(kMaxQ, slots("\"PCIEX16(G5)_1\", \"PCIEX16(G5)_4\"", 2)));
  CHECK(fourth.severity("air-gap") == Severity::ok);
  const Scene second(kServer + kCase +
                     part(kMaxQ, slots("\"PCIEX16(G5)_1\", \"PCIEX16(G5)_2\"", 2)));
  CHECK(second.severity("slot-rows") == Severity::error);
  CHECK(second.one("slot-rows").margin->number == Approx(-1));
  const Scene open(
      kServer + part("rtx 5090", slots("\"PCIEX16(G5)_1\", \"PCIEX16(G5)_3\"", 2) + "\nslots = 2"));
  CHECK(open.severity("air-gap") == Severity::warning);
}

TEST_CASE("the last card needs an opening of the case, and its length") {
  const std::string last = part(kMaxQ, "slot = \"PCIEX16(G5)_7\"");
  const Scene scene(kServer + kCase + last);
  CHECK(scene.one("case-rows").value->number == Approx(8));  // row 7 and the next
  CHECK(scene.severity("case-rows") == Severity::ok);
  const std::string seven = part("case/fractal-design/define-7-xl", "expansion_slots = 7");
  CHECK(Scene(kServer + seven + last).severity("case-rows") == Severity::error);
  const std::string shallow =
      part("case/fractal-design/define-7-xl", "max_gpu_length = \"266 mm\"");
  const Finding length = Scene(kServer + shallow + last).one("card-length");
  CHECK(length.severity == Severity::error);
  CHECK(length.margin->number == Approx(-1));  // 267 mm
}

TEST_CASE("risers") {
  const Scene usb(part("rtx 3090", "count = 2\nriser = { kind = \"usb\" }"));
  CHECK(usb.severity("riser") == Severity::warning);
  const auto cable = [](const std::string& length) {
    return Scene(part("rtx 3090", "riser = { kind = \"cable\", length = \"" + length + "\" }"))
        .one("riser");
  };
  // Generation 4: 28 - 25 - 1 = 2 dB over 5.5 dB/m = 364 mm.
  CHECK(cable("360 mm").severity == Severity::ok);
  CHECK(cable("370 mm").severity == Severity::warning);
  CHECK(cable("370 mm").limit->number == Approx(2000 / 5.5));
  CHECK(cable("370 mm").fix.find("PCIe 3.0") != std::string::npos);
  CHECK(cable("1200 mm").fix.find("PCIe") == std::string::npos);  // no generation goes that far
  CHECK(Scene(part("rtx 3090", "riser = { kind = \"cable\" }")).severity("riser") ==
        Severity::unknown);
  CHECK(Scene(part("rtx 3090", "riser = { kind = \"retimer\" }")).of("riser").empty());
}

TEST_CASE("a drive in M.2_2 of the ProArt takes half of the second card's lanes") {
  const std::string cards =
      part("rtx 5060 ti 16gb", slots("\"PCIEX16(G5)_1\", \"PCIEX16(G5)_2\"", 2));
  const std::string drive = "drive/samsung/990-pro-2tb";
  const auto links = Scene(kDesktop + cards + part(drive, "slot = \"M.2_2\"")).of("card-link");
  REQUIRE(links.size() == 2);
  CHECK(links[0].severity == Severity::ok);
  CHECK(links[1].value->number == Approx(15.76));  // x4 of generation 5
  CHECK(links[1].message.find("M.2_2") != std::string::npos);
  const Scene better(kDesktop + cards + part(drive, "slot = \"M.2_2\""));
  CHECK(better.one("arrangement").fix.find("into M.2_1") != std::string::npos);
  const Scene good(kDesktop + cards + part(drive, "slot = \"M.2_1\""));
  CHECK(good.one("card-link").severity == Severity::ok);
  CHECK(good.severity("arrangement") == Severity::ok);
  CHECK(good.severity("drive-link") == Severity::ok);
}

TEST_CASE("a card behind the chipset is a warning, a drive is not") {
  const Scene third(kDesktop +
                    part("rtx 5060 ti 16gb", slots("\"PCIEX16(G5)_1\", \"PCIEX16(G4)\"", 2)));
  CHECK(third.severity("uplink") == Severity::warning);
  const Scene drive(kDesktop + part("drive/samsung/990-pro-2tb", "slot = \"M.2_3\""));
  CHECK(drive.severity("uplink") == Severity::ok);  // x4 of generation 4 on an uplink of the same
}

TEST_CASE("peer to peer") {
  CHECK(Scene(part("rtx 5090", "count = 2")).severity("peer-to-peer") == Severity::info);
  CHECK(Scene(part("rtx 3090", "count = 2")).severity("peer-to-peer") == Severity::info);
  CHECK(Scene(part("rtx 3090", "count = 2\nnvlink = true")).severity("peer-to-peer") ==
        Severity::ok);
  CHECK(Scene(part(kMaxQ, "count = 2")).severity("peer-to-peer") == Severity::ok);
  CHECK(Scene(part("rtx 3090") + part("rtx 5090")).severity("peer-to-peer") == Severity::info);
  CHECK(Scene(part("rtx 3090")).of("peer-to-peer").empty());
}

TEST_CASE("plugs of the supply against the cards' sockets") {
  const std::string cards = part(kMaxQ, "count = 4");
  const auto with = [&](int sixteen, int eight) {
    return Scene(cards + supply("power = \"1600 W\"\npcie_16pin = " + std::to_string(sixteen) +
                                "\npcie_8pin = " + std::to_string(eight)))
        .one("card-connectors");
  };
  CHECK(with(4, 0).severity == Severity::ok);
  CHECK(with(2, 8).severity == Severity::warning);  // 2 adapters of 2 plugs: (300 - 75) / 150
  CHECK(with(2, 4).margin->number == Approx(0));
  CHECK(with(2, 3).severity == Severity::error);
  // 575 W: 500 / 150 is four plugs for one adapter.
  CHECK(Scene(part("rtx 5090") + supply("power = \"1200 W\"\npcie_16pin = 0\npcie_8pin = 3"))
            .severity("card-connectors") == Severity::error);
  CHECK(Scene(part("rtx 5090") + supply("power = \"1200 W\"")).severity("card-connectors") ==
        Severity::unknown);
}

TEST_CASE("watts per connector, amperes per pin") {
  CHECK(Scene(part("rtx 3090")).severity("connector-load") == Severity::ok);  // 350 of 375 W
  CHECK(Scene(part("rtx 3090", "board_power = \"376 W\"")).severity("connector-load") ==
        Severity::error);
  // 575 W / 12 V / 6 = 7.99 A; 580 W are 8.06 A.
  CHECK(Scene(part("rtx 5090")).one("connector-load").value->number == Approx(7.986).epsilon(1e-3));
  CHECK(Scene(part("rtx 5090")).severity("connector-load") == Severity::ok);
  CHECK(Scene(part("rtx 5090", "board_power = \"580 W\"")).severity("connector-load") ==
        Severity::warning);
  const Scene limited("[settings]\ngpu_power_limit = \"450 W\"\n" +
                      part("rtx 5090", "board_power = \"600 W\""));
  CHECK(limited.one("connector-load").value->number == Approx(6.25));
}

TEST_CASE("EPS plugs") {
  const std::string board = part("board/asus/proart-x870e-creator-wifi", "eps_8pin = 2");
  const auto with = [&](int plugs) {
    return Scene(board + kCpu + supply("power = \"1000 W\"\neps_8pin = " + std::to_string(plugs)))
        .of("processor-connectors");
  };
  CHECK(with(2)[0].severity == Severity::ok);
  CHECK(with(1)[0].severity == Severity::warning);
  CHECK(with(0)[0].severity == Severity::error);
  CHECK(with(2)[1].limit->number == Approx(672));  // 2 x 336 W
}

TEST_CASE("the supply's load: comfort, warning, overload") {
  const auto load = [](const std::string& power) {
    return Scene(kDesktop + part("rtx 5090") + supply("power = \"" + power + "\""))
        .one("supply-load");
  };
  const double draw = load("2000 W").value->number;  // 575 + 230 W and the board
  CHECK(draw > 850);
  CHECK(draw < 920);
  const auto watts = [&](double share) { return fmt::format("{:.0f} W", draw / share); };
  CHECK(load(watts(0.79)).severity == Severity::ok);
  CHECK(load(watts(0.85)).severity == Severity::info);
  CHECK(load(watts(0.95)).severity == Severity::warning);
  CHECK(load(watts(1.02)).severity == Severity::error);
}

TEST_CASE("the circuit for hours") {
  const auto amperes = [](const std::string& breaker) {
    return Scene("[site]\nvoltage = \"120 V\"\nbreaker = \"" + breaker + "\"\n" + kDesktop +
                 part("rtx 5090", "count = 2") +
                 supply("power = \"1600 W\"\nefficiency_class = \"80 PLUS Gold\""))
        .one("circuit");
  };
  CHECK(amperes("15 A").limit->number == Approx(12));
  CHECK(amperes("15 A").severity == Severity::error);
  CHECK(amperes("15 A").fix.find("power limit of") != std::string::npos);
  CHECK(amperes("20 A").limit->number == Approx(16));
  CHECK(amperes("20 A").severity == Severity::ok);
  CHECK(Scene(kDesktop).severity("circuit") == Severity::unknown);
}

TEST_CASE("cores for the cards") {
  const Finding few = Scene(part("board/asrock/h510-pro-btc+") + part("celeron g5905") +
                            part("rtx 3090", "count = 4\npcie_lanes = 1\npcie_generation = 3"))
                          .one("processor-cores");
  CHECK(few.severity == Severity::warning);
  CHECK(few.value->number == Approx(2));
  CHECK(few.limit->number == Approx(8));
}

TEST_CASE("host memory and drives against the work") {
  const std::string kit = memory("DDR5", "UDIMM", 1);  // 32 GiB
  const Demand big{
      .workload = "70B", .model = "70b q4", .model_file = 40 * GiB, .on_drive = 3000 * GB};
  const Scene scene(kDesktop + kit + part("drive/samsung/990-pro-2tb"), {big});
  CHECK(scene.severity("host-memory") == Severity::warning);
  CHECK(scene.one("host-memory").margin->number == Approx(-16));  // 40 + 8 of 32
  CHECK(scene.severity("drive-space") == Severity::error);
  CHECK(scene.one("drive-space").limit->number == Approx(1.8));  // a tenth stays free
  const Demand small{.workload = "7B", .model_file = 5 * GiB, .on_drive = 5 * GB};
  CHECK(
      Scene(kDesktop + kit + part("drive/samsung/990-pro-2tb"), {small}).severity("host-memory") ==
      Severity::ok);
  const Demand hungry{.workload = "o", .model_file = 5 * GiB, .host = 30 * GiB};
  CHECK(Scene(kDesktop + kit, {hungry}).severity("host-memory") == Severity::error);  // 38 of 32
  const Demand reader{.workload = "t", .samples_rate = 8 * (GB / second)};
  CHECK(Scene(kDesktop + part("drive/samsung/990-pro-2tb"), {reader}).severity("drive-speed") ==
        Severity::warning);  // 7.45 GB/s
}

TEST_CASE("whole machines are not asked for parts") {
  const Scene scene(part("dgx spark"));
  CHECK(scene.of("parts").empty());
  CHECK(scene.of("supply-load").empty());
  CHECK(outcome(scene.all()) == Outcome::yes);
}

TEST_CASE("a whole machine has its own supply, whatever else is listed") {
  const Scene scene(part("dgx spark") + supply("power = \"1000 W\""));
  CHECK(scene.of("supply-load").empty());
}

TEST_CASE("parts that only the file describes are judged like others") {
  const Scene ups("[site]\nvoltage = \"230 V\"\nbreaker = \"16 A\"\n" + kDesktop +
                  supply("power = \"1000 W\"\nefficiency_class = \"80 PLUS Gold\"") +
                  "[[part]]\nname = \"u\"\nkind = \"ups\"\nvendor = \"any\"\n");
  CHECK(ups.severity("ups-load") == Severity::unknown);
  const Scene cooler(kDesktop + kCase +
                     "[[part]]\nname = \"c\"\nkind = \"cooler\"\nvendor = \"any\"\n"
                     "height = \"300 mm\"\n");
  CHECK(cooler.severity("cooler-height") == Severity::error);
  CHECK(cooler.severity("cooler-capacity") == Severity::unknown);
  // A card whose connector the file describes still wants a slot of the board.
  const Scene card(kDesktop +
                   "[[part]]\nname = \"c\"\nkind = \"gpu\"\nvendor = \"any\"\n"
                   "architecture = \"any\"\nmemory = \"16 GiB\"\nmemory_bandwidth = \"500 GB/s\"\n"
                   "board_power = \"200 W\"\npcie_generation = 4\npcie_lanes = 16\n"
                   "slot = \"PCIEX16(G4)\"\n");
  CHECK(card.severity("card-link") == Severity::warning);  // x4 of its x16
  CHECK(card.severity("slot-rows") != Severity::error);
}

TEST_CASE("cards in sockets for drives and in short slots") {
  CHECK(Scene(kDesktop + part("rtx 3090", "slot = \"M.2_1\"")).severity("slot-rows") ==
        Severity::error);
}

TEST_CASE("one socket, one board") {
  CHECK(Scene(kBoard + part("cpu/amd/ryzen-9-9950x", "count = 2")).of("socket").front().severity ==
        Severity::error);
  CHECK(Scene(part("board/asus/proart-x870e-creator-wifi", "sockets = 2") +
              part("cpu/amd/ryzen-9-9950x", "count = 2"))
            .severity("socket") == Severity::ok);
  CHECK(Scene(kBoard + kBoard + kCpu).severity("parts") == Severity::error);
}

TEST_CASE("kits of two kinds, SATA drives without ports, server supplies without another") {
  const auto mixed =
      Scene(kServer + memory("DDR5", "RDIMM", 4) + memory("DDR5", "LRDIMM", 4)).of("memory-type");
  CHECK(mixed.back().severity == Severity::error);
  const std::string drive =
      "[[part]]\nname = \"d\"\nkind = \"drive\"\nvendor = \"any\"\n"
      "capacity = \"4 TB\"\ninterface = \"sata\"\ncount = 5\n";
  CHECK(Scene(kDesktop + drive).of("drive-link").back().severity == Severity::error);  // 4 ports
  const Scene server(kDesktop + part("rtx 3090") + part("psu/hp/dps-1200fb"));
  CHECK(server.severity("card-connectors") == Severity::warning);
  CHECK(server.of("processor-connectors").empty());
}

TEST_CASE("a radiator against the longest place of the case") {
  const std::string cooler = "[[part]]\nname = \"c\"\nkind = \"cooler\"\nvendor = \"any\"\n";
  CHECK(Scene(kCase + cooler + "radiator = \"420 mm\"\n").severity("radiator") == Severity::ok);
  const std::string small =
      part("case/fractal-design/define-7-xl", "radiators = [\"360 mm front\", \"240 mm top\"]");
  CHECK(Scene(small + cooler + "radiator = \"420 mm\"\n").severity("radiator") == Severity::error);
}

TEST_CASE("a task that does not fit, and one whose host memory may not do") {
  const std::string kit = memory("DDR5", "UDIMM", 1);
  const Demand none{.workload = "x", .fits = false, .model_file = 5 * GiB};
  CHECK(Scene(kDesktop + kit, {none}).severity("host-memory") == Severity::info);
  Demand perhaps{.workload = "x", .model_file = 5 * GiB};
  perhaps.host = 20 * GiB;
  perhaps.host_high = 26 * GiB;  // 34 of 32 with the system's 8
  CHECK(Scene(kDesktop + kit, {perhaps}).severity("host-memory") == Severity::warning);
}

TEST_CASE("every rule has an id of its own and a judge") {
  std::vector<std::string_view> ids;
  for (const Rule& rule : rules()) {
    CAPTURE(rule.id);
    CHECK(std::find(ids.begin(), ids.end(), rule.id) == ids.end());
    ids.push_back(rule.id);
    REQUIRE((rule.judge != nullptr));
  }
}

}  // namespace rigor::check
