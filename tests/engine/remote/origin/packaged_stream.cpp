#include "tests/engine/remote/origin/packaged_stream.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/engine/package/stream_support.h"

namespace mainstay::remote::testing {

namespace {

std::unique_ptr<ffi::VideoEncoder> open_video(const char* name, int width, int height, int kbps) {
  ffi::VideoEncoderConfig config;
  config.name = name;
  config.width = width;
  config.height = height;
  config.rate = PackagedStream::kRate;
  config.kbps = kbps;
  config.maxrate_kbps = kbps;
  config.vbv_kbits = kbps;
  config.gop = PackagedStream::kSegment;
  config.preset = "ultrafast";
  config.threads = 1;
  config.low_delay = true;
  auto encoder = ffi::VideoEncoder::open(config);
  if (!encoder) throw std::runtime_error(encoder.error().describe());
  return *std::move(encoder);
}

FramePtr picture(FrameIndex n, int width, int height) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(static_cast<std::uint8_t>(40 + n % 160), 120, 136);
  for (int y = 0; y < height; ++y)
    frame.planes[0][y * frame.strides[0] + (n + y * y) % width] = static_cast<std::uint8_t>(255 - y);
  return std::move(frame).freeze();
}

}  // namespace

bool WatchedShelf::await_waiting(int count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || waiting_ >= count; });
  return !closed_;
}

void WatchedShelf::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

// Those that are answered at once do not wait.
void WatchedShelf::ask(const std::function<void(Answered)>& of_inner, Answered answer) {
  struct Asked {
    bool answered = false;
    bool counted = false;
  };
  const auto asked = std::make_shared<Asked>();
  of_inner([this, asked, answer = std::move(answer)](package::Answer got) {
    {
      std::lock_guard lock(mutex_);
      asked->answered = true;
      if (asked->counted) --waiting_;
    }
    answer(std::move(got));
  });
  std::lock_guard lock(mutex_);
  if (asked->answered) return;
  asked->counted = true;
  ++waiting_;
  changed_.notify_all();
}

void WatchedShelf::reload(std::string_view path, const package::Reload& directives, Answered answer) {
  ask([&](Answered then) { inner_->reload(path, directives, std::move(then)); }, std::move(answer));
}

void WatchedShelf::follow(std::string_view path, std::size_t index, Answered answer) {
  ask([&](Answered then) { inner_->follow(path, index, std::move(then)); }, std::move(answer));
}

/// Encodes when it is asked, once the viewers have seen what there is.
class PackagedStream::Feed final : public package::PacketFeed {
 public:
  Feed(const Programme& programme, ManualClock& clock, std::shared_ptr<WatchedShelf> shelf)
      : programme_(programme),
        clock_(clock),
        shelf_(std::move(shelf)),
        large_(open_video("v0", 96, 54, 200)),
        small_(open_video("v1", 64, 36, 100)) {
    ffi::AudioEncoderConfig config;
    config.kbps = 64;
    auto sound = ffi::AudioEncoder::open(config);
    if (!sound) throw std::runtime_error(sound.error().describe());
    sound_ = *std::move(sound);
  }

  Result<PacketPtr> pop(std::stop_token, Instant) override {
    // Those that are out already: nothing else is done between a packet and the next call.
    if (!shelf_->await_waiting(programme_.viewers)) return make_error(Errc::end, "given up");
    while (queue_.empty()) {
      if (frame_ < programme_.frames) {
        tick();
      } else if (programme_.stalls) {
        clock_.advance(Seconds(1));
        return make_error(Errc::again, "nothing comes");
      } else {
        return make_error(Errc::end, "the programme is over");
      }
    }
    PacketPtr packet = std::move(queue_.front());
    queue_.pop_front();
    return packet;
  }
  void close() override { shelf_->close(); }
  std::int64_t dropped() const override { return 0; }

 private:
  void tick() {
    const FrameIndex at = kFirst + frame_;
    const bool idr = frame_ % kSegment == 0;
    if (frame_ == programme_.change) {
      drain(*large_);
      large_ = open_video("v0", 128, 72, 300);
    }
    const bool wide = programme_.change >= 0 && frame_ >= programme_.change;
    encode(*large_, wide ? 128 : 96, wide ? 72 : 54, at, idr);
    encode(*small_, 64, 36, at, idr);
    const std::int64_t first = kRate.first_sample(at);
    AudioBlock block(2, static_cast<int>(kRate.first_sample(at + 1) - first));
    for (int i = 0; i < block.samples; ++i) {
      const float value = static_cast<float>((first + i) % 109) / 545.0F;
      for (int channel = 0; channel < 2; ++channel) block.plane(channel)[i] = value;
    }
    EXPECT_TRUE(sound_->send(block, first));
    while (auto packet = sound_->receive()) queue_.push_back(*packet);
    ++frame_;
    clock_.advance_to(Instant(kRate.begin(at + 1) - kRate.begin(kFirst)));
  }
  void encode(ffi::VideoEncoder& encoder, int width, int height, FrameIndex at, bool idr) {
    EXPECT_TRUE(encoder.send(*picture(frame_, width, height), at, idr));
    while (auto packet = encoder.receive()) queue_.push_back(*packet);
  }
  void drain(ffi::VideoEncoder& encoder) {
    EXPECT_TRUE(encoder.drain());
    while (auto packet = encoder.receive()) queue_.push_back(*packet);
  }

  const Programme programme_;
  ManualClock& clock_;
  const std::shared_ptr<WatchedShelf> shelf_;
  std::unique_ptr<ffi::VideoEncoder> large_;
  std::unique_ptr<ffi::VideoEncoder> small_;
  std::unique_ptr<ffi::AudioEncoder> sound_;
  FrameIndex frame_ = 0;
  std::deque<PacketPtr> queue_;
};

PackagedStream::PackagedStream(const Programme& programme, OriginSettings settings)
    : origin_(clock_, log_, {.shelf = [this] { return shelf_; }}) {
  package::testing::be_quiet();
  package::PackagerOptions options;
  options.assembly.timeline = {kRate, kFirst, kSegment, 10};
  options.assembly.renditions = {{"v0", MediaKind::video}, {"v1", MediaKind::video}, {"a0", MediaKind::audio}};
  options.assembly.dash = programme.dash;
  const auto due = [](Nanos time) { return Instant(time - kRate.begin(kFirst)); };
  // The origin asks before the packager is there; its first answer is the shelf all the same.
  packager_ = std::make_unique<package::Packager>(options, std::make_unique<Feed>(programme, clock_, shelf_),
                                                  package::Packager::Services{clock_, log_, due});
  shelf_->use(packager_->shelf());
  settings.listen = "127.0.0.1:0";
  settings.max_requests_per_s = 0;
  if (const Status applied = origin_.apply(settings); !applied) throw std::runtime_error(applied.error().describe());
  const std::string address = origin_.address();
  port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

PackagedStream::~PackagedStream() {
  shelf_->close();
}

}  // namespace mainstay::remote::testing
