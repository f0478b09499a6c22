// Broken media: whatever is in the file, reading ends, in bounded time, without a crash.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "engine/ffi/av/media_reader.h"
#include "tests/support/clips.h"

namespace mainstay::ffi {
namespace {

using test::kX264B;

using Bytes = std::vector<char>;

Bytes bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Damage : testing::Test {
  Log log{{LogLevel::off, false, [](std::string_view) {}}};

  /// Plays `bytes` to their end; the number of pictures and runs of sound.
  int play(const Bytes& bytes, const std::string& extension) {
    const std::string path = test::clip_folder().file("damaged." + extension);
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    MediaReaderOptions options;
    options.name = "source damaged";
    options.path = path;
    options.threads = 1;
    auto reader = MediaReader::make(options, log);
    if (!reader->open()) return 0;
    int items = drain(*reader);
    if (reader->seek(Millis(300))) items += drain(*reader);
    return items;
  }

  int drain(MediaReader& reader) {
    constexpr int kMost = 3000;  // a second of media gives a tenth of that
    std::int64_t last = -1;
    for (int items = 0; items < kMost; ++items) {
      auto item = reader.read(items % 2 == 0 ? MediaKind::video : MediaKind::audio);
      if (!item) item = reader.read();
      if (!item) return items;
      if (const auto* sound = std::get_if<AudioItem>(&*item)) {
        EXPECT_GE(sound->first_sample, last) << "sound overlaps";
        last = sound->first_sample + sound->block->samples;
      } else {
        const auto& frame = std::get<VideoItem>(*item).frame;
        EXPECT_TRUE(frame && frame->width > 0 && frame->planes[0]);
      }
    }
    ADD_FAILURE() << "no end";
    return 0;
  }
};

const std::vector<std::pair<std::string, std::string>> kVictims{
    {"mp4", kX264B + "-c:a aac"},
    {"ts", kX264B + "-c:a aac"},
    {"flv", kX264B + "-c:a aac"},
    {"mkv", "-c:v mpeg4 -q:v 5 -c:a flac"},
    {"avi", "-c:v mjpeg -q:v 5 -c:a pcm_s16le"},
    {"webm", "-c:v libvpx -deadline realtime -b:v 300k -c:a libvorbis"},
};

std::string victim(const std::string& extension, const std::string& args) {
  return test::make_clip({"victim." + extension, args, 96, 64, {30, 1}, 30});
}

TEST_F(Damage, EndsATruncatedFileWhereverItIsCut) {
  for (const auto& [extension, args] : kVictims) {
    const Bytes whole = bytes_of(victim(extension, args));
    ASSERT_GT(whole.size(), 2000u);
    ASSERT_GT(play(whole, extension), 30) << extension;
    int most = 0;
    for (int part = 0; part < 16; ++part) {
      Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * part / 16));
      if (part == 0) cut.assign(whole.begin(), whole.begin() + 7);
      most = std::max(most, play(cut, extension));
    }
    if (extension == "mp4") continue;  // its index comes last
    EXPECT_GT(most, 15) << extension << ": what is whole is played";
  }
}

TEST_F(Damage, PassesOverFlippedBits) {
  for (const auto& [extension, args] : kVictims) {
    const Bytes whole = bytes_of(victim(extension, args));
    int played = 0;
    for (unsigned seed = 1; seed <= 16; ++seed) {
      std::mt19937 random(seed);
      Bytes flipped = whole;
      const unsigned flips = seed % 4 == 0 ? 200 : 12;
      for (unsigned i = 0; i < flips; ++i) {
        // Every fourth time the header takes it all.
        const std::size_t reach = seed % 4 == 1 ? std::min<std::size_t>(1000, flipped.size()) : flipped.size();
        flipped[random() % reach] ^= static_cast<char>(1 << (random() % 8));
      }
      played += play(flipped, extension) > 0;
    }
    EXPECT_GT(played, 4) << extension << ": a few bits do not stop a file";
  }
}

TEST_F(Damage, PassesOverAHoleInTheMiddle) {
  for (const auto& [extension, args] : kVictims) {
    Bytes holed = bytes_of(victim(extension, args));
    const auto middle = holed.begin() + static_cast<std::ptrdiff_t>(holed.size() / 2);
    std::fill(middle, middle + static_cast<std::ptrdiff_t>(holed.size() / 8), 0);
    play(holed, extension);
  }
}

TEST_F(Damage, CountsWhatItPassesOver) {
  Bytes flipped = bytes_of(victim("ts", kX264B + "-c:a aac"));
  for (std::size_t i = flipped.size() / 4; i + 120 < flipped.size(); i += 188) flipped[i + 120] ^= 0x55;
  const std::string path = test::clip_folder().file("counted.ts");
  std::ofstream(path, std::ios::binary).write(flipped.data(), static_cast<std::streamsize>(flipped.size()));
  MediaReaderOptions options;
  options.path = path;
  options.threads = 1;
  auto reader = MediaReader::make(options, log);
  ASSERT_TRUE(reader->open());
  drain(*reader);
  EXPECT_GT(reader->faults().packets + reader->faults().frames, 5);
}

TEST_F(Damage, GivesUpInWordsWhenNothingCanBeDecoded) {
  const std::string path =
      test::make_clip({"hopeless.ts", test::kX264 + "-flags +global_header", 64, 48, {60, 1}, 700, 0});
  Bytes bytes = bytes_of(path);
  // The first pictures stay, then every payload is noise while the transport stream around it stays whole.
  std::mt19937 random(3);
  for (std::size_t at = bytes.size() / 20 / 188 * 188; at + 188 <= bytes.size(); at += 188)
    if (((bytes[at + 1] & 0x1f) << 8 | static_cast<unsigned char>(bytes[at + 2])) == 0x100 && !(bytes[at + 1] & 0x40))
      for (std::size_t i = 20; i < 188; ++i) bytes[at + i] = static_cast<char>(random());
  EXPECT_GE(play(bytes, "ts"), 0);
}

}  // namespace
}  // namespace mainstay::ffi
