#include "engine/ffi/pango/bgra_canvas.h"

#include <algorithm>
#include <new>
#include <vector>

#include "engine/ffi/pango/glib_ptr.h"

namespace mainstay::ffi {

namespace {

constexpr int kTile = 16384;  // Cairo's pictures are at most 32767 wide

// One box filter over a line of `count` bytes that are `step` apart.
void box(std::uint8_t* line, int count, std::ptrdiff_t step, int radius, std::vector<std::uint8_t>& copy) {
  copy.resize(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) copy[static_cast<std::size_t>(i)] = line[i * step];
  const int size = 2 * radius + 1;
  int sum = 0;
  for (int i = 0; i < std::min(radius, count); ++i) sum += copy[static_cast<std::size_t>(i)];
  for (int i = 0; i < count; ++i) {
    if (i + radius < count) sum += copy[static_cast<std::size_t>(i + radius)];
    if (i - radius - 1 >= 0) sum -= copy[static_cast<std::size_t>(i - radius - 1)];
    line[i * step] = static_cast<std::uint8_t>((sum + size / 2) / size);
  }
}

}  // namespace

Result<BgraCanvas> BgraCanvas::make(int width, int height) {
  BgraCanvas canvas;
  canvas.width_ = std::max(1, width);
  canvas.height_ = std::max(1, height);
  canvas.stride_ = (canvas.width_ * 4 + 31) & ~31;
  const auto bytes = static_cast<std::size_t>(canvas.stride_) * static_cast<std::size_t>(canvas.height_);
  canvas.pixels_ = std::shared_ptr<std::uint8_t[]>(new (std::nothrow) std::uint8_t[bytes]());
  if (!canvas.pixels_) return make_error(Errc::io, "no memory for a picture of {}×{}", width, height);
  return canvas;
}

Status BgraCanvas::draw(const std::function<void(cairo_t* to)>& paint) {
  for (int x = 0; x < width_; x += kTile) {
    const int width = std::min(kTile, width_ - x);
    const GlibPtr<cairo_surface_t> surface(cairo_image_surface_create_for_data(
        pixels_.get() + std::ptrdiff_t{4} * x, CAIRO_FORMAT_ARGB32, width, height_, stride_));
    const GlibPtr<cairo_t> to(cairo_create(surface.get()));
    cairo_translate(to.get(), -x, 0);
    paint(to.get());
    cairo_surface_flush(surface.get());
    const cairo_status_t status = cairo_status(to.get());
    cairo_surface_finish(surface.get());
    if (status != CAIRO_STATUS_SUCCESS)
      return make_error(Errc::io, "drawing failed: {}", cairo_status_to_string(status));
  }
  return {};
}

void BgraCanvas::blur(int radius) {
  if (radius <= 0) return;
  std::vector<std::uint8_t> copy;
  for (int pass = 0; pass < 3; ++pass) {
    for (int channel = 0; channel < 4; ++channel) {
      for (int y = 0; y < height_; ++y) box(row(y) + channel, width_, 4, radius, copy);
      for (int x = 0; x < width_; ++x)
        box(pixels_.get() + std::ptrdiff_t{4} * x + channel, height_, stride_, radius, copy);
    }
  }
}

FramePtr BgraCanvas::freeze() const {
  auto frame = std::make_shared<Frame>();
  frame->format = PixelFormat::bgra;
  frame->width = width_;
  frame->height = height_;
  frame->planes[0] = pixels_.get();
  frame->strides[0] = stride_;
  frame->range = ColorRange::full;
  frame->owner = pixels_;
  return frame;
}

}  // namespace mainstay::ffi
