#include "engine/ffi/av/decoder.h"

extern "C" {
#include <libavutil/cpu.h>
#include <libavutil/dict.h>
#include <libavutil/hwcontext.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace mainstay::ffi {

namespace {

// One thread for each 1080p30 of pixels, twice that for codecs that cost more. FFmpeg's own choice, one more than the
// machine has cores, holds that many more pictures (3 MB each at 1080p) for no speed that a program clock could use.
int threads_for(const AVStream& stream) {
  constexpr double kPixelsOfAThread = 1920.0 * 1088 * 30;
  const AVCodecParameters& codec = *stream.codecpar;
  const double fps = stream.avg_frame_rate.den > 0 ? av_q2d(stream.avg_frame_rate) : 30;
  double wanted = static_cast<double>(codec.width) * codec.height * fps / kPixelsOfAThread;
  if (codec.codec_id != AV_CODEC_ID_H264 && codec.codec_id != AV_CODEC_ID_MPEG2VIDEO) wanted *= 2;
  const int most = std::max(1, av_cpu_count());
  return wanted > 0 ? std::clamp(static_cast<int>(std::lround(wanted)), 1, most) : 1;
}

// FFmpeg's own, but for WebM's pictures with alpha: those travel as additions to their blocks, which its own VP8 and
// VP9 leave out and libvpx decodes.
const AVCodec* codec_for(const AVStream& stream) {
  const AVCodecID id = stream.codecpar->codec_id;
  const AVDictionaryEntry* alpha = av_dict_get(stream.metadata, "alpha_mode", nullptr, 0);
  if (alpha != nullptr && std::strcmp(alpha->value, "1") == 0) {
    const char* name = id == AV_CODEC_ID_VP8 ? "libvpx" : id == AV_CODEC_ID_VP9 ? "libvpx-vp9" : nullptr;
    const AVCodec* codec = name != nullptr ? avcodec_find_decoder_by_name(name) : nullptr;
    if (codec != nullptr) return codec;
  }
  return avcodec_find_decoder(id);
}

// 16K video; a broken header must not ask for more memory than that.
constexpr std::int64_t kMaxPixels = std::int64_t{16384} * 16384;

}  // namespace

Result<std::unique_ptr<Decoder>> Decoder::open(const AVStream& stream, const DecoderOptions& options, Log& log) {
  const AVCodecID id = stream.codecpar->codec_id;
  const AVCodec* codec = codec_for(stream);
  if (!codec) return make_error(Errc::unsupported, "this FFmpeg cannot decode {}", avcodec_get_name(id));

  std::unique_ptr<Decoder> decoder(new Decoder);
  decoder->codec_.reset(avcodec_alloc_context3(codec));
  AVCodecContext* context = decoder->codec_.get();
  if (!context) return av_error(AVERROR(ENOMEM), "opening a decoder");
  if (const int code = avcodec_parameters_to_context(context, stream.codecpar); code < 0)
    return av_error(code, fmt::format("the {} stream's header", codec->name));
  context->pkt_timebase = stream.time_base;  // priming samples are cut by it
  context->max_pixels = kMaxPixels;
  context->err_recognition = AV_EF_CRCCHECK;
  context->thread_count = options.threads > 0 ? options.threads : threads_for(stream);
  if (codec->type == AVMEDIA_TYPE_AUDIO) context->thread_count = 1;
  if (options.low_delay) context->thread_type = FF_THREAD_SLICE;
  if (codec->type == AVMEDIA_TYPE_VIDEO) decoder->device_ = open_hw_device(*codec, options.hw, log, options.who);
  if (decoder->device_) {
    context->opaque = decoder->device_.get();
    context->hw_device_ctx = av_buffer_ref(decoder->device_->device);
    context->get_format = choose_format;
    log.info(options.who, "decoding {} on {}", codec->name, decoder->device_->name);
  }
  if (const int code = avcodec_open2(context, codec, nullptr); code < 0)
    return av_error(code, fmt::format("the {} decoder does not open", codec->name));
  return decoder;
}

AVPixelFormat Decoder::choose_format(AVCodecContext* codec, const AVPixelFormat* offered) {
  const auto* device = static_cast<const HwDevice*>(codec->opaque);
  for (const AVPixelFormat* format = offered; *format != AV_PIX_FMT_NONE; ++format)
    if (*format == device->format) return *format;
  // The device does not take this profile: FFmpeg's software format stands last but for NONE.
  for (const AVPixelFormat* format = offered; *format != AV_PIX_FMT_NONE; ++format) {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(*format);
    if (description && !(description->flags & AV_PIX_FMT_FLAG_HWACCEL)) return *format;
  }
  return AV_PIX_FMT_NONE;
}

Status Decoder::send(const AVPacket* packet) {
  const int code = avcodec_send_packet(codec_.get(), packet);
  if (code >= 0 || code == AVERROR_EOF) return {};
  if (code == AVERROR(EAGAIN)) return Error{Errc::again, "the decoder is full", nullptr};
  if (code == AVERROR(ENOMEM)) return av_error(code, "decoding");
  return Error{Errc::corrupt, "a packet could not be decoded: " + av_error_text(code), nullptr};
}

Result<AvFramePtr> Decoder::receive() {
  AvFramePtr frame(av_frame_alloc());
  if (!frame) return av_error(AVERROR(ENOMEM), "decoding");
  const int code = avcodec_receive_frame(codec_.get(), frame.get());
  if (code == AVERROR(EAGAIN)) return Error{Errc::again, "the decoder wants more", nullptr};
  if (code == AVERROR_EOF) return Error{Errc::end, "the decoder is drained", nullptr};
  if (code == AVERROR(ENOMEM)) return av_error(code, "decoding");
  if (code < 0) return Error{Errc::corrupt, "a frame could not be decoded: " + av_error_text(code), nullptr};
  if ((frame->flags & AV_FRAME_FLAG_CORRUPT) || frame->decode_error_flags != 0) {
    ++damaged_;
    return Error{Errc::corrupt, "a frame is damaged", nullptr};
  }
  if (device_ && frame->format == device_->format) {
    AvFramePtr fetched(av_frame_alloc());
    if (!fetched) return av_error(AVERROR(ENOMEM), "decoding");
    if (const int moved = av_hwframe_transfer_data(fetched.get(), frame.get(), 0); moved < 0)
      return Error{Errc::corrupt, "a picture could not be fetched from the device: " + av_error_text(moved), nullptr};
    av_frame_copy_props(fetched.get(), frame.get());
    frame = std::move(fetched);
  }
  return frame;
}

void Decoder::flush() {
  avcodec_flush_buffers(codec_.get());
}

}  // namespace mainstay::ffi
