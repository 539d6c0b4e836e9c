// Any text as a record of the BuildCores open database, in every category; what is taken is read
// back as an entry that lint accepts.
#include <algorithm>

#include "adapters/buildcores/importer.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "catalog/schema.hpp"
#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rigor::adapters::buildcores;
  const std::string text = rigor::fuzz::text_of(data, size);
  Surroundings around;
  around.chips = {{"gpu/nvidia/rtx-5090", {"geforce rtx 5090"}, 32}};
  for (const Category& category : categories()) {
    Importer importer(around, {"", "2026-08-17"});
    importer.add(category, "1.json", text);
    const std::vector<PlannedFile> files = importer.finish();
    RIGOR_ASSERT(files.size() + static_cast<std::size_t>(importer.skipped().total()) == 1);
    for (const PlannedFile& file : files) {
      RIGOR_ASSERT(file.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.+-/") ==
                   std::string::npos);
      RIGOR_ASSERT(file.id.find("..") != 0 && file.id.find("/.") == std::string::npos);
      const auto entry = rigor::adapters::read_entry(file.text, file.id, "1.toml");
      RIGOR_ASSERT(entry.has_value());
      rigor::Diagnostics problems;
      if (entry->base.empty()) rigor::catalog::lint(*entry, problems);
      RIGOR_ASSERT(!problems.has_errors());
    }
  }
  return 0;
}
