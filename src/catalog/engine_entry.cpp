#include "catalog/engine_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "catalog/field_reader.hpp"

namespace rigor::catalog {
namespace {

using workload::ConstantSpec;
using workload::Engine;
using workload::EngineFamily;

constexpr std::array kFamilies = {
    std::pair{std::string_view{"llama.cpp"}, EngineFamily::llama_cpp},
    std::pair{std::string_view{"vllm"}, EngineFamily::vllm},
    std::pair{std::string_view{"transformers"}, EngineFamily::transformers},
    std::pair{std::string_view{"mlx"}, EngineFamily::mlx},
    std::pair{std::string_view{"exllama"}, EngineFamily::exllama},
    std::pair{std::string_view{"trl"}, EngineFamily::trl},
    std::pair{std::string_view{"unsloth"}, EngineFamily::unsloth},
    std::pair{std::string_view{"deepspeed"}, EngineFamily::deepspeed},
    std::pair{std::string_view{"fsdp"}, EngineFamily::fsdp},
};

EngineFamily read_family(const Entry& entry, FieldReader& reader) {
  if (entry.find("family") == nullptr) reader.require("family");
  const std::string word = reader.text("family", "llama.cpp");
  std::vector<std::string> known;
  for (const auto& [name, family] : kFamilies) {
    if (name == word) return family;
    known.emplace_back(name);
  }
  reader.error("family", fmt::format("unknown family \"{}\"", word), did_you_mean(word, known));
  return EngineFamily::llama_cpp;
}

/// A bare number, or a percentage written with its sign.
double read_plain(const Field& field, FieldReader& reader) {
  const bool is_text = std::holds_alternative<std::string>(field.value);
  return is_text ? reader.fraction(field.key) : reader.real(field.key);
}

double read_quantity(const Field& field, Dimension dimension, FieldReader& reader) {
  const auto* text = std::get_if<std::string>(&field.value);
  if (text == nullptr) {
    reader.error(field.key, "the number has no unit",
                 "write it as a text with its unit, such as \"0.25 GiB\"");
    return 0.0;
  }
  const Result<double> parsed = parse_as(*text, dimension, "0.25 GiB");
  if (parsed) return *parsed;
  reader.error(field.key, parsed.error().message, parsed.error().hint);
  return 0.0;
}

const ConstantSpec* find_constant(std::string_view key) {
  const auto specs = workload::constant_specs();
  const auto found =
      std::find_if(specs.begin(), specs.end(), [&](const ConstantSpec& s) { return s.key == key; });
  return found == specs.end() ? nullptr : &*found;
}

void unknown_key(const Field& field, FieldReader& reader) {
  std::vector<std::string> known = {"family", "version", "refused_weights", "refused_caches"};
  for (const ConstantSpec& spec : workload::constant_specs()) known.emplace_back(spec.key);
  reader.error(field.key, "an engine has no such key", did_you_mean(field.key, known));
}

void read_constant(const Field& field, FieldReader& reader, Engine& engine) {
  const ConstantSpec* spec = find_constant(field.key);
  if (spec == nullptr) return unknown_key(field, reader);
  const bool plain = spec->dimension == Dimension{};
  const double value =
      plain ? read_plain(field, reader) : read_quantity(field, spec->dimension, reader);
  if (value < 0) reader.error(field.key, "a constant is not negative");
  engine.constants[static_cast<std::size_t>(spec->constant)] = value;
}

}  // namespace

Engine to_engine(const Entry& entry, Diagnostics& diagnostics) {
  FieldReader reader(entry, diagnostics);
  Engine engine;
  engine.id = entry.id;
  engine.name = entry.name;
  engine.version = reader.text("version");
  engine.family = read_family(entry, reader);
  engine.refused_weights = reader.texts("refused_weights");
  engine.refused_caches = reader.texts("refused_caches");
  for (const Field& field : entry.fields) {
    const bool is_text = field.key == "family" || field.key == "version" ||
                         field.key == "refused_weights" || field.key == "refused_caches";
    if (!is_text) read_constant(field, reader, engine);
  }
  return engine;
}

Result<Engine> to_engine(const Entry& entry) {
  Diagnostics diagnostics;
  Engine engine = to_engine(entry, diagnostics);
  if (!diagnostics.has_errors()) return engine;
  const Diagnostic& first = diagnostics.all().front();
  return fail(ErrorCode::malformed, first.message, to_text(first.where), first.hint);
}

}  // namespace rigor::catalog
