#include "adapters/hf/hf_checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "adapters/hf/hf_architecture.hpp"
#include "adapters/safetensors/safetensors_header.hpp"
#include "adapters/safetensors/safetensors_index.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::Role;
using llm::StoredModel;
using llm::StoredTensor;

constexpr std::uint64_t kLargestConfig = 16ULL << 20;
constexpr std::uint64_t kLargestIndex = 64ULL << 20;
constexpr double kSilentShare = 0.0005;
constexpr std::array<std::string_view, 3> kIndexes = {
    "model.safetensors.index.json", "diffusion_pytorch_model.safetensors.index.json",
    "pytorch_model.bin.index.json"};

Result<Checkpoint> read_one(const FileSet& files, const std::string& file) {
  auto source = files.open(files.prefix + file);
  if (!source) return tl::unexpected<Error>(source.error());
  return read_safetensors_header(**source).map(
      [](std::vector<StoredTensor> tensors) { return Checkpoint{std::move(tensors), {}}; });
}

Result<Checkpoint> read_indexed(const FileSet& files, const std::string& index_file) {
  const Result<std::string> text = files.text(files.prefix + index_file, kLargestIndex);
  if (!text) return tl::unexpected<Error>(text.error());
  const Result<SafetensorsIndex> index = read_safetensors_index(*text, files.prefix + index_file);
  if (!index) return tl::unexpected<Error>(index.error());
  if (index_file != kIndexes.back()) return read_shards(*index, files.prefix, files.open);
  const std::optional<Bytes> total = index->total;
  if (!total)
    return fail(ErrorCode::malformed, "the index states no total_size", files.prefix + index_file);
  Checkpoint checkpoint;
  checkpoint.tensors.push_back({.name = "all tensors, as the index states", .size = *total});
  checkpoint.undetermined.emplace_back(
      "single tensors: the weights are PyTorch pickles, which rigor does not read");
  return checkpoint;
}

/// Files that hold the network, where there is no index: adapters and second copies are left out.
std::vector<std::string> loose_files(const FileSet& files) {
  std::vector<std::string> found;
  for (const std::string& file : files.files) {
    const bool aside = file.starts_with("adapter_") || file.starts_with("consolidated") ||
                       file.find('/') != std::string::npos;
    if (file.ends_with(".safetensors") && !aside) found.push_back(file);
  }
  if (found.empty() && files.has("consolidated.safetensors"))
    found.emplace_back("consolidated.safetensors");
  return found;
}

/// Nothing when the folder has no weights rigor can read.
Result<std::optional<Checkpoint>> read_weights(const FileSet& files) {
  using Found = std::optional<Checkpoint>;
  const auto found = [](Checkpoint checkpoint) { return Found(std::move(checkpoint)); };
  for (const std::string_view index : kIndexes) {
    if (files.has(std::string(index))) return read_indexed(files, std::string(index)).map(found);
  }
  if (files.has("model.safetensors")) return read_one(files, "model.safetensors").map(found);
  const std::vector<std::string> loose = loose_files(files);
  if (loose.empty()) return Found();
  SafetensorsIndex all;
  all.shards = loose;
  return read_shards(all, files.prefix, files.open).map(found);
}

bool has_role(const std::vector<StoredTensor>& tensors, Role role) {
  return std::any_of(tensors.begin(), tensors.end(),
                     [&](const StoredTensor& t) { return t.role == role; });
}

/// Stored as plain numbers: then the elements are the parameters.
bool is_plain(const StoredTensor& tensor) {
  return tensor.type != nullptr && tensor.type->elements == 1 && tensor.type->bits >= 16;
}

/// Heads and prediction layers may be stated and not stored, or stored and not stated.
void confirm(Architecture& a, const std::vector<StoredTensor>& tensors) {
  if (!has_role(tensors, Role::token_embedding)) return;
  if (a.plan == llm::Plan::decoder) a.tied_embeddings = !has_role(tensors, Role::output_head);
  const bool predicts = has_role(tensors, Role::next_token);
  if (!predicts) a.mtp.reset();
  if (predicts && !a.mtp && a.delta_net) a.mtp = llm::Mtp{.kind = llm::MtpKind::qwen, .layers = 1};
}

void compare_counts(const Architecture& a, const std::vector<StoredTensor>& tensors,
                    std::vector<std::string>& undetermined) {
  if (!std::all_of(tensors.begin(), tensors.end(), is_plain)) return;
  double stored = 0;
  for (const StoredTensor& tensor : tensors) stored += static_cast<double>(tensor.elements);
  const auto derived = static_cast<double>(
      llm::parameters(a, {.vision = has_role(tensors, Role::vision), .mtp = true}));
  const double share = stored > 0 ? std::abs(stored - derived) / stored : 0.0;
  if (share <= kSilentShare) return;
  undetermined.push_back(
      fmt::format("{:.2g} % of the parameters do not follow from the config; the sizes of the "
                  "tensors are exact all the same",
                  100 * share));
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// The last part of a path or of "org/name".
std::string last_part(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text.substr(text.find_last_of('/') + 1);
}

void add_config(StoredModel& model, HfConfig config) {
  model.quantization = std::move(config.quantization);
  model.architecture = std::move(config.architecture);
  append(model.undetermined, config.undetermined);
  if (!model.architecture) return;
  Architecture& a = *model.architecture;
  a.id = a.name = last_part(model.source);
}

Result<std::optional<HfConfig>> config_beside(const FileSet& files) {
  if (!files.has("config.json")) return std::optional<HfConfig>();
  const std::string name = files.prefix + "config.json";
  return files.text(name, kLargestConfig)
      .and_then([&](const std::string& text) { return read_hf_config(text, name); })
      .map([](HfConfig config) { return std::optional(std::move(config)); });
}

Result<StoredModel> assemble(const FileSet& files, std::optional<Checkpoint> weights,
                             const std::string& source) {
  Result<std::optional<HfConfig>> config = config_beside(files);
  if (!config) return tl::unexpected<Error>(config.error());
  StoredModel model;
  model.source = source;
  model.format = weights ? "safetensors" : "config.json";
  if (std::optional<HfConfig>& stated = *config) {
    add_config(model, std::move(*stated));
  } else {
    model.undetermined.emplace_back("the architecture: there is no config.json beside the weights");
  }
  if (!weights) return model;
  model.tensors = std::move(weights->tensors);
  append(model.undetermined, weights->undetermined);
  if (model.architecture && weights->undetermined.empty()) {
    confirm(*model.architecture, model.tensors);
    compare_counts(*model.architecture, model.tensors, model.undetermined);
  }
  return model;
}

}  // namespace

bool FileSet::has(const std::string& file) const {
  return std::find(files.begin(), files.end(), file) != files.end();
}

Result<StoredModel> read_hf_checkpoint(const FileSet& files, const std::string& source) {
  Result<std::optional<Checkpoint>> weights = read_weights(files);
  if (!weights) return tl::unexpected<Error>(weights.error());
  if (!*weights && !files.has("config.json")) {
    return fail(ErrorCode::not_found, "there is neither a config.json nor a model file", source,
                "name a .gguf or .safetensors file, or a folder with a config.json");
  }
  if (*weights) return assemble(files, std::move(*weights), source);
  const Result<std::string> text = files.text(files.prefix + "config.json", kLargestConfig);
  if (!text) return tl::unexpected<Error>(text.error());
  return read_hf_config_only(*text, files.prefix + "config.json", source);
}

Result<StoredModel> read_hf_config_only(const std::string& text, const std::string& file,
                                        const std::string& source) {
  Result<HfConfig> config = read_hf_config(text, file);
  if (!config) return tl::unexpected<Error>(config.error());
  if (!config->architecture) {
    const std::string why =
        config->undetermined.empty() ? "the architecture is unknown" : config->undetermined.back();
    return fail(ErrorCode::unsupported, why, file,
                "with the weights beside it, rigor can at least tell their size");
  }
  StoredModel model;
  model.source = source;
  model.format = "config.json";
  add_config(model, std::move(*config));
  return model;
}

Result<StoredModel> read_safetensors_file(const FileSet& files, const std::string& file,
                                          const std::string& source) {
  Result<Checkpoint> weights = read_one(files, file);
  if (!weights) return tl::unexpected<Error>(weights.error());
  return assemble(files, std::move(*weights), source);
}

}  // namespace rigor::adapters
