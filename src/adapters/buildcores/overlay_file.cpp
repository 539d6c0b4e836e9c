#include "adapters/buildcores/overlay_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace rigor::adapters::buildcores {
namespace {

constexpr std::array<std::string_view, 2> kFirst = {
    "# From the BuildCores open database (https://github.com/buildcores/buildcores-open-db), made "
    "available under ODC-By 1.0 (https://opendatacommons.org/licenses/by/1-0/), record ",
    "# From SkyPilot's price lists (https://github.com/skypilot-org/skypilot-catalog), record "};
constexpr std::string_view kSecond =
    "# Written by rigor catalog import, which leaves this file alone once it is changed. Sum ";

/// FNV-1a, 64 bit: tells edits, not attacks.
std::uint64_t sum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

/// The rest of the first line after `start`, which is cut from `text` with it.
std::optional<std::string> take_line(std::string_view& text, std::string_view start) {
  const std::size_t end = text.find('\n');
  if (!text.starts_with(start) || end == std::string_view::npos) return std::nullopt;
  std::string rest(text.substr(start.size(), end - start.size()));
  text.remove_prefix(end + 1);
  return rest;
}

}  // namespace

std::string overlay_text(std::string_view record, const std::string& entry, Database database) {
  const std::string_view first = kFirst[static_cast<std::size_t>(database)];
  return fmt::format("{}{}\n{}{:016x}\n{}", first, record, kSecond, sum(entry), entry);
}

std::optional<OverlayMark> overlay_mark(std::string_view text) {
  std::optional<std::string> record;
  for (const std::string_view first : kFirst) {
    if (!record) record = take_line(text, first);
  }
  if (!record) return std::nullopt;
  const std::optional<std::string> stated = take_line(text, kSecond);
  return OverlayMark{*record, stated == fmt::format("{:016x}", sum(text))};
}

}  // namespace rigor::adapters::buildcores
