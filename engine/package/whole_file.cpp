#include "engine/package/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace mainstay::package {

namespace {

namespace fs = std::filesystem;

Status write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return make_error(Errc::io, "{}", std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

Status write_whole(const std::string& path, std::string_view bytes) {
  std::error_code failed;
  fs::create_directories(fs::path(path).parent_path(), failed);
  if (failed) return make_error(Errc::io, "cannot make the folder of {}: {}", path, failed.message());
  const std::string fresh = path + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return make_error(Errc::io, "cannot write {}: {}", fresh, std::strerror(errno));
  Status wrote = write_all(file, bytes);
  ::close(file);
  if (!wrote) {
    ::unlink(fresh.c_str());
    return wrap(std::move(wrote).error(), "cannot write " + fresh);
  }
  fs::rename(fresh, path, failed);
  if (failed) return make_error(Errc::io, "cannot write {}: {}", path, failed.message());
  return {};
}

}  // namespace mainstay::package
