// Rules of links, power and work on both sides of its limit, and what it says when a value is
// missing. The figures are those of the catalogue; where a limit is a sum, it stands in a comment.
#include <fmt/format.h>

#include <algorithm>

#include "check_scene.hpp"

namespace rigor::check {

using doctest::Approx;

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
  CHECK(Scene(part("board/asus/proart-x870e-creator-wifi", "cpu_sockets = 2") +
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
