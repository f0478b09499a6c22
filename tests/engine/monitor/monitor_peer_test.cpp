// What is heard at this machine, through PortAudio, ALSA and a PulseAudio server.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/ffi/portaudio/output_stream.h"
#include "engine/monitor/monitor_output.h"
#include "tests/support/pulse_server.h"

namespace mainstay {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr std::int64_t kTick = 1600;  // samples
constexpr std::int64_t kTurn = 3;     // ticks after which tones of whole 10 Hz repeat themselves

/// What is said in kTurn ticks, made before it is time to say it: each channel has a tone of its own.
struct Voice {
  double hz;
  double level;
};
const std::vector<Voice> kUsualVoices{{1000, 0.1}, {500, 0.05}};

std::vector<AudioBlockPtr> blocks_of(const std::vector<Voice>& voices) {
  std::vector<AudioBlockPtr> blocks;
  for (std::int64_t tick = 0; tick < kTurn; ++tick) {
    auto block = std::make_shared<AudioBlock>(static_cast<int>(voices.size()), static_cast<int>(kTick));
    for (std::size_t c = 0; c < voices.size(); ++c) {
      for (std::int64_t i = 0; i < kTick; ++i) {
        const double turns = voices[c].hz * static_cast<double>(tick * kTick + i) / 48000;
        block->plane(static_cast<int>(c))[i] = static_cast<float>(voices[c].level * std::sin(2 * kPi * turns));
      }
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

/// A program of 30 ticks a second whose bus carries, unless told otherwise, 1 kHz at -20 dBFS left and 500 Hz at -26
/// right.
class Talker {
 public:
  explicit Talker(MonitorOutput& output, const std::vector<Voice>& voices = kUsualVoices)
      : blocks_(blocks_of(voices)),
        thread_("talker", [this, &output](const std::stop_token& stop) { run(output, stop); }) {}

  std::int64_t ticks() const { return ticks_; }

 private:
  void run(MonitorOutput& output, const std::stop_token& stop) {
    const Instant start = clock_.now();
    while (clock_.wait_until(start + Rate{30, 1}.begin(ticks_), stop)) {
      const std::int64_t tick = ticks_;
      output.on_bus(show::AudioBus::monitor, blocks_[static_cast<std::size_t>(tick) % blocks_.size()], tick * kTick);
      ++ticks_;
    }
  }

  const std::vector<AudioBlockPtr> blocks_;
  SteadyClock clock_;
  std::atomic<std::int64_t> ticks_{0};
  NamedThread thread_;
};

struct Tone {
  double hz = 0;
  double peak_db = -120;
};

Tone tone_of(const std::vector<float>& interleaved, std::size_t channel, std::size_t channels = 2) {
  double sum = 0;
  int rises = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  for (std::size_t i = channel + channels; i < interleaved.size(); i += channels) {
    sum += interleaved[i] * interleaved[i];
    if (interleaved[i - channels] >= 0 || interleaved[i] < 0) continue;
    if (rises++ == 0) first = i;
    last = i;
  }
  Tone tone;
  const auto count = static_cast<double>(interleaved.size()) / static_cast<double>(channels);
  tone.peak_db = 10 * std::log10(2 * sum / count + 1e-12);
  if (rises > 1) tone.hz = (rises - 1) / (static_cast<double>(last - first) / static_cast<double>(channels) / 48000);
  return tone;
}

class MonitorPeerTest : public ::testing::Test {
 protected:
  bool becomes(const MonitorOutput& output, MonitorStatus::State state, int limit_s = 20) {
    const Instant limit = clock_.now() + Seconds(limit_s);
    while (output.status().state != state && clock_.now() < limit) clock_.wait_until(clock_.now() + Millis(20), {});
    return output.status().state == state;
  }

  /// A second of what `record` hears once the device runs evenly: where the machine is slow, it is begun with more than
  /// once, and plays with holes.
  template <class Record>
  std::vector<float> heard_evenly(const std::vector<Voice>& voices, const Record& record) {
    const Instant limit = clock_.now() + Seconds(40);
    std::vector<float> heard;
    do {
      record(0.5);
      heard = record(1.0);
    } while (!is_it(heard, voices) && clock_.now() < limit);
    return heard;
  }
  static bool is_it(const std::vector<float>& heard, const std::vector<Voice>& voices) {
    for (std::size_t c = 0; c < voices.size(); ++c) {
      const Tone tone = tone_of(heard, c, voices.size());
      const double level = 20 * std::log10(voices[c].level);
      if (std::abs(tone.hz - voices[c].hz) > voices[c].hz * kSteered || std::abs(tone.peak_db - level) > kDb)
        return false;
    }
    return true;
  }

  static constexpr double kDb = 0.3;
  static constexpr double kSteered =
      0.0035;  // of a frequency: played faster or slower while the device is caught up with

  testing::PulseServer server_;
  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
};

TEST_F(MonitorPeerTest, TheBusIsHeardAtItsFrequencyAndLevelAndFollowsTheGain) {
  MonitorOutput output(clock_, log_, show::Monitor{}, ffi::open_output);
  const Talker talker(output);
  ASSERT_TRUE(becomes(output, MonitorStatus::State::live)) << output.status().detail;
  std::vector<float> heard = heard_evenly(kUsualVoices, [&](double seconds) { return server_.record(seconds); });
  EXPECT_NEAR(tone_of(heard, 0).hz, 1000, 1000 * kSteered);
  EXPECT_NEAR(tone_of(heard, 0).peak_db, -20, kDb);
  EXPECT_NEAR(tone_of(heard, 1).hz, 500, 500 * kSteered);
  EXPECT_NEAR(tone_of(heard, 1).peak_db, -26.02, kDb);
  output.use(show::Monitor{.gain_db = -12});
  server_.record(0.5);
  heard = server_.record(1.0);
  EXPECT_NEAR(tone_of(heard, 0).peak_db, -32, kDb);
  EXPECT_NE(output.status().device, "");
  EXPECT_GT(output.status().latency, Millis(1));
}

// Each channel has a tone of its own: 300, 400 … 800 Hz.
TEST_F(MonitorPeerTest, ADeviceOfSixOutputsHears51EachChannelAtItsPlace) {
  server_.add_surround();
  MonitorOutput output(clock_, log_, show::Monitor{.layout = AudioLayout::surround}, ffi::open_output);
  const std::vector<Voice> voices{{300, 0.1}, {400, 0.1}, {500, 0.1}, {600, 0.1}, {700, 0.1}, {800, 0.1}};
  const Talker talker(output, voices);
  ASSERT_TRUE(becomes(output, MonitorStatus::State::live)) << output.status().detail;
  const std::vector<float> heard =
      heard_evenly(voices, [&](double seconds) { return server_.record_surround(seconds); });
  for (std::size_t c = 0; c < 6; ++c) {
    const double hz = 300 + 100 * static_cast<double>(c);
    EXPECT_NEAR(tone_of(heard, c, 6).hz, hz, hz * kSteered) << c;
    EXPECT_NEAR(tone_of(heard, c, 6).peak_db, -20, kDb) << c;
  }
}

TEST_F(MonitorPeerTest, ASoundServerThatHangsHoldsNobodyUpAndIsPlayedToAgainWhenItGoesOn) {
  std::optional<MonitorOutput> output;
  output.emplace(clock_, log_, show::Monitor{}, ffi::open_output);
  std::optional<Talker> talker(*output);
  ASSERT_TRUE(becomes(*output, MonitorStatus::State::live)) << output->status().detail;
  server_.pause();
  EXPECT_TRUE(becomes(*output, MonitorStatus::State::failed));
  const std::int64_t before = talker->ticks();
  clock_.wait_until(clock_.now() + Seconds(1), {});
  EXPECT_GE(talker->ticks(), before + 28) << "the program goes on";
  server_.resume();
  EXPECT_TRUE(becomes(*output, MonitorStatus::State::live, 40)) << output->status().detail;
  server_.pause();
  talker.reset();
  output.reset();  // comes back
  server_.resume();
}

TEST_F(MonitorPeerTest, AServerThatDiesIsPlayedToAgainWhenItIsBack) {
  MonitorOutput output(clock_, log_, show::Monitor{}, ffi::open_output);
  const Talker talker(output);
  ASSERT_TRUE(becomes(output, MonitorStatus::State::live)) << output.status().detail;
  server_.kill();
  EXPECT_TRUE(becomes(output, MonitorStatus::State::failed));
  server_.start();
  EXPECT_TRUE(becomes(output, MonitorStatus::State::live, 40)) << output.status().detail;
  EXPECT_NEAR(tone_of(server_.record(1.0), 0).hz, 1000, 30);
}

TEST_F(MonitorPeerTest, ADeviceThatIsNotThereIsNamed) {
  MonitorOutput output(clock_, log_, show::Monitor{.device = "no such thing"}, ffi::open_output);
  ASSERT_TRUE(becomes(output, MonitorStatus::State::failed));
  EXPECT_NE(output.status().detail.find("no such thing"), std::string::npos) << output.status().detail;
}

TEST_F(MonitorPeerTest, TheDefaultDeviceIsListed) {
  const auto devices = ffi::list_outputs();
  ASSERT_TRUE(devices) << devices.error().describe();
  EXPECT_TRUE(std::any_of(devices->begin(), devices->end(), [](const auto& d) { return d.is_default; }));
}

}  // namespace
}  // namespace mainstay
