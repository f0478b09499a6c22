#include "engine/sources/image_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

namespace mainstay {

namespace {

// 8192×8192 with 16 bits a channel and alpha, not packed, is twice that; nobody shows such.
constexpr std::int64_t kLargestFile = std::int64_t{256} << 20;

struct OpenFile {
  int number = -1;
  explicit OpenFile(const std::string& path) : number(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (number >= 0) ::close(number);
  }
};

Error io_error(const std::string& path) {
  if (errno == ENOENT) return make_error(Errc::io, "no such file: {}", path);
  return make_error(Errc::io, "cannot read {}: {}", path, std::strerror(errno));
}

}  // namespace

std::string file_name(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.empty() ? path : name;
}

Result<std::vector<std::uint8_t>> read_file(const std::string& path, std::int64_t largest, const char* what) {
  const OpenFile file(path);
  struct stat status {};
  if (file.number < 0 || ::fstat(file.number, &status) != 0) return io_error(path);
  if (S_ISDIR(status.st_mode)) return make_error(Errc::invalid, "{} is a directory, not {}", path, what);
  if (!S_ISREG(status.st_mode)) return make_error(Errc::invalid, "{} is not a regular file", path);
  if (status.st_size > largest)
    return make_error(Errc::invalid, "{} has {} kB: the file of {} may have {} at most", file_name(path),
                      status.st_size >> 10, what, largest >> 10);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t count = ::read(file.number, bytes.data() + got, bytes.size() - got);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error(path);
    if (count == 0) break;  // it was made shorter meanwhile
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

Result<FileMark> mark_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return io_error(path);
  return FileMark{status.st_dev, status.st_ino, status.st_size,
                  std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

Result<ffi::StillImage> load_image(const std::string& path) {
  MAINSTAY_TRY(const std::vector<std::uint8_t> bytes, read_file(path, kLargestFile, "a picture"));
  return ffi::decode_image(bytes, file_name(path));
}

}  // namespace mainstay
