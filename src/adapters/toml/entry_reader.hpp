// Catalogue files: TOML text to `catalog::Entry`. Layer 10.
#pragma once

#include <string>
#include <string_view>

#include "adapters/toml/document.hpp"
#include "catalog/entry.hpp"

namespace rigor::adapters {

/// Reads one entry. Errors name the place: missing name or source, unknown origin, a value of a
/// kind that no catalogue key has. Units and ranges are judged later, by `catalog::lint`.
Result<catalog::Entry> read_entry(std::string_view text, std::string id, const std::string& file);

/// Flattens one value (`moe.experts`, `lanes[0].modes[1].PCIEX16_1`) into fields, with the given
/// provenance unless the value states its own.
Result<void> flatten(const TomlNode& node, const std::string& key,
                     const catalog::Provenance& provenance, std::vector<catalog::Field>& fields);

}  // namespace rigor::adapters
