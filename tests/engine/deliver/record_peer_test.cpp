// The recorder with real encoders and the real container, read back by ffprobe.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/deliver/interleaver.h"
#include "engine/deliver/recorder.h"
#include "engine/ffi/av/audio_encoder.h"
#include "engine/ffi/av/video_encoder.h"
#include "tests/engine/deliver/leg_clock.h"

namespace mainstay {
namespace {

namespace fs = std::filesystem;

constexpr int kFrames = 150;
constexpr Rate kRate{30, 1};

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
  ::pclose(pipe);
  return out;
}

std::vector<double> times(const fs::path& file, const std::string& stream) {
  const std::string text = output_of(fmt::format(
      "ffprobe -v error -select_streams {} -show_entries packet=pts_time -of csv=p=0 '{}'", stream, file.string()));
  std::vector<double> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out.push_back(std::stod(line));
  std::sort(out.begin(), out.end());
  return out;
}

// A program of five seconds that starts at `first`, through encoders and interleaver as in the engine.
class Program {
 public:
  explicit Program(FrameIndex first) : first_(first) {
    ffi::VideoEncoderConfig video;
    video.width = 320;
    video.height = 180;
    video.rate = kRate;
    video.kbps = 400;
    video.gop = 60;
    video.threads = 1;
    video.preset = "veryfast";
    auto v = ffi::VideoEncoder::open(video);
    auto a = ffi::AudioEncoder::open({});
    if (!v || !a) throw std::runtime_error("no encoders");
    video_ = std::move(*v);
    audio_ = std::move(*a);
  }

  std::vector<PacketPtr> run() {
    merge_.add("v0", MediaKind::video);
    merge_.add("a0", MediaKind::audio);
    for (FrameIndex n = first_; n < first_ + kFrames; ++n) {
      WritableFrame picture = WritableFrame::make(320, 180);
      picture.fill(0, 128, 128);
      for (int i = 0; i < picture.strides[0] * 180; ++i) {
        picture.planes[0][i] = static_cast<std::uint8_t>(60 + (i * 7 + n * 13) % 101 + (i >> 5) % 40);
      }
      EXPECT_TRUE(video_->send(*std::move(picture).freeze(), n, false));
      EXPECT_TRUE(audio_->send(AudioBlock(2, kRate.samples(n)), kRate.first_sample(n)));
      pass_on();
    }
    EXPECT_TRUE(video_->drain());
    EXPECT_TRUE(audio_->drain());
    pass_on();
    merge_.end("v0");
    merge_.end("a0");
    return std::move(packets_);
  }

 private:
  void pass_on() {
    while (auto packet = video_->receive()) merge_.push(*packet);
    while (auto packet = audio_->receive()) merge_.push(*packet);
  }

  const FrameIndex first_;
  std::vector<PacketPtr> packets_;
  std::unique_ptr<ffi::VideoEncoder> video_;
  std::unique_ptr<ffi::AudioEncoder> audio_;
  Interleaver merge_{{.exact = true},
                     [this](PacketPtr packet, const std::stop_token&) { packets_.push_back(std::move(packet)); }};
};

struct Case {
  const char* extension;
  FrameIndex first;
};

class RecordingTest : public testing::TestWithParam<Case> {
 protected:
  const fs::path folder_ = fs::temp_directory_path() / fmt::format("mainstay-recording-{}", ::getpid());
  bool cut_ = false;
  std::vector<PacketPtr> packets_;

  ~RecordingTest() override { fs::remove_all(folder_); }

  fs::path record() {
    test::SteppedClock clock(true);
    Log log({LogLevel::off});
    PacketBus bus(clock);
    RecorderOptions options;
    options.path = folder_ / fmt::format("clip{}", GetParam().extension);
    options.selection = {"v0", "a0", false};
    Recorder recorder(options, bus, clock, log);
    if (packets_.empty()) packets_ = Program(GetParam().first).run();
    for (const PacketPtr& packet : packets_) bus.publish(packet);
    bus.close();
    const auto over = [&] {
      const RecorderState state = recorder.status().state;
      return state == RecorderState::stopped || (cut_ && state == RecorderState::failed);
    };
    while (!over()) std::this_thread::yield();
    if (cut_) {
      EXPECT_NE(recorder.status().detail.find("takes no larger file"), std::string::npos) << recorder.status().detail;
    } else {
      EXPECT_EQ(recorder.status().detail, "");
      EXPECT_EQ(recorder.status().dropped, 0);
    }
    EXPECT_EQ(bus.rejected(), 0);
    return recorder.status().path;
  }
};

TEST_P(RecordingTest, HoldsEveryFrameAtItsTimeWithTheSoundBesideIt) {
  const fs::path file = record();
  const auto video = times(file, "v");
  ASSERT_EQ(video.size(), static_cast<std::size_t>(kFrames));
  for (int n = 0; n < kFrames; ++n) EXPECT_NEAR(video[n] - video[0], n / 30.0, 0.0011) << n;
  const auto audio = times(file, "a");
  ASSERT_FALSE(audio.empty());
  EXPECT_NEAR(audio.back() - video.back(), 0, 0.08);
  EXPECT_EQ(output_of(fmt::format("ffmpeg -v error -i '{}' -f null - 2>&1", file.string())), "");
}

// As a full disk or a kill does it: the kernel stops in the middle of a write. Places: in the moof and in the mdat of
// the last fragments. Of five seconds, the fragment of the first two is whole by then.
TEST_P(RecordingTest, PlaysUpToItsLastFragmentWhenCutAnywhere) {
  const auto whole = fs::file_size(record());
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  for (const int percent : {60, 72, 84, 96}) {
    rlimit limit = before;
    limit.rlim_cur = whole * percent / 100;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    cut_ = true;
    const fs::path cut = record();
    ::setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_LE(fs::file_size(cut), limit.rlim_cur);
    EXPECT_GE(times(cut, "v").size(), 60U) << percent;
  }
}

INSTANTIATE_TEST_SUITE_P(Containers, RecordingTest,
                         testing::Values(Case{".mp4", 30}, Case{".mkv", 30}, Case{".mp4", 30 * 3600 * 27}));

}  // namespace
}  // namespace mainstay
