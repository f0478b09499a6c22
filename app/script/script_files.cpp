#include "app/script/script_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "engine/show/suggest.h"

namespace mainstay::script {

namespace fs = std::filesystem;

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error io_error(const char* what, const std::string& path) {
  return make_error(Errc::io, "cannot {} {}: {}", what, show::in_quotes(path), std::strerror(errno));
}

bool is_under(const fs::path& path, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  (void)rest;
  return end == folder.end();
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return io_error("read", path);
  struct stat status {};
  if (fstat(file.get(), &status) != 0) return io_error("read", path);
  if (!S_ISREG(status.st_mode)) return make_error(Errc::io, "cannot read {}: it is not a file", show::in_quotes(path));
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error("read", path);
    if (count == 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > most) {
      return make_error(Errc::io, "cannot read {}: it is larger than {} MiB", show::in_quotes(path), most >> 20);
    }
  }
}

ScriptFiles::ScriptFiles(std::string folder) {
  std::error_code error;
  if (!folder.empty()) folder_ = fs::canonical(folder, error).string();
  if (error) folder_.clear();
}

Result<std::string> ScriptFiles::resolve(const std::string& path, bool to_write) const {
  if (folder_.empty()) return make_error(Errc::invalid, "this script has no folder: files cannot be used");
  if (path.empty() || path.find('\0') != std::string::npos) return make_error(Errc::invalid, "the path is empty");
  const fs::path asked = fs::path(folder_) / path;  // an absolute path replaces the folder, and has to lie under it
  const Error outside = make_error(Errc::invalid, "{} lies outside the script's folder", show::in_quotes(path));
  if (!is_under(asked.lexically_normal(), folder_)) return outside;  // whether it is there is nobody's business
  std::error_code error;
  fs::path real = fs::canonical(asked, error);
  if (error && to_write) {
    // Not there yet. A link that leads nowhere is not followed either: the rename takes its place.
    error.clear();
    real = fs::canonical(asked.parent_path(), error) / asked.filename();
  }
  if (error)
    return make_error(Errc::io, "cannot {} {}: {}", to_write ? "write" : "read", show::in_quotes(path),
                      error.message());
  if (!is_under(real, folder_) || real == fs::path(folder_) || real.filename() == ".." || real.filename() == ".") {
    return outside;
  }
  return real.string();
}

Result<std::string> ScriptFiles::read(const std::string& path) const {
  MAINSTAY_TRY(const std::string real, resolve(path, false));
  return read_file(real, kMostBytes);
}

Status ScriptFiles::write(const std::string& path, std::string_view text) const {
  MAINSTAY_TRY(const std::string real, resolve(path, true));
  if (text.size() > kMostBytes) {
    return make_error(Errc::invalid, "cannot write {}: more than {} MiB", show::in_quotes(path), kMostBytes >> 20);
  }
  std::string beside = real + ".XXXXXX";
  const Descriptor file(mkostemp(beside.data(), O_CLOEXEC));
  if (file.get() < 0) return io_error("write", path);
  const auto failed = [&] {
    Error error = io_error("write", path);
    unlink(beside.c_str());
    return error;
  };
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(file.get(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed();
    done += static_cast<std::size_t>(count);
  }
  if (fchmod(file.get(), 0644) != 0 || rename(beside.c_str(), real.c_str()) != 0) return failed();
  return {};
}

}  // namespace mainstay::script
