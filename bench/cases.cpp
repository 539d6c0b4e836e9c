#include "bench/cases.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "adapters/toml/entry_reader.hpp"
#include "adapters/toml/rig_reader.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/engine_entry.hpp"
#include "catalog/quantization_entry.hpp"
#include "workload/workload.hpp"

namespace rigor::bench {
namespace {

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "rigor_bench: %s\n", why.c_str());
  std::exit(2);
}

template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error().message);
  return std::move(*result);
}

workload::Workload make_workload(std::string_view model, workload::Kind kind,
                                 const Settings& settings) {
  workload::Workload workload;
  workload.kind = kind;
  workload.model = model;
  for (const auto& [name, value] : settings) {
    const workload::Setting* setting = workload::find_setting(name);
    if (setting == nullptr) stop(fmt::format("no setting {}", name));
    const std::string problem = setting->apply(workload, value);
    if (!problem.empty()) stop(problem);
  }
  return workload;
}

}  // namespace

catalog::Catalog make_catalog() {
  return catalog::Catalog(catalog::packed_catalogue(), &adapters::read_entry);
}

llm::Architecture architecture(const catalog::Catalog& catalog, std::string_view name) {
  return must(catalog::to_architecture(*must(catalog.find(name, "architecture"))));
}

llm::Quantization quantization(const catalog::Catalog& catalog, std::string_view name) {
  return must(catalog::to_quantization(*must(catalog.find(name, "quantization"))));
}

std::unique_ptr<Case> make_case(std::string_view rig, std::string_view model, workload::Kind kind,
                                const Settings& settings) {
  const catalog::Catalog catalog = make_catalog();
  auto made = std::make_unique<Case>();
  place::Question& question = made->question;
  question.workload = make_workload(model, kind, settings);
  made->rig = must(adapters::rig_from_words(rig, catalog)).rig;
  made->engine = must(catalog::to_engine(*must(catalog.find(question.workload.engine, "engine"))));
  made->network = estimate::make_network(architecture(catalog, model),
                                         quantization(catalog, question.workload.quantization));
  question.network = &made->network;
  question.engine = &made->engine;
  question.accelerators = made->rig.accelerators;
  question.host = made->rig.host;
  made->placement = place::choose(question).placement;
  return made;
}

}  // namespace rigor::bench
