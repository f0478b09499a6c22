// Sources: what single keys cannot say.
#include "engine/show/check_parts.h"
#include "engine/show/moment.h"
#include "engine/show/section.h"
#include "engine/show/suggest.h"

namespace mainstay::show {

namespace {

// strftime's conversions as GLib knows them (g_date_time_format).
constexpr std::string_view kClockMarks = "aAbBcCdeFgGhHIjklmMnpPrRsStTuVwxXyYzZ%";
constexpr std::string_view kCountdownMarks = "DHMShms%";

void check_marks(const std::string& format, std::string_view known, const std::string& pointer, Findings& findings) {
  for (std::size_t at = format.find('%'); at != std::string::npos; at = format.find('%', at + 2)) {
    if (at + 1 < format.size() && known.find(format[at + 1]) != std::string_view::npos) continue;
    return findings.add(pointer, "{} is no mark that can stand here: known are {}", in_quotes(format.substr(at, 2)),
                        known);
  }
}

void check_either(const std::string& text, const std::string& path, const std::string& pointer, Findings& findings) {
  if (!text.empty() && !path.empty()) findings.add(pointer + "/path", "give either \"text\" or \"path\", not both");
}

void check_source(const ClockSource& clock, const std::string& pointer, Findings& findings) {
  check_marks(clock.format, kClockMarks, pointer + "/format", findings);
}

void check_source(const CountdownSource& countdown, const std::string& pointer, Findings& findings) {
  check_marks(countdown.format, kCountdownMarks, pointer + "/format", findings);
  if (countdown.to.empty() != countdown.length.has_value())
    return findings.add(pointer, "a countdown has either \"to\" or \"length_ms\"");
  if (!countdown.to.empty() && !parse_moment(countdown.to))
    findings.add(pointer + "/to", "{} is no moment in UTC: use \"18:00\", \"18:00:30\" or \"2026-12-31T23:59:59Z\"",
                 in_quotes(countdown.to));
  if (!countdown.to.empty() && countdown.start == CountdownStart::manual)
    findings.add(pointer + "/start", "only a countdown of \"length_ms\" is started by hand");
}

void check_source(const TextSource& text, const std::string& pointer, Findings& findings) {
  check_either(text.text, text.path, pointer, findings);
}

void check_source(const TickerSource& ticker, const std::string& pointer, Findings& findings) {
  check_either(ticker.text, ticker.path, pointer, findings);
}

void check_source(const PlaylistSource& playlist, const std::string& pointer, Findings& findings) {
  if (playlist.items.empty()) findings.add(pointer + "/items", "a playlist needs one item at least");
  for (std::size_t i = 0; i < playlist.items.size(); ++i) {
    const PlaylistItem& item = playlist.items[i];
    if (item.path.empty())
      findings.add(fmt::format("{}/items/{}/path", pointer, i), "the path is empty: name a media file");
    if (item.out && *item.out <= item.in)
      findings.add(fmt::format("{}/items/{}/out_ms", pointer, i),
                   "the out point ({} ms) must come after the in point ({} ms)", item.out->count(), item.in.count());
  }
}

void check_source(const SlideshowSource& slideshow, const std::string& pointer, Findings& findings) {
  if (slideshow.paths.empty()) findings.add(pointer + "/paths", "a slideshow needs one picture at least");
  for (std::size_t i = 0; i < slideshow.paths.size(); ++i)
    if (slideshow.paths[i].empty())
      findings.add(fmt::format("{}/paths/{}", pointer, i), "the path is empty: name a picture");
}

void check_both(int width, int height, const std::string& pointer, Findings& findings) {
  if ((width == 0) == (height == 0)) return;
  findings.add(pointer + (width == 0 ? "/width" : "/height"), "give both \"width\" and \"height\", or neither");
}

void check_source(const ScreenSource& screen, const std::string& pointer, Findings& findings) {
  check_both(screen.width, screen.height, pointer, findings);
  const bool whole = screen.width == 0 && screen.height == 0;
  if (whole && (screen.x != 0 || screen.y != 0))
    findings.add(pointer + (screen.x != 0 ? "/x" : "/y"), "a part of the screen needs \"width\" and \"height\" too");
}

void check_source(const CameraSource& camera, const std::string& pointer, Findings& findings) {
  check_both(camera.width, camera.height, pointer, findings);
  if (camera.format.empty()) findings.add(pointer + "/format", "the format is empty: auto, or a format's name");
}

template <class Other>
void check_source(const Other&, const std::string&, Findings&) {}

}  // namespace

void check_sources(const Show& show, Findings& findings) {
  for (const auto& [name, source] : show.sources) {
    std::visit([&, &of = name](const auto& kind) { check_source(kind, pointer_to("/sources", of), findings); }, source);
  }
}

}  // namespace mainstay::show
