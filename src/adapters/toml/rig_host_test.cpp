// Drive and network port of a rig file.
#include <doctest/doctest.h>

#include <string>

#include "adapters/toml/entry_reader.hpp"
#include "adapters/toml/rig_reader.hpp"

namespace rigor::adapters {
namespace {

using doctest::Approx;

hardware::Host host_of(const std::string& parts) {
  static const catalog::Catalog catalog(catalog::packed_catalogue(), &read_entry);
  Diagnostics diagnostics;
  const RigFile file = read_rig("name = \"x\"\n" + parts, "r.toml", catalog, diagnostics);
  CHECK(to_text(diagnostics).empty());
  return file.rig.host;
}

double gbits(const hardware::Host& host) {
  return host.network / BytesPerSecond::from_base(1.25e8);
}

std::string part(const std::string& ref) {
  return "[[part]]\nref = \"" + ref + "\"\n";
}

}  // namespace

TEST_CASE("a rig without a drive and a port states none") {
  const hardware::Host host = host_of(part("gpu/nvidia/rtx-4090"));
  CHECK(host.drive.name.empty());
  CHECK(host.drive.read == BytesPerSecond{});
  CHECK(host.port.empty());
  CHECK(host.network == BytesPerSecond{});
}

TEST_CASE("of several drives the one that reads fastest") {
  const hardware::Host host =
      host_of(part("drive/samsung/990-pro-2tb") + part("drive/crucial/t700-4tb") +
              part("drive/crucial/mx500-2tb"));
  CHECK(host.drive.name == "Crucial T700 4TB");
  CHECK(host.drive.read.in(GB / second) == Approx(12.4));
  CHECK(host.drive.write_is_burst);
}

TEST_CASE("a sustained rate of writing is taken where one is stated") {
  const hardware::Host known = host_of(part("drive/western-digital/black-sn850x-4tb"));
  CHECK_FALSE(known.drive.write_is_burst);
  CHECK(known.drive.write.in(GB / second) == Approx(0.886));
  const hardware::Host own = host_of(
      "[[part]]\nkind = \"drive\"\nname = \"array\"\nsequential_read = \"20 GB/s\"\n"
      "sequential_write = \"12 GB/s\"\nsustained_write = \"9 GB/s\"\n");
  CHECK(own.drive.name == "array");
  CHECK(own.drive.read.in(GB / second) == Approx(20));
  CHECK(own.drive.write.in(GB / second) == Approx(9));
}

TEST_CASE("ports of cards, boards and whole machines count; the fastest is taken") {
  const std::string board = part("board/asus/proart-x870e-creator-wifi");
  CHECK(gbits(host_of(board)) == Approx(10));
  CHECK(host_of(board).port.find("ProArt X870E") != std::string::npos);
  CHECK(gbits(host_of(board + part("nic/nvidia/connectx-5-mcx516a"))) == Approx(100));
  CHECK(gbits(host_of(board + part("nic/intel/i226-t1"))) == Approx(10));
  CHECK(gbits(host_of(part("system/nvidia/dgx-spark"))) == Approx(200));
}

}  // namespace rigor::adapters
