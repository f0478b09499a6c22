#include "engine/studio/picture_desk.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <utility>

namespace mainstay {

namespace {

constexpr Nanos kLookAgain = Millis(10);

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

}  // namespace

PictureDesk::PictureDesk(Clock& clock, const char* thread_name)
    : clock_(clock),
      waiting_(clock, {.items = kMostWaiting}, Overflow::block),
      thread_(thread_name, [this](std::stop_token stop) { run(stop); }) {}

PictureDesk::~PictureDesk() {
  thread_.stop();
  while (Result<PictureOrder> order = waiting_.try_pop())
    order->done(make_error(Errc::cancelled, "the program ends"));
}

bool PictureDesk::take(PictureOrder order) {
  std::lock_guard lock(mutex_);
  return waiting_.level().items < kMostWaiting && waiting_.push(std::move(order));
}

void PictureDesk::run(const std::stop_token& stop) {
  while (Result<PictureOrder> order = waiting_.pop(stop)) order->done(carry_out(*order, stop));
}

Result<ImageFile> PictureDesk::carry_out(const PictureOrder& order, const std::stop_token& stop) {
  const Instant limit = clock_.now() + kPatience;
  FramePtr picture = order.picture();
  while (!picture) {
    if (clock_.now() >= limit) return make_error(Errc::again, "there is no picture of it now");
    if (!clock_.wait_until(clock_.now() + kLookAgain, stop)) return make_error(Errc::cancelled, "the program ends");
    picture = order.picture();
  }
  ImageFile out;
  out.size = fit_inside({picture->width, picture->height}, order.inside);
  ffi::ImageOptions options = order.options;
  options.width = out.size.width;
  options.height = out.size.height;
  MAINSTAY_TRY(out.bytes, ffi::encode_image(*picture, options));
  if (order.path.empty()) return out;
  MAINSTAY_CHECK(write_file(order.path, std::exchange(out.bytes, {})));
  return out;
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

}  // namespace mainstay
