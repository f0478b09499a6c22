#include "engine/ffi/pango/text_painter.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/ffi/pango/bgra_canvas.h"
#include "engine/ffi/pango/glib_ptr.h"

namespace mainstay::ffi {

namespace {

constexpr int kBlurReach = 3;  // the three box filters reach three radii far

/// Pixels around the text that outline and shadow take.
struct Margins {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

Margins margins_of(const TextLook& look) {
  const int outline = static_cast<int>(std::ceil(std::max(0.0, look.outline)));
  Margins margins{outline, outline, outline, outline};
  if (look.shadow_color.alpha > 0) {
    const int reach = outline + kBlurReach * look.shadow_blur;
    margins.left = std::max(outline, reach - look.shadow_x);
    margins.right = std::max(outline, reach + look.shadow_x);
    margins.top = std::max(outline, reach - look.shadow_y);
    margins.bottom = std::max(outline, reach + look.shadow_y);
  }
  for (int* side : {&margins.left, &margins.top, &margins.right, &margins.bottom}) *side += look.padding;
  return margins;
}

void set_source(cairo_t* to, Color color) {
  cairo_set_source_rgba(to, color.red / 255.0, color.green / 255.0, color.blue / 255.0, color.alpha / 255.0);
}

bool has_word(std::string_view list, const std::string& family) {
  const auto same = [](char a, char b) { return g_ascii_tolower(a) == g_ascii_tolower(b); };
  return std::search(list.begin(), list.end(), family.begin(), family.end(), same) != list.end();
}

bool is_generic(std::string_view family) {
  constexpr std::string_view kGeneric[] = {"sans", "serif", "monospace", "system-ui", "cursive", "fantasy"};
  return std::any_of(std::begin(kGeneric), std::end(kGeneric),
                     [&](std::string_view word) { return has_word(family, std::string(word)) && family.size() < 14; });
}

}  // namespace

Result<Color> parse_color_alpha(const std::string& text) {
  if (text.empty()) return Color{};
  const auto wrong = [&] { return make_error(Errc::invalid, "'{}' is no colour: #rrggbb or #rrggbbaa", text); };
  if (text[0] != '#' || (text.size() != 7 && text.size() != 9)) return wrong();
  std::uint32_t value = 0;
  const auto [end, code] = std::from_chars(text.data() + 1, text.data() + text.size(), value, 16);
  if (code != std::errc() || end != text.data() + text.size()) return wrong();
  if (text.size() == 7) value = value << 8 | 0xff;
  return Color{static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
               static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

struct TextPainter::Impl {
  GlibPtr<PangoFontMap> fonts{pango_cairo_font_map_new()};
  GlibPtr<PangoContext> context{pango_font_map_create_context(fonts.get())};

  Impl() {
    // Glyphs lie where the text's shape puts them, not where a screen's pixels are: sizes scale evenly.
    const GlibPtr<cairo_font_options_t> options(cairo_font_options_create());
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context.get(), options.get());
  }

  Result<GlibPtr<PangoLayout>> lay_out(const std::string& text, const TextLook& look, const TextLayout& how) const;
  std::string font_note(const TextLook& look) const;
};

Result<GlibPtr<PangoLayout>> TextPainter::Impl::lay_out(const std::string& text, const TextLook& look,
                                                        const TextLayout& how) const {
  if (!g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr))
    return make_error(Errc::invalid, "the text is not UTF-8");
  GlibPtr<PangoLayout> layout(pango_layout_new(context.get()));
  GlibPtr<PangoAttrList> attributes;
  if (how.markup) {
    PangoAttrList* parsed = nullptr;
    char* plain = nullptr;
    GError* error = nullptr;
    if (!pango_parse_markup(text.data(), static_cast<int>(text.size()), 0, &parsed, &plain, nullptr, &error)) {
      const GlibPtr<GError> owned(error);
      return make_error(Errc::invalid, "the markup is broken: {}", error->message);
    }
    attributes.reset(parsed);
    const GlibPtr<char> owned(plain);
    pango_layout_set_text(layout.get(), plain, -1);
  } else {
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    attributes.reset(pango_attr_list_new());
  }
  if (how.even_digits) pango_attr_list_insert(attributes.get(), pango_attr_font_features_new("tnum=1"));
  pango_layout_set_attributes(layout.get(), attributes.get());
  const GlibPtr<PangoFontDescription> font(pango_font_description_from_string(look.font.c_str()));
  pango_font_description_set_absolute_size(font.get(), double{PANGO_SCALE} * look.size);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_alignment(layout.get(), how.align == TextAlign::left     ? PANGO_ALIGN_LEFT
                                           : how.align == TextAlign::center ? PANGO_ALIGN_CENTER
                                                                            : PANGO_ALIGN_RIGHT);
  if (how.wrap > 0) {
    pango_layout_set_width(layout.get(), how.wrap * PANGO_SCALE);
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  }
  if (how.line_spacing != 1) pango_layout_set_line_spacing(layout.get(), static_cast<float>(how.line_spacing));
  return layout;
}

std::string TextPainter::Impl::font_note(const TextLook& look) const {
  const GlibPtr<PangoFontDescription> asked(pango_font_description_from_string(look.font.c_str()));
  pango_font_description_set_absolute_size(asked.get(), double{PANGO_SCALE} * look.size);
  const char* family = pango_font_description_get_family(asked.get());
  const GlibPtr<PangoFont> font(pango_font_map_load_font(fonts.get(), context.get(), asked.get()));
  if (!font) return fmt::format("{} {} px", look.font, look.size);
  const GlibPtr<PangoFontDescription> found(pango_font_describe(font.get()));
  const char* stands_in = pango_font_description_get_family(found.get());
  if (!family || !stands_in || is_generic(family) || has_word(family, stands_in))
    return fmt::format("{} {} px", look.font, look.size);
  return fmt::format("{} {} px (there is no font \"{}\": {} stands in)", stands_in, look.size, look.font, stands_in);
}

namespace {

/// Draws shadow, outline and text with the layout's origin at each of `places` (px from the left) and `top`.
Status draw_text(BgraCanvas& canvas, PangoLayout* layout, const TextLook& look, const std::vector<int>& places,
                 int top) {
  const auto shape = [&](cairo_t* to, int dx, int dy, bool fill) {
    cairo_set_line_width(to, 2 * look.outline);
    cairo_set_line_join(to, CAIRO_LINE_JOIN_ROUND);
    for (const int left : places) {
      cairo_new_path(to);
      cairo_move_to(to, left + dx, top + dy);
      pango_cairo_layout_path(to, layout);
      if (fill) cairo_fill_preserve(to);
      if (look.outline > 0) cairo_stroke(to);
      cairo_new_path(to);
    }
  };
  if (look.shadow_color.alpha > 0) {
    MAINSTAY_CHECK(canvas.draw([&](cairo_t* to) {
      // Drawn solid and faded as a whole: fill and stroke overlap.
      cairo_push_group(to);
      Color solid = look.shadow_color;
      solid.alpha = 255;
      set_source(to, solid);
      shape(to, look.shadow_x, look.shadow_y, true);
      cairo_pop_group_to_source(to);
      cairo_paint_with_alpha(to, look.shadow_color.alpha / 255.0);
    }));
    canvas.blur(look.shadow_blur);
  }
  return canvas.draw([&](cairo_t* to) {
    if (look.background.alpha > 0) {
      // Behind what is there: the shadow was blurred alone.
      cairo_set_operator(to, CAIRO_OPERATOR_DEST_OVER);
      set_source(to, look.background);
      cairo_paint(to);
      cairo_set_operator(to, CAIRO_OPERATOR_OVER);
    }
    if (look.outline > 0) {
      set_source(to, look.outline_color);
      shape(to, 0, 0, false);
    }
    set_source(to, look.color);
    for (const int left : places) {
      cairo_move_to(to, left, top);
      pango_cairo_show_layout(to, layout);
    }
  });
}

/// How many letters are shown as boxes.
std::string missing_note(PangoLayout* layout) {
  const int missing = pango_layout_get_unknown_glyphs_count(layout);
  return missing == 0 ? "" : fmt::format(" (no font of this machine has {} of its letters)", missing);
}

/// What the text covers, relative to the layout's origin, in px.
PangoRectangle extents_of(PangoLayout* layout, int wrap) {
  PangoRectangle ink;
  PangoRectangle logical;
  pango_layout_get_pixel_extents(layout, &ink, &logical);
  int left = std::min(ink.x, logical.x);
  int right = std::max(ink.x + ink.width, logical.x + logical.width);
  if (wrap > 0) {
    left = std::min(left, 0);
    right = std::max(right, wrap);
  }
  const int top = std::min(ink.y, logical.y);
  return {left, top, right - left, std::max(ink.y + ink.height, logical.y + logical.height) - top};
}

}  // namespace

TextPainter::TextPainter() : impl_(std::make_unique<Impl>()) {}
TextPainter::~TextPainter() = default;

Result<PaintedText> TextPainter::paint(const std::string& text, const TextLook& look, const TextLayout& how) {
  MAINSTAY_TRY(const GlibPtr<PangoLayout> layout, impl_->lay_out(text, look, how));
  const PangoRectangle extents = extents_of(layout.get(), how.wrap);
  const Margins margins = margins_of(look);
  const std::int64_t width =
      std::max<std::int64_t>(how.min_width, std::int64_t{extents.width} + margins.left + margins.right);
  const std::int64_t height =
      std::max<std::int64_t>(how.min_height, std::int64_t{extents.height} + margins.top + margins.bottom);
  if (width > kLargestTextSide || height > kLargestTextSide)
    return make_error(Errc::invalid, "the text takes {}×{} pixels: at most {}×{} can be shown", width, height,
                      kLargestTextSide, kLargestTextSide);
  // Empty text keeps the height of a line for the background, but shows nothing without one.
  MAINSTAY_TRY(BgraCanvas canvas, BgraCanvas::make(static_cast<int>(width), static_cast<int>(height)));
  MAINSTAY_CHECK(draw_text(canvas, layout.get(), look, {margins.left - extents.x}, margins.top - extents.y));
  return PaintedText{canvas.freeze(),
                     fmt::format("{}, {}×{}{}", impl_->font_note(look), width, height, missing_note(layout.get()))};
}

Result<TextStrip> TextPainter::strip(const std::string& text, bool markup, const TextLook& look, int gap, int view) {
  MAINSTAY_TRY(const GlibPtr<PangoLayout> layout, impl_->lay_out(text, look, {.markup = markup}));
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  const PangoRectangle extents = extents_of(layout.get(), 0);
  const Margins margins = margins_of(look);
  TextStrip strip;
  strip.width = std::max(1, extents.width + gap);
  strip.height = extents.height + margins.top + margins.bottom;
  strip.drawn = strip.width + view;
  const std::int64_t bytes = (std::int64_t{strip.drawn} * 4 + 31) * strip.height;
  if (bytes > kLargestStripBytes || strip.drawn > kLargestStripBytes / 4)
    return make_error(Errc::invalid,
                      "the text is {} pixels long and takes {} MB as a picture: at most {} MB can be shown",
                      strip.drawn, bytes >> 20, kLargestStripBytes >> 20);
  // One round, with what the rounds before and after throw into it (outline, shadow, overhanging glyphs).
  const int reach = std::max(margins.left, margins.right) + look.size;
  MAINSTAY_TRY(BgraCanvas canvas, BgraCanvas::make(strip.width + 2 * reach, strip.height));
  std::vector<int> places;
  const int first = reach - extents.x;
  const int rounds = reach / strip.width + 1;
  for (int round = -rounds; round <= rounds; ++round) places.push_back(first + round * strip.width);
  MAINSTAY_CHECK(draw_text(canvas, layout.get(), look, places, margins.top - extents.y));
  MAINSTAY_TRY(BgraCanvas whole, BgraCanvas::make(strip.drawn, strip.height));
  for (int y = 0; y < strip.height; ++y) {
    const std::uint8_t* round = canvas.row(y) + std::ptrdiff_t{4} * reach;
    for (int x = 0; x < strip.drawn; x += strip.width)
      std::memcpy(whole.row(y) + std::ptrdiff_t{4} * x, round,
                  std::size_t{4} * static_cast<std::size_t>(std::min(strip.width, strip.drawn - x)));
  }
  strip.stride = whole.stride();
  strip.pixels = whole.pixels();
  strip.note = fmt::format("{}, {} px long{}", impl_->font_note(look), strip.width, missing_note(layout.get()));
  return strip;
}

}  // namespace mainstay::ffi
