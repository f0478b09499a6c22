#include "engine/package/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace mainstay::package {

namespace {

namespace fs = std::filesystem;

constexpr off_t kMostRead = off_t{1} << 30;  // no segment is that large

Status write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return make_error(Errc::io, "{}", std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<std::string> read_all(int file) {
  struct stat about {};
  if (::fstat(file, &about) != 0) return make_error(Errc::io, "{}", std::strerror(errno));
  if (about.st_size > kMostRead) return make_error(Errc::io, "it has {} bytes", about.st_size);
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::read(file, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return make_error(Errc::io, "{}", std::strerror(errno));
    if (n == 0) return make_error(Errc::io, "it became shorter");
    done += static_cast<std::size_t>(n);
  }
  return bytes;
}

}  // namespace

Result<std::string> read_whole(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return wrap({Errc::io, std::strerror(errno), nullptr}, "cannot read " + path);
  Result<std::string> bytes = read_all(file);
  ::close(file);
  if (!bytes) return wrap(std::move(bytes).error(), "cannot read " + path);
  return bytes;
}

Status write_whole(const std::string& path, std::string_view bytes) {
  std::error_code failed;
  fs::create_directories(fs::path(path).parent_path(), failed);
  if (failed) return wrap({Errc::io, failed.message(), nullptr}, "cannot make the folder of " + path);
  const std::string fresh = path + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return wrap({Errc::io, std::strerror(errno), nullptr}, "cannot write " + fresh);
  Status wrote = write_all(file, bytes);
  // Some file systems say only now that there is no room.
  if (::close(file) != 0 && wrote) wrote = make_error(Errc::io, "{}", std::strerror(errno));
  if (!wrote) {
    ::unlink(fresh.c_str());
    return wrap(std::move(wrote).error(), "cannot write " + fresh);
  }
  fs::rename(fresh, path, failed);
  if (failed) return wrap({Errc::io, failed.message(), nullptr}, "cannot write " + path);
  return {};
}

}  // namespace mainstay::package
