// What the encode tests share: pictures, and encoders that do as they are told.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/encode/audio_stage.h"
#include "engine/encode/video_stage.h"

namespace mainstay::testing {

FramePtr plain_picture(int width, int height, int luma);
/// Noise whose pattern changes with `n`: nothing is harder to encode.
FramePtr noise_picture(int width, int height, std::uint32_t n);

/// An encoder without a codec: each picture comes out as a packet of four bytes, `delay` pictures later.
class FakeVideoEncoder final : public ffi::VideoEncoder {
 public:
  struct Script {
    int delay = 0;
    bool forces_idr = true;
    std::function<bool(std::int64_t pts)> fails = [](std::int64_t) { return false; };
    std::vector<std::int64_t> sent;  ///< over all encoders that share the script
    std::vector<std::int64_t> forced;
  };

  FakeVideoEncoder(const ffi::VideoEncoderConfig& config, Script& script);
  Status send(const Frame& i420, std::int64_t pts, bool force_idr) override;
  Result<PacketPtr> receive() override;
  Status drain() override;
  StreamInfoPtr stream() const override { return stream_; }
  bool forces_idr() const override { return script_.forces_idr; }

 private:
  Script& script_;
  StreamInfoPtr stream_;
  std::vector<PacketPtr> held_;
  bool drained_ = false;
};

ffi::VideoEncoderConfig small_video();

}  // namespace mainstay::testing
