#include "adapters/hf/hf_architecture.hpp"

#include <fmt/format.h>

#include <array>

#include "adapters/hf/hf_families.hpp"
#include "adapters/hf/hf_layers.hpp"
#include "adapters/hf/hf_parts.hpp"
#include "adapters/hf/hf_quantization.hpp"
#include "adapters/hf/hf_vision.hpp"
#include "adapters/model/architecture_check.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;

constexpr std::array<std::string_view, 4> kTextParts = {"text_config", "llm_config",
                                                        "language_config", "thinker_config"};

/// Where the language network of a multimodal config is described; the config itself for others.
ConfigReader language_part(const ConfigReader& outer) {
  for (const std::string_view part : kTextParts) {
    if (std::optional<ConfigReader> inner = outer.inside(part)) {
      return part == "thinker_config" ? language_part(*inner) : *inner;
    }
  }
  return outer;
}

/// The inner model_type if rigor knows it, else the outer one; the original Mamba files have none.
std::string model_type_of(ConfigReader& inner, ConfigReader& outer) {
  for (ConfigReader* config : {&inner, &outer}) {
    const std::string type = config->text({"model_type"});
    if (find_hf_family(type) != nullptr) return type;
  }
  if (std::optional<ConfigReader> original = inner.inside("ssm_cfg")) {
    return original->text({"layer"}) == "Mamba2" ? "mamba2" : "mamba";
  }
  return outer.text({"model_type"});
}

Architecture derive(ConfigReader& config, ConfigReader& outer, const HfFamily& family) {
  Architecture a;
  read_hf_scalars(config, family, a);
  if (!config.has("tie_word_embeddings"))
    a.tied_embeddings = outer.flag({"tie_word_embeddings"}, a.tied_embeddings);
  read_hf_tables(config, a);
  if (family.before != nullptr) family.before(config, a);
  read_hf_layers(config, family, a);
  if (family.after != nullptr) family.after(config, a);
  read_hf_vision(outer, outer.text({"model_type"}), a);
  return a;
}

std::string unknown_type(const std::string& type) {
  return type.empty()
             ? std::string(
                   "the architecture: the file has no model_type; is it the config.json of a "
                   "network?")
             : fmt::format("the architecture: rigor does not know the model_type \"{}\"", type);
}

}  // namespace

Result<HfConfig> read_hf_config(std::string_view text, const std::string& file) {
  const Result<JsonNode> root = read_json(text, file);
  if (!root) return tl::unexpected<Error>(root.error());
  if (root->object() == nullptr)
    return fail(ErrorCode::malformed, "this is not a config.json: it is no object", file);
  ConfigReader outer(*root, file);
  ConfigReader config = language_part(outer);
  HfConfig result;
  result.quantization = hf_quantization(outer);
  if (result.quantization.empty()) result.quantization = hf_quantization(config);
  const std::string type = model_type_of(config, outer);
  const HfFamily* family = find_hf_family(type);
  for (const ConfigReader* reader : {&config, &outer}) {
    if (!reader->complaint().empty()) return fail(ErrorCode::malformed, reader->complaint(), file);
  }
  if (family == nullptr) {
    result.undetermined.push_back(unknown_type(type));
    return result;
  }
  Architecture a = derive(config, outer, *family);
  for (const ConfigReader* reader : {&config, &outer}) {
    if (!reader->complaint().empty()) return fail(ErrorCode::malformed, reader->complaint(), file);
    for (const std::string& note : reader->notes()) result.undetermined.push_back(note);
  }
  std::string obstacle = config.obstacle();
  if (obstacle.empty()) {
    const std::string wrong = contradiction(a);
    if (!wrong.empty()) obstacle = "the architecture: " + wrong;
  }
  if (!obstacle.empty()) {
    result.undetermined.push_back(std::move(obstacle));
    return result;
  }
  a.id = a.name = outer.text({"_name_or_path"});
  result.architecture = std::move(a);
  return result;
}

}  // namespace rigor::adapters
