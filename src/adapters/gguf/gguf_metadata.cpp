#include "adapters/gguf/gguf_metadata.hpp"

#include <utility>

namespace rigor::adapters {

bool GgufMetadata::add(std::string key, GgufValue value) {
  return values_.emplace(std::move(key), std::move(value)).second;
}

const GgufValue* GgufMetadata::find(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

std::optional<std::int64_t> GgufMetadata::integer(std::string_view key) const {
  const GgufValue* value = find(key);
  const std::int64_t* number = value != nullptr ? std::get_if<std::int64_t>(value) : nullptr;
  return number != nullptr ? std::optional(*number) : std::nullopt;
}

std::optional<bool> GgufMetadata::flag(std::string_view key) const {
  const GgufValue* value = find(key);
  const bool* truth = value != nullptr ? std::get_if<bool>(value) : nullptr;
  return truth != nullptr ? std::optional(*truth) : std::nullopt;
}

std::string GgufMetadata::text(std::string_view key) const {
  const GgufValue* value = find(key);
  const std::string* text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
  return text != nullptr ? *text : std::string();
}

const GgufList* GgufMetadata::list(std::string_view key) const {
  const GgufValue* value = find(key);
  return value != nullptr ? std::get_if<GgufList>(value) : nullptr;
}

}  // namespace rigor::adapters
