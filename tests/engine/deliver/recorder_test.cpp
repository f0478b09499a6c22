#include "engine/deliver/recorder.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

namespace fs = std::filesystem;

// A container of text: a line a packet, held back until flush() as a fragment is.
class LineMuxer final : public ffi::Muxer {
 public:
  explicit LineMuxer(Write write) : write_(std::move(write)) {}
  Status write(const Packet& packet) override {
    held_ += fmt::format("{} {}\n", packet.stream->name, packet.pts);
    return {};
  }
  Status flush() override { return put(std::exchange(held_, {})); }
  Status finish() override { return put(std::exchange(held_, {}) + "trailer\n"); }
  Status put(const std::string& text) {
    return write_({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }

 private:
  Write write_;
  std::string held_;
};

class RecorderTest : public testing::Test {
 protected:
  RecorderTest() : folder_(fs::temp_directory_path() / fmt::format("mainstay-rec-{}", ::getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    options_.path = folder_ / "clip.mp4";
    options_.selection = test::kBoth;
    options_.open_muxer = [](const ffi::MuxerOptions&, const std::vector<StreamInfoPtr>&,
                             ffi::Muxer::Write write) -> Result<std::unique_ptr<ffi::Muxer>> {
      auto muxer = std::make_unique<LineMuxer>(std::move(write));
      MAINSTAY_CHECK(muxer->put("header\n"));
      return std::unique_ptr<ffi::Muxer>(std::move(muxer));
    };
  }
  ~RecorderTest() override {
    recorder_.reset();
    fs::remove_all(folder_);
  }

  void make() {
    recorder_ = std::make_unique<Recorder>(options_, world_.bus, world_.clock, world_.log,
                                           [this](const RecorderStatus& status) {
                                             std::lock_guard lock(mutex_);
                                             states_.push_back(status.state);
                                           });
    world_.threads = 1;
  }
  void finish() {
    world_.settle();
    recorder_.reset();
    world_.threads = 0;
  }
  RecorderState state() { return recorder_->status().state; }
  static std::string content(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::string lines_of(const std::vector<PacketPtr>& packets) {
    std::string text;
    for (const PacketPtr& p : packets) text += fmt::format("{} {}\n", p->stream->name, p->pts);
    return text;
  }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {})); }

  const fs::path folder_;
  test::SteppedWorld world_;
  RecorderOptions options_;
  std::mutex mutex_;
  std::vector<RecorderState> states_;
  std::unique_ptr<Recorder> recorder_;
};

TEST_F(RecorderTest, WritesEveryPacketAndATrailer) {
  make();
  world_.run(Seconds(3));
  finish();
  EXPECT_EQ(content(folder_ / "clip.mp4"), "header\n" + lines_of(world_.encode.published()) + "trailer\n");
  EXPECT_EQ(states_, (std::vector{RecorderState::recording, RecorderState::stopped}));
}

TEST_F(RecorderTest, EachFragmentIsInTheFileSoonAfterItsEnd) {
  make();
  world_.run(Millis(5500));
  const std::string so_far = content(folder_ / "clip.mp4");
  EXPECT_NE(so_far.find("v0 99\n"), std::string::npos) << "up to the IDR at 4 s, as fragments last 2 s";
  EXPECT_EQ(so_far.find("v0 126\n"), std::string::npos);
}

TEST_F(RecorderTest, TheStatusSaysWhereHowMuchAndHowLong) {
  make();
  world_.run(Seconds(4));
  const RecorderStatus status = recorder_->status();
  EXPECT_EQ(status.state, RecorderState::recording);
  EXPECT_EQ(status.path, folder_ / "clip.mp4");
  EXPECT_EQ(status.bytes, static_cast<std::int64_t>(fs::file_size(folder_ / "clip.mp4")));
  EXPECT_NEAR(seconds(status.duration), 3.95, 0.06);
  EXPECT_EQ(status.files, 1);
}

TEST_F(RecorderTest, NeverWritesOverAFileThatIsThere) {
  for (int i = 0; i < 3; ++i) {
    make();
    world_.run(Millis(1200));
    finish();
  }
  EXPECT_EQ(files(), 3U);
  EXPECT_TRUE(fs::exists(folder_ / "clip-2.mp4"));
  EXPECT_TRUE(fs::exists(folder_ / "clip-3.mp4"));
}

TEST_F(RecorderTest, FillsTheTimeIntoThePathAndMakesTheFolders) {
  options_.path = folder_ / "%Y/%m-%d/%H-%M-%S.mkv";
  make();
  world_.run(Seconds(1));
  finish();
  EXPECT_TRUE(fs::exists(folder_ / "2027/01-15/08-00-00.mkv")) << "1,800,000,000 s after 1970, in UTC";
}

TEST_F(RecorderTest, AFullDiskIsSaidAndRecordingGoesOnInANewFileWhenThereIsSpace) {
  std::atomic<bool> full = true;
  options_.open_file = [&](const std::string& path) -> Result<std::unique_ptr<RecordFile>> {
    // The kernel's own full device, so that the error is the real one.
    if (full) return adopt_record_file(::open("/dev/full", O_WRONLY), folder_ / "not-there");
    return open_record_file(path);
  };
  make();
  world_.run_until([&] { return state() == RecorderState::failed; });
  EXPECT_EQ(recorder_->status().detail, fmt::format("cannot record to \"{}\": no space is left on the disk: free some",
                                                    (folder_ / "not-there").string()));
  EXPECT_GT(recorder_->status().retry_in, Millis(700));
  world_.run(Seconds(5));
  EXPECT_EQ(files(), 0U) << "no heap of empty files";
  full = false;
  world_.run_until([&] { return state() == RecorderState::recording; }, Seconds(40));
  EXPECT_EQ(recorder_->status().detail, "");
  world_.run(Seconds(1));
  finish();
  const std::string text = content(folder_ / "clip.mp4");
  EXPECT_EQ(text.rfind("header\nv0 ", 0), 0U);
  const int first = std::stoi(text.substr(10));
  EXPECT_EQ(first % 25, 0) << "starts at an IDR";
}

TEST_F(RecorderTest, ADiskThatFillsUpInMidRecordingKeepsWhatIsThere) {
  class Filling final : public RecordFile {
   public:
    explicit Filling(std::unique_ptr<RecordFile> file) : file_(std::move(file)) {}
    const std::string& path() const override { return file_->path(); }
    Status write(std::span<const std::uint8_t> bytes) override {
      if (room_ < bytes.size()) return make_error(Errc::io, "no space is left on the disk");
      room_ -= bytes.size();
      return file_->write(bytes);
    }
    Status write_boxes(std::span<const std::uint8_t> boxes) override { return write(boxes); }
    Status sync() override { return file_->sync(); }
    Status close() override { return file_->close(); }
    void discard() noexcept override { file_->discard(); }

   private:
    std::unique_ptr<RecordFile> file_;
    std::size_t room_ = 2000;
  };
  options_.open_file = [](const std::string& path) -> Result<std::unique_ptr<RecordFile>> {
    MAINSTAY_TRY(auto file, open_record_file(path));
    return std::unique_ptr<RecordFile>(std::make_unique<Filling>(std::move(file)));
  };
  make();
  world_.run_until([&] { return state() == RecorderState::failed; });
  EXPECT_GT(fs::file_size(folder_ / "clip.mp4"), 500U);
  recorder_->retry_now();
  world_.run_until([&] { return state() == RecorderState::recording; }, Millis(200));
  EXPECT_EQ(recorder_->status().path, folder_ / "clip-2.mp4");
}

TEST_F(RecorderTest, AFolderThatCannotBeMadeIsSaid) {
  std::ofstream(folder_ / "file") << "x";
  options_.path = folder_ / "file" / "clip.mp4";
  make();
  world_.run_until([&] { return state() == RecorderState::failed; });
  EXPECT_NE(recorder_->status().detail.find("a part of the path is a file"), std::string::npos)
      << recorder_->status().detail;
}

TEST_F(RecorderTest, AnUnknownContainerIsSaid) {
  options_.path = folder_ / "clip.avi";
  make();
  world_.run_until([&] { return state() == RecorderState::failed; });
  EXPECT_NE(recorder_->status().detail.find("must end in .mp4 or .mkv"), std::string::npos);
}

TEST_F(RecorderTest, OtherParametersOfTheEncoderBeginANewFile) {
  make();
  world_.run(Seconds(1));
  world_.encoding = false;
  auto other = std::make_shared<StreamInfo>(*world_.encode.video());
  other->extradata.push_back(1);
  world_.bus.publish(test::video_packet(other, 1000, 25));
  world_.run(Millis(100));
  finish();
  EXPECT_EQ(content(folder_ / "clip-2.mp4"), "header\nv0 1000\ntrailer\n");
}

TEST_F(RecorderTest, ARecordingOfNothingLeavesNoFile) {
  make();
  world_.encoding = false;
  world_.run(Millis(300));
  finish();
  EXPECT_EQ(files(), 0U);
}

TEST_F(RecorderTest, ALegDoesNotNoticeADiskThatHangs) {
  std::mutex mutex;
  std::condition_variable changed;
  bool hangs = true;
  std::atomic<int> hanging = 0;
  options_.open_file = [&](const std::string& path) -> Result<std::unique_ptr<RecordFile>> {
    std::unique_lock lock(mutex);
    ++hanging;
    changed.wait(lock, [&] { return !hangs; });
    return open_record_file(path);
  };
  make();
  while (hanging == 0) std::this_thread::yield();
  auto subscription = world_.bus.subscribe(test::kBoth, {});
  world_.threads = 0;
  world_.run(Seconds(12));
  std::size_t got = 0;
  while (subscription->pop({}, Instant::min())) ++got;
  EXPECT_EQ(got, world_.encode.published().size());
  {
    std::lock_guard lock(mutex);
    hangs = false;
  }
  changed.notify_all();
  world_.threads = 1;
  world_.run(Seconds(1));
  EXPECT_EQ(state(), RecorderState::recording);
}

TEST(RecordFileTest, APatternIsFilledInUtc) {
  EXPECT_EQ(*expand_record_path("a/%Y-%m-%d_%H-%M-%S.mp4", UtcInstant(Seconds(1'800'000'000))),
            "a/2027-01-15_08-00-00.mp4");
  EXPECT_FALSE(expand_record_path("", UtcInstant{}));
  EXPECT_FALSE(expand_record_path(std::string(5000, 'x'), UtcInstant{}));
}

TEST(RecorderOfflineTest, NoPacketIsMissedHoweverFastTheProgramRuns) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("mainstay-rec-offline-{}", ::getpid());
  test::SteppedClock clock(true);
  Log log({LogLevel::off});
  PacketBus bus(clock);
  test::FakeEncode encode;
  std::vector<PacketPtr> got;
  RecorderOptions options;
  options.path = folder / "clip.mkv";
  options.selection = test::kBoth;
  options.queue = {.items = 4};
  class Counting final : public ffi::Muxer {
   public:
    explicit Counting(std::vector<PacketPtr>& got) : got_(got) {}
    Status write(const Packet& packet) override {
      got_.push_back(std::make_shared<Packet>(packet));
      return {};
    }
    Status flush() override { return {}; }
    Status finish() override { return {}; }

   private:
    std::vector<PacketPtr>& got_;
  };
  options.open_muxer = [&](const auto&, const auto&, auto) -> Result<std::unique_ptr<ffi::Muxer>> {
    return std::unique_ptr<ffi::Muxer>(std::make_unique<Counting>(got));
  };
  {
    Recorder recorder(options, bus, clock, log);
    encode.publish(bus, Seconds(10));
    bus.close();
    while (recorder.status().state != RecorderState::stopped) std::this_thread::yield();
    EXPECT_EQ(recorder.status().dropped, 0);
  }
  EXPECT_EQ(got.size(), encode.published().size());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace mainstay
