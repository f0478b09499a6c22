// The fields of the sources that are drawn: text, clock, countdown, ticker, SVG. Each key is declared here and nowhere
// else.
#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
constexpr const char* kColorFormat = "a colour as \"#rrggbb\" or \"#rrggbbaa\"";

bool is_color_alpha(std::string_view text) {
  if (text.size() != 7 && text.size() != 9) return false;
  return text[0] == '#' && text.find_first_not_of(kHexDigits, 1) == text.npos;
}

bool is_color_or_empty(std::string_view text) {
  return text.empty() || is_color_alpha(text);
}

}  // namespace

template <>
const Section<TextStyle>& section_of<TextStyle>() {
  static const auto section =
      Section<TextStyle>("text style", "How text looks. From back to front: background, shadow, outline, text.")
          .field(
              "font", &TextStyle::font,
              {.help = "Family and style of the font, as \"DejaVu Sans Bold Italic\". What it lacks comes from other "
                       "fonts of the machine."})
          .field("size", &TextStyle::size, {.min = 4, .max = 2000, .unit = "px", .help = "Size of the font."})
          .field("color", &TextStyle::color,
                 {.accepts = is_color_alpha, .format = kColorFormat, .help = "Colour of the text, sRGB."})
          .field("outline", &TextStyle::outline,
                 {.min = 0, .max = 100, .unit = "px", .help = "Width of the line around each letter; 0: none."})
          .field("outline_color", &TextStyle::outline_color,
                 {.accepts = is_color_alpha, .format = kColorFormat, .help = "Colour of that line."})
          .field("shadow_color", &TextStyle::shadow_color,
                 {.accepts = is_color_or_empty, .format = kColorFormat, .help = "Colour of the shadow; empty: none."})
          .field("shadow_x", &TextStyle::shadow_x,
                 {.min = -200, .max = 200, .unit = "px", .help = "How far to the right the shadow lies."})
          .field("shadow_y", &TextStyle::shadow_y,
                 {.min = -200, .max = 200, .unit = "px", .help = "How far down the shadow lies."})
          .field("shadow_blur", &TextStyle::shadow_blur,
                 {.min = 0, .max = 50, .unit = "px", .help = "How soft the shadow's edge is."})
          .field("background", &TextStyle::background,
                 {.accepts = is_color_or_empty,
                  .format = kColorFormat,
                  .help = "Colour of the box behind the text; empty: none."})
          .field("padding", &TextStyle::padding,
                 {.min = 0, .max = 500, .unit = "px", .help = "Room between the text and the edge of its picture."});
  return section;
}

template <>
const Section<TextSource>& section_of<TextSource>() {
  static const auto section =
      Section<TextSource>("text",
                          "Text, with transparency, as large as it is. Show it with the fit none. A change of the text "
                          "or its file is taken over while on air.")
          .alternative()
          .field("text", &TextSource::text, {.lines = true, .help = "The text (UTF-8); lines are broken by \\n."})
          .field(
              "path", &TextSource::path,
              {.help = "A file that holds the text, at most 64 KiB of UTF-8, instead; it is watched. A relative path "
                       "is relative to the show file.",
               .references = true})
          .field("markup", &TextSource::markup,
                 {.help = "Take Pango's markup in the text: <b>, <i>, <span foreground=\"#ff0000\">."})
          .field(
              "align", &TextSource::align,
              {.help = "Where lines that are shorter stand: left, center or right. In scripts that run from right to "
                       "left, left and right change places."})
          .field("wrap", &TextSource::wrap,
                 {.min = 0, .max = 8192, .unit = "px", .help = "Width at which lines are broken; 0: nowhere."})
          .field("line_spacing", &TextSource::line_spacing,
                 {.min = 0.5, .max = 5, .help = "From line to line, in heights of the font."})
          .field("style", &TextSource::style, {.help = "How it looks."});
  return section;
}

template <>
const Section<ClockSource>& section_of<ClockSource>() {
  static const auto section =
      Section<ClockSource>("clock", "The time of day. Each second is shown from the first frame that begins in it.")
          .alternative()
          .field("format", &ClockSource::format, {.help = "strftime's marks: %H:%M:%S, %A %e %B %Y."})
          .field("zone", &ClockSource::zone,
                 {.help = "UTC, local (the machine's zone) or a name of the IANA database, as Europe/Berlin."})
          .field("style", &ClockSource::style, {.help = "How it looks."});
  return section;
}

template <>
const Section<CountdownSource>& section_of<CountdownSource>() {
  static const auto section =
      Section<CountdownSource>(
          "countdown",
          "The time left: to a moment in UTC (to), or of a length that begins when the source goes "
          "on air or is told to (source.restart). Zero is reached exactly then.")
          .alternative()
          .field("to", &CountdownSource::to,
                 {.help = "The moment: a time of day in UTC (\"18:00\", \"18:00:30\": the next one there is when the "
                          "source starts) or a date and time (\"2026-12-31T23:59:59Z\")."})
          .field("length_ms", &CountdownSource::length,
                 {.min = 0, .max = 1000.0 * 3600 * 24 * 30, .help = "How long it counts, instead of to."})
          .field("start", &CountdownSource::start,
                 {.help = "With length_ms: begin with the source (auto), or at source.restart (manual)."})
          .field(
              "format", &CountdownSource::format,
              {.help = "%D days, %H hours, %M minutes, %S seconds, two digits each (%D as many as there are); %h, %m "
                       "and %s the same without a leading zero. The largest unit that stands there holds all of the "
                       "time: %M:%S shows 90:00."})
          .field("end_text", &CountdownSource::end_text, {.help = "Shown when it is over; empty: zero stays."})
          .field("style", &CountdownSource::style, {.help = "How it looks."});
  return section;
}

template <>
const Section<TickerSource>& section_of<TickerSource>() {
  static const auto section =
      Section<TickerSource>("ticker",
                            "Text that runs across, over and over without a seam. Where it stands follows from the "
                            "frame's number alone.")
          .alternative()
          .field("text", &TickerSource::text, {.lines = true, .help = "The text (UTF-8); each line of it is an item."})
          .field(
              "path", &TickerSource::path,
              {.help = "A file that holds the text, at most 64 KiB of UTF-8, instead; it is watched. A relative path "
                       "is relative to the show file.",
               .references = true})
          .field("markup", &TickerSource::markup, {.help = "Take Pango's markup in the text."})
          .field("speed", &TickerSource::speed,
                 {.min = -5000,
                  .max = 5000,
                  .unit = "px/s",
                  .help = "How fast it runs to the left; below zero: to the right, for scripts that are read so. Whole "
                          "pixels a frame look smoothest."})
          .field(
              "width", &TickerSource::width,
              {.min = 0, .max = 8192, .unit = "px", .help = "Width of the window it runs through; 0: the program's."})
          .field("gap", &TickerSource::gap,
                 {.min = 0, .max = 8192, .unit = "px", .help = "Room between the end of the text and its beginning."})
          .field("separator", &TickerSource::separator, {.help = "Stands after each item."})
          .field("style", &TickerSource::style, {.help = "How it looks."})
          .field("when_hidden", &TickerSource::when_hidden, drawn_hidden_spec())
          .field("on_show", &TickerSource::on_show, on_show_spec());
  return section;
}

template <>
const Section<SvgSource>& section_of<SvgSource>() {
  static const auto section =
      Section<SvgSource>("svg", "An SVG drawing, with transparency. A changed file is taken over while on air.")
          .alternative()
          .field("path", &SvgSource::path,
                 {.help = "The file; what it refers to outside is not read. A relative path is relative to the show "
                          "file.",
                  .required = true,
                  .references = true})
          .field("width", &SvgSource::width,
                 {.min = 0, .max = 8192, .unit = "px", .help = "Width it is drawn at; 0: its own, or by the height."})
          .field("height", &SvgSource::height,
                 {.min = 0, .max = 8192, .unit = "px", .help = "Height it is drawn at; 0: its own, or by the width."});
  return section;
}

}  // namespace mainstay::show
