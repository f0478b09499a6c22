// A decoder of one stream: packets in, frames out; FFmpeg's EAGAIN and EOF become Errc::again and Errc::end here, once.
// Owned by MediaReader. Only .cpp files of engine/ffi/av include this header.
// Thread-safety: one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "engine/core/log.h"
#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/hw_device.h"

namespace mainstay::ffi {

struct DecoderOptions {
  std::string who;
  std::string hw = "none";
  int threads = 0;
  bool low_delay = false;  ///< no frame threads: each delays by a picture
};

class Decoder {
 public:
  /// Errc::unsupported when FFmpeg has no decoder for the stream's codec.
  static Result<std::unique_ptr<Decoder>> open(const AVStream& stream, const DecoderOptions& options, Log& log);

  /// Null: nothing follows, receive() gives what is left. Errc::again: receive() first. Errc::corrupt: passed over.
  Status send(const AVPacket* packet);
  /// Errc::again: send() first. Errc::end: drained. Errc::corrupt: a broken frame was passed over.
  Result<AvFramePtr> receive();
  /// After a seek.
  void flush();

  /// Frames that came out damaged and were passed over.
  std::int64_t damaged() const { return damaged_; }

 private:
  Decoder() = default;
  static AVPixelFormat choose_format(AVCodecContext* codec, const AVPixelFormat* offered);

  AvCodecContextPtr codec_;
  std::unique_ptr<HwDevice> device_;
  std::int64_t damaged_ = 0;
};

}  // namespace mainstay::ffi
