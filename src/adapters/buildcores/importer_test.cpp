// The import as a whole, from texts to files: collisions, what is known already, the overlay.
#include "adapters/buildcores/importer.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>

#include "adapters/buildcores/database.hpp"
#include "adapters/buildcores/overlay.hpp"
#include "adapters/buildcores/overlay_file.hpp"
#include "adapters/files/files.hpp"
#include "adapters/model/scratch_folder.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "catalog/schema.hpp"

namespace rigor::adapters::buildcores {
namespace {

std::string psu(std::string_view name, int watts) {
  return fmt::format(R"({{"metadata": {{"name": "{}", "manufacturer": "Acme"}}, "wattage": {}}})",
                     name, watts);
}

const Category& kPsu = *find_category("PSU");
const Origin kOrigin{"136a77aec1136a77aec1136a77aec1136a77aec1", "2026-08-17"};

std::vector<std::string> whys(const report::Tally& tally) {
  std::vector<std::string> list;
  for (const auto& reason : tally.reasons()) list.push_back(reason.why);
  return list;
}

TEST_CASE("what is written is an entry that lint accepts, with its source") {
  const Surroundings nothing;
  Importer importer(nothing, kOrigin);
  importer.add(kPsu, "PSU/0a1b2c3d.json", psu("Acme 850", 850));
  const std::vector<PlannedFile> files = importer.finish();
  REQUIRE(files.size() == 1);
  CHECK(files[0].id == "psu/acme/850");
  const Result<catalog::Entry> entry = read_entry(files[0].text, files[0].id, "x.toml");
  REQUIRE(entry.has_value());
  Diagnostics problems;
  catalog::lint(*entry, problems);
  CHECK(to_text(problems).empty());
  const catalog::Provenance& source = entry->find("power")->provenance;
  CHECK(source.cite == "BuildCores open database @136a77aec1 (ODC-By 1.0), record 0a1b2c3d");
  CHECK(source.as_of == "2026-08-17");
  CHECK(source.origin == catalog::Origin::vendor_spec);
}

TEST_CASE("what the catalogue or the overlay has is not taken again") {
  Surroundings around;
  around.catalogue_names = {{name_key("psu", "ACME 850"), "psu/acme/a-850"}};
  around.catalogue_ids = {"psu/acme/a-850", "psu/acme/1200"};
  around.catalogue_records = {{"22222222", "psu/acme/b"}, {"33333333", "case/acme/c"}};
  around.overlay_names = {{name_key("psu", "Acme 1000"), "psu/mine/big"},
                          {name_key("psu", "Acme 700"), "psu/acme/700"}};
  Importer importer(around, kOrigin);
  importer.add(kPsu, "PSU/11111111.json", psu("Acme-850", 850));
  importer.add(kPsu, "PSU/22222222-2.json", psu("Acme 900", 900));
  importer.add(kPsu, "PSU/33333333-3.json", psu("Acme 1000", 1000));
  importer.add(kPsu, "PSU/44444444.json", psu("Acme 1200", 1200));
  importer.add(kPsu, "PSU/55555555.json", psu("Acme 700", 700));
  const std::vector<PlannedFile> files = importer.finish();
  REQUIRE(files.size() == 1);
  CHECK(files[0].id == "psu/acme/700");  // the overlay's file of this name is at this very id
  CHECK(whys(importer.skipped()) ==
        std::vector<std::string>{"psu: the catalogue has it",
                                 "psu: the catalogue has an entry of that id",
                                 "psu: your overlay has an entry of that name"});
  CHECK(importer.skipped().total() == 4);
  CHECK(importer.kinds().at("psu").records == 5);
  CHECK(importer.kinds().at("psu").imported == 1);
}

TEST_CASE("broken files are counted with their places") {
  const Surroundings nothing;
  Importer importer(nothing, kOrigin);
  importer.add(kPsu, "PSU/1.json", "{\n  \"metadata\": }");
  importer.add(kPsu, "PSU/2.json", "");
  importer.add(kPsu, "PSU/3.json", std::string(100, '['));
  importer.add(kPsu, "PSU/a b.json", psu("Acme 850", 850));
  importer.add(kPsu, "PSU/5.json", psu("Acme 850", 850));
  importer.add(kPsu, "PSU/other/5.json", psu("Acme 860", 850));
  importer.add_unreadable(kPsu, "PSU/6.json", "larger than 1 MiB");
  CHECK(importer.finish().size() == 1);
  const auto reasons = importer.skipped().reasons();
  REQUIRE(reasons.size() == 5);
  CHECK(reasons[0].why == "psu: no valid JSON");
  CHECK(reasons[0].count == 2);
  CHECK(reasons[0].first[0].starts_with("PSU/1.json:2:15: this is not valid JSON"));
  CHECK(reasons[1].why == "psu: JSON that is too large or too deep");
  CHECK(importer.kinds().at("psu").records == 7);
}

TEST_CASE("files of a person stay, untouched ones follow the database") {
  const testing::ScratchFolder folder;
  const auto import = [&](int watts, WriteRules rules) {
    Surroundings around;
    REQUIRE(note_overlay(folder.path("ov"), around).has_value());
    Importer importer(around, kOrigin);
    importer.add(kPsu, "PSU/11111111.json", psu("Acme 850", watts));
    importer.add(kPsu, "PSU/22222222.json", psu("Acme 900", 900));
    report::Import outcome;
    REQUIRE(write_overlay(folder.path("ov"), importer.finish(), rules, outcome).has_value());
    return fmt::format("{} {} {} {}", outcome.added, outcome.updated, outcome.unchanged,
                       outcome.kept.total());
  };
  const std::string path = folder.path("ov/psu/acme/850.toml");
  CHECK(import(850, {.only_look = true}) == "2 0 0 0");
  CHECK_FALSE(exists(folder.path("ov")));
  CHECK(import(850, {}) == "2 0 0 0");
  CHECK(import(850, {}) == "0 0 2 0");
  CHECK(import(860, {}) == "0 1 1 0");
  REQUIRE(write_file(path, *read_file(path) + "sata = 4\n").has_value());
  CHECK(import(870, {}) == "0 0 1 1");
  CHECK(read_file(path)->find("sata = 4") != std::string::npos);
  CHECK(import(870, {.force = true}) == "0 1 1 0");
  CHECK(read_file(path)->find("sata = 4") == std::string::npos);
  // A person's own file of the same id and name.
  const std::string own = "name = \"Acme 850\"\nsource = { cite = \"me\" }\npower = \"850 W\"\n";
  REQUIRE(write_file(path, own).has_value());
  CHECK(import(850, {}) == "0 0 1 1");
  CHECK(*read_file(path) == own);
  CHECK(import(850, {.force = true, .only_look = true}) == "0 1 1 0");
  CHECK(*read_file(path) == own);
}

TEST_CASE("a record that is renamed there stays where rigs look for it") {
  const testing::ScratchFolder folder;
  const auto import = [&](std::string_view name) {
    Surroundings around;
    REQUIRE(note_overlay(folder.path(), around).has_value());
    Importer importer(around, kOrigin);
    importer.add(kPsu, "PSU/11111111.json", psu(name, 850));
    report::Import outcome;
    REQUIRE(write_overlay(folder.path(), importer.finish(), {}, outcome).has_value());
    return files_below(folder.path(), ".toml")->size();
  };
  CHECK(import("Acme Old") == 1);
  CHECK(import("Acme New") == 1);
  CHECK(read_file(folder.path("psu/acme/old.toml"))->find("Acme New") != std::string::npos);
}

TEST_CASE("places that cannot be written are errors that name them") {
  const testing::ScratchFolder folder;
  folder.file("file", "x");
  Surroundings around;
  CHECK(note_overlay(folder.path("file"), around).error().where == folder.path("file"));
  folder.file("ov/psu", "a file where a folder is wanted");
  report::Import outcome;
  const Result<void> written =
      write_overlay(folder.path("ov"), {{"psu/acme/850", "n", "t"}}, {}, outcome);
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().where == folder.path("ov/psu/acme"));
}

TEST_CASE("the mark of an imported file") {
  const std::string text = overlay_text("1234-ab", "name = \"x\"\n");
  REQUIRE(overlay_mark(text).has_value());
  CHECK(overlay_mark(text)->record == "1234-ab");
  CHECK(overlay_mark(text)->untouched);
  CHECK_FALSE(overlay_mark(text + " ")->untouched);
  CHECK_FALSE(overlay_mark("name = \"x\"\n").has_value());
  CHECK_FALSE(overlay_mark("").has_value());
  CHECK_FALSE(overlay_mark(text.substr(0, text.find('\n') + 1))->untouched);
}

TEST_CASE("a checkout tells its commit and date where git's files are readable") {
  const testing::ScratchFolder folder;
  const std::string commit(40, 'a');
  CHECK(open_checkout(folder.path("none")).error().code == ErrorCode::not_found);
  CHECK(open_checkout(folder.file("file", "")).error().code == ErrorCode::io);
  CHECK(open_checkout(folder.path()).error().code == ErrorCode::malformed);
  folder.file("db/open-db/PSU/1.json", "{}");
  CHECK(open_checkout(folder.path("db"))->commit.empty());
  folder.file("db/.git/HEAD", "ref: refs/heads/main\n");
  folder.file("db/.git/packed-refs", "# pack-refs\n" + commit + " refs/heads/main\n");
  folder.file("db/.git/logs/HEAD",
              std::string(40, '0') + " " + commit + " A B <a@b> 1786924800 +0000\tclone: from x\n");
  for (const std::string place : {"db", "db/open-db"}) {
    const Result<Checkout> checkout = open_checkout(folder.path(place));
    REQUIRE(checkout.has_value());
    CHECK(checkout->commit == commit);
    CHECK(checkout->date == "2026-08-17");
    CHECK(checkout->categories == std::vector<std::string>{"PSU"});
  }
  folder.file("db/.git/HEAD", "ref: refs/../../../etc/passwd\n");
  CHECK(open_checkout(folder.path("db"))->commit.empty());
  folder.file("db/.git/HEAD", std::string(40, 'b') + "\n");
  CHECK(open_checkout(folder.path("db"))->commit == std::string(40, 'b'));
}

TEST_CASE("dates of git's log") {
  const auto date = [](std::string_view seconds) {
    return date_of_git_log(
        fmt::format("0 1 A <a@b> 5 +0000\tx\n0 1 A B <a@b> {} +0200\tpull", seconds));
  };
  // Day 0 is 1970-01-01; 951782400 is 2000-02-29; 1709251199 is the last second of 2024-02-29.
  CHECK(date("1") == "1970-01-01");
  CHECK(date("951782400") == "2000-02-29");
  CHECK(date("1709251199") == "2024-02-29");
  CHECK(date("1709251200") == "2024-03-01");
  CHECK(date("253402300799") == "9999-12-31");
  CHECK(date("253402300800").empty());
  CHECK(date("-5").empty());
  CHECK(date("x").empty());
  CHECK(date_of_git_log("").empty());
}

}  // namespace
}  // namespace rigor::adapters::buildcores
