#include "engine/ffi/pango/svg_painter.h"

#include <librsvg/rsvg.h>

#include <cmath>

#include "engine/ffi/pango/bgra_canvas.h"
#include "engine/ffi/pango/glib_ptr.h"

namespace mainstay::ffi {

namespace {

constexpr double kDotsAnInch = 96;  // CSS 2.1, 4.3.2

struct Size {
  double width = 0;
  double height = 0;
};

Result<Size> own_size(RsvgHandle* handle, const std::string& name) {
  Size size;
  if (rsvg_handle_get_intrinsic_size_in_pixels(handle, &size.width, &size.height) && size.width > 0 && size.height > 0)
    return size;
  gboolean has_width = 0;
  gboolean has_height = 0;
  gboolean has_box = 0;
  RsvgLength width;
  RsvgLength height;
  RsvgRectangle box;
  rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &width, &has_height, &height, &has_box, &box);
  if (has_box && box.width > 0 && box.height > 0) return Size{box.width, box.height};
  return make_error(Errc::invalid, "{} says no size: set width and height", name);
}

Result<Size> wanted_size(RsvgHandle* handle, const std::string& name, int width, int height) {
  if (width > 0 && height > 0) return Size{static_cast<double>(width), static_cast<double>(height)};
  MAINSTAY_TRY(const Size own, own_size(handle, name));
  if (width > 0) return Size{static_cast<double>(width), width * own.height / own.width};
  if (height > 0) return Size{height * own.width / own.height, static_cast<double>(height)};
  return own;
}

}  // namespace

Result<StillImage> paint_svg(std::span<const std::uint8_t> bytes, const std::string& name, int width, int height) {
  GError* error = nullptr;
  RsvgHandle* read = rsvg_handle_new_from_data(bytes.data(), bytes.size(), &error);
  if (!read) {
    const GlibPtr<GError> owned(error);
    return make_error(Errc::invalid, "{} is no SVG drawing, or it is broken: {}", name, error->message);
  }
  const std::shared_ptr<RsvgHandle> handle(read, [](RsvgHandle* p) { g_object_unref(p); });
  rsvg_handle_set_dpi(handle.get(), kDotsAnInch);
  MAINSTAY_TRY(const Size size, wanted_size(handle.get(), name, width, height));
  const double across = std::max(1.0, std::round(size.width));
  const double down = std::max(1.0, std::round(size.height));
  if (across > kLargestImageSide || down > kLargestImageSide)
    return make_error(Errc::invalid, "{} is {}×{}: a picture may have {}×{} pixels at most", name, across, down,
                      kLargestImageSide, kLargestImageSide);
  MAINSTAY_TRY(BgraCanvas canvas, BgraCanvas::make(static_cast<int>(across), static_cast<int>(down)));
  gboolean drawn = 1;
  MAINSTAY_CHECK(canvas.draw([&](cairo_t* to) {
    const RsvgRectangle view{0, 0, across, down};
    drawn = rsvg_handle_render_document(handle.get(), to, &view, &error);
  }));
  if (!drawn) {
    const GlibPtr<GError> owned(error);
    return make_error(Errc::corrupt, "{} cannot be drawn: {}", name, error->message);
  }
  return StillImage{canvas.freeze(), fmt::format("{}×{} svg", canvas.width(), canvas.height())};
}

}  // namespace mainstay::ffi
