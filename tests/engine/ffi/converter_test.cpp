#include "engine/ffi/av/converter.h"

#include <gtest/gtest.h>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

#include <cstring>

namespace mainstay::ffi {
namespace {

AvFramePtr blank(AVPixelFormat format, int width, int height, int value = 0) {
  AvFramePtr frame(av_frame_alloc());
  frame->format = format;
  frame->width = width;
  frame->height = height;
  EXPECT_GE(av_frame_get_buffer(frame.get(), 0), 0);
  for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; ++i)
    std::memset(frame->buf[i]->data, value, frame->buf[i]->size);
  return frame;
}

TEST(Converter, TakesEveryPixelFormatThereIs) {
  int converted = 0;
  for (const AVPixFmtDescriptor* format = av_pix_fmt_desc_next(nullptr); format;
       format = av_pix_fmt_desc_next(format)) {
    if (format->flags & AV_PIX_FMT_FLAG_HWACCEL) continue;
    Converter converter;
    AvFramePtr frame(av_frame_alloc());
    frame->format = av_pix_fmt_desc_get_id(format);
    frame->width = 66;
    frame->height = 38;
    if (av_frame_get_buffer(frame.get(), 0) < 0) continue;
    for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; ++i)
      std::memset(frame->buf[i]->data, 0, frame->buf[i]->size);
    auto picture = converter.convert(std::move(frame), {});
    if (!picture) {
      EXPECT_EQ(picture.error().code, Errc::unsupported) << format->name;
      continue;
    }
    EXPECT_EQ((*picture)->width, 66) << format->name;
    EXPECT_EQ((*picture)->format, PixelFormat::i420);
    ++converted;
  }
  EXPECT_GT(converted, 150);
}

TEST(Converter, KeepsOddSizesToTheLastColumn) {
  for (const AVPixelFormat format : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_NV12,
                                     AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_RGB24}) {
    Converter converter;
    AvFramePtr frame = blank(format, 33, 17, 0);
    const bool ten = format == AV_PIX_FMT_YUV420P10LE;
    const bool rgb = format == AV_PIX_FMT_RGB24;
    for (int y = 0; y < 17; ++y)
      for (int x = 0; x < (rgb ? 99 : 33); ++x)
        if (ten)
          reinterpret_cast<std::uint16_t*>(frame->data[0] + y * frame->linesize[0])[x] = 120 * 4;
        else
          frame->data[0][y * frame->linesize[0] + x] = 120;
    const auto picture = converter.convert(std::move(frame), {});
    ASSERT_TRUE(picture);
    EXPECT_EQ((*picture)->width, 33);
    EXPECT_EQ((*picture)->height, 17);
    const int expected = format == AV_PIX_FMT_YUVJ420P || rgb ? 16 + 120 * 219 / 255 : 120;
    for (const auto& [x, y] : {std::pair{0, 0}, {32, 16}, {32, 0}, {0, 16}})
      EXPECT_NEAR((*picture)->planes[0][y * (*picture)->strides[0] + x], expected, 1) << av_get_pix_fmt_name(format);
  }
}

TEST(Converter, BringsFullRangeToLimited) {
  for (const auto& [full, limited] : {std::pair{0, 16}, {255, 235}, {128, 126}}) {
    Converter converter;
    const auto picture = converter.convert(blank(AV_PIX_FMT_YUVJ420P, 32, 16, full), {});
    ASSERT_TRUE(picture);
    EXPECT_NEAR((*picture)->planes[0][5], limited, 0.5);
    EXPECT_NEAR((*picture)->planes[1][3], 128 + (full - 128) * 224 / 255, 1);
    EXPECT_EQ(converter.wrapped(), 0);
  }
}

TEST(Converter, TagsTheMatrixAndGuessesItByHeight) {
  const auto matrix = [](int height, AVColorSpace space) {
    Converter converter;
    AvFramePtr frame = blank(AV_PIX_FMT_YUV420P, 64, height);
    frame->colorspace = space;
    return (*converter.convert(std::move(frame), {}))->matrix;
  };
  EXPECT_EQ(matrix(576, AVCOL_SPC_UNSPECIFIED), ColorMatrix::bt601);
  EXPECT_EQ(matrix(720, AVCOL_SPC_UNSPECIFIED), ColorMatrix::bt709);
  EXPECT_EQ(matrix(576, AVCOL_SPC_BT709), ColorMatrix::bt709);
  EXPECT_EQ(matrix(1080, AVCOL_SPC_SMPTE170M), ColorMatrix::bt601);
  EXPECT_EQ(matrix(1080, AVCOL_SPC_BT2020_NCL), ColorMatrix::bt2020);
}

TEST(Converter, LaysAlphaOnBlack) {
  Converter converter;
  AvFramePtr frame = blank(AV_PIX_FMT_RGBA, 32, 16, 255);
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 32; ++x) frame->data[0][y * frame->linesize[0] + 4 * x + 3] = x < 16 ? 0 : 255;
  const auto picture = converter.convert(std::move(frame), {});
  ASSERT_TRUE(picture);
  EXPECT_NEAR((*picture)->planes[0][4], 16, 1);
  EXPECT_NEAR((*picture)->planes[0][28], 235, 1);
}

TEST(Converter, WrapsWhatIsRightAlready) {
  Converter converter;
  AvFramePtr frame = blank(AV_PIX_FMT_YUV420P, 64, 32, 50);
  const std::uint8_t* const memory = frame->data[0];
  frame->sample_aspect_ratio = {16, 15};
  const auto picture = converter.convert(std::move(frame), {});
  EXPECT_EQ((*picture)->planes[0], memory);
  EXPECT_EQ((*picture)->sar_num, 16);
  EXPECT_EQ(converter.wrapped(), 1);
}

TEST(Converter, TurnsAndMirrors) {
  const auto corner = [](Turn turn) {
    Converter converter;
    AvFramePtr frame = blank(AV_PIX_FMT_YUV420P, 32, 16, 100);
    frame->data[0][0] = 200;  // top left
    frame->sample_aspect_ratio = {2, 1};
    const FramePtr p = *converter.convert(std::move(frame), turn);
    const int right = p->width - 1;
    const int bottom = (p->height - 1) * p->strides[0];
    std::string where = p->width == 32 ? "lying " : "standing ";
    EXPECT_EQ(p->sar_num, p->width == 32 ? 2 : 1);
    if (p->planes[0][0] == 200) where += "tl";
    if (p->planes[0][right] == 200) where += "tr";
    if (p->planes[0][bottom] == 200) where += "bl";
    if (p->planes[0][bottom + right] == 200) where += "br";
    return where;
  };
  EXPECT_EQ(corner({false, 90}), "standing tr");
  EXPECT_EQ(corner({false, 180}), "lying br");
  EXPECT_EQ(corner({false, 270}), "standing bl");
  EXPECT_EQ(corner({true, 0}), "lying tr");
  EXPECT_EQ(corner({true, 90}), "standing br");
}

TEST(Converter, ReadsDisplayMatrices) {
  const auto turn = [](double degrees, bool mirror) {
    std::int32_t m[9];
    av_display_rotation_set(m, degrees);
    if (mirror) av_display_matrix_flip(m, 1, 0);
    return Turn::from_matrix(m);
  };
  EXPECT_TRUE(Turn::from_matrix(nullptr).none());
  EXPECT_TRUE(turn(0, false).none());
  EXPECT_EQ(turn(90, false).degrees, 90);
  EXPECT_EQ(turn(180, false).degrees, 180);
  EXPECT_EQ(turn(-90, false).degrees, 270);
  EXPECT_TRUE(turn(0, true).mirror);
  EXPECT_EQ(turn(0, true).degrees, 0);
  EXPECT_EQ(turn(87, false).degrees, 90);
  const std::int32_t zero[9] = {};
  EXPECT_TRUE(Turn::from_matrix(zero).none());
}

}  // namespace
}  // namespace mainstay::ffi
