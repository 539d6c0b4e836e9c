// A Hugging Face checkpoint: a folder, on a disk or a server, with a config.json and safetensors
// files beside it. The tensors' sizes are exact; the architecture is the config's, confirmed by the
// tensors. Layer 10.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "adapters/bytes/byte_source.hpp"
#include "llm/stored_model.hpp"

namespace rigor::adapters {

/// The files of one folder and how to get at them. Names are put together as `prefix` + file.
struct FileSet {
  std::string prefix;  ///< "folder/" or "https://…/resolve/main/"
  std::vector<std::string> files;
  OpenSource open;
  /// The whole of a small file.
  std::function<Result<std::string>(const std::string& name, std::uint64_t limit)> text;

  [[nodiscard]] bool has(const std::string& file) const;
};

/// Reads the config and the headers of all safetensors files. A bare config.json is enough.
/// Errors: neither of them, the errors of either.
Result<llm::StoredModel> read_hf_checkpoint(const FileSet& files, const std::string& source);
/// A config.json by itself. Errors also when rigor cannot describe the architecture: nothing else
/// is known then.
Result<llm::StoredModel> read_hf_config_only(const std::string& text, const std::string& file,
                                             const std::string& source);
/// One safetensors file, with the config.json beside it if there is one.
Result<llm::StoredModel> read_safetensors_file(const FileSet& files, const std::string& file,
                                               const std::string& source);

}  // namespace rigor::adapters
