// Any bytes as a safetensors file, as a header alone, and as an index of shards.
#include <cstring>

#include "adapters/bytes/memory_source.hpp"
#include "adapters/safetensors/safetensors_header.hpp"
#include "adapters/safetensors/safetensors_index.hpp"
#include "fuzz_target.hpp"

namespace {

using namespace rigor;

void read_file(const std::string& bytes) {
  adapters::MemorySource source("fuzz.safetensors", bytes);
  const auto tensors = adapters::read_safetensors_header(source);
  if (!tensors) return RIGOR_ASSERT(!tensors.error().message.empty());
  Bytes sum;
  for (const llm::StoredTensor& tensor : *tensors) sum += tensor.size;
  RIGOR_ASSERT(sum.in(byte) <= static_cast<double>(bytes.size()));
}

/// Puts the right length in front, so that the fuzzer need not find it.
std::string with_length(const std::string& header) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(4096, '\0');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = rigor::fuzz::text_of(data, size);
  read_file(bytes);
  read_file(with_length(bytes));
  const auto index = adapters::read_safetensors_index(bytes, "fuzz.index.json");
  if (index) RIGOR_ASSERT(!index->shards.empty());
  return 0;
}
