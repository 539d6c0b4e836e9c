// What a file is, by its first bytes: the right reader, or a word to the user who gave the wrong
// file. Layer 10.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rigor::adapters {

enum class FileKind : std::uint8_t { gguf, safetensors, json, other };

/// How many bytes `kind_of` wants to see, if there are so many.
inline constexpr std::uint64_t kKindBytes = 512;

FileKind kind_of(std::string_view start);
/// "this is a Git LFS pointer, not the file itself", with what to do about it; for kinds that are
/// `other`.
struct WrongFile {
  std::string what;
  std::string hint;
};
WrongFile wrong_file(std::string_view start);

}  // namespace rigor::adapters
