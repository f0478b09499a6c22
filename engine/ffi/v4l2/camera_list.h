// Cameras and capture cards of this machine (Video4Linux 2) and what they can give. Empty on other systems.
// Plain functions and values.
// Thread-safety: from any thread. They ask drivers, which may take their time: not where nothing may block.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/media/rate.h"

namespace mainstay::ffi {

/// One way in which a camera gives pictures.
struct CameraMode {
  std::string format;  ///< FFmpeg's name: yuyv422, nv12, mjpeg, h264
  bool compressed = false;
  int width = 0;
  int height = 0;
  std::vector<Rate> rates;  ///< highest first; empty: the driver does not say

  friend bool operator==(const CameraMode&, const CameraMode&) = default;
};

struct Camera {
  std::string device;  ///< "/dev/video0"
  std::string name;    ///< "HD Webcam C525"
  std::string place;   ///< where it is plugged in: "usb-0000:00:14.0-1"
  std::vector<CameraMode> modes;
};

/// The driver's answer to a request of <linux/videodev2.h>: 0, or the error number.
using V4l2Call = std::function<int(unsigned long request, void* argument)>;

/// What the driver behind `call` says. Errc::unsupported: it gives no pictures (a radio, an output, metadata).
Result<Camera> describe_camera(const std::string& device, const V4l2Call& call);

/// Errc::io: it cannot be opened, in words.
Result<Camera> describe_camera(const std::string& device);

/// All that give pictures, in the order of their numbers.
std::vector<Camera> list_cameras();

/// What is asked of a camera; 0 and "auto" leave it open.
struct CameraWish {
  int width = 0;
  int height = 0;
  std::optional<Rate> rate;
  std::string format = "auto";
  // Where it is left open, what comes nearest to these:
  int near_width = 0;
  int near_height = 0;
  Rate near_rate{30, 1};
};

struct CameraChoice {
  std::string format;
  int width = 0;
  int height = 0;
  std::optional<Rate> rate;
};

/// The mode to open: enough pictures a second first, then the size, then uncompressed before compressed. Errc::invalid:
/// the camera cannot give what is asked for; the message says what it can.
Result<CameraChoice> choose_mode(const Camera& camera, const CameraWish& wish);

}  // namespace mainstay::ffi
