// What all libavformat/libavcodec wrappers share: owning pointers and the mapping of FFmpeg's errors, once.
// Only .cpp files of engine/ffi/av include this header.
// Thread-safety: plain functions.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/opt.h>
}

#include <memory>
#include <string>

#include "engine/core/result.h"
#include "engine/media/packet.h"

namespace mainstay::ffi {

struct AvDeleter {
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVCodecParameters* p) const { avcodec_parameters_free(&p); }
};

using AvFramePtr = std::unique_ptr<AVFrame, AvDeleter>;
using AvPacketPtr = std::unique_ptr<AVPacket, AvDeleter>;
using AvCodecContextPtr = std::unique_ptr<AVCodecContext, AvDeleter>;

/// FFmpeg's own words for `code`.
std::string av_error_text(int code);

/// `what` failed with FFmpeg's `code`: EAGAIN is Errc::again, EOF end, EXIT cancelled, INVALIDDATA corrupt, a missing
/// codec, format or filter unsupported, EINVAL invalid, everything else io.
Error av_error(int code, std::string what);

/// AV_TIME_BASE_Q, which is a C99 literal that C++ does not know.
inline constexpr AVRational kAvTimeBase{1, AV_TIME_BASE};

inline AVRational to_av(TimeBase base) {
  return {static_cast<int>(base.num), static_cast<int>(base.den)};
}
inline TimeBase from_av(AVRational r) {
  return {r.num, r.den};
}

AVCodecID to_av(Codec codec);
Codec from_av(AVCodecID id);

}  // namespace mainstay::ffi
