// Every architecture of the catalogue, written as llama.cpp's converter would write it, must come
// back the same.
#include "adapters/gguf/gguf_architecture.hpp"

#include <doctest/doctest.h>

#include <map>

#include "adapters/gguf/gguf_of_network.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/packed.hpp"
#include "llm/cache_shape.hpp"
#include "llm/tensor.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::Layer;
using llm::Plan;

/// Architectures of the catalogue that GGUF files exist for.
std::vector<Architecture> catalogue() {
  std::vector<Architecture> all;
  for (const catalog::PackedEntry& packed : catalog::packed_catalogue()) {
    if (!packed.id.starts_with("architecture/")) continue;
    const auto entry = read_entry(packed.text, std::string(packed.id), "entry.toml");
    REQUIRE(entry.has_value());
    auto architecture = catalog::to_architecture(*entry);
    REQUIRE_MESSAGE(architecture.has_value(), packed.id);
    const bool stored = !architecture->gguf.empty() && architecture->plan != Plan::whisper &&
                        architecture->plan != Plan::flux && architecture->plan != Plan::sizes_only;
    if (stored) all.push_back(std::move(*architecture));
  }
  return all;
}

struct Read {
  std::optional<Architecture> architecture;
  std::vector<std::string> undetermined;
};

Read read_back(const testing::GgufWriter& writer) {
  testing::HeaderSource source(writer);
  const auto header = read_gguf_header(source);
  REQUIRE_MESSAGE(header.has_value(), header.error().message);
  Read read;
  read.architecture = gguf_architecture(header->metadata, header->tensors, read.undetermined);
  return read;
}

void check_layer(const Architecture& a, const Layer& expected, const Architecture& b,
                 const Layer& layer) {
  CHECK(layer.mixer == expected.mixer);
  CHECK(layer.feed_forward == expected.feed_forward);
  CHECK(layer.width == expected.width);
  CHECK(layer.owns_cache == expected.owns_cache);
  const bool attends = expected.mixer == llm::Mixer::attention || expected.mixer == llm::Mixer::mla;
  if (attends) CHECK(layer.heads == expected.heads);
  const llm::LayerCache x = llm::layer_cache(a, expected);
  const llm::LayerCache y = llm::layer_cache(b, layer);
  CHECK(x.elements() == y.elements());
  CHECK(x.index_keys == y.index_keys);
  CHECK(x.window == y.window);
  CHECK(x.ratio == y.ratio);
  CHECK(x.compressed_keys == y.compressed_keys);
  CHECK(x.compressed_index_keys == y.compressed_index_keys);
  CHECK(llm::recurrent_state(a, expected).state == llm::recurrent_state(b, layer).state);
  CHECK(llm::recurrent_state(a, expected).convolution() ==
        llm::recurrent_state(b, layer).convolution());
}

TEST_CASE("an architecture survives the way through a GGUF header") {
  int architectures = 0;
  for (const Architecture& a : catalogue()) {
    CAPTURE(a.id);
    ++architectures;
    const Read read = read_back(testing::gguf_of_network(a));
    REQUIRE_MESSAGE(read.architecture.has_value(),
                    (read.undetermined.empty() ? "" : read.undetermined.front()));
    const Architecture& b = *read.architecture;
    const std::string doubt = read.undetermined.empty() ? std::string() : read.undetermined.front();
    CHECK(doubt == "");
    CHECK(b.vocabulary == a.vocabulary);
    CHECK(b.hidden == a.hidden);
    CHECK(b.context == a.context);
    CHECK(b.causal == a.causal);
    REQUIRE(b.layers.size() == a.layers.size());
    for (std::size_t i = 0; i < a.layers.size(); ++i) check_layer(a, a.layers[i], b, b.layers[i]);
    const llm::InventoryScope scope{.mtp = true, .gguf_file = true};
    CHECK(llm::parameters(a, scope) == llm::parameters(b, scope));
    if (a.pooler) continue;  // GGUF files leave it out
    CHECK(llm::parameters(a) == llm::parameters(b));
    CHECK(llm::active_parameters(a) == llm::active_parameters(b));
  }
  CHECK(architectures > 150);
}

}  // namespace
}  // namespace rigor::adapters
