#include "adapters/model/file_kind.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace rigor::adapters {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view start;
  std::string_view what;
  std::string_view hint;
};

constexpr std::string_view kConvert =
    "convert it to safetensors or GGUF, or take a repository that has them";

constexpr auto kMagics = std::to_array<Magic>({
    {"version https://git-lfs.github.com/spec"sv, "this is a Git LFS pointer, not the file itself",
     "run: git lfs pull"},
    {"PK\x03\x04"sv, "this is a zip archive, as PyTorch writes its .bin and .pt files", kConvert},
    {"\x80\x02"sv, "this is a Python pickle, as PyTorch writes its .bin and .pt files", kConvert},
    {"\x80\x03"sv, "this is a Python pickle", kConvert},
    {"\x80\x04"sv, "this is a Python pickle", kConvert},
    {"\x89HDF"sv, "this is an HDF5 file, as Keras writes them", kConvert},
    {"\x1f\x8b"sv, "this is a gzip archive", "unpack it first"},
    {"\x28\xb5\x2f\xfd"sv, "this is a zstd archive", "unpack it first"},
    {"\xfd"
     "7zXZ"sv,
     "this is an xz archive", "unpack it first"},
    {"ggml"sv, "this is a model file of the time before GGUF",
     "take a GGUF file of the same network"},
    {"ggjt"sv, "this is a model file of the time before GGUF",
     "take a GGUF file of the same network"},
    {"lmgg"sv, "this is a model file of the time before GGUF",
     "take a GGUF file of the same network"},
    {"tjgg"sv, "this is a model file of the time before GGUF",
     "take a GGUF file of the same network"},
    {"fmgg"sv, "this is a model file of the time before GGUF",
     "take a GGUF file of the same network"},
    {"FUGG"sv, "this is a GGUF file of a machine with the other byte order",
     "take the little-endian file"},
});

bool is_html(std::string_view start) {
  const std::string text = lower(trim(start.substr(0, 64)));
  return text.starts_with("<!doctype html") || text.starts_with("<html") ||
         text.starts_with("<head");
}

/// Eight bytes of length, then a JSON object.
bool is_safetensors(std::string_view start) {
  constexpr std::size_t kLength = 8;
  if (start.size() <= kLength + 1) return false;
  const bool short_header = start.substr(5, 3) == "\0\0\0"sv;  // below 2^40
  return short_header && start[kLength] == '{';
}

std::string_view after_byte_order_mark(std::string_view start) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  return start.starts_with(kMark) ? start.substr(kMark.size()) : start;
}

}  // namespace

FileKind kind_of(std::string_view start) {
  if (start.starts_with("GGUF")) return FileKind::gguf;
  if (is_safetensors(start)) return FileKind::safetensors;
  const std::string_view text = trim(after_byte_order_mark(start));
  return text.starts_with('{') ? FileKind::json : FileKind::other;
}

WrongFile wrong_file(std::string_view start) {
  for (const Magic& magic : kMagics) {
    if (start.starts_with(magic.start)) return {std::string(magic.what), std::string(magic.hint)};
  }
  if (is_html(start)) {
    return {"this is a web page, not a model file",
            "a link to a page was saved; take the link to the file"};
  }
  if (std::all_of(start.begin(), start.end(), [](char c) { return c == '\0'; })) {
    return {"the file begins with zeros", "an unfinished download? fetch the file again"};
  }
  return {"this is no model file that rigor knows",
          "rigor reads GGUF, safetensors and config.json"};
}

}  // namespace rigor::adapters
