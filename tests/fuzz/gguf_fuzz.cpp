// Any bytes as a GGUF file, alone and as every part of a split one.
#include <memory>

#include "adapters/bytes/memory_source.hpp"
#include "adapters/gguf/gguf_model.hpp"
#include "fuzz_target.hpp"

namespace {

using namespace rigor;

void read_as(const std::string& name, const std::string& bytes) {
  const adapters::OpenSource open =
      [&](const std::string& other) -> Result<std::unique_ptr<adapters::ByteSource>> {
    return std::make_unique<adapters::MemorySource>(other, bytes);
  };
  const auto model = adapters::read_gguf(name, open);
  if (!model) {
    RIGOR_ASSERT(!model.error().message.empty());
    return;
  }
  RIGOR_ASSERT(model->size().in(byte) <= static_cast<double>(bytes.size()) * 999);
  if (model->architecture) fuzz::use(*model->architecture);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = rigor::fuzz::text_of(data, size);
  read_as("alone.gguf", bytes);
  read_as("part-00001-of-00001.gguf", bytes);
  read_as("part-00001-of-00002.gguf", bytes);
  return 0;
}
