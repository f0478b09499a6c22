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
  explicit Talker(MonitorOutput& output, const std::vector<Voice>& voices = {{1000, 0.1}, {500, 0.05}})
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

Tone tone_of(const std::vector<float>& interleaved, std::size_t side) {
  double sum = 0;
  int rises = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  for (std::size_t i = side + 2; i < interleaved.size(); i += 2) {
    sum += interleaved[i] * interleaved[i];
    if (interleaved[i - 2] >= 0 || interleaved[i] < 0) continue;
    if (rises++ == 0) first = i;
    last = i;
  }
  Tone tone;
  const auto count = static_cast<double>(interleaved.size()) / 2;
  tone.peak_db = 10 * std::log10(2 * sum / count + 1e-12);
  if (rises > 1) tone.hz = (rises - 1) / (static_cast<double>(last - first) / 2 / 48000);
  return tone;
}

class MonitorPeerTest : public ::testing::Test {
 protected:
  bool becomes(const MonitorOutput& output, MonitorStatus::State state, int limit_s = 20) {
    const Instant limit = clock_.now() + Seconds(limit_s);
    while (output.status().state != state && clock_.now() < limit) clock_.wait_until(clock_.now() + Millis(20), {});
    return output.status().state == state;
  }

  testing::PulseServer server_;
  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
};

TEST_F(MonitorPeerTest, TheBusIsHeardAtItsFrequencyAndLevelAndFollowsTheGain) {
  MonitorOutput output(clock_, log_, show::Monitor{}, ffi::open_output);
  const Talker talker(output);
  ASSERT_TRUE(becomes(output, MonitorStatus::State::live)) << output.status().detail;
  server_.record(1.0);  // until it runs evenly
  std::vector<float> heard = server_.record(2.0);
  EXPECT_NEAR(tone_of(heard, 0).hz, 1000, 2);
  EXPECT_NEAR(tone_of(heard, 0).peak_db, -20, 0.3);
  EXPECT_NEAR(tone_of(heard, 1).hz, 500, 1);
  EXPECT_NEAR(tone_of(heard, 1).peak_db, -26.02, 0.3);
  output.use(show::Monitor{.gain_db = -12});
  server_.record(0.5);
  heard = server_.record(1.0);
  EXPECT_NEAR(tone_of(heard, 0).peak_db, -32, 0.3);
  EXPECT_NE(output.status().device, "");
  EXPECT_GT(output.status().latency, Millis(1));
}

// Each channel has a tone of its own: 300, 400 … 800 Hz.
TEST_F(MonitorPeerTest, ADeviceOfSixOutputsHears51EachChannelAtItsPlace) {
  server_.add_surround();
  MonitorOutput output(clock_, log_, show::Monitor{.layout = AudioLayout::surround}, ffi::open_output);
  const Talker talker(output, {{300, 0.1}, {400, 0.1}, {500, 0.1}, {600, 0.1}, {700, 0.1}, {800, 0.1}});
  ASSERT_TRUE(becomes(output, MonitorStatus::State::live)) << output.status().detail;
  server_.record_surround(1.0);  // until it runs evenly
  const std::vector<float> heard = server_.record_surround(1.0);
  for (std::size_t c = 0; c < 6; ++c) {
    std::vector<float> pair;  // as tone_of() takes it
    for (std::size_t i = c; i < heard.size(); i += 6) pair.insert(pair.end(), {heard[i], 0});
    EXPECT_NEAR(tone_of(pair, 0).hz, 300 + 100 * static_cast<double>(c), 2) << c;
    EXPECT_NEAR(tone_of(pair, 0).peak_db, -20, 0.3) << c;
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
