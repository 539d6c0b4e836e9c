#include "adapters/bytes/plain_text.hpp"

#include <cstdint>

namespace rigor::adapters {
namespace {

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

/// Bytes of the UTF-8 character at the start of `text`; 0 when it is none (overlong, surrogate, cut
/// off).
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  std::uint32_t code = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = (code << 6) | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return code < kLeast[length] || code > 0x10ffff || surrogate ? 0 : length;
}

}  // namespace

bool is_plain_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character(text);
    if (length == 0 || is_control(static_cast<unsigned char>(text.front()))) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string shown(std::string_view text, std::size_t most) {
  const bool long_one = text.size() > most;
  if (!long_one && is_plain_text(text)) return std::string(text);
  std::string result(text.substr(0, most));
  for (char& c : result) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || is_control(byte)) c = '?';
  }
  return long_one ? result + "…" : result;
}

}  // namespace rigor::adapters
