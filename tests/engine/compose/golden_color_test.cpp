// Golden pictures of colour: what a decoder gives in any matrix, range and depth comes out as the program's BT.709.
#include <gtest/gtest.h>

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cstring>

#include "engine/compose/compositor.h"
#include "engine/ffi/av/converter.h"
#include "tests/engine/compose/golden_support.h"

namespace mainstay {
namespace {

using ffi::AvFramePtr;
using golden::Rgb;
using golden::Weights;

constexpr int kWidth = 192;
constexpr int kHeight = 108;
constexpr double kBound = 44;  // dB, worst plane: rounded to 8 bits twice at most

struct Kind {
  AVPixelFormat format;
  AVColorSpace space;
  AVColorRange range;
};

void put(std::uint8_t* row, int at, double value, int depth) {
  const auto code = std::lround(std::clamp(value, 0.0, static_cast<double>((1 << depth) - 1)));
  if (depth > 8)
    reinterpret_cast<std::uint16_t*>(row)[at] = static_cast<std::uint16_t>(code);
  else
    row[at] = static_cast<std::uint8_t>(code);
}

/// The painting in planes of Y', Cb, Cr as BT.601, 709 and 2020 define them for any depth and range.
AvFramePtr decoded(const Kind& kind) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(kind.format);
  const int depth = format->comp[0].depth;
  const double unit = 1 << (depth - 8);
  const bool full = kind.range == AVCOL_RANGE_JPEG;
  const Weights w = kind.space == AVCOL_SPC_BT709        ? golden::k709
                    : kind.space == AVCOL_SPC_BT2020_NCL ? golden::k2020
                                                         : golden::k601;
  AvFramePtr frame(av_frame_alloc());
  frame->format = kind.format;
  frame->width = kWidth;
  frame->height = kHeight;
  frame->colorspace = kind.space;
  frame->color_range = kind.range;
  EXPECT_GE(av_frame_get_buffer(frame.get(), 0), 0);
  const int sx = 1 << format->log2_chroma_w;
  const int sy = 1 << format->log2_chroma_h;
  const auto code = [&](std::size_t plane, double x, double y) {
    const double c = golden::codes(golden::painting(x / kWidth, y / kHeight), w)[plane];
    if (!full) return c * unit;
    const double steps = (1 << depth) - 1;
    return plane == 0 ? (c - 16) / 219 * steps : (c - 128) / 224 * steps + 128 * unit;
  };
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) put(frame->data[0] + y * frame->linesize[0], x, code(0, x + 0.5, y + 0.5), depth);
  for (std::size_t plane = 1; plane < 3; ++plane)
    for (int y = 0; y < kHeight / sy; ++y)
      for (int x = 0; x < kWidth / sx; ++x) {
        double sum = 0;
        for (int i = 0; i < sx * sy; ++i) sum += code(plane, x * sx + i % sx + 0.5, y * sy + i / sx + 0.5);
        put(frame->data[plane] + y * frame->linesize[plane], x, sum / (sx * sy), depth);
      }
  return frame;
}

golden::Golden wanted() {
  return golden::golden(kWidth, kHeight,
                        [](int x, int y) { return golden::painting((x + 0.5) / kWidth, (y + 0.5) / kHeight); });
}

double shown_psnr(AvFramePtr frame) {
  ffi::Converter converter;
  const auto picture = converter.convert(std::move(frame), {});
  EXPECT_TRUE(picture);
  Compositor compositor(kWidth, kHeight);
  const std::vector<LayerPicture> layers{{*picture, {}}};
  return golden::psnr(*compositor.compose(layers), wanted());
}

TEST(GoldenColor, EveryMatrixRangeAndDepth) {
  for (const AVPixelFormat format : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUV420P10LE,
                                     AV_PIX_FMT_YUV422P10LE, AV_PIX_FMT_YUV444P10LE})
    for (const AVColorSpace space : {AVCOL_SPC_SMPTE170M, AVCOL_SPC_BT709, AVCOL_SPC_BT2020_NCL})
      for (const AVColorRange range : {AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG})
        EXPECT_GE(shown_psnr(decoded({format, space, range})), kBound)
            << av_get_pix_fmt_name(format) << ' ' << av_color_space_name(space) << ' ' << av_color_range_name(range);
}

TEST(GoldenColor, GraphicsOfSrgbPremultiplied) {
  Compositor compositor(kWidth, kHeight);
  const std::vector<LayerPicture> layers{{golden::graphic(kWidth, kHeight, golden::painting), {}}};
  EXPECT_GE(golden::psnr(*compositor.compose(layers), wanted()), 48);
}

TEST(GoldenColor, RgbOfADecoder) {
  AvFramePtr frame(av_frame_alloc());
  frame->format = AV_PIX_FMT_RGB24;
  frame->width = kWidth;
  frame->height = kHeight;
  ASSERT_GE(av_frame_get_buffer(frame.get(), 0), 0);
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      const Rgb c = golden::painting((x + 0.5) / kWidth, (y + 0.5) / kHeight);
      std::uint8_t* pixel = frame->data[0] + y * frame->linesize[0] + 3 * x;
      put(pixel, 0, c.red * 255, 8);
      put(pixel, 1, c.green * 255, 8);
      put(pixel, 2, c.blue * 255, 8);
    }
  EXPECT_GE(shown_psnr(std::move(frame)), kBound);
}

}  // namespace
}  // namespace mainstay
