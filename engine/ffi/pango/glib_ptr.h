// Owning pointers of Pango's, Cairo's and GLib's objects.
// Only .cpp files of engine/ffi/pango include this header.
// Thread-safety: as any pointer.
#pragma once

#include <pango/pangocairo.h>

#include <memory>

namespace mainstay::ffi {

struct GlibDeleter {
  void operator()(PangoLayout* p) const { g_object_unref(p); }
  void operator()(PangoContext* p) const { g_object_unref(p); }
  void operator()(PangoFontMap* p) const { g_object_unref(p); }
  void operator()(PangoFont* p) const { g_object_unref(p); }
  void operator()(PangoFontDescription* p) const { pango_font_description_free(p); }
  void operator()(PangoAttrList* p) const { pango_attr_list_unref(p); }
  void operator()(GError* p) const { g_error_free(p); }
  void operator()(GTimeZone* p) const { g_time_zone_unref(p); }
  void operator()(GDateTime* p) const { g_date_time_unref(p); }
  void operator()(char* p) const { g_free(p); }
  void operator()(cairo_surface_t* p) const { cairo_surface_destroy(p); }
  void operator()(cairo_t* p) const { cairo_destroy(p); }
  void operator()(cairo_font_options_t* p) const { cairo_font_options_destroy(p); }
};

template <class T>
using GlibPtr = std::unique_ptr<T, GlibDeleter>;

}  // namespace mainstay::ffi
