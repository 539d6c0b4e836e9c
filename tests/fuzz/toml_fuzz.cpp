// Any text as a TOML document and as a catalogue entry.
#include "adapters/toml/document.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = rigor::fuzz::text_of(data, size);
  const auto document = rigor::adapters::parse_toml(text, "fuzz.toml");
  if (!document) RIGOR_ASSERT(!document.error().message.empty());
  const auto entry = rigor::adapters::read_entry(text, "kind/fuzz", "fuzz.toml");
  if (!entry) RIGOR_ASSERT(!entry.error().message.empty());
  return 0;
}
