#include "engine/remote/obs/screenshots.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <utility>

namespace mainstay::obs {

namespace {

Error failed(const std::string& path, int why) {
  return make_error(Errc::io, "{} cannot be written: {}", path, std::strerror(why));
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Whole or not at all: a viewer that follows the file never sees half a picture. Only files are replaced.
Status write_file(const std::string& path, std::string_view bytes) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode))
    return make_error(Errc::invalid, "{} is there and no file: it is not replaced", path);
  const std::filesystem::path target(path);
  std::string beside = (target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string();
  const int file = ::mkostemp(beside.data(), O_CLOEXEC);
  if (file < 0) return failed(path, errno);
  constexpr mode_t kReadable = 0644;
  bool done = write_all(file, bytes) && ::fchmod(file, kReadable) == 0;
  done = ::close(file) == 0 && done;
  if (done && ::rename(beside.c_str(), path.c_str()) == 0) return {};
  const int why = errno;
  ::unlink(beside.c_str());
  return failed(path, why);
}

Result<std::string> carry_out(const ScreenshotOrder& order) {
  MAINSTAY_TRY(std::string bytes, ffi::encode_image(*order.picture, order.options));
  if (order.path.empty()) return bytes;
  MAINSTAY_CHECK(write_file(order.path, bytes));
  return std::string();
}

}  // namespace

Screenshots::Screenshots(Clock& clock)
    : waiting_(clock, {.items = kMostWaiting}, Overflow::block),
      thread_("remote/shot", [this](std::stop_token stop) { run(stop); }) {}

Screenshots::~Screenshots() {
  thread_.stop();
}

// There is one who pushes: where there is room now, push() does not wait.
bool Screenshots::take(ScreenshotOrder order) {
  return waiting_.level().items < kMostWaiting && waiting_.push(std::move(order));
}

void Screenshots::run(const std::stop_token& stop) {
  while (Result<ScreenshotOrder> order = waiting_.pop(stop)) order->done(carry_out(*order));
}

const std::vector<std::string>& image_formats() {
  static const std::vector<std::string> names = {"png", "jpg", "jpeg"};
  return names;
}

std::optional<ffi::ImageFormat> image_format(std::string_view name) {
  if (name == "png") return ffi::ImageFormat::png;
  if (name == "jpg" || name == "jpeg") return ffi::ImageFormat::jpeg;
  return std::nullopt;
}

ImageSize fit_inside(ImageSize own, ImageSize wanted) {
  if (own.width <= 0 || own.height <= 0) return own;
  const double by_width = wanted.width > 0 ? double(wanted.width) / own.width : HUGE_VAL;
  const double by_height = wanted.height > 0 ? double(wanted.height) / own.height : HUGE_VAL;
  const double scale = std::min(by_width, by_height);
  if (scale == HUGE_VAL) return own;
  const auto side = [scale](int pixels) { return std::max(1, static_cast<int>(std::lround(pixels * scale))); };
  return {side(own.width), side(own.height)};
}

}  // namespace mainstay::obs
