// The ingest against real senders: ffmpeg over RTMP and SRT, killed, frozen, refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/ffi/av/av_init.h"
#include "engine/ffi/srt/srt_library.h"
#include "engine/sources/ingest/ingest_source.h"
#include "tests/engine/sources/ingest_peer_support.h"

namespace mainstay {
namespace {

using test::Child;

class IngestPeerTest : public testing::Test {
 protected:
  void open(show::IngestSource config) {
    source = std::make_unique<IngestSource>(config,
                                            SourceContext{"remote", clock, log, Rate{30, 1}, 128, 72, Seconds(2), "."});
    source->start();
    wait_for(Seconds(5), [&] {
      for (const std::uint16_t p : source->ports()) {
        if (p == 0) return false;
      }
      return true;
    });
    anchor = clock.now();
  }

  struct Tick {
    int number = -1;  ///< -1: no picture
    bool repeated = false;
    double level = 0;  ///< loudest sample
  };
  Tick tick() {
    clock.pace_until(anchor + Rate{30, 1}.begin(frame), {});
    const SourceOutput out = source->pull(frame++, {});
    Tick now;
    if (out.video) now.number = test::number_of(*out.video);
    now.repeated = out.repeated;
    for (const float sample : out.audio->plane(0))
      now.level = std::max(now.level, std::abs(static_cast<double>(sample)));
    return now;
  }
  std::vector<Tick> run(int ticks) {
    std::vector<Tick> all;
    for (int i = 0; i < ticks; ++i) all.push_back(tick());
    return all;
  }
  /// Ticks until `condition`, at most `ticks`.
  template <class Condition>
  std::vector<Tick> run_until(int ticks, Condition condition) {
    std::vector<Tick> all;
    while (!condition() && ticks-- > 0) all.push_back(tick());
    EXPECT_TRUE(condition());
    return all;
  }
  template <class Condition>
  void wait_for(Nanos limit, Condition condition) {
    const Instant end = clock.now() + limit;
    while (!condition() && clock.now() < end) clock.wait_until(clock.now() + Millis(5), {});
    ASSERT_TRUE(condition());
  }
  /// Places where the next picture is not the next number.
  static int breaks(const std::vector<Tick>& ticks) {
    int count = 0;
    for (std::size_t i = 1; i < ticks.size(); ++i) {
      count += ticks[i].number != (ticks[i - 1].number + 1) % test::kNumbers;
    }
    return count;
  }
  bool live(std::size_t input) { return source->inputs()[input].state == IngestInputState::live; }
  bool settled(std::size_t input) { return live(input) && source->inputs()[input].counts.frames > 45; }

  static show::IngestInput rtmp(std::uint16_t port, std::string key = {}) {
    return {.url = fmt::format("rtmp://127.0.0.1:{}/live", port), .key = std::move(key)};
  }
  static show::IngestInput srt(std::uint16_t port) {
    return {.url = fmt::format("srt://127.0.0.1:{}?mode=listener", port)};
  }
  static std::string to_rtmp(std::uint16_t port, const char* key = "k") {
    return fmt::format("[f=flv:onfail=ignore]rtmp://127.0.0.1:{}/live/{}", port, key);
  }
  static std::string to_srt(std::uint16_t port) {
    return fmt::format("[f=mpegts:onfail=ignore]srt://127.0.0.1\\:{}?pkt_size=1316&latency=120000", port);
  }

  SteadyClock clock;
  std::mutex lines_mutex;
  std::string lines;
  Log log{{.level = LogLevel::debug, .json = false, .sink = [this](std::string_view line) {
             std::lock_guard lock(lines_mutex);
             lines += std::string(line) + "\n";
           }}};
  ffi::AvInit av{log, clock};
  std::unique_ptr<ffi::SrtLibrary> library = std::move(*ffi::SrtLibrary::start(clock, log));
  std::unique_ptr<IngestSource> source;
  Instant anchor{};
  FrameIndex frame = 0;
};

TEST_F(IngestPeerTest, FfmpegOverRtmpIsShownPictureByPicture) {
  const std::uint16_t port = test::free_port();
  open({.main = rtmp(port, "k")});
  EXPECT_TRUE(source->ready()) << "nobody is there to wait for";
  Child ffmpeg(test::sender(to_rtmp(port)));
  run_until(300, [&] { return settled(0); });
  run(30);
  const auto shown = run(150);
  EXPECT_EQ(breaks(shown), 0);
  EXPECT_GT(shown.back().level, 0.01);
  const IngestInputStatus status = source->inputs()[0];
  EXPECT_EQ(status.counts.gaps, 0);
  EXPECT_EQ(status.connects, 1);
  EXPECT_GT(status.kbps, 20);
  ASSERT_TRUE(status.counts.last_pts);
  EXPECT_NEAR(seconds(*status.counts.last_pts - *status.counts.first_pts),
              static_cast<double>(status.counts.frames - 1) / 30, 0.001);
  EXPECT_THAT(source->status().detail, testing::HasSubstr("main: live from 127.0.0.1:"));
  EXPECT_EQ(source->status().state, SourceState::live);
  EXPECT_EQ(source->status().input, "main");
}

TEST_F(IngestPeerTest, FfmpegOverSrtIsShownPictureByPicture) {
  const std::uint16_t port = test::free_port();
  open({.main = srt(port)});
  Child ffmpeg(test::sender(to_srt(port)));
  run_until(300, [&] { return settled(0); });
  run(30);
  EXPECT_EQ(breaks(run(150)), 0);
  EXPECT_EQ(source->inputs()[0].counts.gaps, 0);
}

TEST_F(IngestPeerTest, FfmpegWithAWrongKeyEndsWithAnError) {
  const std::uint16_t port = test::free_port();
  open({.main = rtmp(port, "right")});
  Child ffmpeg({"ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc=s=128x72:r=30", "-c:v",
                "libx264", "-f", "flv", fmt::format("rtmp://127.0.0.1:{}/live/wrong", port)});
  std::optional<int> code;
  wait_for(Seconds(10), [&] { return (code = ffmpeg.exit_code()).has_value(); });
  EXPECT_NE(*code, 0);
  const IngestInputStatus status = source->inputs()[0];
  EXPECT_EQ(status.connects, 0);
  EXPECT_GE(status.refused, 1);
  EXPECT_EQ(status.counts.frames, 0);
}

TEST_F(IngestPeerTest, AKilledSenderIsHeldAndItsReturnShown) {
  const std::uint16_t port = test::free_port();
  open({.main = rtmp(port)});
  {
    Child ffmpeg(test::sender(to_rtmp(port)));
    run_until(300, [&] { return settled(0); });
    run(15);
  }
  run_until(60, [&] { return source->status().state == SourceState::stalled; });
  EXPECT_NE(tick().number, -1) << "the last picture is held";
  EXPECT_EQ(source->inputs()[0].state, IngestInputState::waiting);
  Child again(test::sender(to_rtmp(port)));
  run_until(300, [&] { return source->inputs()[0].connects == 2 && source->status().state == SourceState::live; });
  run(45);
  EXPECT_EQ(breaks(run(60)), 0);
}

// One encode to both; main is frozen (not closed: nobody says that it is gone), then goes on.
TEST_F(IngestPeerTest, TheSameEncodeOnBothChangesOverWithoutLosingOrRepeatingAPicture) {
  const std::uint16_t main_port = test::free_port();
  const std::uint16_t relay_port = test::free_port();
  const std::uint16_t backup_port = test::free_port();
  open({.main = srt(main_port), .backup = rtmp(backup_port), .return_hold = Seconds(2)});
  const auto relay = [&] {
    return std::vector<std::string>{"srt-live-transmit", "-q",
                                    fmt::format("srt://127.0.0.1:{}?mode=listener", relay_port),
                                    fmt::format("srt://127.0.0.1:{}?mode=caller", main_port)};
  };
  auto to_main = std::make_unique<Child>(relay());
  Child ffmpeg(test::sender(to_srt(relay_port) + "|" + to_rtmp(backup_port)));
  run_until(450, [&] { return settled(0) && settled(1); });
  run(90);
  ASSERT_EQ(source->on_air(), IngestRole::main);
  auto shown = run(30);
  to_main->signal(SIGSTOP);
  auto more = run_until(60, [&] { return source->on_air() == IngestRole::backup; });
  shown.insert(shown.end(), more.begin(), more.end());
  more = run(60);
  shown.insert(shown.end(), more.begin(), more.end());
  EXPECT_EQ(breaks(shown), 0);
  for (const Tick& now : shown) EXPECT_GT(now.level, 0.01) << "the sound goes on";
  EXPECT_EQ(source->on_air(), IngestRole::backup);
  EXPECT_THAT(source->status().detail, testing::HasSubstr("backup: live"));
}

TEST_F(IngestPeerTest, ADifferentBackupTakesOverWhenMainIsFrozenAndMainComesBack) {
  const std::uint16_t main_port = test::free_port();
  const std::uint16_t backup_port = test::free_port();
  open({.main = rtmp(main_port), .backup = rtmp(backup_port), .return_hold = Seconds(1)});
  Child main(test::sender(to_rtmp(main_port)));
  run(75);  // so that the timelines are apart
  Child backup(test::sender(to_rtmp(backup_port)));
  run_until(450, [&] { return settled(0) && settled(1); });
  run(30);
  main.signal(SIGSTOP);
  const auto during = run_until(60, [&] { return source->on_air() == IngestRole::backup; });
  EXPECT_GE(during.size(), 13u) << "500 ms of hold";
  EXPECT_LE(during.size(), 30u);
  for (const Tick& now : during) EXPECT_NE(now.number, -1) << "never black";
  run(3);
  EXPECT_EQ(breaks(run(30)), 0);
  main.signal(SIGCONT);
  run_until(300, [&] { return source->on_air() == IngestRole::main; });
  run(60);
  EXPECT_EQ(breaks(run(60)), 0);
  EXPECT_EQ(source->switches(), 2);
}

TEST_F(IngestPeerTest, SomethingThatIsNoMediaEndsInOneClearLine) {
  const std::uint16_t port = test::free_port();
  open({.main = srt(port)});
  Child garbage({"ffmpeg", "-nostdin", "-v", "error", "-f", "rawvideo", "-s", "128x72", "-i", "/dev/zero", "-frames",
                 "40", "-f", "rawvideo", fmt::format("srt://127.0.0.1:{}?pkt_size=1316", port)});
  run_until(450, [&] { return !source->inputs()[0].detail.empty(); });
  EXPECT_GE(source->inputs()[0].connects, 1);
  EXPECT_EQ(source->inputs()[0].counts.frames, 0);
}

TEST_F(IngestPeerTest, AWrongAddressIsAFailedInputSaidInWords) {
  source = std::make_unique<IngestSource>(show::IngestSource{.main = {.url = "http://127.0.0.1:1"}},
                                          SourceContext{"remote", clock, log, Rate{30, 1}, 128, 72, Seconds(2), "."});
  source->start();
  EXPECT_TRUE(source->ready());
  EXPECT_EQ(source->status().state, SourceState::failed);
  EXPECT_THAT(source->status().detail, testing::HasSubstr("neither srt:// nor rtmp://"));
}

}  // namespace
}  // namespace mainstay
