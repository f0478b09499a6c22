#include "engine/ffi/av/av_common.h"

namespace mainstay::ffi {

std::string av_error_text(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

Error av_error(int code, std::string what) {
  Errc errc = Errc::io;
  switch (code) {
    case AVERROR(EAGAIN):
      errc = Errc::again;
      break;
    case AVERROR_EOF:
      errc = Errc::end;
      break;
    case AVERROR_EXIT:
      errc = Errc::cancelled;
      break;
    case AVERROR_INVALIDDATA:
      errc = Errc::corrupt;
      break;
    case AVERROR(EINVAL):
    case AVERROR_OPTION_NOT_FOUND:
      errc = Errc::invalid;
      break;
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_ENCODER_NOT_FOUND:
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_MUXER_NOT_FOUND:
    case AVERROR_FILTER_NOT_FOUND:
    case AVERROR_PROTOCOL_NOT_FOUND:
    case AVERROR_PATCHWELCOME:
    case AVERROR(ENOSYS):
      errc = Errc::unsupported;
      break;
    default:
      break;
  }
  return Error{errc, std::move(what) + ": " + av_error_text(code), nullptr};
}

AVCodecID to_av(Codec codec) {
  switch (codec) {
    case Codec::h264:
      return AV_CODEC_ID_H264;
    case Codec::hevc:
      return AV_CODEC_ID_HEVC;
    case Codec::av1:
      return AV_CODEC_ID_AV1;
    case Codec::vp9:
      return AV_CODEC_ID_VP9;
    case Codec::aac:
      return AV_CODEC_ID_AAC;
    case Codec::opus:
      return AV_CODEC_ID_OPUS;
    case Codec::other:
      break;
  }
  return AV_CODEC_ID_NONE;
}

Codec from_av(AVCodecID id) {
  switch (id) {
    case AV_CODEC_ID_H264:
      return Codec::h264;
    case AV_CODEC_ID_HEVC:
      return Codec::hevc;
    case AV_CODEC_ID_AV1:
      return Codec::av1;
    case AV_CODEC_ID_VP9:
      return Codec::vp9;
    case AV_CODEC_ID_AAC:
      return Codec::aac;
    case AV_CODEC_ID_OPUS:
      return Codec::opus;
    default:
      return Codec::other;
  }
}

}  // namespace mainstay::ffi
