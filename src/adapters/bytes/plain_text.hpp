// Names out of foreign files go into messages, tables and JSON: they must be text there. Layer 10.
#pragma once

#include <string>
#include <string_view>

namespace rigor::adapters {

/// Valid UTF-8 without control characters.
bool is_plain_text(std::string_view text);
/// The text if it is plain, else its bytes with '?' for what is not printable ASCII; cut after
/// `most` bytes.
std::string shown(std::string_view text, std::size_t most = 120);

}  // namespace rigor::adapters
