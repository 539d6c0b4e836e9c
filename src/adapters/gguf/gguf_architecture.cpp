#include "adapters/gguf/gguf_architecture.hpp"

#include <fmt/format.h>

#include <cmath>

#include "adapters/bytes/plain_text.hpp"
#include "adapters/gguf/gguf_layers.hpp"
#include "adapters/gguf/gguf_parts.hpp"
#include "adapters/model/architecture_check.hpp"
#include "llm/tensor.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;

/// A share of the parameters that may stay unexplained before it is worth a sentence.
constexpr double kSilentShare = 0.0005;

Architecture derive(const GgufFacts& facts, std::vector<std::string>& undetermined) {
  Architecture a;
  a.plan = facts.family().plan;
  a.vocabulary = to_int(facts.globals().rows("token_embd.weight"));
  a.hidden = to_int(facts.globals().columns("token_embd.weight"));
  a.context = facts.whole("context_length");
  derive_layers(facts, a, undetermined);
  derive_parts(facts, a);
  return a;
}

double sum(const std::vector<GgufTensor>& tensors) {
  double elements = 0;
  for (const GgufTensor& tensor : tensors) elements += static_cast<double>(tensor.elements());
  return elements;
}

/// Share of the file's parameters that the architecture does not explain, or explains without their
/// being there.
double unexplained_share(const Architecture& a, const std::vector<GgufTensor>& tensors) {
  const double stored = sum(tensors);
  const auto derived = static_cast<double>(llm::parameters(a, {.mtp = true, .gguf_file = true}));
  return stored > 0 ? std::abs(stored - derived) / stored : 1.0;
}

void note_block_count(const GgufFacts& facts, std::vector<std::string>& undetermined) {
  const auto found = static_cast<int>(facts.layers() + facts.prediction_layers());
  const int stated = facts.whole("block_count", found);
  const int without = stated - facts.whole("nextn_predict_layers");
  if (stated == found || without == found) return;
  undetermined.push_back(
      fmt::format("the number of layers: the file states {} and holds {}", stated, found));
}

/// Accepts an architecture that the tensors confirm.
bool judge(const Architecture& a, const std::vector<GgufTensor>& tensors,
           const std::string& unknown_name, std::vector<std::string>& undetermined) {
  if (const std::string wrong = contradiction(a); !wrong.empty()) {
    undetermined.push_back(fmt::format("the architecture: {}", wrong));
    return false;
  }
  const double share = unexplained_share(a, tensors);
  if (unknown_name.empty()) {
    if (share > kSilentShare) {
      undetermined.push_back(
          fmt::format("{:.2g} % of the parameters do not follow from the architecture that "
                      "rigor derived; the sizes of the tensors are exact all the same",
                      100 * share));
    }
    return true;
  }
  if (share > kSilentShare) {
    undetermined.push_back(
        fmt::format("the architecture: rigor does not know \"{}\"", unknown_name));
    return false;
  }
  undetermined.push_back(
      fmt::format("rigor does not know the architecture \"{}\"; its dimensions follow from the "
                  "tensors, and all layers are counted as seeing everything",
                  unknown_name));
  return true;
}

}  // namespace

std::optional<Architecture> gguf_architecture(const GgufMetadata& metadata,
                                              const std::vector<GgufTensor>& tensors,
                                              std::vector<std::string>& undetermined) {
  const std::string name = metadata.text("general.architecture");
  if (name.empty()) {
    undetermined.emplace_back("the architecture: the file has no general.architecture");
    return std::nullopt;
  }
  const GgufFamily unknown{.name = name};
  const GgufFamily* family = find_gguf_family(name);
  if (family != nullptr && !family->unsupported.empty()) {
    undetermined.push_back(fmt::format("the architecture \"{}\": {}", name, family->unsupported));
    return std::nullopt;
  }
  const GgufBlocks blocks = sort_by_block(tensors);
  if (!blocks.globals.has("token_embd.weight") || blocks.blocks.empty()) {
    undetermined.emplace_back(
        "the architecture: the file holds no whole network (an adapter or a part of one?)");
    return std::nullopt;
  }
  const GgufFacts facts(metadata, blocks, family != nullptr ? *family : unknown);
  Architecture a = derive(facts, undetermined);
  a.gguf = name;
  a.family = name;
  const std::string unknown_name = family == nullptr ? shown(name) : std::string();
  if (!judge(a, tensors, unknown_name, undetermined)) return std::nullopt;
  note_block_count(facts, undetermined);
  return a;
}

}  // namespace rigor::adapters
