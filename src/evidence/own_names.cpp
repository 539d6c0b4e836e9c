// Names of files and hubs as networks and recipes of the catalogue.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "evidence/memory_row.hpp"
#include "evidence/own_row.hpp"

namespace rigor::evidence {
namespace {

/// What a name says after the network: how it was tuned or stored, never what it is.
constexpr std::array<std::string_view, 34> kTails = {
    "instruct", "it",   "chat",  "base",  "hf",  "gguf", "awq",    "gptq", "int4",
    "int8",     "fp8",  "bf16",  "fp16",  "f16", "f32",  "bnb",    "4bit", "8bit",
    "w4a16",    "w8a8", "nvfp4", "mxfp4", "ud",  "mlx",  "exl2",   "exl3", "qat",
    "2503",     "2506", "2507",  "2512",  "pt",  "i1",   "unsloth"};

/// Publishers that repackers write before the name.
constexpr std::array<std::string_view, 8> kHeads = {"meta_", "google_", "qwen_",      "openai_",
                                                    "meta-", "nvidia_", "mistralai_", "zai-org_"};

/// How vLLM and others mark stored weights in a checkpoint's name.
struct Mark {
  std::string_view part, recipe;
};
constexpr std::array kMarks = {
    Mark{"gpt-oss", "mxfp4"},  Mark{"nvfp4", "nvfp4"},
    Mark{"awq", "AWQ-4bit"},   Mark{"gptq-int8", "GPTQ-Int8"},
    Mark{"gptq", "GPTQ-Int4"}, Mark{"w4a16", "GPTQ-Int4"},
    Mark{"fp8", "FP8"},        Mark{"int8", "INT8"},
    Mark{"w8a8", "INT8"},
};

std::string_view last_part(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  return slash == name.npos ? name : name.substr(slash + 1);
}

/// Without folder, ending and the number of a shard.
std::string plain_name(std::string_view name) {
  std::string plain = lower(last_part(trim(name)));
  if (plain.ends_with(".gguf")) plain.resize(plain.size() - 5);
  const std::size_t of = plain.rfind("-of-");
  if (of != plain.npos && of >= 6 && plain.size() - of == 9) plain.resize(of - 6);
  for (const std::string_view head : kHeads) {
    if (plain.starts_with(head)) plain.erase(0, head.size());
  }
  return plain;
}

/// The pieces that '-' and '.' divide a tail into; the longest tails first.
std::vector<std::string> tails(const std::string& name) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '-' || name[at] == '.') found.push_back(name.substr(at + 1));
  }
  return found;
}

/// A recipe of files: "q4_k_m", "ud-q4_k_xl", "iq4_xs", "mxfp4".
std::string file_recipe(const std::string& plain, Library& library) {
  for (const std::string& tail : tails(plain)) {
    if (tail.size() < 3 || library.quantization(tail) == nullptr) continue;
    std::string name = tail;
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return name;
  }
  return {};
}

/// "Q4_K - Medium" at the end of llama.cpp's own description.
std::string described_recipe(std::string_view text, Library& library) {
  std::string words(text);
  for (const auto& [long_form, short_form] :
       {std::pair{" - Medium", "_M"}, std::pair{" - Small", "_S"}, std::pair{" - Large", "_L"}}) {
    const std::size_t at = words.find(long_form);
    if (at != words.npos) words = words.substr(0, at) + short_form;
  }
  for (const std::string_view stop : {" - ", " MoE", " ("}) {
    if (const std::size_t at = words.find(stop); at != words.npos) words.resize(at);
  }
  const std::size_t space = words.rfind(' ');
  if (space == words.npos) return {};
  const std::string last = words.substr(space + 1);
  return library.quantization(last) == nullptr ? std::string() : last;
}

bool is_tail(std::string_view piece) {
  return std::find(kTails.begin(), kTails.end(), piece) != kTails.end();
}

/// Shorter and shorter: what is certainly a remark is taken off the end.
std::vector<std::string> candidates(std::string name, Library& library) {
  const std::string recipe = lower(file_recipe(name, library));
  if (!recipe.empty()) name.resize(name.size() - recipe.size() - 1);
  std::vector<std::string> found = {name};
  for (;;) {
    const std::size_t at = name.find_last_of("-_.");
    if (at == name.npos || !is_tail(std::string_view(name).substr(at + 1))) break;
    name.resize(at);
    found.push_back(name);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

/// The entry whose name, alias or id is just these words.
std::string exact_entry(const std::string& name, const catalog::Catalog& catalog) {
  const Result<std::string> id = catalog.resolve(name, "architecture");
  if (!id) return {};
  const Result<const catalog::Entry*> entry = catalog.entry(*id);
  if (!entry) return {};
  const std::vector<std::string> wanted = words(name);
  const auto is_it = [&](std::string_view text) { return words(last_part(text)) == wanted; };
  const bool exact = is_it(*id) || is_it((*entry)->name) ||
                     std::any_of((*entry)->aliases.begin(), (*entry)->aliases.end(), is_it);
  return exact ? std::string(last_part(*id)) : std::string();
}

}  // namespace

std::string own_network(std::string_view name, Library& library) {
  if (trim(name).empty()) return {};
  for (const std::string& candidate : candidates(plain_name(name), library)) {
    std::string id = exact_entry(candidate, library.catalog());
    if (!id.empty()) return id;
  }
  return {};
}

std::string own_quantization(std::string_view name, Library& library) {
  if (trim(name).empty()) return {};
  const std::string plain = plain_name(name);
  std::string recipe = file_recipe(plain, library);
  if (recipe.empty()) recipe = described_recipe(name, library);
  for (const Mark& mark : kMarks) {
    if (recipe.empty() && contains(plain, mark.part)) recipe = mark.recipe;
  }
  return recipe;
}

}  // namespace rigor::evidence
