#include "engine/sources/ingest/ingest_playout.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine/core/clock.h"

namespace mainstay {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// A sender whose clock may run wrong and whose path has delay and jitter: pushes what has arrived by now. Picture k
/// has its number as width, and carries timestamp k·interval; its sound is a sine of the sample's number.
class Sender {
 public:
  Sender(IngestBuffer& buffer, ManualClock& clock, Rate rate) : buffer_(buffer), clock_(clock), rate_(rate) {}

  void connect(FrameIndex first = 0) {
    start_ = clock_.now();
    first_ = next_picture_ = first;
    next_sound_ = rate_.first_sample(first);
    buffer_.begin_stream(true, with_sound);
    connected = true;
  }
  void disconnect() {
    buffer_.end_stream();
    connected = false;
  }

  /// Pushes everything whose time of arrival has come.
  void run() {
    if (!connected || frozen) return;
    for (;;) {
      if (arrival(next_picture_) > clock_.now()) break;
      const auto number = next_picture_++;
      if (lost && lost(number)) continue;
      auto frame = std::make_shared<Frame>();
      frame->width = static_cast<int>(number);
      frame->height = 0;
      buffer_.push_picture(std::move(frame), stamp(number));
    }
    while (with_sound && arrival(rate_.at(Nanos(rescale(next_sound_, kAudioBase, kNanosBase))) + 1) <= clock_.now()) {
      AudioBlock block(channels, 1024);
      for (int c = 0; c < channels; ++c) {  // in each a share of its own
        for (int i = 0; i < 1024; ++i)
          block.plane(c)[static_cast<std::size_t>(i)] = tone(next_sound_ + i) / static_cast<float>(c > 1 ? c : 1);
      }
      buffer_.push_sound(std::make_shared<AudioBlock>(std::move(block)), next_sound_);
      next_sound_ += 1024;
    }
  }

  /// 100 Hz at half of full scale.
  static float tone(std::int64_t sample) {
    static const std::vector<float> period = [] {
      std::vector<float> values(480);
      for (int i = 0; i < 480; ++i)
        values[static_cast<std::size_t>(i)] = static_cast<float>(0.5 * std::sin(2 * kPi * i / 480));
      return values;
    }();
    return period[static_cast<std::size_t>(sample % 480)];
  }

  double ppm = 0;
  Nanos delay{Millis(50)};
  int jitter_ms = 0;
  bool with_sound = true;
  int channels = 2;
  bool frozen = false;
  bool connected = false;
  bool flv_stamps = false;  ///< milliseconds, as FLV counts
  std::function<bool(FrameIndex)> lost;

 private:
  Nanos stamp(FrameIndex number) const {
    const Nanos exact = rate_.begin(number);
    return flv_stamps ? Nanos(std::chrono::round<Millis>(exact)) : exact;
  }
  Instant arrival(FrameIndex number) const {
    const auto sent = std::llround(static_cast<double>(rate_.begin(number - first_).count()) * (1 - ppm / 1e6));
    std::minstd_rand random(static_cast<unsigned>(number + 1));
    random();
    const int jitter = jitter_ms > 0 ? static_cast<int>(random() % static_cast<unsigned>(jitter_ms)) : 0;
    return start_ + Nanos(sent) + delay + Millis(jitter);
  }

  IngestBuffer& buffer_;
  ManualClock& clock_;
  const Rate rate_;
  Instant start_{};
  FrameIndex first_ = 0;
  FrameIndex next_picture_ = 0;
  std::int64_t next_sound_ = 0;
};

class IngestPlayoutTest : public testing::Test {
 protected:
  struct Tick {
    int picture = -1;  ///< number of the picture shown, -1: none
    bool repeated = false;
    AudioBlockPtr sound;
  };

  Tick tick() {
    while (clock.now() < start + rate.begin(frame)) {
      clock.advance(Millis(2));
      main.run();
      backup.run();
    }
    const SourceOutput out = playout.pull(frame++, clock.now());
    return {out.video ? out.video->width : -1, out.repeated, out.audio};
  }
  std::vector<int> run(int ticks) {
    std::vector<int> shown;
    for (int i = 0; i < ticks; ++i) shown.push_back(tick().picture);
    return shown;
  }
  /// Places where the next picture is not the next number.
  static int breaks(const std::vector<int>& shown) {
    int count = 0;
    for (std::size_t i = 1; i < shown.size(); ++i) count += shown[i] != shown[i - 1] + 1;
    return count;
  }

  ManualClock clock;
  Rate rate{30, 1};
  IngestBuffer main_buffer{clock, {}};
  IngestBuffer backup_buffer{clock, {}};
  Sender main{main_buffer, clock, rate};
  Sender backup{backup_buffer, clock, rate};
  Instant start = clock.now();
  IngestPlayout playout{{.rate = rate, .delay = Millis(200)}, clock.now(), main_buffer, &backup_buffer};
  FrameIndex frame = 0;
};

TEST_F(IngestPlayoutTest, NothingIsShownBeforeASenderComes) {
  EXPECT_EQ(run(30), std::vector<int>(30, -1));
}

TEST_F(IngestPlayoutTest, EachPictureIsShownOnceInSpiteOfJitter) {
  main.jitter_ms = 100;
  main.connect();
  run(1200);  // the smallest delay is learnt
  const auto shown = run(600);
  EXPECT_GT(shown.front(), 0);
  EXPECT_EQ(breaks(shown), 0);
  EXPECT_EQ(playout.counts().jumps, 0);
}

TEST_F(IngestPlayoutTest, TheDelayIsTheBufferBehindWhatHasCome) {
  main.connect();
  run(90);
  const int shown = tick().picture;
  const double behind = seconds(clock.now() - start - main.delay) - seconds(rate.begin(shown));
  EXPECT_NEAR(behind, 0.2, 0.04);
}

TEST_F(IngestPlayoutTest, MillisecondTimestampsMapOneToOne) {
  main.flv_stamps = true;
  main.jitter_ms = 20;
  main.connect();
  run(60);
  EXPECT_EQ(breaks(run(3000)), 0);
}

TEST_F(IngestPlayoutTest, SoundAndPictureKeepTheSendersOffsetToTheSample) {
  main.connect();
  run(60);
  for (int i = 0; i < 300; ++i) {
    const Tick now = tick();
    const std::int64_t first = rate.first_sample(now.picture);
    for (int s = 0; s < now.sound->samples; s += 100) {
      ASSERT_NEAR(now.sound->plane(0)[static_cast<std::size_t>(s)], Sender::tone(first + s), 1e-4);
    }
  }
}

// The sound is measured against the picture while both follow a clock that runs 900 ppm wrong.
TEST_F(IngestPlayoutTest, AClockThatDriftsIsFollowedByWholePicturesAndTheSoundNeverClicks) {
  for (const double ppm : {900.0, -900.0}) {
    ManualClock time;
    IngestBuffer buffer(time, {});
    Sender sender(buffer, time, rate);
    sender.ppm = ppm;
    sender.flv_stamps = true;  // their rounding must not make pictures flicker where one is repeated or passed over
    sender.connect();
    IngestPlayout one({.rate = rate, .delay = Millis(200)}, time.now(), buffer, nullptr);
    const Instant begin = time.now();
    int last = -1;
    int steps = 0;
    float before = 0;
    double worst_step = 0;
    double level_min = 1;
    double level_max = 0;
    std::int64_t repeated = 0;
    for (FrameIndex n = 0; n < 30 * 200; ++n) {
      while (time.now() < begin + rate.begin(n)) {
        time.advance(Millis(5));
        sender.run();
      }
      const SourceOutput out = one.pull(n, time.now());
      if (n < 60) {
        if (n == 59) before = out.audio->plane(0).back(), last = out.video->width, repeated = one.counts().repeated;
        continue;
      }
      steps += out.video->width != last + 1;
      last = out.video->width;
      for (const float sample : out.audio->plane(0)) {
        worst_step = std::max(worst_step, std::abs(static_cast<double>(sample) - static_cast<double>(before)));
        before = sample;
      }
      const double behind = seconds(time.now() - begin) - seconds(rate.begin(last)) * (1 - ppm / 1e6) - 0.05;
      level_min = std::min(level_min, behind);
      level_max = std::max(level_max, behind);
    }
    // 900 ppm in 198 s are 178 ms: five pictures; a 100 Hz tone at 0.5 moves 0.0065 a sample.
    EXPECT_GE(steps, 4) << ppm;
    EXPECT_LE(steps, 6) << ppm;
    EXPECT_LT(worst_step, 0.008) << ppm;
    EXPECT_GT(level_min, 0.14) << ppm;
    EXPECT_LT(level_max, 0.27) << ppm;
    EXPECT_EQ(one.counts().jumps, 0) << ppm;
    EXPECT_EQ(one.counts().repeated, repeated) << ppm;
  }
}

TEST_F(IngestPlayoutTest, AfterACorrectionTheOffsetOfSoundAndPictureIsWhatItWas) {
  main.ppm = 2000;  // one correction after the other
  main.connect();
  run(30 * 60);
  main.ppm = 0;
  ASSERT_GE(playout.counts().corrections, 1);
  // Wait for a tick without a correction under way: the offset is exact again.
  int exact = 0;
  for (int i = 0; i < 900; ++i) {
    const Tick now = tick();
    const std::int64_t first = rate.first_sample(now.picture);
    double worst = 0;
    for (int s = 0; s < now.sound->samples; s += 50) {
      worst = std::max(worst, std::abs(static_cast<double>(now.sound->plane(0)[static_cast<std::size_t>(s)]) -
                                       static_cast<double>(Sender::tone(first + s))));
    }
    exact += worst < 0.5 * 2 * kPi * 100 / 48000 * 2;  // within two samples
  }
  EXPECT_GT(exact, 100);
}

TEST_F(IngestPlayoutTest, ASenderOf51KeepsItsChannelsAlsoWhileItsClockIsFollowed) {
  main.channels = 6;
  main.ppm = 2000;  // one correction after the other
  main.connect();
  run(60);
  for (int i = 0; i < 30 * 30; ++i) {
    const Tick now = tick();
    ASSERT_EQ(now.sound->channels, 6);
    for (int c = 2; c < 6; ++c) {
      for (int s = 0; s < now.sound->samples; s += 100) {
        const auto at = static_cast<std::size_t>(s);
        ASSERT_NEAR(now.sound->plane(c)[at], now.sound->plane(0)[at] / static_cast<float>(c), 1e-4) << i << " " << c;
      }
    }
  }
  EXPECT_GE(playout.counts().corrections, 1);
}

TEST_F(IngestPlayoutTest, ASenderThatGoesFromMonoTo51IsFollowed) {
  main.channels = 1;
  main.ppm = 2000;
  main.connect();
  for (int i = 0; i < 30 * 20; ++i) {
    if (i == 30 * 15) main.channels = 6;
    const Tick now = tick();
    if (i < 60) continue;
    if (i < 30 * 15) {
      ASSERT_EQ(now.sound->channels, 1);
    } else if (i > 30 * 16) {
      ASSERT_EQ(now.sound->channels, 6);
    }
  }
}

TEST_F(IngestPlayoutTest, AStallShorterThanTheBufferIsNotSeen) {
  main.connect();
  run(90);
  main.frozen = true;
  auto shown = run(4);
  main.frozen = false;
  const auto after = run(60);
  shown.insert(shown.end(), after.begin(), after.end());
  EXPECT_EQ(breaks(shown), 0);
}

TEST_F(IngestPlayoutTest, ALongStallHoldsTheLastPictureAndThenGoesOnWithoutMoreDelay) {
  main.connect();
  run(90);
  main.frozen = true;
  Tick now;
  for (int i = 0; i < 30; ++i) now = tick();
  EXPECT_TRUE(now.repeated);
  EXPECT_NE(now.picture, -1);
  for (int i = 0; i < 60; ++i) now = tick();
  EXPECT_EQ(now.picture, -1) << "after two seconds there is nothing to show";
  main.frozen = false;
  run(120);
  now = tick();
  const double behind = seconds(clock.now() - start - main.delay) - seconds(rate.begin(now.picture));
  EXPECT_NEAR(behind, 0.2, 0.07);
}

TEST_F(IngestPlayoutTest, SilenceComesAndGoesOverARamp) {
  main.connect();
  run(60);
  main.frozen = true;
  float before = 0;
  double worst = 0;
  bool silent = false;
  for (int i = 0; i < 60; ++i) {
    if (i == 30) main.frozen = false;
    const Tick now = tick();
    for (const float sample : now.sound->plane(0)) {
      if (i > 0) worst = std::max(worst, std::abs(static_cast<double>(sample) - static_cast<double>(before)));
      before = sample;
      silent = silent || (i == 25 && sample == 0);
    }
  }
  EXPECT_TRUE(silent);
  EXPECT_LT(worst, 0.01);
}

TEST_F(IngestPlayoutTest, ADifferentBackupTakesOverAfterTheHoldWithItsNewestPicture) {
  main.connect();
  run(300);
  backup.connect(1'000'000);  // another timeline
  run(90);
  EXPECT_FALSE(playout.aligned());
  main.disconnect();
  int ticks = 0;
  Tick now;
  do {
    now = tick();
    ++ticks;
    ASSERT_NE(now.picture, -1) << "never black";
  } while (playout.on_air() == IngestRole::main && ticks < 60);
  EXPECT_NEAR(ticks, 15, 3);  // 500 ms
  EXPECT_GE(now.picture, 1'000'000);
  EXPECT_EQ(breaks(run(60)), 0);
}

class SameEncode : public IngestPlayoutTest, public testing::WithParamInterface<int> {};

// For paths that differ by less and by more than the buffer, whoever is the faster: no picture twice, none lost.
TEST_P(SameEncode, KillingMainAndItsReturnRepeatAndLoseNothing) {
  main.delay = Millis(50);
  backup.delay = main.delay + Millis(GetParam());
  if (GetParam() < 0) {
    backup.delay = Millis(50);
    main.delay = backup.delay - Millis(GetParam());
  }
  main.flv_stamps = true;  // RTMP and SRT
  main.connect();
  backup.connect();
  const int learning = 30 * (20 + std::abs(GetParam()) * 3 / 10);
  auto shown = run(learning);  // long enough for the slower path to be allowed for
  ASSERT_TRUE(playout.aligned());
  shown.erase(shown.begin(), shown.begin() + learning - 300);
  auto append = [&](const std::vector<int>& more) { shown.insert(shown.end(), more.begin(), more.end()); };

  main.frozen = true;
  append(run(60));
  EXPECT_EQ(playout.on_air(), IngestRole::backup);
  main.disconnect();
  append(run(60));
  EXPECT_EQ(breaks(shown), 0) << "main's end is not seen";

  main.frozen = false;
  const FrameIndex now = rate.at(clock.now() - start);
  main.connect(now);  // the encode goes on
  append(run(30 * 10));
  EXPECT_EQ(playout.on_air(), IngestRole::main);
  EXPECT_EQ(breaks(shown), 0) << "nor is its return";
  EXPECT_EQ(playout.switches(), 2);
}

INSTANTIATE_TEST_SUITE_P(PathDifference, SameEncode, testing::Values(0, 60, 150, 400, -60, -150, -400));

TEST_F(IngestPlayoutTest, SoundThatGoesOnWithoutItsPicturesIsToldToBeAhead) {
  FrameIndex stops = 1'000'000;
  main.lost = [&](FrameIndex number) { return number >= stops; };
  main.connect();
  run(150);
  const IngestPlayer& player = playout.player(IngestRole::main);
  ASSERT_TRUE(player.av_offset());
  EXPECT_EQ(*player.av_offset(), Nanos{0});
  stops = 160;
  run(60);
  ASSERT_TRUE(player.av_offset());
  EXPECT_GT(*player.av_offset(), Seconds(1));
  main.disconnect();
  run(60);
  EXPECT_FALSE(player.av_offset()) << "nothing is heard any more";
}

}  // namespace
}  // namespace mainstay
