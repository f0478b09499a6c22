// A device whose clock is not the program's: its sound, played on the program clock for hours.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/sources/ingest/ingest_player.h"

namespace mainstay {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int kPeriod = 24000;  // samples: 2 Hz, so that an offset of up to 250 ms cannot be mistaken
constexpr float kLevel = 0.5F;
constexpr int kBlock = 480;

/// Hours of program time: MAINSTAY_DRIFT_HOURS, or what takes seconds.
double hours() {
  const char* const asked = std::getenv("MAINSTAY_DRIFT_HOURS");
  return asked != nullptr ? std::atof(asked) : 0.5;
}

/// Gives blocks of 10 ms, each when its last sample has been taken by a clock that is `ppm` fast. Left is a sine of the
/// sample's number and right its cosine: which sample is heard can be told from what is heard.
class Device {
 public:
  Device(IngestBuffer& buffer, double ppm, bool with_pictures) : buffer_(buffer), ppm_(ppm), pictures_(with_pictures) {
    for (int i = 0; i < kPeriod / kBlock; ++i) {
      auto block = std::make_shared<AudioBlock>(2, kBlock);
      for (int s = 0; s < kBlock; ++s) {
        const double angle = 2 * kPi * (i * kBlock + s) / kPeriod;
        block->plane(0)[s] = kLevel * static_cast<float>(std::sin(angle));
        block->plane(1)[s] = kLevel * static_cast<float>(std::cos(angle));
      }
      blocks_.push_back(std::move(block));
    }
    buffer_.begin_stream(with_pictures, true);
  }

  /// What the device's clock shows, in samples.
  double taken(Instant now) const { return seconds(now.time_since_epoch()) * 48000 * (1 + ppm_ / 1e6); }

  void run(Instant now) {
    const double until = taken(now);
    for (; static_cast<double>(next_ + kBlock) <= until; next_ += kBlock)
      buffer_.push_sound(blocks_[static_cast<std::size_t>(next_ % kPeriod / kBlock)], next_);
    for (; pictures_ && static_cast<double>((picture_ + 1) * 1600) <= until; ++picture_) {
      auto frame = std::make_shared<Frame>();
      frame->width = static_cast<int>(picture_);
      buffer_.push_picture(std::move(frame), Rate{30, 1}.begin(picture_));
    }
  }

 private:
  IngestBuffer& buffer_;
  const double ppm_;
  const bool pictures_;
  std::vector<AudioBlockPtr> blocks_;
  std::int64_t next_ = 0;
  FrameIndex picture_ = 0;
};

struct Found {
  double least_delay_ms = 1e9;  ///< from the device's clock to the program's
  double most_delay_ms = -1e9;
  double most_step = 0;   ///< between two samples that follow each other
  double most_apart = 0;  ///< ms, of sound and the picture it is shown with
  double most_kept = 0;   ///< seconds of sound that wait
  std::int64_t corrections = 0;
  std::int64_t jumps = 0;
};

/// The sample number, in [around - kPeriod/2, around + kPeriod/2).
double sample_of(float left, float right, double around) {
  const double phase = std::atan2(left, right) / (2 * kPi) * kPeriod;
  return phase + kPeriod * std::round((around - phase) / kPeriod);
}

/// Of a tick, after `before`. Plain pointers: it is most of what this test does, and is not optimised.
float largest_step(const float* samples, float before) {
  float most = 0;
  for (const float* end = samples + 1600; samples != end; ++samples) {
    const float step = *samples > before ? *samples - before : before - *samples;
    if (step > most) most = step;
    before = *samples;
  }
  return most;
}

Found play(double ppm, bool with_pictures) {
  ManualClock clock;
  const Rate rate{30, 1};
  IngestBuffer buffer(clock, {});
  Device device(buffer, ppm, with_pictures);
  IngestPlayer player(buffer, rate, Millis(60));
  player.set_on_air(true);
  Found found;
  AudioBlock block(2, 1600);
  float before[2] = {0, 0};
  const auto settled = rate.frames_in(Seconds(10));
  const auto frames = static_cast<FrameIndex>(hours() * 3600 * 30);
  for (FrameIndex n = 0; n < frames; ++n) {
    for (int part = 1; part <= 3; ++part) {  // the device's blocks come between the ticks
      clock.advance_to(Instant{} + rate.begin(n) + (rate.begin(n + 1) - rate.begin(n)) * part / 3);
      device.run(clock.now());
    }
    player.tick(n, clock.now());
    player.take_sound(block);
    const IngestPlayer::Output picture = player.take_picture();
    if (n >= settled) {
      for (int side = 0; side < 2; ++side) {
        found.most_step = std::max<double>(found.most_step, largest_step(block.plane(side).data(), before[side]));
      }
      const double wanted = device.taken(clock.now()) - 0.060 * 48000;
      const double heard = sample_of(block.plane(0)[0], block.plane(1)[0], wanted);
      const double delay = (device.taken(clock.now()) - heard) / 48;
      found.least_delay_ms = std::min(found.least_delay_ms, delay);
      found.most_delay_ms = std::max(found.most_delay_ms, delay);
      if (with_pictures && picture.frame)
        found.most_apart = std::max(found.most_apart, std::abs(heard / 48 - picture.frame->width * 1000.0 / 30));
    }
    for (int side = 0; side < 2; ++side) before[side] = block.plane(side)[static_cast<std::size_t>(block.samples - 1)];
    player.pass();
  }
  found.corrections = player.counts().corrections;
  found.jumps = player.counts().jumps;
  found.most_kept = seconds(buffer.kept_sound());
  return found;
}

/// Its own from one sample to the next, and at 0.4 % more speed a little more; and what a filter that comes in and goes
/// may add: a tenth of a sample missing or too much where a correction begins or ends would be more.
const double kMostStep = kLevel * 2 * kPi / kPeriod * 1.004 + 1e-5;

class DriftTest : public testing::TestWithParam<double> {};

TEST_P(DriftTest, SoundOfADeviceStaysWithinFiveMillisecondsAndNeverJumps) {
  const Found found = play(GetParam(), false);
  std::printf("%+.0f ppm, %.1f h: delay %.2f to %.2f ms, largest step %.6f (allowed %.6f), %lld corrections\n",
              GetParam(), hours(), found.least_delay_ms, found.most_delay_ms, found.most_step, kMostStep,
              static_cast<long long>(found.corrections));
  EXPECT_LE(found.most_delay_ms - found.least_delay_ms, 5.0) << "either way from its middle half of it";
  EXPECT_LE(found.most_step, kMostStep);
  EXPECT_EQ(found.jumps, 0);
  EXPECT_GT(found.corrections, 0);
  EXPECT_LE(found.most_kept, 4.1);
}

TEST_P(DriftTest, SoundAndPictureOfASenderPartByLittleMoreThanHalfAPicture) {
  const Found found = play(GetParam(), true);
  std::printf("%+.0f ppm, %.1f h: sound and picture at most %.2f ms apart, largest step %.6f, %lld corrections\n",
              GetParam(), hours(), found.most_apart, found.most_step, static_cast<long long>(found.corrections));
  EXPECT_LE(found.most_apart, 1000.0 / 30 * (0.5 + 0.125) + 0.1) << "half a picture, and the slack of its choice";
  EXPECT_LE(found.most_step, kMostStep);
  EXPECT_EQ(found.jumps, 0);
  EXPECT_GT(found.corrections, 0);
}

INSTANTIATE_TEST_SUITE_P(Ppm, DriftTest, testing::Values(200.0, -200.0),
                         [](const auto& each) { return each.param > 0 ? "Fast" : "Slow"; });

}  // namespace
}  // namespace mainstay
