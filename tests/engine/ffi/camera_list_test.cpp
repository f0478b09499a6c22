#include "engine/ffi/v4l2/camera_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/videodev2.h>

#include <cerrno>
#include <cstring>

namespace mainstay::ffi {
namespace {

using testing::HasSubstr;

struct Size {
  std::uint32_t width;
  std::uint32_t height;
  std::vector<std::uint32_t> rates;
};
struct Format {
  std::uint32_t fourcc;
  std::vector<Size> sizes;
};

/// A driver that answers as a USB camera's does.
class FakeDriver {
 public:
  std::vector<Format> formats{
      {V4L2_PIX_FMT_YUYV, {{640, 480, {30, 15}}, {1280, 720, {10}}, {1920, 1080, {5}}}},
      {V4L2_PIX_FMT_MJPEG, {{640, 480, {30}}, {1280, 720, {60, 30}}, {1920, 1080, {30}}}},
      {v4l2_fourcc('?', '?', '?', '?'), {{8, 8, {1}}}},
  };
  __u32 capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
  bool stepwise = false;
  bool endless = false;

  V4l2Call call() {
    return [this](unsigned long request, void* argument) { return answer(request, argument); };
  }

 private:
  int answer(unsigned long request, void* argument) {
    switch (request) {
      case VIDIOC_QUERYCAP: {
        auto& out = *static_cast<v4l2_capability*>(argument);
        std::memset(out.card, 'x', sizeof out.card);  // no terminator fits any more
        std::strcpy(reinterpret_cast<char*>(out.bus_info), "usb-1");
        out.capabilities = V4L2_CAP_DEVICE_CAPS;
        out.device_caps = capabilities;
        return 0;
      }
      case VIDIOC_ENUM_FMT: {
        auto& out = *static_cast<v4l2_fmtdesc*>(argument);
        if (!endless && out.index >= formats.size()) return EINVAL;
        out.pixelformat = formats[out.index % formats.size()].fourcc;
        return 0;
      }
      case VIDIOC_ENUM_FRAMESIZES: {
        auto& out = *static_cast<v4l2_frmsizeenum*>(argument);
        const Format* format = find(out.pixel_format);
        if (stepwise) {
          if (out.index > 0) return EINVAL;
          out.type = V4L2_FRMSIZE_TYPE_STEPWISE;
          out.stepwise = {32, 1280, 2, 32, 720, 2};
          return 0;
        }
        if (format == nullptr || out.index >= format->sizes.size()) return EINVAL;
        out.type = V4L2_FRMSIZE_TYPE_DISCRETE;
        out.discrete = {format->sizes[out.index].width, format->sizes[out.index].height};
        return 0;
      }
      case VIDIOC_ENUM_FRAMEINTERVALS: {
        auto& out = *static_cast<v4l2_frmivalenum*>(argument);
        const Format* format = find(out.pixel_format);
        if (format == nullptr) return EINVAL;
        for (const Size& size : format->sizes) {
          if (size.width != out.width || size.height != out.height) continue;
          if (out.index >= size.rates.size()) return EINVAL;
          out.type = V4L2_FRMIVAL_TYPE_DISCRETE;
          out.discrete = {1, size.rates[out.index]};
          return 0;
        }
        return EINVAL;
      }
      default:
        return ENOTTY;
    }
  }
  const Format* find(std::uint32_t fourcc) const {
    for (const Format& format : formats)
      if (format.fourcc == fourcc) return &format;
    return nullptr;
  }
};

Camera camera_of(FakeDriver& driver) {
  auto camera = describe_camera("/dev/video7", driver.call());
  EXPECT_TRUE(camera);
  return camera ? *camera : Camera{};
}

CameraWish wish(int width, int height, int fps = 30) {
  return {.near_width = width, .near_height = height, .near_rate = Rate{fps, 1}};
}

TEST(CameraList, TellsNameModesAndRates) {
  FakeDriver driver;
  const Camera camera = camera_of(driver);
  EXPECT_EQ(camera.device, "/dev/video7");
  EXPECT_EQ(camera.name, std::string(32, 'x'));
  EXPECT_EQ(camera.place, "usb-1");
  ASSERT_EQ(camera.modes.size(), 6U) << "what FFmpeg does not take is left out";
  EXPECT_EQ(camera.modes[0], (CameraMode{"yuyv422", false, 640, 480, {{30, 1}, {15, 1}}}));
  EXPECT_EQ(camera.modes[4], (CameraMode{"mjpeg", true, 1280, 720, {{60, 1}, {30, 1}}}));
}

TEST(CameraList, ARangeOfSizesIsGivenAsTheUsualOnes) {
  FakeDriver driver;
  driver.stepwise = true;
  driver.formats.resize(1);
  const Camera camera = camera_of(driver);
  ASSERT_EQ(camera.modes.size(), 5U);
  EXPECT_EQ(camera.modes[0].width, 1280);
}

TEST(CameraList, WhatGivesNoPicturesIsNoCamera) {
  FakeDriver driver;
  driver.capabilities = V4L2_CAP_META_CAPTURE;
  EXPECT_EQ(describe_camera("/dev/video7", driver.call()).error().code, Errc::unsupported);
  EXPECT_FALSE(describe_camera("/dev/video7", [](unsigned long, void*) { return ENOTTY; }));
}

TEST(CameraList, ADriverThatNeverEndsItsListIsNotFollowed) {
  FakeDriver driver;
  driver.endless = true;
  EXPECT_EQ(camera_of(driver).modes.size(), 6U);
}

TEST(ChooseMode, EnoughPicturesASecondComeBeforeUncompressedOnes) {
  FakeDriver driver;
  const auto choice = choose_mode(camera_of(driver), wish(1920, 1080));
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->format, "mjpeg");
  EXPECT_EQ(choice->width, 1920);
  EXPECT_EQ(choice->rate, (Rate{30, 1}));
}

TEST(ChooseMode, UncompressedComesFirstWhereItIsFastEnough) {
  FakeDriver driver;
  const auto choice = choose_mode(camera_of(driver), wish(640, 480));
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->format, "yuyv422");
}

TEST(ChooseMode, TheLowestRateThatIsEnoughIsTaken) {
  FakeDriver driver;
  const auto choice = choose_mode(camera_of(driver), wish(1280, 720));
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->format, "mjpeg");
  EXPECT_EQ(choice->rate, (Rate{30, 1}));
  EXPECT_EQ(choose_mode(camera_of(driver), wish(1280, 720, 60))->rate, (Rate{60, 1}));
}

TEST(ChooseMode, WhatIsAskedForIsTakenOrRefusedWithWhatThereIs) {
  FakeDriver driver;
  const Camera camera = camera_of(driver);
  CameraWish raw = wish(640, 480);
  raw.width = 1920;
  raw.height = 1080;
  raw.format = "yuyv422";
  EXPECT_EQ(choose_mode(camera, raw)->rate, (Rate{5, 1}));
  raw.rate = Rate{25, 1};
  const auto refused = choose_mode(camera, raw);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid);
  EXPECT_THAT(refused.error().message, HasSubstr("it can: yuyv422 640×480 30 fps"));
}

TEST(ChooseMode, ADriverThatTellsNothingIsRefused) {
  EXPECT_FALSE(choose_mode(Camera{"/dev/video0", "mute", "", {}}, wish(640, 480)));
}

}  // namespace
}  // namespace mainstay::ffi
