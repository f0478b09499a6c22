#include "tests/engine/encode/encode_test_support.h"

#include <utility>

#if defined(__SANITIZE_ADDRESS__)
// libx265 3.5 keeps about a kilobyte of each encoder's parameters for itself when that is closed.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libx265\n";
}
#endif

namespace mainstay::testing {

FramePtr plain_picture(int width, int height, int luma) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(static_cast<std::uint8_t>(luma), 128, 128);
  return std::move(frame).freeze();
}

FramePtr noise_picture(int width, int height, std::uint32_t n) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(128, 128, 128);
  std::uint32_t state = n * 2654435761U + 1;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      frame.planes[0][y * frame.strides[0] + x] = static_cast<std::uint8_t>(16 + (state >> 24) * 219 / 255);
    }
  }
  return std::move(frame).freeze();
}

FakeVideoEncoder::FakeVideoEncoder(const ffi::VideoEncoderConfig& config, Script& script) : script_(script) {
  StreamInfo info;
  info.name = config.name;
  info.time_base = config.rate.time_base();
  info.rate = config.rate;
  stream_ =
      config.predecessor && *config.predecessor == info ? config.predecessor : std::make_shared<const StreamInfo>(info);
}

Status FakeVideoEncoder::send(const Frame&, std::int64_t pts, bool force_idr) {
  if (script_.fails(pts)) return make_error(Errc::io, "the encoder choked on frame {}", pts);
  script_.sent.push_back(pts);
  if (force_idr) script_.forced.push_back(pts);
  held_.push_back(make_packet(stream_, pts, pts, 1, force_idr, {0, 1, 2, 3}));
  return {};
}

Result<PacketPtr> FakeVideoEncoder::receive() {
  if (held_.empty() || (!drained_ && static_cast<int>(held_.size()) <= script_.delay)) {
    return Error{drained_ ? Errc::end : Errc::again, {}, nullptr};
  }
  PacketPtr packet = held_.front();
  held_.erase(held_.begin());
  return packet;
}

Status FakeVideoEncoder::drain() {
  drained_ = true;
  return {};
}

ffi::VideoEncoderConfig small_video() {
  ffi::VideoEncoderConfig config;
  config.width = 128;
  config.height = 72;
  config.kbps = 300;
  config.vbv_kbits = 300;
  config.gop = 10;
  config.preset = "veryfast";
  config.threads = 1;
  return config;
}

}  // namespace mainstay::testing
