// Devices of a machine that has none: a screen under Xvfb, a sound input that is a PulseAudio null sink's monitor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <xcb/xcb.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>

#include "engine/ffi/av/av_init.h"
#include "engine/ffi/portaudio/input_stream.h"
#include "engine/ffi/x11/screen_list.h"
#include "engine/sources/live/live_source.h"
#include "engine/sources/live/live_sources.h"
#include "tests/engine/sources/ingest_peer_support.h"
#include "tests/support/clips.h"

namespace mainstay {
namespace {

using test::Child;
using testing::HasSubstr;

class DevicePeerTest : public testing::Test {
 protected:
  SourceContext context() { return {"dev", clock, log, rate, 320, 240, Seconds(2), "."}; }
  void begin(std::unique_ptr<Source> made) {
    source = std::move(made);
    source->start();
    anchor = clock.now();
    frame = 0;
  }
  SourceOutput tick() {
    clock.pace_until(anchor + rate.begin(frame), {});
    return source->pull(frame++, {});
  }
  template <class Condition>
  void run_until(double limit_s, Condition condition) {
    for (int ticks = static_cast<int>(limit_s * rate.fps()); ticks > 0 && !condition(); --ticks) tick();
    ASSERT_TRUE(condition()) << source->status().detail << "\n" << text();
  }
  void run_until_live() {
    run_until(30, [&] { return source->status().state == SourceState::live; });
  }
  template <class Condition>
  void wait_for(Condition condition) {
    const Instant limit = clock.now() + Seconds(20);
    while (!condition() && clock.now() < limit) clock.wait_until(clock.now() + Millis(10), {});
    ASSERT_TRUE(condition());
  }
  std::string text() {
    std::lock_guard lock(lines_mutex);
    return lines;
  }

  SteadyClock clock;
  const Rate rate{30, 1};
  std::mutex lines_mutex;
  std::string lines;
  Log log{{.level = LogLevel::info, .json = false, .sink = [this](std::string_view line) {
             std::lock_guard lock(lines_mutex);
             lines += std::string(line) + "\n";
           }}};
  ffi::AvInit av{log, clock};
  test::TempFolder folder;
  std::unique_ptr<Source> source;
  Instant anchor{};
  FrameIndex frame = 0;
};

// --- screen --------------------------------------------------------------------------------------------------------

class ScreenPeerTest : public DevicePeerTest {
 protected:
  void SetUp() override {
    int number = 90 + 20 * (::getpid() % 100);  // others may look for a free one at the same time
    while (std::filesystem::exists(fmt::format("/tmp/.X11-unix/X{}", number)) ||
           std::filesystem::exists(fmt::format("/tmp/.X{}-lock", number)))
      ++number;
    display = fmt::format(":{}", number);
    server = std::make_unique<Child>(
        std::vector<std::string>{"Xvfb", display, "-screen", "0", "320x240x24", "-nolisten", "tcp", "-noreset"});
    wait_for([&] {
      if (x != nullptr) return true;
      x = xcb_connect(display.c_str(), nullptr);
      if (xcb_connection_has_error(x) == 0) return true;
      xcb_disconnect(x);
      x = nullptr;
      return false;
    });
  }
  void TearDown() override {
    source.reset();
    if (x != nullptr) xcb_disconnect(x);
  }

  /// A window of one colour.
  xcb_window_t window(int left, int top, int width, int height, std::uint32_t color) {
    const xcb_screen_t* screen = xcb_setup_roots_iterator(xcb_get_setup(x)).data;
    const xcb_window_t id = xcb_generate_id(x);
    const std::uint32_t values[] = {color, 1};
    xcb_create_window(x, XCB_COPY_FROM_PARENT, id, screen->root, static_cast<std::int16_t>(left),
                      static_cast<std::int16_t>(top), static_cast<std::uint16_t>(width),
                      static_cast<std::uint16_t>(height), 0, XCB_WINDOW_CLASS_INPUT_OUTPUT, screen->root_visual,
                      XCB_CW_BACK_PIXEL | XCB_CW_OVERRIDE_REDIRECT, values);
    const std::string title = "a window of the test";
    xcb_change_property(x, XCB_PROP_MODE_REPLACE, id, XCB_ATOM_WM_NAME, XCB_ATOM_STRING, 8,
                        static_cast<std::uint32_t>(title.size()), title.data());
    xcb_map_window(x, id);
    std::free(xcb_get_input_focus_reply(x, xcb_get_input_focus(x), nullptr));  // it is drawn by then
    return id;
  }

  /// Y, Cb, Cr at a place.
  static std::array<int, 3> at(const Frame& picture, int px, int py) {
    const auto value = [&](int plane, int column, int row) {
      return static_cast<int>(picture.planes[static_cast<std::size_t>(
          plane)][static_cast<std::ptrdiff_t>(row) * picture.strides[static_cast<std::size_t>(plane)] + column]);
    };
    return {value(0, px, py), value(1, px / 2, py / 2), value(2, px / 2, py / 2)};
  }
  static void expect_color(const Frame& picture, int px, int py, std::array<int, 3> wanted) {
    const auto found = at(picture, px, py);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_NEAR(found[i], wanted[i], 3) << "plane " << i << " at " << px << "," << py;
  }

  static constexpr std::array<int, 3> kRed{63, 102, 240};  // BT.709, limited range, of #ff0000
  static constexpr std::array<int, 3> kBlack{16, 128, 128};

  std::string display;
  std::unique_ptr<Child> server;
  xcb_connection_t* x = nullptr;
};

TEST_F(ScreenPeerTest, TheWholeScreenIsShownInItsColours) {
  window(100, 60, 80, 50, 0xff0000);
  begin(make_screen_source({.display = display, .cursor = false}, context()));
  run_until_live();
  const FramePtr picture = tick().video;
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 320);
  EXPECT_EQ(picture->height, 240);
  expect_color(*picture, 140, 80, kRed);
  expect_color(*picture, 20, 20, kBlack);
  expect_color(*picture, 90, 80, kBlack);
  expect_color(*picture, 190, 80, kBlack);
  int missing = 0;
  for (int i = 0; i < 60; ++i) missing += tick().repeated;
  EXPECT_LE(missing, 1) << "thirty pictures a second come";
}

TEST_F(ScreenPeerTest, APartOfTheScreenIsShown) {
  window(100, 60, 80, 50, 0xff0000);
  begin(make_screen_source({.display = display, .x = 100, .y = 60, .width = 80, .height = 50, .cursor = false},
                           context()));
  run_until_live();
  const FramePtr picture = tick().video;
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 80);
  expect_color(*picture, 2, 2, kRed);
  expect_color(*picture, 77, 47, kRed);
}

TEST_F(ScreenPeerTest, OneWindowIsListedAndShown) {
  const xcb_window_t id = window(100, 60, 80, 50, 0xff0000);
  const auto screens = ffi::list_screens(display);
  ASSERT_TRUE(screens) << screens.error().describe();
  ASSERT_EQ(screens->size(), 1U);
  EXPECT_EQ(screens->front().display, display + ".0");
  EXPECT_EQ(screens->front().width, 320);
  ASSERT_EQ(screens->front().windows.size(), 1U);
  const ffi::ScreenWindow& found = screens->front().windows.front();
  EXPECT_EQ(found.id, id);
  EXPECT_EQ(found.title, "a window of the test");
  EXPECT_EQ(found.x, 100);
  EXPECT_EQ(found.height, 50);
  begin(make_screen_source({.display = display, .window = fmt::format("{:#x}", id), .cursor = false}, context()));
  run_until_live();
  const FramePtr picture = tick().video;
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 80);
  EXPECT_EQ(picture->height, 50);
  expect_color(*picture, 40, 25, kRed);
}

TEST_F(ScreenPeerTest, AFrozenServerStallsItAndHoldsNobodyUp) {
  begin(make_screen_source({.display = display, .cursor = false}, context()));
  run_until_live();
  server->signal(SIGSTOP);
  run_until(10, [&] { return source->status().state == SourceState::stalled; });
  run_until(20, [&] { return source->status().detail.find("the call hangs") != std::string::npos; });
  server->signal(SIGCONT);
  run_until_live();
  server->signal(SIGSTOP);
  run_until(10, [&] { return source->status().state == SourceState::stalled; });
  source.reset();  // ends although the server does not answer
  server->signal(SIGCONT);
}

TEST_F(ScreenPeerTest, AScreenThatIsNotThereIsTriedAgain) {
  server->end();
  begin(make_screen_source({.display = display, .cursor = false}, context()));
  run_until(10, [&] { return source->status().state == SourceState::failed; });
  EXPECT_TRUE(source->status().retries);
  EXPECT_THAT(source->status().detail, HasSubstr("screen " + display));
}

// --- sound ---------------------------------------------------------------------------------------------------------

class SoundPeerTest : public DevicePeerTest {
 protected:
  void SetUp() override {
    socket = folder.file("native");
    const std::string script = folder.file("script.pa");
    std::ofstream(script) << "load-module module-native-protocol-unix auth-anonymous=1 socket=" << socket << "\n"
                          << "load-module module-null-sink sink_name=room rate=48000\n"
                          << "set-default-source room.monitor\n";
    const std::string alsa = folder.file("alsa.conf");
    std::ofstream(alsa) << "pcm.room { type pulse server \"unix:" << socket << "\" device \"room.monitor\" "
                        << "hint { show on description \"the test's room\" } }\n"
                        << "pcm.!default { type pulse server \"unix:" << socket << "\" device \"room.monitor\" }\n"
                        << "ctl.!default { type pulse server \"unix:" << socket << "\" }\n";
    setenv("ALSA_CONFIG_PATH", ("/usr/share/alsa/alsa.conf:" + alsa).c_str(), 1);
    command = {"pulseaudio",
               "-n",
               "--daemonize=no",
               "--exit-idle-time=-1",
               "--use-pid-file=no",
               "--disable-shm",
               "--realtime=no",
               "--high-priority=no",
               "-F",
               script};
    setenv("XDG_RUNTIME_DIR", folder.file("").c_str(), 1);
    setenv("HOME", folder.file("").c_str(), 1);
    start_server();
  }
  void TearDown() override { source.reset(); }
  void start_server() {
    std::filesystem::remove(socket);
    server = std::make_unique<Child>(command);
    wait_for([&] { return std::filesystem::exists(socket); });
  }
  /// Plays a quarter of full scale on both channels, for two minutes.
  Child tone(int hertz) {
    const std::string path = folder.file(fmt::format("{}.raw", hertz));
    std::vector<std::int16_t> samples(std::size_t{48000} * 120 * 2);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double phase = static_cast<double>(i / 2) * hertz / 48000;
      samples[i] = static_cast<std::int16_t>(std::lround(8192 * std::sin(2 * std::numbers::pi * phase)));
    }
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(samples.data()), static_cast<std::streamsize>(samples.size() * 2));
    return Child({"pacat", "--playback", "--raw", "--format=s16le", "--rate=48000", "--channels=2", "--device=room",
                  "--server=unix:" + socket, path});
  }

  struct Heard {
    double hertz = 0;
    double peak = 0;
    double worst_step = 0;  ///< from one sample to the next
  };
  Heard listen(int ticks) {
    std::vector<float> all;
    for (int i = 0; i < ticks; ++i) {
      const AudioBlockPtr block = tick().audio;
      all.insert(all.end(), block->plane(0).begin(), block->plane(0).end());
    }
    Heard heard;
    int crossings = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
      crossings += all[i - 1] < 0 && all[i] >= 0;
      heard.peak = std::max<double>(heard.peak, std::abs(all[i]));
      heard.worst_step = std::max<double>(heard.worst_step, std::abs(all[i] - all[i - 1]));
    }
    heard.hertz = crossings * 48000.0 / static_cast<double>(all.size());
    return heard;
  }

  std::string socket;
  std::vector<std::string> command;
  std::unique_ptr<Child> server;
};

TEST_F(SoundPeerTest, AToneIsHeardAtItsFrequencyAndLevel) {
  const Child player = tone(1000);
  const auto devices = ffi::list_audio_inputs();
  ASSERT_TRUE(devices) << devices.error().describe();
  EXPECT_THAT(*devices, testing::Contains(testing::Field(&ffi::AudioDevice::name, "room")));
  begin(make_audio_source({.device = "room"}, context()));
  run_until_live();
  run_until(10, [&] { return listen(10).peak > 0.1; });
  Heard heard;  // a machine that is busy lets the sound server starve: it gets several tries
  for (int tries = 0; tries < 10 && std::abs(heard.hertz - 1000) > 2; ++tries) heard = listen(90);
  EXPECT_NEAR(heard.hertz, 1000, 2);
  EXPECT_NEAR(heard.peak, 0.25, 0.01);
  EXPECT_LT(heard.worst_step, 0.25 * 2 * std::numbers::pi * 1000 / 48000 * 1.1) << "no click";
  EXPECT_THAT(source->status().detail, HasSubstr("2 ch from room"));
}

TEST_F(SoundPeerTest, ADeviceThatGoesAwayComesBack) {
  begin(make_audio_source({.device = "room"}, context()));
  run_until_live();
  server->end();
  run_until(20, [&] { return source->status().retries; });
  start_server();
  const Child again = tone(440);
  run_until_live();
  run_until(20, [&] { return listen(10).peak > 0.1; });
  Heard heard;
  for (int tries = 0; tries < 10 && std::abs(heard.hertz - 440) > 2; ++tries) heard = listen(90);
  EXPECT_NEAR(heard.hertz, 440, 2);
}

TEST_F(SoundPeerTest, AFrozenServerHoldsNobodyUp) {
  begin(make_audio_source({.device = "room"}, context()));
  run_until_live();
  server->signal(SIGSTOP);
  run_until(20, [&] { return source->status().state != SourceState::live; });
  source.reset();
  server->signal(SIGCONT);
}

TEST_F(SoundPeerTest, ADeviceThatIsNotThereIsSaidWithThoseThatAre) {
  begin(make_audio_source({.device = "attic"}, context()));
  run_until(20, [&] { return source->status().state == SourceState::failed; });
  EXPECT_THAT(source->status().detail, HasSubstr("there is no sound input \"attic\"; there are: "));
  EXPECT_THAT(source->status().detail, HasSubstr("\"room\""));
}

// --- camera --------------------------------------------------------------------------------------------------------

TEST_F(DevicePeerTest, ACameraThatIsNotThereIsSaidAndTriedAgain) {
  begin(make_camera_source({.device = "/dev/video987"}, context()));
  run_until(10, [&] { return source->status().state == SourceState::failed; });
  EXPECT_EQ(source->status().detail, "there is no camera /dev/video987");
  EXPECT_TRUE(source->status().retries);
}

}  // namespace
}  // namespace mainstay
