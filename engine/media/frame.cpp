#include "engine/media/frame.h"

#include <cstring>

namespace mainstay {

namespace {

constexpr int kAlign = 64;  // a cache line, and the widest vector register

int aligned(int bytes) {
  return (bytes + kAlign - 1) / kAlign * kAlign;
}

}  // namespace

WritableFrame WritableFrame::make(int width, int height, bool with_alpha) {
  WritableFrame frame;
  frame.width = (width + 1) & ~1;
  frame.height = (height + 1) & ~1;
  frame.strides = {aligned(frame.width), aligned(frame.width / 2), aligned(frame.width / 2)};
  const std::size_t luma = static_cast<std::size_t>(frame.strides[0]) * frame.height;
  const std::size_t chroma = static_cast<std::size_t>(frame.strides[1]) * (frame.height / 2);
  auto* raw =
      static_cast<std::uint8_t*>(::operator new[]((with_alpha ? 2 : 1) * luma + 2 * chroma, std::align_val_t{kAlign}));
  frame.memory =
      std::shared_ptr<std::uint8_t[]>(raw, [](std::uint8_t* p) { ::operator delete[](p, std::align_val_t{kAlign}); });
  frame.planes = {raw, raw + luma, raw + luma + chroma};
  if (with_alpha) {
    frame.alpha = raw + luma + 2 * chroma;
    frame.alpha_stride = frame.strides[0];
  }
  return frame;
}

void WritableFrame::fill(std::uint8_t y, std::uint8_t u, std::uint8_t v) {
  std::memset(planes[0], y, static_cast<std::size_t>(strides[0]) * height);
  std::memset(planes[1], u, static_cast<std::size_t>(strides[1]) * (height / 2));
  std::memset(planes[2], v, static_cast<std::size_t>(strides[2]) * (height / 2));
}

FramePtr WritableFrame::freeze() && {
  auto frame = std::make_shared<Frame>();
  frame->width = width;
  frame->height = height;
  frame->planes = {planes[0], planes[1], planes[2]};
  frame->strides = strides;
  frame->alpha = alpha;
  frame->alpha_stride = alpha_stride;
  frame->owner = std::move(memory);
  return frame;
}

std::int64_t frame_bytes(const Frame& frame) {
  const std::int64_t luma = (std::int64_t{frame.strides[0]} + (frame.alpha ? frame.alpha_stride : 0)) * frame.height;
  switch (frame.format) {
    case PixelFormat::i420:
    case PixelFormat::i010:
      return luma + (std::int64_t{frame.strides[1]} + frame.strides[2]) * ((frame.height + 1) / 2);
    case PixelFormat::nv12:
      return luma + std::int64_t{frame.strides[1]} * ((frame.height + 1) / 2);
    case PixelFormat::i422:
    case PixelFormat::i444:
      return luma + (std::int64_t{frame.strides[1]} + frame.strides[2]) * frame.height;
    case PixelFormat::bgra:
      return luma;
  }
  return luma;
}

}  // namespace mainstay
