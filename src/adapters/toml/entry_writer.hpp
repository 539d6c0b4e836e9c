// A catalogue entry as the text of its file: what `read_entry` reads back to the same entry.
// Layer 10.
#pragma once

#include <string>

#include "catalog/entry.hpp"

namespace rigor::adapters {

/// The file's source is `source`; values whose provenance differs state their own. Keys are plain
/// ("power") or members of a list of tables ("runtime[0].load"), the latter after all plain ones.
std::string entry_toml(const catalog::Entry& entry, const catalog::Provenance& source);

/// A text in quotes, with what TOML wants escaped.
std::string toml_text(std::string_view text);

}  // namespace rigor::adapters
