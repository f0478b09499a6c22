// A stream that is fetched from a real peer, shown tick by tick on the machine's clock.
// A fixture of the tests.
// Thread-safety: one thread.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/ffi/av/av_init.h"
#include "engine/ffi/srt/srt_library.h"
#include "engine/sources/live/live_source.h"
#include "engine/sources/live/live_sources.h"
#include "tests/engine/sources/ingest_peer_support.h"
#include "tests/support/clips.h"

namespace mainstay {

class StreamPeerTest : public testing::Test {
 protected:
  void open(show::StreamSource config) {
    source = make_stream_source(config, SourceContext{"far", clock, log, rate, 128, 72, Seconds(2), "."},
                                Seconds(4));  // segments are of one second here
    source->start();
    anchor = clock.now();
    frame = 0;
  }

  struct Tick {
    int number = -1;  ///< -1: no picture
    double level = 0;
  };
  Tick tick() {
    clock.pace_until(anchor + rate.begin(frame), {});
    const SourceOutput out = source->pull(frame++, {});
    Tick now;
    if (out.video) now.number = test::number_of(*out.video);
    for (const float sample : out.audio->plane(0))
      now.level = std::max(now.level, std::abs(static_cast<double>(sample)));
    return now;
  }
  std::vector<Tick> run(int ticks) {
    std::vector<Tick> all;
    for (int i = 0; i < ticks; ++i) all.push_back(tick());
    return all;
  }
  template <class Condition>
  void run_until(double limit_s, Condition condition) {
    for (int ticks = static_cast<int>(limit_s * rate.fps()); ticks > 0 && !condition(); --ticks) tick();
    ASSERT_TRUE(condition()) << source->status().detail << "\n" << text();
  }
  void run_until_live(double limit_s = 30) {
    run_until(limit_s, [&] { return source->status().state == SourceState::live; });
  }
  /// Places where the next picture is not the next number.
  static int breaks(const std::vector<Tick>& ticks) {
    int count = 0;
    for (std::size_t i = 1; i < ticks.size(); ++i)
      count += ticks[i].number != (ticks[i - 1].number + 1) % test::kNumbers;
    return count;
  }
  /// Four seconds without a fault; a machine that is busy gets several tries.
  void expect_steady(int ticks = 120) {
    int faults = -1;
    for (int tries = 0; tries < 10 && faults != 0; ++tries) {
      run(60);
      const auto shown = run(ticks);
      faults = breaks(shown);
      for (const Tick& each : shown) faults += each.level < 0.01;
    }
    EXPECT_EQ(faults, 0) << text();
  }
  std::string text() {
    std::lock_guard lock(lines_mutex);
    return lines;
  }
  std::string folder_file(const std::string& name) { return folder.file(name); }
  template <class Condition>
  void await(Condition condition) {
    const Instant limit = clock.now() + Seconds(30);
    while (!condition() && clock.now() < limit) clock.wait_until(clock.now() + Millis(5), {});
    ASSERT_TRUE(condition()) << text();
  }
  void await_file(const std::string& name) {
    await([&] { return std::filesystem::exists(folder_file(name)); });
  }
  /// Segments of a second, in the folder.
  std::string hls(const std::string& playlist) {
    return fmt::format("[f=hls:hls_time=1:hls_list_size=8:hls_flags=delete_segments]{}", folder_file(playlist));
  }
  std::vector<std::string> file_server(std::uint16_t port) {
    return {"python3",   "-m",          "http.server",   "--bind",
            "127.0.0.1", "--directory", folder_file(""), std::to_string(port)};
  }
  /// nginx taking what is published as rtmp://127.0.0.1:PORT/live/NAME.
  std::vector<std::string> rtmp_server(std::uint16_t port) {
    const std::string conf = folder_file("nginx.conf");
    std::ofstream(conf) << "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;\ndaemon off; master_process off;\n"
                        << "error_log " << folder_file("error.log") << "; pid " << folder_file("pid") << ";\n"
                        << "events {}\nrtmp { server { listen 127.0.0.1:" << port
                        << "; chunk_size 4096; application live { live on; } } }\n";
    return {"nginx", "-c", conf, "-p", folder_file("")};
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
  std::unique_ptr<ffi::SrtLibrary> library = std::move(*ffi::SrtLibrary::start(clock, log));
  test::TempFolder folder;
  std::unique_ptr<Source> source;
  Instant anchor{};
  FrameIndex frame = 0;
};

}  // namespace mainstay
