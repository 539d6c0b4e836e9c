#include "adapters/gguf/gguf_blocks.hpp"

#include <charconv>

namespace rigor::adapters {
namespace {

constexpr std::size_t kMostBlocks = 1024;

/// Takes "blk.12." off the front and makes room for block 12; null when `name` has another form.
GgufNames* take_block(std::string_view& name, std::string_view stem,
                      std::vector<GgufNames>& blocks) {
  if (!name.starts_with(stem)) return nullptr;
  const std::string_view rest = name.substr(stem.size());
  std::size_t number = 0;
  const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  const std::string_view tail = rest.substr(static_cast<std::size_t>(end - rest.data()));
  if (code != std::errc() || !tail.starts_with('.') || number >= kMostBlocks) return nullptr;
  name = tail.substr(1);
  if (number >= blocks.size()) blocks.resize(number + 1);
  return &blocks[number];
}

}  // namespace

const GgufTensor* GgufNames::find(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : found->second;
}

bool GgufNames::has_prefix(std::string_view stem) const {
  const auto next = tensors_.lower_bound(stem);
  return next != tensors_.end() && next->first.starts_with(stem);
}

std::int64_t GgufNames::columns(std::string_view name) const {
  return extent(name, 0);
}

std::int64_t GgufNames::rows(std::string_view name) const {
  const GgufTensor* tensor = find(name);
  return tensor != nullptr ? tensor->rows() : 0;
}

std::int64_t GgufNames::elements(std::string_view name) const {
  const GgufTensor* tensor = find(name);
  return tensor != nullptr ? tensor->elements() : 0;
}

std::int64_t GgufNames::extent(std::string_view name, std::size_t dimension) const {
  const GgufTensor* tensor = find(name);
  return tensor != nullptr ? tensor->shape.at(dimension) : 0;
}

GgufBlocks sort_by_block(const std::vector<GgufTensor>& tensors) {
  GgufBlocks result;
  for (const GgufTensor& tensor : tensors) {
    std::string_view name = tensor.name;
    GgufNames* block = take_block(name, "blk.", result.blocks);
    if (block == nullptr) block = take_block(name, "enc.blk.", result.blocks);
    if (block == nullptr) block = take_block(name, "dec.blk.", result.decoder);
    (block != nullptr ? *block : result.globals).add(name, tensor);
  }
  return result;
}

}  // namespace rigor::adapters
