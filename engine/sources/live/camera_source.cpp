// Cameras and capture cards, by FFmpeg's v4l2 input. The mode is chosen here, as the driver's own choice is often the
// largest picture at five a second.
#include <atomic>
#include <mutex>
#include <utility>

#include "engine/sources/live/device_format.h"
#include "engine/sources/live/device_settings.h"
#include "engine/sources/live/live_source.h"
#include "engine/sources/live/live_sources.h"
#include "engine/sources/live/media_feed.h"

namespace mainstay {

namespace {

constexpr Nanos kOpen = Seconds(10);
constexpr Nanos kSilence = Seconds(3);

class CameraFeed final : public LiveFeed {
 public:
  CameraFeed(std::string device, ffi::CameraWish wish, ffi::MediaReaderOptions options, Log& log)
      : device_(std::move(device)), wish_(std::move(wish)), options_(std::move(options)), log_(log) {}

  Result<LiveInfo> open() override {
    MAINSTAY_TRY(const ffi::Camera camera, find());
    MAINSTAY_TRY(const ffi::CameraChoice choice, ffi::choose_mode(camera, wish_));
    options_.url = camera.device;
    options_.path = fmt::format("{} ({})", camera.device, camera.name);
    options_.settings = camera_settings(choice);
    {
      std::lock_guard lock(mutex_);
      if (aborted_) return Error{Errc::cancelled, "stopped", nullptr};
      media_ = std::make_unique<MediaFeed>(options_, log_);
    }
    return media_->open();
  }
  Result<LiveItem> read() override { return media_->read(); }
  Result<LiveItem> pass() override { return media_->pass(); }
  void abort() noexcept override {
    std::lock_guard lock(mutex_);
    aborted_ = true;
    if (media_) media_->abort();
  }
  std::int64_t damaged() const override { return media_ ? media_->damaged() : 0; }

 private:
  Result<ffi::Camera> find() const {
    if (!device_.empty()) return ffi::describe_camera(device_);
    std::vector<ffi::Camera> all = ffi::list_cameras();
    if (all.empty()) return make_error(Errc::io, "this machine has no camera that can be opened");
    return std::move(all.front());
  }

  const std::string device_;
  const ffi::CameraWish wish_;
  ffi::MediaReaderOptions options_;
  Log& log_;
  std::mutex mutex_;
  bool aborted_ = false;              // guarded by mutex_
  std::unique_ptr<MediaFeed> media_;  // set once, under mutex_, by the feed's thread
};

}  // namespace

std::vector<std::pair<std::string, std::string>> camera_settings(const ffi::CameraChoice& choice) {
  std::vector<std::pair<std::string, std::string>> settings{
      {"video_size", fmt::format("{}x{}", choice.width, choice.height)}, {"input_format", choice.format}};
  if (choice.rate) settings.emplace_back("framerate", choice.rate->str());
  return settings;
}

std::unique_ptr<Source> make_camera_source(const show::CameraSource& config, SourceContext context) {
  ffi::CameraWish wish{.width = config.width,
                       .height = config.height,
                       .rate = config.rate,
                       .format = config.format,
                       .near_width = context.width,
                       .near_height = context.height,
                       .near_rate = context.rate};
  ffi::MediaReaderOptions options;
  options.name = "source " + context.name;
  options.format = kCameraGrabber;
  options.hw = "none";
  LiveLink::Options link;
  link.what = config.device.empty() ? std::string("the first camera") : "camera " + config.device;
  link.open_timeout = kOpen;
  link.timeout = kSilence;
  link.when_hidden = config.when_hidden;
  Log& log = context.log;
  MakeLiveFeed make = [device = config.device, wish, options, &log] {
    return std::make_unique<CameraFeed>(device, wish, options, log);
  };
  return std::make_unique<LiveSource>(std::move(context), config.buffer, std::move(link), std::move(make));
}

}  // namespace mainstay
