// Which of several files is the network, and what to say when that is open. Layer 10.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace rigor::adapters {

/// The GGUF files among `files` that hold a whole network: one entry per network, the first part
/// where it was split; image encoders and importance matrices are left out. Sorted.
std::vector<std::string> gguf_choices(const std::vector<std::string>& files);

/// The one choice. Errors: several; they are listed with `prefix` before each name, as the user
/// would write it.
Result<std::string> only_gguf(const std::vector<std::string>& choices, const std::string& prefix);

/// All parts of "model-00002-of-00005.safetensors", or nothing for a name of another form.
std::vector<std::string> shard_names(const std::string& file);

}  // namespace rigor::adapters
