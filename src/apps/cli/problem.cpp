#include "apps/cli/problem.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/files/files.hpp"
#include "adapters/model/open_model.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/engine_entry.hpp"
#include "catalog/field_reader.hpp"
#include "catalog/parts.hpp"
#include "catalog/quantization_entry.hpp"
#include "place/power.hpp"
#include "place/refusal.hpp"

namespace rigor::apps {
namespace {

using workload::Backend;
using workload::EngineFamily;
using workload::Kind;

}  // namespace

bool names_a_file(const std::string& what) {
  for (const char* start : {"http://", "https://", "hf:", "./", "/", "../", "~"}) {
    if (what.starts_with(start)) return true;
  }
  for (const char* end : {".gguf", ".safetensors", ".json", ".toml"}) {
    if (what.ends_with(end)) return true;
  }
  return adapters::exists(what);
}

std::string default_quantization(EngineFamily family) {
  switch (family) {
    case EngineFamily::llama_cpp: return "Q4_K_M";
    case EngineFamily::mlx: return "mlx-4bit";
    case EngineFamily::exllama: return "exl3-4.0bpw";
    default: return "bf16";
  }
}

namespace {

Backend default_backend(const std::vector<hardware::Accelerator>& accelerators) {
  if (accelerators.empty()) return Backend::cpu;
  switch (accelerators[0].vendor) {
    case hardware::Vendor::nvidia: return Backend::cuda;
    case hardware::Vendor::amd: return Backend::rocm;
    case hardware::Vendor::apple: return Backend::metal;
    default: return Backend::vulkan;
  }
}

bool runs_on(Backend backend, hardware::Vendor vendor) {
  switch (backend) {
    case Backend::cuda: return vendor == hardware::Vendor::nvidia;
    case Backend::rocm: return vendor == hardware::Vendor::amd;
    case Backend::metal: return vendor == hardware::Vendor::apple;
    default: return true;
  }
}

bool runs_on_apple(EngineFamily family) {
  switch (family) {
    case EngineFamily::llama_cpp:
    case EngineFamily::mlx:
    case EngineFamily::transformers:
    case EngineFamily::trl: return true;
    default: return false;
  }
}

std::string_view ladder_of(EngineFamily family) {
  switch (family) {
    case EngineFamily::llama_cpp: return "llama_cpp";
    case EngineFamily::vllm: return "vllm";
    case EngineFamily::mlx: return "mlx";
    case EngineFamily::exllama: return "exllama";
    default: return "transformers";
  }
}

}  // namespace

Result<adapters::RigFile> open_rig_to_check(const std::string& what, Session& session) {
  if (!names_a_file(what)) {
    Result<adapters::RigFile> rig = adapters::rig_from_words(what, session.catalog);
    if (rig || rig.error().code != ErrorCode::not_found) return rig;
    return fail(rig.error().code, fmt::format("\"{}\" is no rig file and no known device", what),
                {}, rig.error().hint);
  }
  const Result<std::string> text = adapters::read_file(what, 4U << 20);
  if (!text) return tl::unexpected<Error>(text.error());
  Diagnostics diagnostics;
  adapters::RigFile rig = adapters::read_rig(*text, what, session.catalog, diagnostics);
  if (!diagnostics.has_errors() || !rig.wrong_places.empty()) return rig;
  session.err += to_text(diagnostics);
  return fail(ErrorCode::malformed,
              fmt::format("{} problem{} in the rig file", diagnostics.errors(),
                          diagnostics.errors() == 1 ? "" : "s"),
              what);
}

Result<adapters::RigFile> open_rig(const std::string& what, Session& session) {
  Result<adapters::RigFile> rig = open_rig_to_check(what, session);
  if (!rig || rig->wrong_places.empty()) return rig;
  Diagnostics diagnostics;
  for (const Diagnostic& one : rig->wrong_places)
    diagnostics.error(one.where, one.message, one.hint);
  session.err += to_text(diagnostics);
  const int count = diagnostics.errors();
  return fail(ErrorCode::malformed,
              fmt::format("{} problem{} in the rig file", count, count == 1 ? "" : "s"), what);
}

Result<std::unique_ptr<Problem>> Problem::make_answerable(const adapters::RigFile& rig,
                                                          workload::Workload workload,
                                                          Session& session,
                                                          std::span<const place::OwnRow> own) {
  if (workload.kind == workload::Kind::finetune && rig.rig.accelerators.empty())
    return fail(ErrorCode::usage, "the rig has no card to train on", {},
                "add a [[part]] of kind gpu: training on the processor alone is not estimated");
  return make(rig, std::move(workload), session, own);
}

Result<std::unique_ptr<Problem>> Problem::make(const adapters::RigFile& rig,
                                               workload::Workload workload, Session& session,
                                               std::span<const place::OwnRow> own) {
  std::unique_ptr<Problem> problem(new Problem(session));
  problem->rig_ = rig.rig;
  problem->question_.workload = std::move(workload);
  place::Question& question = problem->question_;
  if (Result<void> done = problem->join_machines(); !done)
    return tl::unexpected<Error>(done.error());
  question.accelerators = problem->rig_.accelerators;
  question.host = rig.rig.host;
  question.own = own;
  question.backend = question.workload.backend.value_or(default_backend(rig.rig.accelerators));
  question.display_device = rig.rig.settings.display_device;
  question.display_reserve = rig.rig.settings.display_reserve;
  if (Result<void> done = problem->check_backend(); !done)
    return tl::unexpected<Error>(done.error());
  if (Result<void> done = problem->find_engine(); !done) return tl::unexpected<Error>(done.error());
  if (Result<void> done = problem->find_network(); !done)
    return tl::unexpected<Error>(done.error());
  if (Result<void> done = problem->find_draft(); !done) return tl::unexpected<Error>(done.error());
  std::string wrong = place::problem_with_network(question);
  if (wrong.empty()) wrong = place::problem_with_wish(question);
  if (wrong.empty()) wrong = place::apply_global_batch(question);
  if (!wrong.empty()) return fail(ErrorCode::usage, wrong);
  if (!question.workload.power_limit)
    question.workload.power_limit = rig.rig.settings.gpu_power_limit;
  const std::string refused = place::problem_with_power_limit(question);
  if (!refused.empty()) {
    return fail(ErrorCode::usage, refused, "power limit",
                "leave it out for the card's own; a card with another default says so in the rig "
                "file (board_power)");
  }
  return problem;
}

/// The cards of all machines, machine by machine; `devices` is meant of each.
Result<void> Problem::join_machines() {
  workload::Workload& asked = question_.workload;
  const int machines = asked.inference.machines;
  if (asked.kind != Kind::inference || machines == 1) return {};
  std::vector<hardware::Accelerator>& cards = rig_.accelerators;
  if (cards.empty())
    return fail(ErrorCode::usage, "the rig has no accelerators to join over machines", "machines",
                "leave machines out for the host alone");
  const int wanted = asked.wish.devices.value_or(static_cast<int>(cards.size()));
  if (wanted > static_cast<int>(cards.size()))
    return fail(
        ErrorCode::usage,
        fmt::format("{} devices are wanted of each machine, the rig has {}", wanted, cards.size()));
  if (wanted > 0 && wanted < static_cast<int>(cards.size()))
    cards.resize(static_cast<std::size_t>(wanted));
  const int each = static_cast<int>(cards.size());
  if (each * machines > workload::kMostDevices)
    return fail(
        ErrorCode::usage,
        fmt::format("{} machines of {} device{} have {}: at most {} are estimated", machines, each,
                    each == 1 ? "" : "s", each * machines, workload::kMostDevices),
        "machines", "fewer machines, or --devices N of each");
  if (wanted > 0) asked.wish.devices.reset();
  const std::vector<hardware::Accelerator> one = cards;
  for (int m = 1; m < machines; ++m) cards.insert(cards.end(), one.begin(), one.end());
  return {};
}

/// CUDA, ROCm and Metal belong to one vendor each.
Result<void> Problem::check_backend() {
  for (const hardware::Accelerator& device : rig_.accelerators) {
    if (runs_on(question_.backend, device.vendor)) continue;
    return fail(ErrorCode::usage,
                fmt::format("{} has no {}", device.name, to_text(question_.backend)), "backend",
                "leave backend out for the one that suits the device");
  }
  return {};
}

Result<void> Problem::find_engine() {
  const Kind kind = question_.workload.kind;
  std::string name = question_.workload.engine;
  const bool apple = question_.backend == Backend::metal;
  if (name.empty()) name = kind == Kind::finetune ? "trl" : "llama.cpp";
  const Result<const catalog::Entry*> entry = session_.catalog.find(name, "engine");
  if (!entry) return tl::unexpected<Error>(entry.error());
  Diagnostics diagnostics;
  engine_ = catalog::to_engine(**entry, diagnostics);
  if (diagnostics.has_errors())
    return fail(ErrorCode::malformed, to_text(diagnostics), (*entry)->id);
  if (kind == Kind::finetune && !engine_.trains()) {
    return fail(ErrorCode::usage, fmt::format("{} does not fine-tune here", engine_.name), {},
                "engines that do: trl, unsloth, deepspeed, fsdp");
  }
  if (kind == Kind::inference && engine_.trains()) {
    return fail(ErrorCode::usage, fmt::format("{} is for fine-tuning", engine_.name), {},
                "engines that serve: llama.cpp, vllm, transformers, mlx, exllamav3");
  }
  if (engine_.family == EngineFamily::mlx && !apple && !rig_.accelerators.empty()) {
    return fail(ErrorCode::unsupported, "MLX runs on Apple machines only", {},
                "llama.cpp runs on any device");
  }
  if (apple && !runs_on_apple(engine_.family)) {
    return fail(
        ErrorCode::unsupported, fmt::format("{} does not run on Apple devices", engine_.name), {},
        kind == Kind::inference ? "llama.cpp and mlx do" : "trl does, without 4-bit weights");
  }
  question_.engine = &engine_;
  return {};
}

Result<void> Problem::find_network() {
  return names_a_file(question_.workload.model) ? network_from_file() : network_from_catalogue();
}

Result<void> Problem::network_from_catalogue() {
  const std::string& model = question_.workload.model;
  const Result<const catalog::Entry*> entry = session_.catalog.find(model, "architecture");
  if (!entry && entry.error().code == ErrorCode::not_found) {
    const Result<const catalog::Entry*> other = session_.catalog.find(model);
    return fail(ErrorCode::not_found,
                fmt::format("\"{}\" is no model file and no known network", model), {},
                other ? (*other)->id + " is no network" : entry.error().hint);
  }
  if (!entry) return tl::unexpected<Error>(entry.error());
  const Result<llm::Architecture> architecture = catalog::to_architecture(**entry);
  if (!architecture) return tl::unexpected<Error>(architecture.error());
  architecture_ = *architecture;
  architecture_id_ = (*entry)->id;
  origin_ = "catalogue";
  std::string name = question_.workload.quantization;
  // Fine-tuning starts from the 16-bit checkpoint; QLoRA quantizes while loading.
  if (name.empty() || engine_.trains()) name = default_quantization(engine_.family);
  const Result<const catalog::Entry*> quantization = session_.catalog.find(name, "quantization");
  if (!quantization) return tl::unexpected<Error>(quantization.error());
  quantization_id_ = (*quantization)->id;
  question_.network = stored_as(quantization_id_);
  if (question_.network == nullptr)
    return fail(ErrorCode::malformed, "the quantization cannot be read", quantization_id_);
  return {};
}

Result<void> Problem::network_from_file() {
  const Result<llm::StoredModel> stored = adapters::open_model(question_.workload.model, {});
  if (!stored) return tl::unexpected<Error>(stored.error());
  undetermined_ = stored->undetermined;
  origin_ = fmt::format("{} ({})", stored->source, stored->format);
  const std::optional<llm::Architecture>& architecture = stored->architecture;
  if (!architecture && stored->size() == Bytes{})
    return fail(ErrorCode::malformed, "there are no tensors in it", stored->source);
  if (!architecture) {
    return fail(ErrorCode::unsupported,
                fmt::format("its weights take {}, but its architecture is unknown to rigor",
                            to_text(stored->size())),
                stored->source,
                "cache and buffers need the dimensions; give a catalogue id as the model");
  }
  architecture_ = *architecture;
  if (stored->tensors.empty()) {  // a bare config.json
    std::string name = question_.workload.quantization;
    if (name.empty())
      name = stored->quantization.empty() ? default_quantization(engine_.family)
                                          : stored->quantization;
    const Result<std::string> id = session_.catalog.resolve(name, "quantization");
    if (!id) return tl::unexpected<Error>(id.error());
    quantization_id_ = *id;
    question_.network = stored_as(*id);
    return {};
  }
  auto network = std::make_unique<estimate::Network>(estimate::make_network(*stored));
  question_.network = networks_.emplace("file", std::move(network)).first->second.get();
  return {};
}

const estimate::Network* Problem::stored_as(const std::string& name) {
  const Result<std::string> id = session_.catalog.resolve(name, "quantization");
  if (!id) return nullptr;
  if (const auto known = networks_.find(*id); known != networks_.end()) return known->second.get();
  const Result<const catalog::Entry*> entry = session_.catalog.entry(*id);
  if (!entry) return nullptr;
  const Result<llm::Quantization> quantization = catalog::to_quantization(**entry);
  if (!quantization) return nullptr;
  auto network =
      std::make_unique<estimate::Network>(estimate::make_network(architecture_, *quantization));
  return networks_.emplace(*id, std::move(network)).first->second.get();
}

report::ExplainSources Problem::sources(const workload::Placement& placement) const {
  const auto entry_of = [&](const std::string& id) {
    const Result<const catalog::Entry*> entry = session_.catalog.entry(id);
    return entry ? *entry : nullptr;
  };
  report::ExplainSources result;
  result.architecture = entry_of(architecture_id_);
  result.quantization = entry_of(quantization_id_);
  result.engine = entry_of(engine_.id);
  result.origin = origin_;
  for (int d = 0; d < placement.devices; ++d) {
    const std::size_t index = placement.accelerator(d);
    if (index < rig_.accelerators.size())
      result.devices.push_back(entry_of(rig_.accelerators[index].id));
  }
  return result;
}

place::Question Problem::moved_to(const hardware::Rig& rig) const {
  place::Question moved = question_;
  moved.accelerators = rig.accelerators;
  moved.host = rig.host;
  moved.own = {};
  moved.backend = question_.workload.backend.value_or(default_backend(rig.accelerators));
  moved.display_device = rig.settings.display_device;
  moved.display_reserve = rig.settings.display_reserve;
  const auto runs = [&](const hardware::Accelerator& a) {
    return runs_on(moved.backend, a.vendor);
  };
  if (!std::ranges::all_of(rig.accelerators, runs)) moved.engine = nullptr;
  return moved;
}

std::span<const hardware::Accelerator> Problem::repeated_device(int count) {
  RIGOR_ASSERT(!rig_.accelerators.empty());
  repeated_.assign(static_cast<std::size_t>(count), rig_.accelerators[0]);
  return repeated_;
}

std::vector<place::CacheOption> Problem::cache_options() const {
  std::vector<place::CacheOption> options;
  const Result<const catalog::Entry*> entry = session_.catalog.entry("choice/cache-types");
  if (!entry) return options;
  Diagnostics ignored;
  catalog::FieldReader reader(**entry, ignored);
  // Kernels for an 8-bit floating cache exist for cards that multiply it.
  const bool has_fp8 =
      std::all_of(rig_.accelerators.begin(), rig_.accelerators.end(),
                  [](const hardware::Accelerator& a) { return a.fp8 > FlopsPerSecond{}; });
  for (const std::string& name : reader.texts(ladder_of(engine_.family))) {
    const llm::TensorType* type = llm::find_cache_type(name);
    if (type == nullptr || (name == "fp8" && !has_fp8)) continue;
    const std::string key = "loss." + name;
    const catalog::Field* loss = (*entry)->find(key);
    place::CacheOption option{.name = name, .loss = reader.fraction(key)};
    option.loss_is_assumed = loss != nullptr && loss->provenance.origin == catalog::Origin::assumed;
    option.key = {static_cast<double>(type->bits) / 8.0 / type->elements, type->elements > 1};
    option.value = option.key;
    options.push_back(option);
  }
  return options;
}

place::Alternatives Problem::alternatives() {
  place::Alternatives alternatives;
  const Result<const catalog::Entry*> ladders = session_.catalog.entry("choice/ladders");
  if (!ladders) return alternatives;
  Diagnostics ignored;
  catalog::FieldReader reader(**ladders, ignored);
  alternatives.network = [this](const std::string& name) { return stored_as(name); };
  alternatives.quantizations = reader.texts(ladder_of(engine_.family));
  other_devices_.clear();
  for (const std::string& id : reader.texts("devices")) {
    const Result<const catalog::Entry*> entry = session_.catalog.entry(id);
    if (entry) other_devices_.push_back(catalog::to_accelerator(**entry, ignored));
  }
  alternatives.devices = other_devices_;
  return alternatives;
}

}  // namespace rigor::apps
