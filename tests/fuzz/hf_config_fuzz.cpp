// Any text as a config.json.
#include "adapters/hf/hf_architecture.hpp"
#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config =
      rigor::adapters::read_hf_config(rigor::fuzz::text_of(data, size), "config.json");
  if (!config) {
    RIGOR_ASSERT(!config.error().message.empty());
  } else if (config->architecture) {
    rigor::fuzz::use(*config->architecture);
  }
  return 0;
}
