#include "engine/ffi/av/image_encoder.h"

#include <libyuv/convert_from_argb.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/yuv/argb.h"
#include "engine/ffi/yuv/scale_bgra.h"

namespace mainstay::ffi {

namespace {

constexpr int kGoodJpeg = 90;
constexpr int kGoodPng = 70;
constexpr int kBestScale = 2;  // of JPEG's quantisers, as FFmpeg counts them
constexpr int kWorstScale = 31;
constexpr int kMostPacking = 9;  // zlib's
constexpr int kLargestSide = 8192;

bool is_jpeg(const ImageOptions& options) {
  return options.format == ImageFormat::jpeg;
}

int share(int quality, int at_0, int at_100) {
  return at_0 + (at_100 - at_0) * std::clamp(quality, 0, 100) / 100;
}

Result<AvFramePtr> to_av_frame(const std::vector<std::uint8_t>& bgra, int width, int height, bool jpeg) {
  AvFramePtr frame(av_frame_alloc());
  if (!frame) return Error{Errc::io, "out of memory for a picture", nullptr};
  frame->format = jpeg ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_RGB24;
  frame->width = width;
  frame->height = height;
  if (const int code = av_frame_get_buffer(frame.get(), 0); code < 0) return av_error(code, "memory for a picture");
  const int stride = width * 4;
  // JFIF is BT.601 at full range, and libyuv's RAW is R, G, B in memory.
  const int failed = jpeg ? libyuv::ARGBToJ420(bgra.data(), stride, frame->data[0], frame->linesize[0], frame->data[1],
                                               frame->linesize[1], frame->data[2], frame->linesize[2], width, height)
                          : libyuv::ARGBToRAW(bgra.data(), stride, frame->data[0], frame->linesize[0], width, height);
  if (failed != 0) return Error{Errc::invalid, "the picture cannot be converted", nullptr};
  return frame;
}

Result<AvCodecContextPtr> open_encoder(const AVFrame& frame, const ImageOptions& options) {
  const AVCodec* const codec = avcodec_find_encoder(is_jpeg(options) ? AV_CODEC_ID_MJPEG : AV_CODEC_ID_PNG);
  if (codec == nullptr) return Error{Errc::unsupported, "this FFmpeg does not encode such images", nullptr};
  AvCodecContextPtr context(avcodec_alloc_context3(codec));
  if (!context) return Error{Errc::io, "out of memory for an encoder", nullptr};
  context->width = frame.width;
  context->height = frame.height;
  context->pix_fmt = static_cast<AVPixelFormat>(frame.format);
  context->time_base = {1, 1};
  context->thread_count = 1;
  if (is_jpeg(options)) {
    const int quality = options.quality < 0 ? kGoodJpeg : options.quality;
    context->color_range = AVCOL_RANGE_JPEG;
    context->flags |= AV_CODEC_FLAG_QSCALE;
    context->global_quality = FF_QP2LAMBDA * share(quality, kWorstScale, kBestScale);
  } else {
    context->compression_level = share(options.quality < 0 ? kGoodPng : options.quality, kMostPacking, 0);
  }
  if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0) return av_error(code, codec->name);
  return context;
}

/// Premultiplied, so that what is transparent lies on black once its alpha is forgotten.
Result<std::vector<std::uint8_t>> to_bgra(const Frame& picture, int width, int height) {
  std::vector<std::uint8_t> bytes;
  if (picture.format != PixelFormat::bgra) {
    MAINSTAY_CHECK(ArgbScaler().convert(picture, width, height, bytes));
    return bytes;
  }
  if (width > kLargestSide || height > kLargestSide)
    return make_error(Errc::invalid, "a picture of {}×{} is too large", width, height);
  MAINSTAY_TRY(BgraImage image,
               scale_bgra(picture, {0, 0, picture.width, picture.height}, width, height, {0, 0, width, height}));
  return std::move(image.bytes);
}

}  // namespace

Result<std::string> encode_image(const Frame& picture, const ImageOptions& options) {
  const int width = options.width > 0 ? options.width : picture.width;
  const int height = options.height > 0 ? options.height : picture.height;
  MAINSTAY_TRY(std::vector<std::uint8_t> bgra, to_bgra(picture, width, height));
  MAINSTAY_TRY(const AvFramePtr frame, to_av_frame(bgra, width, height, is_jpeg(options)));
  bgra = {};
  MAINSTAY_TRY(const AvCodecContextPtr context, open_encoder(*frame, options));
  frame->quality = context->global_quality;
  if (const int code = avcodec_send_frame(context.get(), frame.get()); code < 0) return av_error(code, "an image");
  const AvPacketPtr packet(av_packet_alloc());
  if (!packet) return Error{Errc::io, "out of memory for an image", nullptr};
  int code = avcodec_receive_packet(context.get(), packet.get());
  if (code == AVERROR(EAGAIN)) {
    avcodec_send_frame(context.get(), nullptr);
    code = avcodec_receive_packet(context.get(), packet.get());
  }
  if (code < 0) return av_error(code, "an image");
  return std::string(reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size));
}

}  // namespace mainstay::ffi
