// The sources of a show beyond files, ingests and stills: graphics made of text, rows of pictures and files, and what
// comes live from networks and devices. Declared in show_schema_graphics.cpp, show_schema_media.cpp and
// show_schema_live.cpp; show.h includes this.
// Owned by whoever holds the copy; a value.
// Thread-safety: as any value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/media/rate.h"

namespace mainstay::show {

// --- while nobody sees it ------------------------------------------------------------------------------------------

/// What becomes of what is played or comes while it is neither on program nor in preview, and not heard.
enum class WhenHidden {
  run,    ///< plays on, unseen
  pause,  ///< stands still, a few pictures decoded ahead; of what comes live nothing is decoded
  close,  ///< stands still, and its file, connection or device is closed
};
/// Where it goes on when it is shown again.
enum class OnShow { go_on, restart };  // "continue", "restart"

// --- graphics ------------------------------------------------------------------------------------------------------

/// How text looks. Colours are #rrggbb or #rrggbbaa; empty: not drawn.
struct TextStyle {
  std::string font = "DejaVu Sans";
  int size = 48;
  std::string color = "#ffffff";
  double outline = 0;
  std::string outline_color = "#000000";
  std::string shadow_color;
  int shadow_x = 3;
  int shadow_y = 3;
  int shadow_blur = 2;
  std::string background;
  int padding = 0;

  friend bool operator==(const TextStyle&, const TextStyle&) = default;
};

enum class TextAlign { left, center, right };

struct TextSource {
  std::string text;
  std::string path;  ///< a file that holds the text, instead
  bool markup = false;
  TextAlign align = TextAlign::left;
  int wrap = 0;
  double line_spacing = 1;
  TextStyle style;

  friend bool operator==(const TextSource&, const TextSource&) = default;
};

struct ClockSource {
  std::string format = "%H:%M:%S";
  std::string zone = "UTC";
  TextStyle style;

  friend bool operator==(const ClockSource&, const ClockSource&) = default;
};

enum class CountdownStart { automatic, manual };  // "auto", "manual"

struct CountdownSource {
  std::string to;                ///< "2026-12-31T23:59:59Z", or a time of day in UTC: "18:00"; or
  std::optional<Millis> length;  ///< length_ms
  CountdownStart start = CountdownStart::automatic;
  std::string format = "%H:%M:%S";
  std::string end_text;  ///< empty: zero stays
  TextStyle style;

  friend bool operator==(const CountdownSource&, const CountdownSource&) = default;
};

struct TickerSource {
  std::string text;
  std::string path;
  bool markup = false;
  double speed = 120;
  int width = 0;  ///< 0: the program's
  int gap = 0;
  std::string separator = "   •   ";
  TextStyle style;
  WhenHidden when_hidden = WhenHidden::run;
  OnShow on_show = OnShow::go_on;

  friend bool operator==(const TickerSource&, const TickerSource&) = default;
};

struct SvgSource {
  std::string path;
  int width = 0;
  int height = 0;

  friend bool operator==(const SvgSource&, const SvgSource&) = default;
};

// --- files and pictures in turn ------------------------------------------------------------------------------------

/// In JSON a plain string stands for {"path": …}.
struct PlaylistItem {
  std::string path;
  Millis in{0};
  std::optional<Millis> out;

  friend bool operator==(const PlaylistItem&, const PlaylistItem&) = default;
};

struct PlaylistSource {
  std::vector<PlaylistItem> items;
  bool loop = false;
  std::string hw = "auto";
  WhenHidden when_hidden = WhenHidden::run;
  OnShow on_show = OnShow::go_on;

  friend bool operator==(const PlaylistSource&, const PlaylistSource&) = default;
};

struct SlideshowSource {
  std::vector<std::string> paths;
  Millis each{5000};  ///< each_ms
  bool loop = true;
  WhenHidden when_hidden = WhenHidden::run;
  OnShow on_show = OnShow::go_on;

  friend bool operator==(const SlideshowSource&, const SlideshowSource&) = default;
};

// --- what the program puts together --------------------------------------------------------------------------------

/// A scene as a picture in others. Where nothing of it is, it is transparent.
struct SceneSource {
  std::string scene;

  friend bool operator==(const SceneSource&, const SceneSource&) = default;
};

enum class CellShows { program, preview, scene, source };

/// One of the pictures of a multiview. In JSON a plain word stands for {"shows": …}.
struct MultiviewCell {
  CellShows shows = CellShows::program;
  std::string name = {};   ///< of the scene or source
  std::string label = {};  ///< empty: what it shows
  int span = 1;            ///< so many cells wide and high

  friend bool operator==(const MultiviewCell&, const MultiviewCell&) = default;
};

/// Many pictures at once, for the people who work.
struct MultiviewSource {
  int rows = 4;
  int columns = 4;
  std::vector<MultiviewCell> cells;  ///< in the order of reading; empty: see layers.h, multiview_cells()
  bool labels = true;
  bool tally = true;  ///< frames: red what is on program, green what is in preview
  int every = 1;      ///< made anew with every nth frame

  friend bool operator==(const MultiviewSource&, const MultiviewSource&) = default;
};

// --- networks and devices ------------------------------------------------------------------------------------------

enum class RtspTransport { tcp, udp };

/// A stream that is fetched, unlike an ingest, which waits for its sender.
struct StreamSource {
  std::string url;
  std::string passphrase;  ///< SRT
  Millis latency{120};     ///< latency_ms, SRT
  Millis buffer{200};      ///< buffer_ms: delay on the program clock that takes up network jitter
  RtspTransport transport = RtspTransport::tcp;
  Millis timeout{5000};  ///< timeout_ms: this long without data, and it is opened anew
  std::string hw = "auto";
  bool tls_verify = true;   ///< HTTPS, RTMPS: check the server's certificate
  std::string tls_ca_file;  ///< authorities to trust; empty: the system's
  WhenHidden when_hidden = WhenHidden::run;

  friend bool operator==(const StreamSource&, const StreamSource&) = default;
};

struct ScreenSource {
  std::string display;  ///< ":0"; empty: the one of the environment
  int x = 0;
  int y = 0;
  int width = 0;  ///< 0 both: all of it
  int height = 0;
  std::string window;  ///< X11's number of it, "0x2a00007"; empty: the screen
  bool cursor = true;
  std::optional<Rate> rate;  ///< absent: the program's
  Millis buffer{60};         ///< buffer_ms
  WhenHidden when_hidden = WhenHidden::run;

  friend bool operator==(const ScreenSource&, const ScreenSource&) = default;
};

struct CameraSource {
  std::string device;  ///< "/dev/video0"; empty: the first
  int width = 0;       ///< 0 both: what the device gives by itself
  int height = 0;
  std::optional<Rate> rate;
  std::string format = "auto";  ///< FFmpeg's name of a pixel format or codec: yuyv422, mjpeg, h264
  Millis buffer{60};            ///< buffer_ms
  WhenHidden when_hidden = WhenHidden::run;

  friend bool operator==(const CameraSource&, const CameraSource&) = default;
};

/// Sound from a device of this machine.
struct AudioSource {
  std::string device;     ///< its name or the beginning of it; empty: the default one
  int channels = 2;       ///< 1: on both sides
  int first_channel = 1;  ///< of a device with many
  Millis buffer{40};      ///< buffer_ms
  WhenHidden when_hidden = WhenHidden::run;

  friend bool operator==(const AudioSource&, const AudioSource&) = default;
};

}  // namespace mainstay::show
