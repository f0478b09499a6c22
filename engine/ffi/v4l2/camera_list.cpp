#include "engine/ffi/v4l2/camera_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <tuple>
#include <utility>

#if defined(__linux__)
#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#endif

namespace mainstay::ffi {

#if defined(__linux__)

namespace {

constexpr unsigned kMost = 256;  // of formats, sizes, rates each: a driver that never ends its list is not followed

struct Known {
  std::uint32_t fourcc;
  const char* name;
  bool compressed;
};
// Those that FFmpeg's v4l2 input takes, by its names.
constexpr Known kFormats[] = {{V4L2_PIX_FMT_NV12, "nv12", false},       {V4L2_PIX_FMT_YUV420, "yuv420p", false},
                              {V4L2_PIX_FMT_YUYV, "yuyv422", false},    {V4L2_PIX_FMT_UYVY, "uyvy422", false},
                              {V4L2_PIX_FMT_YUV422P, "yuv422p", false}, {V4L2_PIX_FMT_RGB24, "rgb24", false},
                              {V4L2_PIX_FMT_BGR24, "bgr24", false},     {V4L2_PIX_FMT_GREY, "gray", false},
                              {V4L2_PIX_FMT_MJPEG, "mjpeg", true},      {V4L2_PIX_FMT_JPEG, "mjpeg", true},
                              {V4L2_PIX_FMT_H264, "h264", true},        {V4L2_PIX_FMT_HEVC, "hevc", true}};

constexpr std::pair<std::uint32_t, std::uint32_t> kUsualSizes[] = {{3840, 2160}, {1920, 1080}, {1280, 720}, {720, 576},
                                                                   {720, 480},   {640, 480},   {320, 240}};

template <std::size_t N>
std::string text_of(const __u8 (&field)[N]) {
  const char* begin = reinterpret_cast<const char*>(field);
  return {begin, strnlen(begin, N)};
}

void add_rates(CameraMode& mode, std::uint32_t fourcc, const V4l2Call& call) {
  for (unsigned i = 0; i < kMost; ++i) {
    v4l2_frmivalenum interval{};
    interval.index = i;
    interval.pixel_format = fourcc;
    interval.width = static_cast<__u32>(mode.width);
    interval.height = static_cast<__u32>(mode.height);
    if (call(VIDIOC_ENUM_FRAMEINTERVALS, &interval) != 0) break;
    // Of a range, the shortest interval: the driver takes any longer one.
    const bool discrete = interval.type == V4L2_FRMIVAL_TYPE_DISCRETE;
    const v4l2_fract step = discrete ? interval.discrete : interval.stepwise.min;
    if (step.numerator > 0 && step.denominator > 0 && step.denominator / step.numerator <= 1000)
      mode.rates.push_back({static_cast<int>(step.denominator), static_cast<int>(step.numerator)});
    if (!discrete) break;
  }
  std::sort(mode.rates.begin(), mode.rates.end(), [](const Rate& a, const Rate& b) { return a.fps() > b.fps(); });
}

void add_mode(Camera& camera, const Known& format, std::uint32_t width, std::uint32_t height, const V4l2Call& call) {
  if (width == 0 || height == 0 || width > 16384 || height > 16384) return;
  CameraMode mode{format.name, format.compressed, static_cast<int>(width), static_cast<int>(height), {}};
  add_rates(mode, format.fourcc, call);
  if (std::find(camera.modes.begin(), camera.modes.end(), mode) == camera.modes.end())
    camera.modes.push_back(std::move(mode));
}

void add_sizes(Camera& camera, const Known& format, const V4l2Call& call) {
  for (unsigned i = 0; i < kMost; ++i) {
    v4l2_frmsizeenum size{};
    size.index = i;
    size.pixel_format = format.fourcc;
    if (call(VIDIOC_ENUM_FRAMESIZES, &size) != 0) break;
    if (size.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
      add_mode(camera, format, size.discrete.width, size.discrete.height, call);
      continue;
    }
    // Of a range, the usual sizes that lie in it.
    const v4l2_frmsize_stepwise& range = size.stepwise;
    for (const auto& [width, height] : kUsualSizes) {
      if (width >= range.min_width && width <= range.max_width && height >= range.min_height &&
          height <= range.max_height)
        add_mode(camera, format, width, height, call);
    }
    break;
  }
}

}  // namespace

Result<Camera> describe_camera(const std::string& device, const V4l2Call& call) {
  v4l2_capability capability{};
  if (const int error = call(VIDIOC_QUERYCAP, &capability); error != 0)
    return make_error(Errc::unsupported, "{} is no video device: {}", device, std::strerror(error));
  const __u32 can = (capability.capabilities & V4L2_CAP_DEVICE_CAPS) ? capability.device_caps : capability.capabilities;
  if ((can & V4L2_CAP_VIDEO_CAPTURE) == 0) return make_error(Errc::unsupported, "{} gives no pictures", device);
  Camera camera{device, text_of(capability.card), text_of(capability.bus_info), {}};
  for (unsigned i = 0; i < kMost; ++i) {
    v4l2_fmtdesc format{};
    format.index = i;
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (call(VIDIOC_ENUM_FMT, &format) != 0) break;
    const auto* known = std::find_if(std::begin(kFormats), std::end(kFormats),
                                     [&](const Known& each) { return each.fourcc == format.pixelformat; });
    if (known != std::end(kFormats)) add_sizes(camera, *known, call);
  }
  return camera;
}

Result<Camera> describe_camera(const std::string& device) {
  const int fd = ::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    const int error = errno;
    if (error == ENOENT) return make_error(Errc::io, "there is no camera {}", device);
    if (error == EACCES)
      return make_error(Errc::io, "{} may not be opened: add the user to the group \"video\"", device);
    return make_error(Errc::io, "cannot open {}: {}", device, std::strerror(error));
  }
  auto camera = describe_camera(device, [fd](unsigned long request, void* argument) {
    int result = 0;
    do {
      result = ::ioctl(fd, request, argument);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? errno : 0;
  });
  ::close(fd);
  return camera;
}

std::vector<Camera> list_cameras() {
  std::vector<std::pair<int, std::string>> devices;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/dev", error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("video") || name.size() == 5 || name.size() > 9) continue;
    if (name.find_first_not_of("0123456789", 5) != std::string::npos) continue;
    devices.emplace_back(std::stoi(name.substr(5)), entry.path().string());
  }
  std::sort(devices.begin(), devices.end());
  std::vector<Camera> cameras;
  for (const auto& [number, device] : devices) {
    if (auto camera = describe_camera(device)) cameras.push_back(std::move(*camera));
  }
  return cameras;
}

#else

Result<Camera> describe_camera(const std::string& device, const V4l2Call&) {
  return make_error(Errc::unsupported, "{}: cameras are described on Linux only", device);
}
Result<Camera> describe_camera(const std::string& device) {
  return describe_camera(device, {});
}
std::vector<Camera> list_cameras() {
  return {};
}

#endif

namespace {

std::string modes_of(const Camera& camera) {
  constexpr std::size_t kShown = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, camera.modes.size()); ++i) {
    const CameraMode& mode = camera.modes[i];
    text += fmt::format("{}{} {}×{}", i == 0 ? "" : ", ", mode.format, mode.width, mode.height);
    if (!mode.rates.empty()) text += fmt::format(" {:.4g} fps", mode.rates.front().fps());
  }
  if (camera.modes.size() > kShown) text += ", …";
  return text.empty() ? "nothing that can be used" : text;
}

/// The rate of a mode that serves `wanted` best: the lowest that is enough, else the highest.
std::optional<Rate> best_rate(const CameraMode& mode, const Rate& wanted) {
  std::optional<Rate> best;
  for (const Rate& rate : mode.rates) {
    if (!best || rate.fps() > wanted.fps() * 0.98) best = rate;  // highest first
  }
  return best;
}

}  // namespace

Result<CameraChoice> choose_mode(const Camera& camera, const CameraWish& wish) {
  const Rate wanted = wish.rate.value_or(wish.near_rate);
  const int width = wish.width > 0 ? wish.width : wish.near_width;
  const int height = wish.height > 0 ? wish.height : wish.near_height;
  const CameraMode* best = nullptr;
  std::tuple<bool, std::int64_t, bool, double> best_rank;
  for (const CameraMode& mode : camera.modes) {
    if (wish.format != "auto" && wish.format != mode.format) continue;
    if (wish.width > 0 && (mode.width != wish.width || mode.height != wish.height)) continue;
    const auto rate = best_rate(mode, wanted);
    const double fps = rate ? rate->fps() : wanted.fps();
    if (wish.rate && rate && std::abs(fps - wanted.fps()) > wanted.fps() * 0.02) continue;
    const std::int64_t off = std::abs(std::int64_t{mode.width} * mode.height - std::int64_t{width} * height);
    // The smallest is the best.
    const std::tuple rank{fps < wanted.fps() * 0.8, off, mode.compressed, std::abs(fps - wanted.fps())};
    if (best != nullptr && !(rank < best_rank)) continue;
    best = &mode;
    best_rank = rank;
  }
  if (best == nullptr)
    return make_error(Errc::invalid, "{} ({}) cannot give what is asked for; it can: {}", camera.device, camera.name,
                      modes_of(camera));
  return CameraChoice{best->format, best->width, best->height, best_rate(*best, wanted)};
}

}  // namespace mainstay::ffi
