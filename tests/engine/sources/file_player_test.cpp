// How many frames an item takes and what is in each, for every rate of an item in every rate of a program: by count.
#include "engine/sources/file_player.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace mainstay {
namespace {

constexpr std::int64_t kTicks = 240'000;  // a second of the media's clock: whole for every rate here

/// Media of one rate: picture n is n + 2 wide, and sample n of the sound is n.
class CountingReader final : public ffi::MediaReader {
 public:
  CountingReader(Rate rate, int pictures) : rate_(rate), pictures_(pictures) {
    info_.has_video = info_.has_audio = true;
    info_.rate = rate;
    info_.video_tick = {1, kTicks};
  }

  Status open() override { return {}; }
  const ffi::MediaInfo& info() const override { return info_; }
  Result<ffi::MediaItem> read(std::optional<MediaKind> want) override {
    return want == MediaKind::video ? picture() : sound();
  }
  Result<std::optional<Nanos>> pass() override { return Error{Errc::unsupported, "not here", nullptr}; }
  Status seek(Nanos time) override {
    EXPECT_EQ(time, Nanos{0});
    next_ = 0;
    sounded_ = 0;
    return {};
  }
  void abort() noexcept override {}
  ffi::MediaFaults faults() const override { return {}; }

  /// Exactly as long as the pictures, rounded down to a sample.
  std::int64_t samples() const { return mul_div(pictures_, std::int64_t{kProgramSampleRate} * rate_.den, rate_.num); }

 private:
  std::int64_t at(std::int64_t n) const { return mul_div(n, kTicks * rate_.den, rate_.num); }
  Result<ffi::MediaItem> picture() {
    if (next_ == pictures_) return Error{Errc::end, "over", nullptr};
    auto frame = std::make_shared<Frame>();
    frame->width = static_cast<int>(next_ + 2);
    const std::int64_t n = next_++;
    return ffi::MediaItem(ffi::VideoItem{std::move(frame), at(n), {1, kTicks}, at(n + 1) - at(n)});
  }
  Result<ffi::MediaItem> sound() {
    const int count = static_cast<int>(std::min<std::int64_t>(1024, samples() - sounded_));
    if (count <= 0) return Error{Errc::end, "over", nullptr};
    auto block = std::make_shared<AudioBlock>(2, count);
    for (int channel = 0; channel < 2; ++channel)
      std::iota(block->plane(channel).begin(), block->plane(channel).end(), static_cast<float>(sounded_));
    const std::int64_t first = sounded_;
    sounded_ += count;
    return ffi::MediaItem(ffi::AudioItem{std::move(block), first});
  }

  const Rate rate_;
  const std::int64_t pictures_;
  std::int64_t next_ = 0;
  std::int64_t sounded_ = 0;
  ffi::MediaInfo info_;
};

const std::vector<Rate> kRates{{24000, 1001}, {24, 1}, {25, 1},       {30000, 1001},
                               {30, 1},       {50, 1}, {60000, 1001}, {60, 1}};

/// Each that may end just before, on or behind a frame, and some that are longer.
const std::vector<int> kLengths = [] {
  std::vector<int> all(25);
  std::iota(all.begin(), all.end(), 1);
  all.insert(all.end(), {37, 61, 130});
  return all;
}();

bool nearly_same(Rate a, Rate b) {
  return std::abs(a.fps() / b.fps() - 1) < 0.005;
}

/// The frames that begin while `pictures` of `item` last; of nearly the same rate as many as there are, and one more or
/// less for each that the rates differ by.
FrameIndex frames_of(Rate item, std::int64_t pictures, Rate program) {
  const std::int64_t num = std::int64_t{program.num} * item.den;
  const std::int64_t den = std::int64_t{program.den} * item.num;
  return mul_div(pictures, num, den, nearly_same(item, program) ? Rounding::nearest : Rounding::up);
}

class ItemTest : public testing::TestWithParam<Rate> {};

TEST_P(ItemTest, TakesTheFramesThatBeginInItAndKeepsItsSoundToTheSample) {
  const Rate program = GetParam();
  for (const Rate item : kRates) {
    for (const int pictures : kLengths) {
      SCOPED_TRACE(fmt::format("{} pictures at {} in {}", pictures, item.str(), program.str()));
      CountingReader reader(item, pictures);
      show::FileSource config;
      config.loop = true;
      FilePlayer player(reader, config, program, [] { return FramePtr(); });
      ASSERT_TRUE(player.open());
      constexpr FrameIndex kBegin = 7;  // where frames and samples need not fall together
      player.begin_at(kBegin);
      const FrameIndex length = frames_of(item, pictures, program);
      std::int64_t samples = 0;
      for (FrameIndex k = 0; k < 3 * length; ++k) {
        const auto tick = player.next();
        ASSERT_TRUE(tick);
        ASSERT_EQ(tick->frame, kBegin + k);
        ASSERT_EQ(player.loops(), k / length) << "frame " << k;
        const FrameIndex own = k % length;
        const std::int64_t shown = tick->video->width - 2;
        if (nearly_same(item, program))
          ASSERT_EQ(shown, std::min<std::int64_t>(own, pictures - 1)) << "frame " << k;
        else
          ASSERT_EQ(shown, mul_div(own, std::int64_t{item.num} * program.den, std::int64_t{item.den} * program.num))
              << "frame " << k;
        samples += program.samples(kBegin + k);
        if (!tick->audio) continue;  // its sound was over by a fraction of a sample
        ASSERT_EQ(tick->audio->samples, program.samples(kBegin + k));
        // In the middle of a frame, where no ramp is. Samples are counted from the round's first frame.
        const int middle = tick->audio->samples / 2;
        const FrameIndex round = kBegin + k - own;
        const std::int64_t at = program.first_sample(kBegin + k) - program.first_sample(round) + middle;
        if (at + kRampSamples < reader.samples()) {
          ASSERT_EQ(tick->audio->plane(1)[static_cast<std::size_t>(middle)], static_cast<float>(at)) << "frame " << k;
        }
      }
      ASSERT_EQ(samples, program.first_sample(kBegin + 3 * length) - program.first_sample(kBegin));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, ItemTest, testing::ValuesIn(kRates), [](const auto& rate) {
  return "At" + std::to_string(rate.param.num) + "over" + std::to_string(rate.param.den);
});

}  // namespace
}  // namespace mainstay
