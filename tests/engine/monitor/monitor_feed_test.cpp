#include "engine/monitor/monitor_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/monitor/monitor_output.h"

namespace mainstay {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// A device with a clock of its own, which a test runs.
struct Device {
  AudioOutputOptions options;
  std::shared_ptr<SampleRing> ring;
  AudioOutput::Status status;
  bool hangs = false;
  bool started = false;
  double owed = 0;           // frames
  std::vector<float> heard;  // left, once it plays
  std::vector<float> last;   // frame
  int opened = 0;
  bool there = false;

  /// Takes what its clock says, in pieces of 480 frames as a callback does.
  void run(Nanos time, double ppm = 0) {
    if (hangs || !there || status.state != AudioOutput::State::playing) return;
    owed += seconds(time) * 48000 * (1 + ppm / 1e6);
    for (; owed >= 480; owed -= 480) {
      ++status.calls;
      const auto channels = static_cast<std::size_t>(options.channels);
      if (!started && ring->level() < (options.start + 480) * channels) continue;
      started = true;
      std::vector<float> samples(480 * channels);
      const std::size_t got = ring->read(samples);
      if (got < samples.size()) {
        ++status.underruns;
        started = false;
      }
      for (std::size_t i = 0; i < samples.size(); i += channels) heard.push_back(samples[i]);
      last.assign(samples.end() - options.channels, samples.end());
    }
  }
};

class FakeOutput final : public AudioOutput {
 public:
  FakeOutput(Device& device) : device_(device) { device_.there = true; }
  ~FakeOutput() override { device_.there = false; }
  Status status() const override { return device_.status; }

 private:
  Device& device_;
};

class MonitorFeedTest : public testing::Test {
 protected:
  void begin(show::Monitor settings = {}) {
    device.status.state = AudioOutput::State::playing;
    device.status.device = "fake";
    feed.use(settings, now);
  }
  /// Ticks of 30 fps: a block of 1 kHz at -20 dBFS each.
  void run(int ticks, double ppm = 0) {
    for (int i = 0; i < ticks; ++i) {
      now += Nanos(1'000'000'000 / 30);
      feed.look(now);
      feed.feed(blocks[static_cast<std::size_t>(tick++ % 3)], now);
      device.run(Nanos(1'000'000'000 / 30), ppm);
    }
    feed.look(now);
  }
  double fill_ms() const { return static_cast<double>(device.ring->level()) / 96; }

  Instant now{};
  std::int64_t tick = 0;
  std::vector<AudioBlock> blocks = [] {  // three of them hold whole periods
    std::vector<AudioBlock> all;
    for (int b = 0; b < 3; ++b) {
      AudioBlock& block = all.emplace_back(2, 1600);
      for (int s = 0; s < 1600; ++s)
        block.plane(0)[s] = block.plane(1)[s] = static_cast<float>(0.1 * std::sin(2 * kPi * (b * 1600 + s) / 48));
    }
    return all;
  }();
  Device device;
  MonitorFeed feed{[this](const AudioOutputOptions& options, std::shared_ptr<SampleRing> ring) {
    device.options = options;
    device.ring = std::move(ring);
    device.started = false;
    device.status.calls = 0;
    ++device.opened;
    return std::make_unique<FakeOutput>(device);
  }};
};

TEST_F(MonitorFeedTest, WhatTheBusCarriesIsHeardAtItsLevelTimesTheGain) {
  begin({.gain_db = -6});
  run(90);
  EXPECT_EQ(feed.status().state, MonitorStatus::State::live);
  EXPECT_EQ(feed.status().device, "fake");
  double sum = 0;
  const std::size_t count = 48000;
  for (std::size_t i = device.heard.size() - count; i < device.heard.size(); ++i)
    sum += device.heard[i] * device.heard[i];
  EXPECT_NEAR(20 * std::log10(std::sqrt(sum / count)), -20 - 3.01 - 6, 0.1);
}

// What a bus carries in each channel, at rest, is heard in these.
TEST_F(MonitorFeedTest, ABusOf51IsMixedDownUnlessTheDeviceIsToHaveItAsItIs) {
  const auto heard = [&](AudioLayout layout, std::vector<float> values) {
    blocks.assign(3, AudioBlock(static_cast<int>(values.size()), 1600));
    for (AudioBlock& block : blocks) {
      for (std::size_t c = 0; c < values.size(); ++c) std::ranges::fill(block.plane(static_cast<int>(c)), values[c]);
    }
    feed.use(std::nullopt, now);
    begin({.layout = layout});
    run(60);
    return device.last;
  };
  const float k = 0.70710678F;
  const auto near = [](std::vector<float> values) {
    std::vector<testing::Matcher<float>> all;
    for (const float value : values) all.push_back(testing::FloatNear(value, 1e-4F));
    return testing::ElementsAreArray(all);
  };
  const std::vector<float> film{0.1F, 0.2F, 0.3F, 0.4F, 0.05F, 0.06F};
  EXPECT_THAT(heard(AudioLayout::stereo, film), near({0.1F + k * 0.35F, 0.2F + k * 0.36F}));
  EXPECT_THAT(heard(AudioLayout::surround, film), near(film));
  EXPECT_THAT(heard(AudioLayout::surround, {0.1F, 0.2F}), near({0.1F, 0.2F, 0, 0, 0, 0}));
  EXPECT_THAT(heard(AudioLayout::stereo, {0.1F}), near({k * 0.1F, k * 0.1F}));
  EXPECT_THAT(heard(AudioLayout::mono, {0.1F, 0.3F}), near({0.2F, 0.2F})) << "both sides hear what is in both";
}

TEST_F(MonitorFeedTest, ADeviceWithAFastOrSlowClockNeverRunsEmptyNorFarBehind) {
  for (const double ppm : {300.0, -300.0}) {
    begin({.enabled = false});
    begin();
    run(30 * 60, ppm);
    const auto underruns = device.status.underruns;
    double least = 1e9;
    double most = 0;
    double step = 0;
    double speed = 0;
    constexpr int kTicks = 30 * 240;
    for (int i = 0; i < kTicks; ++i) {
      device.heard.clear();
      run(1, ppm);
      least = std::min(least, fill_ms());
      most = std::max(most, fill_ms());
      speed += feed.ppm() / kTicks;
      for (std::size_t s = 1; s < device.heard.size(); ++s)
        step = std::max<double>(step, std::abs(device.heard[s] - device.heard[s - 1]));
    }
    EXPECT_EQ(device.status.underruns, underruns) << ppm;
    EXPECT_GT(least, 10) << ppm;
    EXPECT_LT(most, 80) << ppm;
    EXPECT_NEAR(speed, ppm, 10) << "it plays as much faster as the device is fast";
    EXPECT_LE(step, 0.1 * 2 * kPi / 48 * 1.01) << ppm;
  }
}

TEST_F(MonitorFeedTest, ADeviceThatAsksForNothingIsDeadAndTriedAgainWithGrowingPauses) {
  begin();
  run(300);
  ASSERT_EQ(feed.status().state, MonitorStatus::State::live);
  device.hangs = true;
  run(35);
  EXPECT_EQ(feed.status().state, MonitorStatus::State::failed);
  EXPECT_NE(feed.status().detail, "");
  EXPECT_FALSE(device.there) << "it was let go of";
  EXPECT_EQ(device.opened, 1);
  device.status = {.state = AudioOutput::State::failed, .detail = "not there"};
  run(31);
  EXPECT_EQ(device.opened, 2) << "after a second";
  run(31);
  EXPECT_EQ(device.opened, 2);
  run(31);
  EXPECT_EQ(device.opened, 3) << "after two more";
  EXPECT_EQ(feed.status().detail, "not there");
  device.status = {.state = AudioOutput::State::playing, .device = "fake"};
  device.hangs = false;
  run(130);
  EXPECT_EQ(feed.status().state, MonitorStatus::State::live);
  EXPECT_EQ(feed.status().detail, "");
}

TEST_F(MonitorFeedTest, AnOpeningThatHangsIsGivenUp) {
  begin();
  device.status = {};
  run(30 * 9);
  EXPECT_EQ(feed.status().state, MonitorStatus::State::opening);
  run(45);
  EXPECT_EQ(feed.status().state, MonitorStatus::State::failed);
}

TEST_F(MonitorFeedTest, AMuteIsSilenceOnTheDeviceThatStaysOpen) {
  begin();
  run(60);
  feed.use(show::Monitor{.mute = true}, now);
  run(60);
  EXPECT_EQ(device.opened, 1);
  EXPECT_EQ(feed.status().state, MonitorStatus::State::live);
  EXPECT_TRUE(std::all_of(device.heard.end() - 4800, device.heard.end(), [](float sample) { return sample == 0; }));
  feed.use(show::Monitor{}, now);
  run(60);
  EXPECT_TRUE(std::any_of(device.heard.end() - 4800, device.heard.end(), [](float sample) { return sample != 0; }));
}

TEST_F(MonitorFeedTest, AnotherGainKeepsTheDeviceAndAnotherDeviceDoesNot) {
  begin();
  run(30);
  feed.use(show::Monitor{.gain_db = -20}, now);
  EXPECT_EQ(device.opened, 1);
  feed.use(show::Monitor{.device = "other"}, now);
  EXPECT_EQ(device.opened, 2);
  EXPECT_EQ(device.options.device, "other");
  feed.use(std::nullopt, now);
  EXPECT_FALSE(device.there);
  EXPECT_EQ(feed.status().state, MonitorStatus::State::off);
}

TEST(MonitorOutputTest, TheProgramIsNotHeldUpByADeviceThatTakesNothing) {
  SteadyClock clock;
  Log log({.level = LogLevel::off});
  Device device;
  device.hangs = true;
  MonitorOutput output(clock, log, show::Monitor{.bus = show::AudioBus::program},
                       [&](const AudioOutputOptions&, std::shared_ptr<SampleRing>) -> std::unique_ptr<AudioOutput> {
                         return std::make_unique<FakeOutput>(device);
                       });
  const auto block = std::make_shared<const AudioBlock>(2, 1600);
  for (int i = 0; i < 10000; ++i) output.on_audio(block, i * 1600);  // comes back
  output.use(std::nullopt);
}

TEST(MonitorOutputTest, OfflineNothingIsOpened) {
  ManualClock clock(ManualClock::Drive::program);
  Log log({.level = LogLevel::off});
  MonitorOutput output(clock, log, show::Monitor{},
                       [&](const AudioOutputOptions&, std::shared_ptr<SampleRing>) -> std::unique_ptr<AudioOutput> {
                         ADD_FAILURE() << "opened";
                         return nullptr;
                       });
  EXPECT_EQ(output.status().state, MonitorStatus::State::off);
}

}  // namespace
}  // namespace mainstay
