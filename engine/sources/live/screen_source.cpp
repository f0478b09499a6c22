// What a screen shows, by FFmpeg's grabbers.
#include <cstdlib>
#include <utility>

#include "engine/sources/live/device_format.h"
#include "engine/sources/live/device_settings.h"
#include "engine/sources/live/live_source.h"
#include "engine/sources/live/live_sources.h"
#include "engine/sources/live/media_feed.h"
#include "engine/sources/live/refused_feed.h"

namespace mainstay {

namespace {

constexpr Nanos kOpen = Seconds(10);
constexpr Nanos kSilence = Seconds(3);  // a grabber gives pictures whether they change or not

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string no_display() {
  return environment("WAYLAND_DISPLAY").empty() ? "no display is named and the environment variable DISPLAY is not set"
                                                : "this is a Wayland session without X11 (DISPLAY is not set): "
                                                  "grabbing through its portal is not built in";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> screen_settings(const show::ScreenSource& config, Rate program) {
  std::vector<std::pair<std::string, std::string>> settings{{"framerate", config.rate.value_or(program).str()}};
  if (std::string_view(kScreenGrabber) == "avfoundation") {
    settings.emplace_back("capture_cursor", config.cursor ? "1" : "0");
    return settings;
  }
  settings.emplace_back("draw_mouse", config.cursor ? "1" : "0");
  if (config.width > 0) {
    const bool x11 = std::string_view(kScreenGrabber) == "x11grab";
    settings.emplace_back("video_size", fmt::format("{}x{}", config.width, config.height));
    settings.emplace_back(x11 ? "grab_x" : "offset_x", std::to_string(config.x));
    settings.emplace_back(x11 ? "grab_y" : "offset_y", std::to_string(config.y));
  }
  // Base 0: decimal, or hexadecimal after 0x.
  if (!config.window.empty())
    settings.emplace_back("window_id", std::to_string(std::strtoul(config.window.c_str(), nullptr, 0)));
  return settings;
}

std::unique_ptr<Source> make_screen_source(const show::ScreenSource& config, SourceContext context) {
  const bool x11 = std::string_view(kScreenGrabber) == "x11grab";
  const std::string display = !config.display.empty() || !x11 ? config.display : environment("DISPLAY");
  ffi::MediaReaderOptions options;
  options.name = "source " + context.name;
  options.format = kScreenGrabber;
  options.url = x11 ? display : std::string_view(kScreenGrabber) == "gdigrab" ? "desktop" : "Capture screen 0:none";
  options.settings = screen_settings(config, context.rate);
  options.hw = "none";
  options.threads = 1;
  LiveLink::Options link;
  link.what = config.window.empty() ? fmt::format("screen {}", options.url)
                                    : fmt::format("window {} of screen {}", config.window, options.url);
  link.open_timeout = kOpen;
  link.timeout = kSilence;
  // FFmpeg's grabber makes up for each picture that it was not asked for, as fast as it can; to open it takes
  // milliseconds.
  if (config.when_hidden != show::WhenHidden::run) link.when_hidden = show::WhenHidden::close;
  options.path = link.what;
  Log& log = context.log;
  MakeLiveFeed make = [options, &log] { return std::make_unique<MediaFeed>(options, log); };
  if (x11 && display.empty()) {
    link.what = "the screen";
    make = [] { return std::make_unique<RefusedFeed>(Error{Errc::unsupported, no_display(), nullptr}); };
  }
  return std::make_unique<LiveSource>(std::move(context), config.buffer, std::move(link), std::move(make));
}

}  // namespace mainstay
