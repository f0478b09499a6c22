#include "engine/sources/live/device_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(ScreenSettings, TheWholeScreenComesAtTheProgramsRate) {
  EXPECT_THAT(screen_settings({}, Rate{30000, 1001}),
              ElementsAre(Pair("framerate", "30000/1001"), Pair("draw_mouse", "1")));
}

TEST(ScreenSettings, APartAWindowAndARateAreTold) {
  const show::ScreenSource config{
      .x = 10, .y = 20, .width = 640, .height = 360, .window = "0x1f", .cursor = false, .rate = Rate{15, 1}};
  EXPECT_THAT(screen_settings(config, Rate{30, 1}),
              ElementsAre(Pair("framerate", "15/1"), Pair("draw_mouse", "0"), Pair("video_size", "640x360"),
                          Pair("grab_x", "10"), Pair("grab_y", "20"), Pair("window_id", "31")));
}

TEST(CameraSettings, TheModeThatWasChosenIsTold) {
  EXPECT_THAT(camera_settings({"mjpeg", 1280, 720, Rate{30, 1}}),
              ElementsAre(Pair("video_size", "1280x720"), Pair("input_format", "mjpeg"), Pair("framerate", "30/1")));
  EXPECT_THAT(camera_settings({"yuyv422", 640, 480, {}}),
              ElementsAre(Pair("video_size", "640x480"), Pair("input_format", "yuyv422")));
}

}  // namespace
}  // namespace mainstay
