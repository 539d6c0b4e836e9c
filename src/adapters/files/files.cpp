#include "adapters/files/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "units/unit_text.hpp"

namespace rigor::adapters {
namespace fs = std::filesystem;

bool is_directory(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  if (!exists(path)) return fail(ErrorCode::not_found, "no such file", path);
  if (is_directory(path)) return fail(ErrorCode::io, "this is a directory, a file is wanted", path);
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return fail(ErrorCode::io, fmt::format("cannot read it: {}", std::strerror(errno)), path);
  std::string content;
  char buffer[65536];
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
    content.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (content.size() > limit) {
      const Bytes most = static_cast<double>(limit) * byte;
      return fail(ErrorCode::limit,
                  fmt::format("larger than {}, which no file of its kind is", to_text_binary(most)),
                  path);
    }
  }
  if (in.bad()) return fail(ErrorCode::io, "reading stopped half-way", path);
  return content;
}

Result<void> write_file(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content;
  out.flush();
  if (!out)
    return fail(ErrorCode::io, fmt::format("cannot write it: {}", std::strerror(errno)), path);
  return {};
}

Result<void> replace_file(const std::string& path, const std::string& content) {
  if (is_directory(path)) return fail(ErrorCode::io, "cannot write it: it is a directory", path);
  const std::string fresh = path + ".new";
  Result<void> written = write_file(fresh, content);
  std::error_code error;
  if (written) fs::rename(fresh, path, error);
  if (written && !error) return {};
  std::error_code ignored;
  fs::remove(fresh, ignored);
  const std::string why = error ? "cannot write it: " + error.message() : written.error().message;
  return fail(ErrorCode::io, why, path);
}

Result<void> make_folders(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!is_directory(path)) {
    const std::string why = error ? error.message() : "it is a file";
    return fail(ErrorCode::io, "cannot make this folder: " + why, path);
  }
  return {};
}

Result<std::vector<std::string>> files_below(const std::string& folder, const std::string& ending) {
  if (!is_directory(folder)) {
    return exists(folder) ? fail(ErrorCode::io, "this is a file, a folder is wanted", folder)
                          : fail(ErrorCode::not_found, "no such folder", folder);
  }
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    const std::string path = it->path().string();
    if (it->is_regular_file(ignored) && path.ends_with(ending)) paths.push_back(path);
  }
  if (error) return fail(ErrorCode::io, error.message(), folder);
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace rigor::adapters
