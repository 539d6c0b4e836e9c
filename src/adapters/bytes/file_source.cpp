#include "adapters/bytes/file_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace rigor::adapters {
namespace {

class FileSource final : public ByteSource {
 public:
  FileSource(std::string path, int descriptor, std::uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}
  ~FileSource() override { ::close(descriptor_); }

  [[nodiscard]] const std::string& name() const override { return path_; }
  [[nodiscard]] std::uint64_t size() const override { return size_; }

  Result<std::string> read(std::uint64_t offset, std::uint64_t count) override {
    if (offset >= size_) return std::string();
    std::string bytes(std::min(count, size_ - offset), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t got = ::pread(descriptor_, bytes.data() + done, bytes.size() - done,
                                  static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        return fail(ErrorCode::io, fmt::format("cannot read it: {}", std::strerror(errno)), path_);
      if (got == 0) return fail(ErrorCode::io, "the file became shorter while it was read", path_);
      done += static_cast<std::size_t>(got);
    }
    return bytes;
  }

 private:
  std::string path_;
  int descriptor_;
  std::uint64_t size_;
};

Result<std::unique_ptr<ByteSource>> cannot_open(const std::string& path) {
  if (errno == ENOENT || errno == ENOTDIR) return fail(ErrorCode::not_found, "no such file", path);
  return fail(ErrorCode::io, fmt::format("cannot open it: {}", std::strerror(errno)), path);
}

}  // namespace

Result<std::unique_ptr<ByteSource>> open_file(const std::string& path) {
  // Without O_NONBLOCK a named pipe would hold the program until somebody writes to it.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return cannot_open(path);
  struct stat facts{};
  if (::fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    ::close(descriptor);
    return fail(ErrorCode::io,
                S_ISDIR(facts.st_mode) ? "this is a directory, a file is wanted"
                                       : "this is not a regular file",
                path);
  }
  return std::make_unique<FileSource>(path, descriptor, static_cast<std::uint64_t>(facts.st_size));
}

}  // namespace rigor::adapters
