#include "engine/ffi/av/image_encoder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <span>

#include "engine/ffi/av/media_reader.h"

namespace mainstay::ffi {
namespace {

class Bytes final : public ByteSource {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::size_t> read(std::span<std::uint8_t> buffer) override {
    if (at_ == bytes_.size()) return Error{Errc::end, "the end", nullptr};
    const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
    std::memcpy(buffer.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  const std::string bytes_;
  std::size_t at_ = 0;
};

FramePtr plain(int width, int height, std::uint8_t y, std::uint8_t u, std::uint8_t v) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(y, u, v);
  return std::move(frame).freeze();
}

FramePtr noise(int width, int height) {
  WritableFrame frame = WritableFrame::make(width, height);
  std::uint32_t seed = 1;
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? height : height / 2;
    for (int i = 0; i < frame.strides[plane] * rows; ++i) {
      seed = seed * 1664525 + 1013904223;
      frame.planes[plane][i] = static_cast<std::uint8_t>(seed >> 24);
    }
  }
  return std::move(frame).freeze();
}

std::string encoded(const Frame& frame, const ImageOptions& options) {
  auto bytes = encode_image(frame, options);
  EXPECT_TRUE(bytes) << bytes.error().describe();
  return bytes ? *bytes : std::string();
}

// As a reader of ours sees it: limited range.
FramePtr decoded(const std::string& bytes) {
  Log log({.level = LogLevel::off});
  MediaReaderOptions options;
  options.name = options.path = "image";
  options.bytes = std::make_shared<Bytes>(bytes);
  const auto reader = MediaReader::make(std::move(options), log);
  if (const Status opened = reader->open(); !opened) {
    ADD_FAILURE() << opened.error().describe();
    return nullptr;
  }
  const auto item = reader->read();
  if (!item || !std::holds_alternative<VideoItem>(*item)) {
    ADD_FAILURE() << "no picture comes out";
    return nullptr;
  }
  return std::get<VideoItem>(*item).frame;
}

TEST(ImageEncoder, MakesFilesThatAreWhatTheySay) {
  const FramePtr frame = plain(64, 36, 126, 128, 128);
  EXPECT_EQ(encoded(*frame, {.format = ImageFormat::png}).substr(0, 8), "\x89PNG\r\n\x1a\n");
  const std::string jpeg = encoded(*frame, {.format = ImageFormat::jpeg});
  EXPECT_EQ(jpeg.substr(0, 3), "\xff\xd8\xff");
  EXPECT_EQ(jpeg.substr(jpeg.size() - 2), "\xff\xd9");
}

TEST(ImageEncoder, KeepsTheColoursOfThePicture) {
  // 100 % red, BT.709, limited range. RGB comes back as that, JFIF as what it is: BT.601.
  const FramePtr red = plain(64, 36, 63, 102, 240);
  const FramePtr png = decoded(encoded(*red, {.format = ImageFormat::png}));
  ASSERT_TRUE(png);
  EXPECT_EQ(png->matrix, ColorMatrix::bt709);
  EXPECT_NEAR(png->planes[0][0], 63, 2);
  EXPECT_NEAR(png->planes[1][0], 102, 2);
  EXPECT_NEAR(png->planes[2][0], 240, 2);
  const FramePtr jpeg = decoded(encoded(*red, {.format = ImageFormat::jpeg, .quality = 100}));
  ASSERT_TRUE(jpeg);
  EXPECT_EQ(jpeg->matrix, ColorMatrix::bt601);
  EXPECT_NEAR(jpeg->planes[0][0], 81, 2);
  EXPECT_NEAR(jpeg->planes[1][0], 90, 2);
  EXPECT_NEAR(jpeg->planes[2][0], 240, 2);
}

TEST(ImageEncoder, GivesTheSizeThatIsAskedForAlsoAnOddOne) {
  const FramePtr frame = plain(640, 360, 126, 128, 128);
  for (const ImageFormat format : {ImageFormat::png, ImageFormat::jpeg}) {
    for (const auto& [width, height] : {std::pair{0, 0}, {8, 8}, {301, 169}, {1280, 720}}) {
      const FramePtr back = decoded(encoded(*frame, {.format = format, .width = width, .height = height}));
      ASSERT_TRUE(back);
      EXPECT_EQ(back->width, width == 0 ? 640 : width);
      EXPECT_EQ(back->height, height == 0 ? 360 : height);
      EXPECT_NEAR(back->planes[0][0], 126, 2);
    }
  }
}

TEST(ImageEncoder, QualityIsPaidForInBytes) {
  const FramePtr frame = noise(128, 72);
  for (const ImageFormat format : {ImageFormat::png, ImageFormat::jpeg}) {
    const auto size = [&](int quality) { return encoded(*frame, {.format = format, .quality = quality}).size(); };
    EXPECT_LT(size(0), size(100));
    EXPECT_GT(size(-1), 0u);
  }
  const FramePtr flat = plain(640, 360, 126, 128, 128);
  EXPECT_LT(encoded(*flat, {.quality = 0}).size() * 20, encoded(*flat, {.quality = 100}).size())
      << "100: PNG is not packed";
}

TEST(ImageEncoder, RefusesWhatIsNoPicture) {
  const FramePtr frame = plain(64, 36, 126, 128, 128);
  EXPECT_EQ(encode_image(*frame, {.width = 100'000, .height = 10}).error().code, Errc::invalid);
  Frame other = *frame;
  other.format = PixelFormat::nv12;
  EXPECT_EQ(encode_image(other, {}).error().code, Errc::unsupported);
}

}  // namespace
}  // namespace mainstay::ffi
