#include "engine/studio/show_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/show/parse.h"

namespace mainstay {

namespace {

// A file's times move in steps of some milliseconds, on some file systems of two seconds: a change within a step of the
// one that was seen shows in the content alone.
constexpr Seconds kCoarseTimes{3};

Error failed(std::string_view what, const std::string& path) {
  const int error = errno;
  const char* advice = error == ENOSPC || error == EDQUOT || error == EFBIG  ? ": free some space or save elsewhere"
                       : error == EROFS || error == EACCES || error == EPERM ? ": allow writing there or save elsewhere"
                                                                             : "";
  return make_error(Errc::io, "{} cannot be {}: {}{}", path, what, std::strerror(error), advice);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  /// Some file systems tell only now that the disk is full.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<std::string> read_all(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return failed("read", path);
  if (!S_ISREG(info.st_mode)) return make_error(Errc::io, "{} is not a file", path);
  std::string text;
  std::array<char, 64 * 1024> part{};
  while (text.size() <= show::kMaxShowBytes) {
    const ssize_t bytes = ::read(file.get(), part.data(), part.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return failed("read", path);
    if (bytes == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(bytes));
  }
  return make_error(Errc::invalid, "{} has more than {} MiB: it is no show", path, show::kMaxShowBytes >> 20);
}

// Where the bytes are: replacing a link by a file would cut it off from what it names.
std::string behind_links(const std::string& path) {
  std::error_code ignored;
  const auto real = std::filesystem::canonical(path, ignored);
  return real.empty() ? path : real.string();
}

// As much as may be had: a file of somebody else's group keeps that only when we may give it.
bool take_over_permissions(int fd, const std::string& path) {
  struct stat old {};
  if (::stat(path.c_str(), &old) != 0) return ::fchmod(fd, S_IRUSR | S_IWUSR) == 0;
  [[maybe_unused]] const int owner = ::fchown(fd, old.st_uid, old.st_gid);
  return ::fchmod(fd, old.st_mode & 07777) == 0;
}

Status replace(const std::string& path, std::string_view text) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  std::string beside = (folder / fmt::format(".{}.XXXXXX", std::filesystem::path(path).filename().string())).string();
  Descriptor file(::mkostemp(beside.data(), O_CLOEXEC));
  if (file.get() < 0) return failed("saved", path);
  const bool done = write_all(file.get(), text) && take_over_permissions(file.get(), path) &&
                    ::fsync(file.get()) == 0 && file.close() && ::rename(beside.c_str(), path.c_str()) == 0;
  if (!done) {
    Error error = failed("saved", path);
    ::unlink(beside.c_str());
    return error;
  }
  // The new name must be on the disk too. The file is saved if this fails: a file system without such an fsync.
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
  return {};
}

}  // namespace

ShowFile::Seen ShowFile::look() const {
  struct stat info {};
  if (::stat(path_.c_str(), &info) != 0) return {};
#if defined(__APPLE__)
  const timespec modified = info.st_mtimespec;
  const timespec changed = info.st_ctimespec;
#else
  const timespec modified = info.st_mtim;
  const timespec changed = info.st_ctim;
#endif
  return {true,
          info.st_dev,
          info.st_ino,
          info.st_size,
          Seconds(modified.tv_sec) + Nanos(modified.tv_nsec),
          Seconds(changed.tv_sec) + Nanos(changed.tv_nsec)};
}

void ShowFile::remember(std::string_view text, const Seen& seen) {
  known_ = std::string(text);
  seen_ = seen;
  settled_ = clock_.utc_now().time_since_epoch() > seen.changed + kCoarseTimes;
}

Result<std::string> ShowFile::load() {
  std::lock_guard lock(mutex_);
  const Seen seen = look();  // before reading: what changes meanwhile is seen by the next poll
  auto text = read_all(path_);
  if (text) remember(*text, seen);
  return text;
}

Status ShowFile::save(std::string_view text) {
  std::lock_guard lock(mutex_);
  MAINSTAY_CHECK(replace(behind_links(path_), text));
  remember(text, look());
  return {};
}

Result<std::optional<ShowFile::Change>> ShowFile::poll() {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return std::optional<Change>();
  const Seen seen = look();
  if (seen == seen_ && settled_) return std::optional<Change>();
  return compare(seen);
}

Result<std::optional<ShowFile::Change>> ShowFile::compare(const Seen& seen) {
  if (!seen.there) {
    const bool removed = known_.has_value();
    known_.reset();
    seen_ = seen;
    settled_ = true;
    return removed ? std::optional(Change{.removed = true, .text = {}}) : std::nullopt;
  }
  auto text = read_all(path_);
  if (!text) {
    seen_ = seen;
    settled_ = true;
    return std::move(text).error();
  }
  const bool same = known_ == *text;
  remember(*text, seen);
  return same ? std::nullopt : std::optional(Change{.removed = false, .text = std::move(text).value()});
}

}  // namespace mainstay
