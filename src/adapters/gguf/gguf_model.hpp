// A network stored as GGUF: one file, or the parts 00001-of-0000N of one that was split. Layer 10.
#pragma once

#include <optional>
#include <string>

#include "adapters/bytes/byte_source.hpp"
#include "llm/stored_model.hpp"

namespace rigor::adapters {

/// "weights-00002-of-00003.gguf" is part 2 of 3 of "weights".
struct GgufPart {
  std::string stem;
  int number = 0;
  int count = 0;
  std::string query = {};  ///< what follows the name in an address: "?download=true"
  /// The name of another part.
  [[nodiscard]] std::string sibling(int other) const;
};
/// Nothing for a name of another form.
std::optional<GgufPart> gguf_part(const std::string& name);

/// Reads the headers of the file and, if it is one part of several, of all the others.
/// Errors: those of one header, a part that is missing (it is named), parts that do not belong
/// together.
Result<llm::StoredModel> read_gguf(const std::string& name, const OpenSource& open);

}  // namespace rigor::adapters
