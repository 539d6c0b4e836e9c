#include "place/search_fixture.hpp"

#include "adapters/toml/entry_reader.hpp"
#include "catalog/packed.hpp"
#include "evidence/mapper.hpp"

namespace rigor::place {
namespace {

evidence::Library& library() {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  static evidence::Library lookups(all);
  return lookups;
}

}  // namespace

const estimate::Calibration& search_calibration() {
  static const auto fitted = estimate::Calibration::parse(catalog::packed_calibration());
  REQUIRE(fitted.has_value());
  return *fitted;
}

const std::vector<CacheOption>& search_caches() {
  static const std::vector<CacheOption> caches = {
      {.name = "f16"},
      {.name = "q8_0", .key = {1.0625, true}, .value = {1.0625, true}, .loss = 0.0003},
      {.name = "q4_0", .key = {0.5625, true}, .value = {0.5625, true}, .loss = 0.012}};
  return caches;
}

Searched::Searched(const std::vector<std::string>& devices, const char* network,
                   const char* quantization, const char* engine, workload::Kind kind) {
  for (const std::string& id : devices) {
    const hardware::Accelerator* card = library().device("gpu/nvidia/" + id);
    REQUIRE(card != nullptr);
    cards.push_back(*card);
  }
  const hardware::Host* host = library().processor("cpu/amd/ryzen-9-7950x");
  REQUIRE(host != nullptr);
  question.host = *host;
  question.host.memory = 128 * GiB;
  question.network = library().network(network, quantization);
  question.engine = library().engine(engine);
  REQUIRE(question.network != nullptr);
  REQUIRE(question.engine != nullptr);
  question.accelerators = cards;
  question.workload.kind = kind;
}

}  // namespace rigor::place
