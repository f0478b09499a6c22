#include "engine/studio/history_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <utility>

#include "engine/studio/history_schema.h"

namespace mainstay {

namespace {

constexpr Millis kBusy{2000};  // another program that looks at the history is done by then
// What revisions hold may be secret.
constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;

Error last_error(const std::string& path) {
  return make_error(Errc::io, "{}: {}", path, std::strerror(errno));
}

// The file as SQLite is to find it: there, a plain file, nobody else's to read. SQLite gives its -wal the same mode.
Status make_private_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) return make_error(Errc::io, "{} is not a file", path);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
  if (fd < 0) return last_error(path);
  const bool private_now = ::fchmod(fd, kOwnerOnly) == 0;
  Status status = private_now ? Status() : Status(last_error(path));
  ::close(fd);
  return status;
}

Result<ffi::SqliteDatabase> open_checked(const std::string& path) {
  MAINSTAY_TRY(auto database, ffi::SqliteDatabase::open(path, ffi::SqliteOpen::write, kBusy));
  MAINSTAY_CHECK(prepare_history(database));
  // docs/decisions/0007-show-history.md: why WAL, and why a commit does not wait for the platter.
  MAINSTAY_TRY(const std::string mode, database.text("PRAGMA journal_mode=WAL"));
  if (mode != "wal") return make_error(Errc::io, "this file system cannot hold it");
  MAINSTAY_CHECK(database.execute("PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=16777216"));
  return database;
}

std::string stamp(UtcInstant at) {
  const std::time_t time = std::chrono::floor<Seconds>(at).time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return text;
}

// With the -wal, which may hold what somebody wants to recover, and without leaving one for the fresh file to read.
Result<std::string> set_aside(const std::string& path, UtcInstant now) {
  std::string aside = path + ".broken-" + stamp(now);
  for (int again = 2; std::filesystem::exists(aside); ++again)
    aside = fmt::format("{}.broken-{}-{}", path, stamp(now), again);
  for (const char* suffix : {"-wal", "-shm", ""}) {
    if (::rename((path + suffix).c_str(), (aside + suffix).c_str()) != 0 && errno != ENOENT)
      return last_error(path + suffix);
  }
  return aside;
}

Result<HistoryFile> open_files(const std::string& path, UtcInstant now) {
  HistoryFile file;
  MAINSTAY_CHECK(make_private_file(path));
  MAINSTAY_TRY(file.lock, FileLock::take(path + "-lock"));
  auto writer = open_checked(path);
  if (!writer && (writer.error().code == Errc::corrupt || writer.error().code == Errc::invalid)) {
    MAINSTAY_TRY(const std::string aside, set_aside(path, now));
    file.warning = fmt::format("the show's history could not be read ({}): it was set aside as {} and begins anew",
                               writer.error().describe(), aside);
    MAINSTAY_CHECK(make_private_file(path));
    writer = open_checked(path);
  }
  if (!writer) return std::move(writer).error();
  file.writer = std::move(writer).value();
  MAINSTAY_TRY(file.reader, ffi::SqliteDatabase::open(path, ffi::SqliteOpen::read, kBusy));
  return file;
}

}  // namespace

Result<FileLock> FileLock::take(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, kOwnerOnly);
  if (fd < 0) return last_error(path);
  FileLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return make_error(Errc::again, "another Mainstay has it open");
  return last_error(path);
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<HistoryFile> open_history_in_memory() {
  MAINSTAY_TRY(auto database, ffi::SqliteDatabase::open_in_memory());
  MAINSTAY_CHECK(prepare_history(database));
  HistoryFile file;
  file.writer = std::move(database);
  return file;
}

Result<HistoryFile> open_history_file(const std::string& path, UtcInstant now) {
  auto file = open_files(path, now);
  if (file) return file;
  MAINSTAY_TRY(HistoryFile in_memory, open_history_in_memory());
  in_memory.warning =
      fmt::format("the show's history cannot be kept in {} ({}): it is in memory and ends with this run", path,
                  file.error().describe());
  return in_memory;
}

}  // namespace mainstay
