// Every rule on both sides of its limit, and what it says when a value is missing. The figures are
// those of the catalogue; where a limit is a sum, it stands in a comment.
#include "check_scene.hpp"

namespace rigor::check {

using doctest::Approx;

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
  CHECK(third.one("slot-rows").message.find("PCIEX16(G5)_2, PCIEX16(G5)_4") != std::string::npos);
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

TEST_CASE("divided slots want lanes that are there") {
  const auto lanes = [](int each) {
    return Scene(kDesktop + part("rtx 3090", "count = 4\npcie_generation = 4\npcie_lanes = " +
                                                 std::to_string(each)))
        .one("bifurcation");
  };
  CHECK(lanes(4).severity == Severity::info);   // 16 of 24
  CHECK(lanes(8).severity == Severity::error);  // 32 of 24
  CHECK(lanes(8).margin->number == Approx(-8));
  CHECK(Scene(kDesktop + part("rtx 3090")).of("bifurcation").empty());
}

TEST_CASE("memory domains") {
  CHECK(Scene(kDesktop + part("rtx 3090", "count = 2")).severity("numa") == Severity::ok);
  CHECK(Scene(part("board/asus/proart-x870e-creator-wifi", "cpu_sockets = 2") + kCpu +
              part("rtx 3090", "count = 2"))
            .severity("numa") == Severity::warning);
}

TEST_CASE("a card behind the chipset is a warning, a drive is not") {
  const Scene third(kDesktop +
                    part("rtx 5060 ti 16gb", slots("\"PCIEX16(G5)_1\", \"PCIEX16(G4)\"", 2)));
  CHECK(third.severity("uplink") == Severity::warning);
  const Scene drive(kDesktop + part("drive/samsung/990-pro-2tb", "slot = \"M.2_3\""));
  CHECK(drive.severity("uplink") == Severity::ok);  // x4 of generation 4 on an uplink of the same
}

}  // namespace rigor::check
