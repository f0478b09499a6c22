#include "engine/deliver/record_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <system_error>

namespace mainstay {

namespace {

constexpr int kMostNames = 10000;

const char* advice(int error) {
  switch (error) {
    case ENOSPC:
      return "no space is left on the disk: free some";
    case EDQUOT:
      return "the disk quota is used up: free some space";
    case EFBIG:
      return "the file system takes no larger file";
    case EACCES:
    case EPERM:
      return "permission denied: let this user write there";
    case EROFS:
      return "the disk is mounted read-only";
    case EIO:
      return "the disk reports an error";
    case ENOTDIR:
      return "a part of the path is a file, not a folder";
    default:
      return nullptr;
  }
}

Error disk_error(const std::string& path, int error) {
  const char* words = advice(error);
  const std::string why = words != nullptr ? words : std::generic_category().message(error);
  return make_error(Errc::io, "cannot record to \"{}\": {}", path, why);
}

class PosixFile final : public RecordFile {
 public:
  PosixFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixFile() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  const std::string& path() const override { return path_; }

  Status write(std::span<const std::uint8_t> bytes) override {
    while (!bytes.empty()) {
      const ssize_t wrote = ::write(descriptor_, bytes.data(), bytes.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return disk_error(path_, errno);
      if (wrote == 0) return disk_error(path_, EIO);
      size_ += wrote;
      bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    return {};
  }

  Status write_boxes(std::span<const std::uint8_t> boxes) override {
    if (boxes.size() < kBoxHeader) return write(boxes);
    // Until the last step they stand in a free box that reaches to the end of the file (size 0: ISO/IEC 14496-12 4.2).
    constexpr std::array<std::uint8_t, kBoxHeader> kFreeToEnd = {0, 0, 0, 0, 'f', 'r', 'e', 'e'};
    const off_t begin = size_;
    MAINSTAY_CHECK(write(kFreeToEnd));
    MAINSTAY_CHECK(write(boxes.subspan(kBoxHeader)));
    const ssize_t wrote = ::pwrite(descriptor_, boxes.data(), kBoxHeader, begin);
    return wrote == static_cast<ssize_t>(kBoxHeader) ? Status{} : Status{disk_error(path_, wrote < 0 ? errno : EIO)};
  }

  Status sync() override { return ::fdatasync(descriptor_) == 0 ? Status{} : Status{disk_error(path_, errno)}; }

  Status close() override {
    const int descriptor = std::exchange(descriptor_, -1);
    // Some file systems (NFS) tell of a full disk only here.
    return descriptor < 0 || ::close(descriptor) == 0 ? Status{} : Status{disk_error(path_, errno)};
  }

  void discard() noexcept override {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    ::unlink(path_.c_str());
  }

 private:
  static constexpr std::size_t kBoxHeader = 8;

  int descriptor_;
  off_t size_ = 0;
  const std::string path_;
};

}  // namespace

std::unique_ptr<RecordFile> adopt_record_file(int descriptor, std::string path) {
  return std::make_unique<PosixFile>(descriptor, std::move(path));
}

Result<std::unique_ptr<RecordFile>> open_record_file(const std::string& path) {
  const std::filesystem::path asked(path);
  std::error_code error;
  if (asked.has_parent_path()) {
    std::filesystem::create_directories(asked.parent_path(), error);
    if (error) return disk_error(path, error.value());
  }
  for (int n = 1; n < kMostNames; ++n) {
    std::filesystem::path name = asked;
    if (n > 1) name.replace_filename(fmt::format("{}-{}{}", asked.stem().string(), n, asked.extension().string()));
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor >= 0) return adopt_record_file(descriptor, name.string());
    if (errno != EEXIST) return disk_error(name.string(), errno);
  }
  return make_error(Errc::io, "cannot record to \"{}\": {} files of that name are there already", path, kMostNames - 1);
}

Result<std::string> expand_record_path(const std::string& pattern, UtcInstant at) {
  const auto whole = std::chrono::floor<Seconds>(at).time_since_epoch();
  const std::time_t seconds_utc = whole.count();
  std::tm parts{};
  std::array<char, 4096> text{};
  if (::gmtime_r(&seconds_utc, &parts) == nullptr ||
      std::strftime(text.data(), text.size(), pattern.c_str(), &parts) == 0) {
    return make_error(Errc::invalid, "record path \"{}\" gives no usable file name", pattern);
  }
  return std::string(text.data());
}

}  // namespace mainstay
