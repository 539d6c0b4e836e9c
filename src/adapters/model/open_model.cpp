#include "adapters/model/open_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "adapters/bytes/file_source.hpp"
#include "adapters/files/files.hpp"
#include "adapters/gguf/gguf_model.hpp"
#include "adapters/hf/hf_checkpoint.hpp"
#include "adapters/http/http_source.hpp"
#include "adapters/http/hub.hpp"
#include "adapters/model/file_kind.hpp"
#include "adapters/model/model_choice.hpp"

namespace rigor::adapters {
namespace {

using llm::StoredModel;
namespace fs = std::filesystem;

constexpr std::uint64_t kLargestText = 64ULL << 20;
constexpr std::string_view kIndexEnding = ".index.json";

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

std::string file_of(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

/// A place with a reader for its files: the same code serves folders, servers and repositories.
class Place {
 public:
  Place(FileSet files, std::string source) : files_(std::move(files)), source_(std::move(source)) {}

  /// The network that all the files together are.
  Result<StoredModel> whole(const std::string& shown_prefix) {
    const std::vector<std::string> choices = gguf_choices(files_.files);
    const bool checkpoint =
        std::any_of(files_.files.begin(), files_.files.end(), [](const std::string& file) {
          return file.starts_with("model") && file.find(".safetensors") != std::string::npos;
        });
    if (choices.empty() || checkpoint) return named(read_hf_checkpoint(files_, source_));
    return only_gguf(choices, shown_prefix).and_then([&](const std::string& file) {
      return one(file);
    });
  }

  /// The network one file belongs to, by the file's content.
  Result<StoredModel> one(const std::string& file) {
    auto source = files_.open(files_.prefix + file);
    if (!source) return tl::unexpected<Error>(source.error());
    if ((*source)->size() == 0)
      return fail(ErrorCode::malformed, "the file is empty", (*source)->name());
    const Result<std::string> start = (*source)->read(0, kKindBytes);
    if (!start) return tl::unexpected<Error>(start.error());
    source->reset();
    return named(by_kind(file, *start));
  }

 private:
  Result<StoredModel> by_kind(const std::string& file, const std::string& start) {
    const std::string name = files_.prefix + file;
    switch (kind_of(start)) {
      case FileKind::gguf: return read_gguf(name, files_.open);
      case FileKind::safetensors: return safetensors(file);
      case FileKind::json: return json(file);
      case FileKind::other: break;
    }
    const WrongFile wrong = wrong_file(start);
    return fail(ErrorCode::unsupported, wrong.what, name, wrong.hint);
  }

  /// A shard stands for its whole checkpoint.
  Result<StoredModel> safetensors(const std::string& file) {
    const std::vector<std::string> shards = shard_names(file);
    if (shards.size() <= 1) return read_safetensors_file(files_, file, source_);
    FileSet all = files_;
    all.files = shards;
    for (const char* beside : {"config.json", "model.safetensors.index.json"}) {
      if (files_.has(beside)) all.files.emplace_back(beside);
    }
    return read_hf_checkpoint(all, source_);
  }

  Result<StoredModel> json(const std::string& file) {
    if (file.ends_with(kIndexEnding)) {
      FileSet indexed = files_;
      indexed.files = {file};
      if (files_.has("config.json")) indexed.files.emplace_back("config.json");
      return read_hf_checkpoint(indexed, source_);
    }
    const std::string name = files_.prefix + file;
    return files_.text(name, kLargestText).and_then([&](const std::string& text) {
      return read_hf_config_only(text, name, name);
    });
  }

  Result<StoredModel> named(Result<StoredModel> model) {
    if (model) model->source = source_;
    return model;
  }

  FileSet files_;
  std::string source_;
};

// This machine.

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

FileSet local_files(const std::string& folder) {
  FileSet files;
  files.prefix = folder;
  files.files = names_in(folder.empty() ? "." : folder);
  files.open = [](const std::string& name) { return open_file(name); };
  files.text = [](const std::string& name, std::uint64_t limit) { return read_file(name, limit); };
  return files;
}

Result<StoredModel> open_local(const std::string& path) {
  if (is_directory(path)) {
    const std::string folder = path.ends_with('/') ? path : path + "/";
    return Place(local_files(folder), path).whole(folder);
  }
  if (!exists(path)) {
    return fail(ErrorCode::not_found, "no such file or folder", path,
                "for a repository of the Hugging Face hub write hf:org/repository");
  }
  return Place(local_files(folder_of(path)), path).one(file_of(path));
}

// Servers.

FileSet remote_files(std::string prefix, std::vector<std::string> names,
                     const std::shared_ptr<HttpClient>& client) {
  FileSet files;
  files.prefix = std::move(prefix);
  files.files = std::move(names);
  files.open = [client](const std::string& name) { return open_http(name, client); };
  files.text = [client](const std::string& name, std::uint64_t limit) {
    return fetch_text(name, limit, *client);
  };
  return files;
}

/// What lies beside the file is not known; its own name is all there is.
Result<StoredModel> open_address(const std::string& url,
                                 const std::shared_ptr<HttpClient>& client) {
  const std::size_t query = std::min(url.find_first_of("?#"), url.size());
  const std::string path = url.substr(0, query);
  const std::string prefix = folder_of(path);
  const std::string file = url.substr(prefix.size());
  if (file_of(path).ends_with(".json")) {  // small files need no ranges
    FileSet files = remote_files(prefix, {file}, client);
    if (path.ends_with(kIndexEnding)) return read_hf_checkpoint(files, url);
    return files.text(url, kLargestText).and_then([&](const std::string& text) {
      return read_hf_config_only(text, url, url);
    });
  }
  return Place(remote_files(prefix, {file}, client), url).one(file);
}

Result<StoredModel> open_hub(const HubAddress& address, const std::string& what,
                             const std::shared_ptr<HttpClient>& client) {
  const std::string& hub = client->options().hub;
  const Result<std::vector<HubFile>> listed = list_hub_files(address, *client);
  if (!listed) return tl::unexpected<Error>(listed.error());
  const std::string folder = folder_of(address.file);
  std::vector<std::string> names;
  for (const HubFile& file : *listed) {
    if (file.path.starts_with(folder)) names.push_back(file.path.substr(folder.size()));
  }
  Place place(remote_files(hub_url(address, folder, hub), names, client), what);
  if (address.file.empty()) return place.whole(fmt::format("hf:{}/", address.repository));
  const std::string file = file_of(address.file);
  if (std::find(names.begin(), names.end(), file) != names.end()) return place.one(file);
  return fail(ErrorCode::not_found,
              fmt::format("the repository {} has no file \"{}\"", address.repository, address.file),
              what, fmt::format("hf:{} alone lists its models", address.repository));
}

bool is_web(const std::string& what) {
  return what.starts_with("https://") || what.starts_with("http://");
}

}  // namespace

bool is_remote_model(const std::string& what) {
  return what.starts_with("hf:") || is_web(what);
}

Result<StoredModel> open_model(const std::string& what, const OpenOptions& options) {
  if (what.empty()) return fail(ErrorCode::usage, "the name of the model is empty");
  if (!is_remote_model(what)) return open_local(what);
  const auto client = std::make_shared<HttpClient>(options.http);
  if (!is_hub_address(what, options.http.hub)) return open_address(what, client);
  return parse_hub_address(what, options.http.hub).and_then([&](const HubAddress& address) {
    return open_hub(address, what, client);
  });
}

}  // namespace rigor::adapters
