#include "adapters/model/model_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "adapters/gguf/gguf_model.hpp"
#include "base/text.hpp"

namespace rigor::adapters {
namespace {

constexpr std::size_t kMostListed = 40;
constexpr int kMostShards = 4096;

bool is_beside(const std::string& path) {
  const std::string name = lower(path.substr(path.find_last_of('/') + 1));
  return name.starts_with("mmproj") || name.starts_with("imatrix") ||
         name.find("-mmproj") != std::string::npos;
}

int five_digits(std::string_view text) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size() ? value : 0;
}

}  // namespace

std::vector<std::string> gguf_choices(const std::vector<std::string>& files) {
  std::vector<std::string> choices;
  for (const std::string& file : files) {
    if (!file.ends_with(".gguf") || is_beside(file)) continue;
    const auto part = gguf_part(file);
    choices.push_back(part ? part->sibling(1) : file);
  }
  std::sort(choices.begin(), choices.end());
  choices.erase(std::unique(choices.begin(), choices.end()), choices.end());
  return choices;
}

Result<std::string> only_gguf(const std::vector<std::string>& choices, const std::string& prefix) {
  if (choices.size() == 1) return choices.front();
  std::string list;
  for (std::size_t i = 0; i < std::min(choices.size(), kMostListed); ++i) {
    list += (i == 0 ? "" : "\n") + prefix + choices[i];
  }
  if (choices.size() > kMostListed)
    list += fmt::format("\nand {} more", choices.size() - kMostListed);
  return fail(ErrorCode::ambiguous,
              fmt::format("there are {} GGUF models; name one", choices.size()), prefix, list);
}

std::vector<std::string> shard_names(const std::string& file) {
  constexpr std::string_view kForm = "-00001-of-00003.safetensors";
  if (file.size() <= kForm.size()) return {};
  const std::string_view tail = std::string_view(file).substr(file.size() - kForm.size());
  if (tail[0] != '-' || tail.substr(6, 4) != "-of-" || !tail.ends_with(".safetensors")) return {};
  const int number = five_digits(tail.substr(1, 5));
  const int count = five_digits(tail.substr(10, 5));
  if (number < 1 || number > count || count > kMostShards) return {};
  std::vector<std::string> names;
  const std::string stem = file.substr(0, file.size() - kForm.size());
  for (int i = 1; i <= count; ++i)
    names.push_back(fmt::format("{}-{:05}-of-{:05}.safetensors", stem, i, count));
  return names;
}

}  // namespace rigor::adapters
