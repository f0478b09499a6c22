#include "engine/ffi/av/converter.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}
#include <libyuv/convert.h>
#include <libyuv/planar_functions.h>
#include <libyuv/rotate.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "engine/ffi/yuv/premultiplied.h"

namespace mainstay::ffi {

namespace {

// Pictures of this height and more that say nothing of their matrix are HD (BT.709), smaller ones SD (BT.601).
constexpr int kHdHeight = 720;

int chroma(int size) {
  return (size + 1) / 2;
}

bool is_rgb(const AVPixFmtDescriptor& format) {
  return (format.flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

bool has_alpha(const AVPixFmtDescriptor& format) {
  return (format.flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL)) != 0;
}

ColorMatrix matrix_of(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
    case AVCOL_SPC_FCC:
      return ColorMatrix::bt601;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return ColorMatrix::bt2020;
    case AVCOL_SPC_BT709:
      return ColorMatrix::bt709;
    default:
      return frame.height >= kHdHeight ? ColorMatrix::bt709 : ColorMatrix::bt601;
  }
}

bool is_full_range(const AVFrame& frame, const AVPixFmtDescriptor& format) {
  switch (frame.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P:
      return true;
    default:
      break;
  }
  if (frame.color_range == AVCOL_RANGE_JPEG) return true;
  // Gray without a word on its range is a still from a computer, and those are full.
  return format.nb_components <= 2 && frame.color_range == AVCOL_RANGE_UNSPECIFIED;
}

/// 0..255 → 16..235 and 16..240, rounded to the nearest.
struct RangeTables {
  std::array<std::uint8_t, 256> luma{};
  std::array<std::uint8_t, 256> chroma{};
};

constexpr RangeTables make_range_tables() {
  RangeTables tables;
  for (int i = 0; i < 256; ++i) {
    tables.luma[i] = static_cast<std::uint8_t>(16 + (i * 219 * 2 + 255) / 510);
    const int c = (i - 128) * 224 * 2;
    tables.chroma[i] = static_cast<std::uint8_t>(128 + (c >= 0 ? (c + 255) / 510 : -((-c + 255) / 510)));
  }
  return tables;
}

constexpr RangeTables kToLimited = make_range_tables();

void map_plane(const std::array<std::uint8_t, 256>& table, const std::uint8_t* from, int from_stride, std::uint8_t* to,
               int to_stride, int width, int height) {
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* in = from + static_cast<std::ptrdiff_t>(y) * from_stride;
    std::uint8_t* out = to + static_cast<std::ptrdiff_t>(y) * to_stride;
    for (int x = 0; x < width; ++x) out[x] = table[in[x]];
  }
}

void to_limited(const std::uint8_t* const* from, const int* from_strides, WritableFrame& to, int width, int height) {
  map_plane(kToLimited.luma, from[0], from_strides[0], to.planes[0], to.strides[0], width, height);
  for (int plane : {1, 2})
    map_plane(kToLimited.chroma, from[plane], from_strides[plane], to.planes[plane], to.strides[plane], chroma(width),
              chroma(height));
}

FramePtr finish(WritableFrame picture, int width, int height, ColorMatrix matrix, AVRational sar) {
  auto frame = std::make_shared<Frame>(*std::move(picture).freeze());
  frame->width = width;  // pools hand out even sizes
  frame->height = height;
  frame->matrix = matrix;
  frame->sar_num = sar.num;
  frame->sar_den = sar.den;
  return frame;
}

FramePtr wrap(AvFramePtr av, ColorMatrix matrix, AVRational sar) {
  auto frame = std::make_shared<Frame>();
  frame->width = av->width;
  frame->height = av->height;
  frame->planes = {av->data[0], av->data[1], av->data[2]};
  frame->strides = {av->linesize[0], av->linesize[1], av->linesize[2]};
  frame->matrix = matrix;
  frame->sar_num = sar.num;
  frame->sar_den = sar.den;
  frame->owner =
      std::shared_ptr<const AVFrame>(av.release(), [](const AVFrame* p) { AvDeleter{}(const_cast<AVFrame*>(p)); });
  return frame;
}

/// A pool's pictures have even sides: the alpha beyond an odd one is as that at the edge.
void spread_alpha(WritableFrame& picture, int width, int height) {
  for (int y = 0; y < height && width < picture.width; ++y) {
    std::uint8_t* const row = picture.alpha + static_cast<std::ptrdiff_t>(y) * picture.alpha_stride;
    row[width] = row[width - 1];
  }
  if (height < picture.height) {
    std::uint8_t* const last = picture.alpha + static_cast<std::ptrdiff_t>(height) * picture.alpha_stride;
    std::copy_n(last - picture.alpha_stride, picture.width, last);
  }
}

/// One whose alpha is full throughout has none.
void drop_full_alpha(WritableFrame& picture, int width, int height) {
  if (picture.alpha == nullptr || !all_opaque({picture.alpha, picture.alpha_stride}, width, height)) return;
  picture.alpha = nullptr;
  picture.alpha_stride = 0;
}

/// Its alpha turned as the picture was.
void turn_alpha(const WritableFrame& from, WritableFrame& to, int width, int height, Turn turn) {
  const std::uint8_t* alpha = from.alpha;
  int stride = from.alpha_stride;
  std::vector<std::uint8_t> mirrored;
  if (turn.mirror) {
    mirrored.resize(static_cast<std::size_t>(width) * height);
    libyuv::MirrorPlane(alpha, stride, mirrored.data(), width, width, height);
    alpha = mirrored.data();
    stride = width;
  }
  libyuv::RotatePlane(alpha, stride, to.alpha, to.alpha_stride, width, height,
                      static_cast<libyuv::RotationMode>(turn.degrees));
}

/// The picture mirrored and turned, into memory of its own.
WritableFrame turn_picture(FramePool& pool, const std::uint8_t* const* planes, const int* strides, int width,
                           int height, Turn turn, bool with_alpha = false) {
  std::optional<WritableFrame> mirrored;
  const std::uint8_t* from[3] = {planes[0], planes[1], planes[2]};
  int from_strides[3] = {strides[0], strides[1], strides[2]};
  if (turn.mirror) {
    mirrored = pool.take(width, height, with_alpha);
    libyuv::I420Mirror(from[0], from_strides[0], from[1], from_strides[1], from[2], from_strides[2],
                       mirrored->planes[0], mirrored->strides[0], mirrored->planes[1], mirrored->strides[1],
                       mirrored->planes[2], mirrored->strides[2], width, height);
    if (turn.degrees == 0) return std::move(*mirrored);
    for (int i = 0; i < 3; ++i) {
      from[i] = mirrored->planes[i];
      from_strides[i] = mirrored->strides[i];
    }
  }
  const bool sideways = turn.degrees % 180 != 0;
  WritableFrame to = sideways ? pool.take(height, width, with_alpha) : pool.take(width, height, with_alpha);
  libyuv::I420Rotate(from[0], from_strides[0], from[1], from_strides[1], from[2], from_strides[2], to.planes[0],
                     to.strides[0], to.planes[1], to.strides[1], to.planes[2], to.strides[2], width, height,
                     static_cast<libyuv::RotationMode>(turn.degrees));
  return to;
}

const std::uint16_t* wide(const std::uint8_t* plane) {
  return reinterpret_cast<const std::uint16_t*>(plane);
}

}  // namespace

Turn Turn::from_matrix(const std::int32_t* matrix) {
  if (!matrix) return {};
  std::array<std::int32_t, 9> m{};
  std::copy_n(matrix, 9, m.begin());
  Turn turn;
  if (std::int64_t{m[0]} * m[4] - std::int64_t{m[1]} * m[3] < 0) {
    // The matrix is a turn after a mirroring of x: take the mirroring out, and a pure turn remains.
    turn.mirror = true;
    m[0] = m[0] == INT32_MIN ? INT32_MAX : -m[0];
    m[1] = m[1] == INT32_MIN ? INT32_MAX : -m[1];
  }
  const double anticlockwise = av_display_rotation_get(m.data());
  if (std::isnan(anticlockwise)) return {};
  const int quarters = static_cast<int>(std::lround(-anticlockwise / 90)) % 4;
  turn.degrees = (quarters + 4) % 4 * 90;
  return turn;
}

Converter::~Converter() {
  sws_freeContext(sws_);
}

Result<FramePtr> Converter::convert(AvFramePtr frame, Turn turn) {
  const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame->format));
  if (!format || frame->width <= 0 || frame->height <= 0)
    return Error{Errc::corrupt, "a picture without a size or format", nullptr};
  AVRational sar = frame->sample_aspect_ratio;
  if (sar.num <= 0 || sar.den <= 0) sar = {1, 1};
  // Alpha of other kinds than YUVA420P goes by way of RGB, as premultiplying comes before halving the chroma.
  const bool by_rgb = is_rgb(*format) || (has_alpha(*format) && frame->format != AV_PIX_FMT_YUVA420P);
  const ColorMatrix matrix = by_rgb ? ColorMatrix::bt709 : matrix_of(*frame);
  const int width = frame->width;
  const int height = frame->height;

  bool full_range = is_full_range(*frame, *format);
  const bool planar420 = frame->format == AV_PIX_FMT_YUV420P || frame->format == AV_PIX_FMT_YUVJ420P;
  const bool right_way = frame->linesize[0] > 0 && frame->linesize[1] > 0 && frame->linesize[2] > 0;
  if (planar420 && right_way && !full_range && turn.none()) {
    ++wrapped_;
    return wrap(std::move(frame), matrix, sar);
  }

  WritableFrame picture;
  if (planar420 && right_way && !full_range) {
    picture = turn_picture(pool_, frame->data, frame->linesize, width, height, turn);
  } else {
    picture = pool_.take(width, height, has_alpha(*format));
    MAINSTAY_CHECK(to_i420(*frame, picture, full_range));
    if (full_range) to_limited(picture.planes.data(), picture.strides.data(), picture, width, height);
    drop_full_alpha(picture, width, height);
    if (!turn.none()) {
      const bool see_through = picture.alpha != nullptr;
      WritableFrame turned =
          turn_picture(pool_, picture.planes.data(), picture.strides.data(), width, height, turn, see_through);
      if (see_through) turn_alpha(picture, turned, width, height, turn);
      picture = std::move(turned);
    }
  }
  if (turn.degrees % 180 == 0) return finish(std::move(picture), width, height, matrix, sar);
  return finish(std::move(picture), height, width, matrix, {sar.den, sar.num});
}

Status Converter::to_i420(const AVFrame& from, WritableFrame& to, bool& full_range) {
  using namespace libyuv;
  const std::uint8_t* y = from.data[0];
  const std::uint8_t* u = from.data[1];
  const std::uint8_t* v = from.data[2];
  const int ys = from.linesize[0];
  const int us = from.linesize[1];
  const int vs = from.linesize[2];
  const int w = from.width;
  const int h = from.height;
  int failed = 0;
  const auto into = [&](auto function, auto... source) {
    failed = function(source..., to.planes[0], to.strides[0], to.planes[1], to.strides[1], to.planes[2], to.strides[2],
                      w, h);
  };
  const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(from.format));
  if (ys <= 0) return by_swscale(from, to);  // bottom-up pictures
  switch (from.format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P:
      if (full_range) {
        to_limited(from.data, from.linesize, to, w, h);
        full_range = false;
      } else {
        into(I420Copy, y, ys, u, us, v, vs);
      }
      break;
    case AV_PIX_FMT_YUVA420P:
      if (full_range) {
        to_limited(from.data, from.linesize, to, w, h);
        full_range = false;
      } else {
        into(I420Copy, y, ys, u, us, v, vs);
      }
      libyuv::CopyPlane(from.data[3], from.linesize[3], to.alpha, to.alpha_stride, w, h);
      spread_alpha(to, w, h);
      premultiply(to);
      break;
    case AV_PIX_FMT_NV12:
      into(NV12ToI420, y, ys, u, us);
      break;
    case AV_PIX_FMT_YUV422P:
    case AV_PIX_FMT_YUVJ422P:
      into(I422ToI420, y, ys, u, us, v, vs);
      break;
    case AV_PIX_FMT_YUV444P:
    case AV_PIX_FMT_YUVJ444P:
      into(I444ToI420, y, ys, u, us, v, vs);
      break;
    case AV_PIX_FMT_YUV420P10LE:
      into(I010ToI420, wide(y), ys / 2, wide(u), us / 2, wide(v), vs / 2);
      break;
    case AV_PIX_FMT_YUV422P10LE:
      into(I210ToI420, wide(y), ys / 2, wide(u), us / 2, wide(v), vs / 2);
      break;
    case AV_PIX_FMT_YUV444P10LE:
      into(I410ToI420, wide(y), ys / 2, wide(u), us / 2, wide(v), vs / 2);
      break;
    case AV_PIX_FMT_GRAY8:
      into(I400ToI420, y, ys);
      break;
    default:
      full_range = false;  // swscale brings the range along
      return has_alpha(*format) ? blend_on_black(from, to) : by_swscale(from, to);
  }
  if (failed != 0) return Error{Errc::unsupported, "libyuv refused to convert a picture", nullptr};
  return {};
}

Status Converter::scale_format(const AVFrame& from, int to_format, std::uint8_t* const* planes, const int* strides) {
  const auto source = static_cast<AVPixelFormat>(from.format);
  const int flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP;
  sws_ = sws_getCachedContext(sws_, from.width, from.height, source, from.width, from.height,
                              static_cast<AVPixelFormat>(to_format), flags, nullptr, nullptr, nullptr);
  if (!sws_) {
    const char* name = av_get_pix_fmt_name(source);
    return make_error(Errc::unsupported, "pictures in the pixel format {} cannot be converted", name ? name : "?");
  }
  const auto* format = av_pix_fmt_desc_get(source);
  // A matrix for YUV sources keeps theirs; RGB becomes BT.709, the program's.
  int space = SWS_CS_ITU709;
  if (!is_rgb(*format)) {
    const ColorMatrix matrix = matrix_of(from);
    space = matrix == ColorMatrix::bt601    ? SWS_CS_ITU601
            : matrix == ColorMatrix::bt2020 ? SWS_CS_BT2020
                                            : SWS_CS_ITU709;
  }
  const int* coefficients = sws_getCoefficients(space);
  const bool to_rgb = is_rgb(*av_pix_fmt_desc_get(static_cast<AVPixelFormat>(to_format)));
  sws_setColorspaceDetails(sws_, coefficients, is_full_range(from, *format), coefficients, to_rgb ? 1 : 0, 0, 1 << 16,
                           1 << 16);
  const int rows = sws_scale(sws_, from.data, from.linesize, 0, from.height, planes, strides);
  if (rows != from.height) return Error{Errc::corrupt, "a picture could not be converted", nullptr};
  return {};
}

Status Converter::by_swscale(const AVFrame& from, WritableFrame& to) {
  std::uint8_t* planes[4] = {to.planes[0], to.planes[1], to.planes[2], nullptr};
  const int strides[4] = {to.strides[0], to.strides[1], to.strides[2], 0};
  return scale_format(from, AV_PIX_FMT_YUV420P, planes, strides);
}

Result<AvFramePtr> Converter::to_straight_bgra(const AVFrame& from) {
  AvFramePtr bgra(av_frame_alloc());
  if (!bgra) return av_error(AVERROR(ENOMEM), "converting a picture");
  bgra->format = AV_PIX_FMT_BGRA;
  bgra->width = from.width;
  bgra->height = from.height;
  bgra->sample_aspect_ratio = from.sample_aspect_ratio;
  if (const int code = av_frame_get_buffer(bgra.get(), 0); code < 0) return av_error(code, "converting a picture");
  MAINSTAY_CHECK(scale_format(from, AV_PIX_FMT_BGRA, bgra->data, bgra->linesize));
  return bgra;
}

Status Converter::blend_on_black(const AVFrame& from, WritableFrame& to) {
  MAINSTAY_TRY(const AvFramePtr rgb, to_straight_bgra(from));
  if (to.alpha != nullptr) {
    libyuv::ARGBExtractAlpha(rgb->data[0], rgb->linesize[0], to.alpha, to.alpha_stride, from.width, from.height);
    spread_alpha(to, from.width, from.height);
  }
  libyuv::ARGBAttenuate(rgb->data[0], rgb->linesize[0], rgb->data[0], rgb->linesize[0], from.width, from.height);
  rgb->format = AV_PIX_FMT_BGR0;
  rgb->color_range = AVCOL_RANGE_JPEG;
  std::uint8_t* planes[4] = {to.planes[0], to.planes[1], to.planes[2], nullptr};
  const int strides[4] = {to.strides[0], to.strides[1], to.strides[2], 0};
  return scale_format(*rgb, AV_PIX_FMT_YUV420P, planes, strides);
}

}  // namespace mainstay::ffi
