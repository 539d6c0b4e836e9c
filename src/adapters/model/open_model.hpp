// One door to every stored network: a path, an address, or a repository of the hub. Layer 10.
#pragma once

#include <string>

#include "adapters/http/http_client.hpp"
#include "llm/stored_model.hpp"

namespace rigor::adapters {

struct OpenOptions {
  HttpOptions http = {};
};

/// Reads headers only: a file of 100 GB costs no more than a small one. `what` is one of
///   folder/  file.gguf  file.safetensors  model.safetensors.index.json  config.json
///   https://host/file   hf:org/repository[/file][@revision]
/// and is recognised by its content, not by its ending.
/// Errors say what is wrong with the file and what to do; several models in one place are listed.
Result<llm::StoredModel> open_model(const std::string& what, const OpenOptions& options = {});

/// Whether `what` is looked for on a server rather than on this machine.
bool is_remote_model(const std::string& what);

}  // namespace rigor::adapters
