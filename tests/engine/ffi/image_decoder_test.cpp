#include "engine/ffi/av/image_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>

#include "tests/support/clips.h"
#include "tests/support/png.h"

namespace mainstay::ffi {
namespace {

using test::png;
using test::Rgba;
using testing::HasSubstr;

Result<StillImage> decode(const std::string& bytes) {
  return decode_image({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "logo.png");
}

std::string error_of(const std::string& bytes) {
  const auto image = decode(bytes);
  return image ? "" : image.error().describe();
}

/// A picture of one colour as the ffmpeg command writes it.
std::string written(const std::string& name, const std::string& source, const std::string& args = "") {
  const std::string path = test::clip_folder().file(name);
  EXPECT_TRUE(test::run_command("ffmpeg -v error -y -f lavfi -i " + source + " -frames:v 1 " + args + " " + path))
      << name;
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::array<int, 3> codes(const Frame& frame, int x, int y) {
  std::array<int, 3> out{};
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    out[plane] = frame.planes[plane][(y >> shift) * frame.strides[plane] + (x >> shift)];
  }
  return out;
}

void expect_near(std::array<int, 3> found, std::array<int, 3> wanted, int bound, const std::string& what) {
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(found[i], wanted[i], bound) << what << ", plane " << i;
}

TEST(DecodeImage, PremultipliesAlpha) {
  for (const int bits : {8, 16}) {
    const auto image = decode(png(
        3, 2,
        [](int x, int y) {
          return Rgba{200, 100, 50, x == 0 ? 0 : 100 * y + 55};
        },
        bits));
    ASSERT_TRUE(image) << image.error().describe();
    EXPECT_EQ(image->summary, "3×2 png with alpha");
    const Frame& frame = *image->frame;
    EXPECT_EQ(frame.format, PixelFormat::bgra);
    const std::uint8_t* pixel = frame.planes[0] + frame.strides[0] + 4;
    // swscale takes a 16-bit value's upper byte, rounded: half a step too much for some.
    const double bound = bits == 8 ? 0.51 : 1.5;
    EXPECT_NEAR(pixel[3], 155, bits == 8 ? 0 : 1);
    EXPECT_NEAR(pixel[0], 50 * 155 / 255.0, bound) << "blue";
    EXPECT_NEAR(pixel[1], 100 * 155 / 255.0, bound) << "green";
    EXPECT_NEAR(pixel[2], 200 * 155 / 255.0, bound) << "red";
    EXPECT_EQ(frame.planes[0][0] + frame.planes[0][1] + frame.planes[0][2] + frame.planes[0][3], 0) << "nothing there";
  }
}

TEST(DecodeImage, GivesAPictureWithoutATransparentPixelAsVideo) {
  const auto image = decode(png(16, 16, [](int, int) { return Rgba{255, 0, 0, 255}; }));
  ASSERT_TRUE(image);
  EXPECT_EQ(image->summary, "16×16 png");
  EXPECT_EQ(image->frame->format, PixelFormat::i420);
  EXPECT_EQ(image->frame->matrix, ColorMatrix::bt709);
  expect_near(codes(*image->frame, 8, 8), {63, 102, 240}, 1, "red in BT.709");
}

TEST(DecodeImage, TakesEveryKindOfStillPicture) {
  const std::string red = "color=0xff0000:size=32x18";
  for (const auto& [name, args, alpha] : std::vector<std::tuple<std::string, std::string, bool>>{
           {"a.png", "-pix_fmt rgb24", false},
           {"b.png", "-pix_fmt pal8", false},
           {"c.png", "-pix_fmt rgb48be", false},
           {"d.bmp", "-pix_fmt bgr24", false},
           {"e.gif", "", false},
           {"f.tiff", "-pix_fmt rgb24", false},
           {"g.webp", "-c:v libwebp -lossless 1", false},
           {"h.png", "-vf format=rgba,colorchannelmixer=aa=0.5", true},
           {"i.png", "-vf format=rgba64be,colorchannelmixer=aa=0.5", true},
           {"j.webp", "-vf format=bgra,colorchannelmixer=aa=0.5 -c:v libwebp -lossless 1", true},
           {"k.tiff", "-vf format=rgba,colorchannelmixer=aa=0.5", true}}) {
    const auto image = decode(written(name, red, args));
    ASSERT_TRUE(image) << name << ": " << image.error().describe();
    EXPECT_EQ(image->frame->width, 32) << name;
    EXPECT_EQ(image->frame->height, 18) << name;
    ASSERT_EQ(image->frame->format, alpha ? PixelFormat::bgra : PixelFormat::i420) << name;
    if (alpha) {
      EXPECT_NEAR(image->frame->planes[0][2], 128, 2) << name;
      EXPECT_NEAR(image->frame->planes[0][3], 128, 2) << name;
    } else {
      expect_near(codes(*image->frame, 16, 8), {63, 102, 240}, 2, name);
    }
  }
}

TEST(DecodeImage, BringsJpegToLimitedRangeAndKeepsItsMatrix) {
  const auto white = decode(written("w.jpg", "color=white:size=64x64", "-pix_fmt yuvj420p"));
  ASSERT_TRUE(white) << white.error().describe();
  EXPECT_EQ(white->frame->range, ColorRange::limited);
  EXPECT_EQ(white->frame->matrix, ColorMatrix::bt601) << "JFIF is BT.601";
  expect_near(codes(*white->frame, 32, 32), {235, 128, 128}, 1, "white");
  const auto black = decode(written("k.jpg", "color=black:size=64x64", "-pix_fmt yuvj420p"));
  ASSERT_TRUE(black);
  expect_near(codes(*black->frame, 32, 32), {16, 128, 128}, 1, "black");
}

TEST(DecodeImage, SaysWhatIsWrong) {
  EXPECT_EQ(error_of(""), "logo.png is empty");
  EXPECT_EQ(error_of("just a few words\n"), "logo.png is a text file, not a picture");
  EXPECT_THAT(error_of(std::string(500, '\0')), HasSubstr("not a picture"));
  const std::string video = written("v.mp4", "testsrc=size=64x64", "-c:v libx264");
  EXPECT_THAT(error_of(video), HasSubstr("for a source of type \"file\""));
}

TEST(DecodeImage, RefusesAHugePictureBeforeItTakesMemory) {
  const auto image = [](std::uint32_t width, std::uint32_t height) {
    std::string head = test::big_endian(width) + test::big_endian(height) + std::string("\x08\6\0\0\0", 5);
    return std::string("\x89PNG\r\n\x1a\n", 8) + test::png_chunk("IHDR", head) +
           test::png_chunk("IDAT", test::stored("")) + test::png_chunk("IEND", "");
  };
  EXPECT_EQ(error_of(image(100000, 100000)), "logo.png is 100000×100000: a picture may have 8192×8192 pixels at most");
  EXPECT_THAT(error_of(image(8193, 1)), HasSubstr("8193×1:"));
  EXPECT_THAT(error_of(image(0xffffffff, 0xffffffff)), HasSubstr("4294967295×4294967295"));
  const std::string jpeg = written("wide.jpg", "color=red:size=8200x16", "-pix_fmt yuvj420p");
  EXPECT_THAT(error_of(jpeg), HasSubstr("8200×16: a picture may have"));
  EXPECT_TRUE(decode(written("fits.jpg", "color=red:size=8192x16", "-pix_fmt yuvj420p")));
}

TEST(DecodeImage, TakesNoPictureThatIsCutShort) {
  const std::string whole = png(64, 64, [](int x, int y) { return Rgba{x, y, 0, 4 * x}; });
  ASSERT_TRUE(decode(whole));
  for (const std::size_t size : {std::size_t{9}, std::size_t{40}, whole.size() / 2, whole.size() - 100})
    EXPECT_THAT(error_of(whole.substr(0, size)), testing::Not("")) << size;
  const std::string jpeg = written("cut.jpg", "testsrc=size=320x180", "-pix_fmt yuvj420p");
  ASSERT_TRUE(decode(jpeg));
  EXPECT_THAT(error_of(jpeg.substr(0, jpeg.size() / 2)), HasSubstr("broken or cut short"));
}

TEST(DecodeImage, SurvivesAnyBrokenByte) {
  const std::string whole = png(12, 9, [](int x, int y) { return Rgba{20 * x, 20 * y, 0, 10 * x}; });
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ 0x5a);
    const auto image = decode(broken);
    EXPECT_TRUE(!image || image->frame->width <= kLargestImageSide) << at;
  }
}

}  // namespace
}  // namespace mainstay::ffi
