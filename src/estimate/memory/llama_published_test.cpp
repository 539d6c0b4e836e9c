// Buffers as llama.cpp's own logs and other projects' tests state them, against the replay and the
// estimate with the catalogue's data. Rows and sources: tests/data/llama_cpp_checks.csv.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/catalog.hpp"
#include "catalog/engine_entry.hpp"
#include "catalog/quantization_entry.hpp"
#include "estimate/memory/inference_memory.hpp"
#include "estimate/memory/llama_graph.hpp"

namespace rigor::estimate {
namespace {

using Row = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
  return fields;
}

std::vector<Row> checks(const std::string& kind) {
  std::ifstream in("tests/data/llama_cpp_checks.csv");
  REQUIRE(in.good());
  std::vector<std::string> header;
  std::vector<Row> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string> fields = split(line);
    if (header.empty()) {
      header = fields;
      continue;
    }
    REQUIRE_MESSAGE(fields.size() == header.size(), line);
    Row row;
    for (std::size_t i = 0; i < fields.size(); ++i) row[header[i]] = fields[i];
    if (row["kind"] == kind) rows.push_back(row);
  }
  return rows;
}

int number(const Row& row, const std::string& column) {
  return std::atoi(row.at(column).c_str());
}

const catalog::Entry& entry(const std::string& id) {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  const auto found = all.entry(id);
  REQUIRE_MESSAGE(found.has_value(), id);
  return **found;
}

const Network& network(const Row& row) {
  static std::map<std::string, Network> known;
  const std::string recipe = row.at("recipe") == "-" ? "q8_0" : row.at("recipe");
  const std::string key = row.at("architecture") + "/" + recipe;
  if (!known.contains(key)) {
    known[key] =
        make_network(*catalog::to_architecture(entry("architecture/" + row.at("architecture"))),
                     *catalog::to_quantization(entry("quantization/" + recipe)));
  }
  return known.at(key);
}

workload::CacheType cache_type(const Row& row) {
  if (row.at("cache") == "q8_0") return {34.0 / 32.0, true};
  if (row.at("cache") == "q4_0") return {18.0 / 32.0, true};
  return {};
}

LlamaGraph graph(const Row& row) {
  static const std::map<std::string, LlamaEpoch> epochs = {{"b2800", LlamaEpoch::b2800},
                                                           {"b9000", LlamaEpoch::b9000},
                                                           {"b10900", LlamaEpoch::b10900},
                                                           {"ik", LlamaEpoch::ik_2025}};
  static const std::map<std::string, LatentMode> modes = {{"-", LatentMode::mixed},
                                                          {"expanded", LatentMode::expanded},
                                                          {"computed", LatentMode::computed},
                                                          {"mixed", LatentMode::mixed}};
  LlamaGraph graph{.network = network(row), .epoch = epochs.at(row.at("build"))};
  graph.cells = number(row, "context");
  graph.micro_batch = number(row, "micro_batch");
  graph.sequences = number(row, "slots");
  graph.flash_attention = number(row, "flash") != 0;
  graph.key_type = graph.value_type = cache_type(row);
  graph.devices = number(row, "devices");
  graph.copies = graph.devices > 1 ? 4 : 1;
  graph.host_expert_layers = number(row, "host_expert_layers");
  graph.host_experts = HostExperts::processor;
  graph.latent = modes.at(row.at("latent"));
  graph.attention_limit = number(row, "attention_limit");
  graph.fused_experts = graph.epoch == LlamaEpoch::ik_2025;
  const int window = network(row).architecture.sliding_window * graph.sequences;
  const int windowed = (window + graph.micro_batch + 255) / 256 * 256;
  graph.window_cells = std::min<std::int64_t>(graph.cells, windowed);
  return graph;
}

Bytes buffer(const LlamaBuffers& buffers, const std::string& name) {
  if (name == "host") return buffers.host;
  return buffers.device[static_cast<std::size_t>(std::atoi(name.c_str() + 6))];
}

MemoryEstimate estimate(const Row& row) {
  const std::string build = row.at("build");
  const auto engine = catalog::to_engine(
      entry(build == "b10900" ? "engine/llama.cpp" : "engine/llama.cpp/" + build));
  REQUIRE(engine.has_value());
  workload::Inference inference{.context = number(row, "context")};
  inference.sequences = number(row, "slots");
  inference.shared_cache = number(row, "shared") != 0;
  inference.micro_batch = number(row, "micro_batch");
  inference.flash_attention = number(row, "flash") != 0;
  inference.key_type = inference.value_type = cache_type(row);
  inference.draft_tokens = number(row, "draft");
  workload::Placement placement{.devices = number(row, "devices")};
  for (std::size_t i = 0; i < placement.device.size(); ++i) {
    placement.device[i] = static_cast<std::int8_t>(i);
  }
  placement.pipeline = placement.devices;
  placement.host_expert_layers = number(row, "host_expert_layers");
  const std::vector<hardware::Accelerator> cards(workload::kMostDevices);
  const hardware::Host host;
  MemoryEstimate result;
  llama_cpp_memory({network(row), *engine, inference, placement, cards, host}, result);
  return result;
}

Bytes over_devices(const MemoryEstimate& estimate, Term term) {
  Bytes sum;
  for (int i = 0; i < estimate.devices; ++i) {
    sum += estimate.device[static_cast<std::size_t>(i)][term].expected;
  }
  return sum;
}

Bytes term_of(const MemoryEstimate& estimate, const std::string& name) {
  if (name == "kv_cache") return over_devices(estimate, Term::kv_cache);
  if (name == "recurrent_state") return over_devices(estimate, Term::recurrent_state);
  if (name == "weights") return over_devices(estimate, Term::weights);
  REQUIRE(name == "compute");
  return over_devices(estimate, Term::compute) + over_devices(estimate, Term::graph_copies);
}

/// "0.2 MiB" or "0.7 %".
void check_near(const Row& row, Bytes found) {
  const double published = std::atof(row.at("mib").c_str());
  const std::string& tolerance = row.at("tolerance");
  const double stated = std::atof(tolerance.c_str());
  const double allowed = tolerance.ends_with('%') ? stated / 100.0 * published : stated;
  CAPTURE(row.at("cite"));
  CAPTURE(row.at("architecture"));
  CAPTURE(row.at("context"));
  CAPTURE(row.at("micro_batch"));
  CAPTURE(row.at("term"));
  CHECK(std::abs(found.in(MiB)-published) <= allowed);
}

}  // namespace

TEST_CASE("the replay gives the buffers that logs print") {
  for (const Row& row : checks("replay")) {
    check_near(row, buffer(replay(graph(row)), row.at("term")));
  }
}

TEST_CASE("the estimate gives the terms that logs print") {
  for (const Row& row : checks("estimate")) check_near(row, term_of(estimate(row), row.at("term")));
}

TEST_CASE("131,072 further tokens of Qwen3.8-27B with a q4_0 cache take 2,944 MiB") {
  // Two machines agree (club-3090, tmac1973/llama-toolchest): 2,304 of cache (16 layers x 2,048
  // elements x 9/16 B), 128 of mask (512 tokens x 2 B), 512 of F16 copies (2,048 elements x 2 B).
  Row row = checks("estimate").front();
  row["architecture"] = "qwen3.8-27b";
  row["cache"] = "q4_0";
  row["devices"] = row["slots"] = "1";
  const auto total = [&](const char* context) {
    row["context"] = context;
    return estimate(row).device[0].total().expected;
  };
  CHECK((total("262144") - total("131072")).in(MiB) == doctest::Approx(2944).epsilon(1e-6));
}

}  // namespace rigor::estimate
