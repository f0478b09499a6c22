// The show document as typed values: what the whole engine is configured by. Each field's type, default, range, unit
// and help are declared once, in show_schema.cpp; JSON, validation, command line, window and docs come from there.
// Owned by whoever holds the copy; a value.
// Thread-safety: as any value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/time.h"
#include "engine/media/channels.h"
#include "engine/media/packet.h"
#include "engine/media/rate.h"
#include "engine/show/hls.h"
#include "engine/show/mixer.h"
#include "engine/show/show_filters.h"
#include "engine/show/show_sources.h"
#include "engine/show/watching.h"

namespace mainstay::show {

enum class LatencyTarget { sub_second, low, classic };

struct Program {
  int width = 1920;
  int height = 1080;
  Rate rate{30, 1};
  LatencyTarget latency_target = LatencyTarget::low;
  AudioLayout audio_layout = AudioLayout::stereo;
  Millis hold{2000};            ///< hold_ms: how long a source's last frame stands in for a missing one
  std::string slate;            ///< source shown after that; empty: dark grey
  FrameIndex first_frame = -1;  ///< where the timeline starts; -1: one second, so that decode times are never negative

  friend bool operator==(const Program&, const Program&) = default;
};

// --- sources -------------------------------------------------------------------------------------------------------

struct FileSource {
  std::string path;
  bool loop = false;
  Millis in{0};               ///< in_ms
  std::optional<Millis> out;  ///< out_ms
  std::string hw = "auto";    ///< hardware decoder: auto, none, or FFmpeg's device name (vaapi, cuda, qsv, …)
  int threads = 0;            ///< decoder threads, 0: as many as the picture size needs
  WhenHidden when_hidden = WhenHidden::run;
  OnShow on_show = OnShow::go_on;

  friend bool operator==(const FileSource&, const FileSource&) = default;
};

struct BarsSource {
  int tone_hz = 1000;    ///< 0: silence
  double tone_db = -20;  ///< dBFS
  bool clock = true;     ///< running clock and frame count in the picture

  friend bool operator==(const BarsSource&, const BarsSource&) = default;
};

struct ColorSource {
  std::string color = "#000000";  ///< #rrggbb

  friend bool operator==(const ColorSource&, const ColorSource&) = default;
};

/// One listener of an ingest. In JSON a plain string stands for {"url": …}.
struct IngestInput {
  std::string url;         ///< srt://HOST:PORT?mode=listener, rtmp://HOST:PORT/APP[/KEY]; no host: loopback
  std::string key;         ///< stream key that the sender must give (RTMP stream name, SRT streamid); empty: any
  std::string passphrase;  ///< SRT
  Millis latency{120};     ///< latency_ms, SRT

  friend bool operator==(const IngestInput&, const IngestInput&) = default;
};

struct IngestSource {
  IngestInput main;
  std::optional<IngestInput> backup;
  Millis hold{500};          ///< hold_ms: silence on the input on air before the other one takes over
  Millis return_hold{3000};  ///< return_hold_ms: steady delivery on main before switching back
  Millis buffer{200};        ///< buffer_ms: delay on the program clock that takes up network jitter

  friend bool operator==(const IngestSource&, const IngestSource&) = default;
};

/// A still picture, with or without transparency.
struct ImageSource {
  std::string path;

  friend bool operator==(const ImageSource&, const ImageSource&) = default;
};

using Source = std::variant<FileSource, BarsSource, ColorSource, IngestSource, ImageSource, TextSource, ClockSource,
                            CountdownSource, TickerSource, SvgSource, PlaylistSource, SlideshowSource, SceneSource,
                            MultiviewSource, StreamSource, ScreenSource, CameraSource, AudioSource>;

// --- scenes --------------------------------------------------------------------------------------------------------

enum class Fit { contain, cover, stretch, none };

/// How a layer's colours meet what lies below it, on R'G'B' (docs/decisions/0009).
enum class Blend { normal, add, multiply, screen };

/// What is cut off a picture, in its own pixels, before anything else is done to it.
struct Crop {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;

  friend bool operator==(const Crop&, const Crop&) = default;
};

struct Layer {
  std::string source;
  int x = 0;
  int y = 0;
  int width = 0;  ///< 0: see layers.h, has_own_size()
  int height = 0;
  std::optional<Fit> fit;  ///< absent: contain, or for pictures of a size of their own, that size
  double opacity = 1;
  bool visible = true;
  std::string name;  ///< empty: see layers.h, layer_names()
  Crop crop;
  int rotate = 0;  ///< clockwise: 0, 90, 180, 270 degrees
  Blend blend = Blend::normal;
  bool locked = false;          ///< commands do not move it
  std::vector<Filter> filters;  ///< first to last

  friend bool operator==(const Layer&, const Layer&) = default;
};

struct Scene {
  std::vector<Layer> layers;            ///< bottom first
  std::string transition;               ///< by which it comes on air; empty: the show's
  std::optional<Millis> transition_ms;  ///< how long that takes; absent: as long as the transition says

  friend bool operator==(const Scene&, const Scene&) = default;
};

// --- transitions ---------------------------------------------------------------------------------------------------

struct CutTransition {
  friend bool operator==(const CutTransition&, const CutTransition&) = default;
};

struct FadeTransition {
  Millis duration{500};  ///< duration_ms

  friend bool operator==(const FadeTransition&, const FadeTransition&) = default;
};

/// Through a colour.
struct DipTransition {
  Millis duration{800};
  std::string color = "#000000";  ///< #rrggbb

  friend bool operator==(const DipTransition&, const DipTransition&) = default;
};

enum class WipeShape { left, right, up, down, diagonal, circle };

/// An edge that passes over the picture.
struct WipeTransition {
  Millis duration{700};
  WipeShape shape = WipeShape::right;
  double softness = 0.05;  ///< of the edge's way

  friend bool operator==(const WipeTransition&, const WipeTransition&) = default;
};

enum class Direction { left, right, up, down };

/// The new picture comes in over the old one.
struct SlideTransition {
  Millis duration{500};
  Direction direction = Direction::left;

  friend bool operator==(const SlideTransition&, const SlideTransition&) = default;
};

/// The new picture pushes the old one out.
struct PushTransition {
  Millis duration{500};
  Direction direction = Direction::left;

  friend bool operator==(const PushTransition&, const PushTransition&) = default;
};

/// A film with transparency that runs over the pictures; under it, at its cut point, one gives way to the other.
struct StingerTransition {
  std::string path;
  Millis cut_point{500};  ///< cut_point_ms, from its beginning
  bool audio = true;      ///< whether its sound is heard

  friend bool operator==(const StingerTransition&, const StingerTransition&) = default;
};

using Transition = std::variant<CutTransition, FadeTransition, DipTransition, WipeTransition, SlideTransition,
                                PushTransition, StingerTransition>;

// --- encode --------------------------------------------------------------------------------------------------------

/// What an encode may not exceed; an absent field is no limit.
struct Caps {
  std::string preset;  ///< name in resources/presets/caps.json whose limits also hold; empty: none
  std::optional<int> max_video_kbps;
  std::optional<int> max_audio_kbps;
  std::optional<int> max_audio_channels;
  std::optional<int> max_height;
  std::optional<Rate> max_rate;
  std::optional<double> max_keyint_s;
  std::optional<int> max_bframes;
  std::optional<int> max_vbv_ms;
  std::optional<std::string> max_profile;  ///< baseline < main < high (H.264), main < main10 (HEVC)
  std::optional<std::string> max_level;    ///< "4.1"
  std::vector<Codec> video_codecs;         ///< empty: any
  std::vector<Codec> audio_codecs;

  friend bool operator==(const Caps&, const Caps&) = default;
};

struct VideoEncode {
  std::string name = "v0";
  Codec codec = Codec::h264;
  std::string encoder = "auto";  ///< FFmpeg's name, or auto: the software encoder of the codec
  std::string preset = "veryfast";
  std::string tune;
  std::string profile;  ///< empty: the encoder's choice
  std::string level;
  int height = 0;  ///< 0: the program's; the width follows its shape
  int kbps = 6000;
  int vbv_ms = 1000;
  double keyint_s = 2;
  int bframes = -1;                            ///< -1: the preset's
  int threads = 0;                             ///< 0: the encoder's choice; 1 gives identical packets on every run
  std::map<std::string, std::string> options;  ///< passed to the encoder as they are

  friend bool operator==(const VideoEncode&, const VideoEncode&) = default;
};

struct AudioEncode {
  std::string name = "a0";
  Codec codec = Codec::aac;
  std::string encoder = "auto";
  int kbps = 160;
  int channels = 0;  ///< 0: the program's
  AudioBus bus = AudioBus::program;

  friend bool operator==(const AudioEncode&, const AudioEncode&) = default;
};

struct Encode {
  Caps caps;
  std::string ladder;  ///< a preset that `video` is made from when the document is read; always empty afterwards
  std::vector<VideoEncode> video;
  std::vector<AudioEncode> audio;

  friend bool operator==(const Encode&, const Encode&) = default;
};

// --- destinations --------------------------------------------------------------------------------------------------

struct LegConfig {
  std::string url;               ///< srt://, rtmp://, rtmps://
  std::string key;               ///< RTMP stream key, appended to the URL's path
  std::string streamid;          ///< SRT
  std::string passphrase;        ///< SRT, 10 to 80 characters
  int pbkeylen = 16;             ///< SRT key length in bytes: 16, 24, 32
  Millis latency{120};           ///< latency_ms, SRT
  Millis connect_timeout{3000};  ///< connect_timeout_ms
  bool tls_verify = true;        ///< RTMPS: check the server's certificate
  std::string tls_ca_file;       ///< RTMPS: authorities to trust; empty: the system's

  friend bool operator==(const LegConfig&, const LegConfig&) = default;
};

enum class LegMode { parallel, standby };
enum class ReturnMode { automatic, manual };  // "auto", "manual"

/// How far a leg may go down the ladder when its network cannot carry what it sends, and when it goes up again.
struct Step {
  std::string down_to;      ///< rendition; empty: the lowest that it can change to at a key frame
  Millis up_after{10'000};  ///< up_after_ms: calm before the next higher one is tried

  friend bool operator==(const Step&, const Step&) = default;
};

struct Destination {
  bool enabled = true;
  LegMode mode = LegMode::parallel;
  ReturnMode return_mode = ReturnMode::automatic;  ///< return: standby only
  Millis return_hold{10000};                       ///< return_hold_ms: how long main must be steady before backup rests
  Caps caps;                                       ///< in JSON also a preset's name
  std::string video;                               ///< rendition sent; empty: the first
  std::string audio;
  LegConfig main;
  std::optional<LegConfig> backup;
  std::optional<Step> step;  ///< absent: its legs send `video` and nothing else

  friend bool operator==(const Destination&, const Destination&) = default;
};

struct Record {
  bool enabled = true;
  std::string path;       ///< strftime pattern in UTC; .mp4 (fragmented) or .mkv
  Millis fragment{2000};  ///< fragment_ms: most that a kill can lose
  std::string video;
  std::string audio;

  friend bool operator==(const Record&, const Record&) = default;
};

/// What clients of a port may do; each may do what those before it may.
enum class PortRole { view, operate, admin };

/// A port for software that knows obs-websocket.
struct ObsPort {
  bool enabled = true;
  std::string listen = "127.0.0.1:4455";
  std::string password;  ///< empty: none is asked for; loopback only
  PortRole role = PortRole::operate;

  friend bool operator==(const ObsPort&, const ObsPort&) = default;
};

struct Remote {
  std::string listen = "127.0.0.1:4480";
  std::string token;  ///< role admin; no token at all: loopback only, without one
  std::string operate_token;
  std::string view_token;
  std::string tls_cert;  ///< PEM, with its chain; empty: no TLS
  std::string tls_key;   ///< empty: in tls_cert
  std::vector<std::string> allow_origins;
  std::optional<ObsPort> obs;

  friend bool operator==(const Remote&, const Remote&) = default;
};

/// A script under a name, bound to a key, an event or a time of day.
struct Macro {
  bool enabled = true;       ///< false: only macro.run starts it
  std::string code;          ///< JavaScript; or
  std::string script;        ///< the file it stands in
  std::string key;           ///< of the window: "F5", "Ctrl+1"
  std::string on;            ///< type of the event that starts it
  std::string subject;       ///< of that event; empty: any
  std::string at;            ///< time of day in UTC: "18:00", "18:00:30"
  Millis time_limit{60000};  ///< time_limit_ms

  friend bool operator==(const Macro&, const Macro&) = default;
};

struct Show {
  int mainstay = 1;  ///< version of the document
  std::string name = "Untitled";
  Program program;
  std::map<std::string, Source> sources;
  std::map<std::string, Scene> scenes;
  std::string on_air;   ///< scene; empty: the first source alone
  std::string preview;  ///< scene that is made ready; empty: none
  bool studio_mode = true;
  std::string transition = "fade";  ///< of `transitions`, or a built-in one
  std::map<std::string, Transition> transitions;
  Mixer mixer;
  Watchers watchers;
  std::optional<Monitor> monitor;
  Encode encode;
  std::map<std::string, Destination> destinations;
  std::optional<Hls> hls;
  std::optional<Record> record;
  std::optional<Remote> remote;
  std::map<std::string, Macro> macros;

  friend bool operator==(const Show&, const Show&) = default;
};

}  // namespace mainstay::show
