// What a client sees of the running engine: plain values, taken at one moment.
// Owned by whoever asked for it.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/log.h"
#include "engine/core/time.h"
#include "engine/deliver/leg_machine.h"
#include "engine/media/rate.h"
#include "engine/show/section.h"
#include "engine/studio/audience.h"
#include "engine/studio/hls_snapshot.h"
#include "engine/studio/mixer_snapshot.h"

namespace mainstay {

/// Where the show stands: off → starting → on_air → stopping → off.
enum class Phase { off, starting, on_air, stopping };
const char* to_string(Phase phase);

/// On the way from one scene to another.
struct TransitionSnapshot {
  std::string name;  ///< of the transition: "fade"
  std::string from;
  double position = 0;  ///< 0: all of `from`, 1: all of the scene on air
  friend bool operator==(const TransitionSnapshot&, const TransitionSnapshot&) = default;
};

struct ProgramSnapshot {
  int width = 0;
  int height = 0;
  Rate rate;
  std::string scene;
  std::string preview;          ///< scene that stands ready; empty: none
  bool studio_mode = true;      ///< false: scenes are taken as they are chosen
  std::string transition_name;  ///< the show's: by which program.auto takes a scene that names no other
  Nanos transition_length{0};   ///< of that one; a stinger's, once its film's length is known
  std::optional<TransitionSnapshot> transition;
  double black = 0;           ///< how far it is faded to black
  bool to_black = false;      ///< whether it is to be black
  std::int64_t rendered = 0;  ///< frames since the start
  std::int64_t late = 0;      ///< of those, made more than one frame duration after they were due
  std::int64_t repeated = 0;  ///< of those, made with a source's last picture because the due one was not there
};

/// Where a file or playlist is.
struct MediaSnapshot {
  std::int64_t position_ms = 0;
  std::optional<std::int64_t> duration_ms;
  bool paused = false;
  friend bool operator==(const MediaSnapshot&, const MediaSnapshot&) = default;
};

/// A time in which a source on air had failed.
struct SourceOutageSnapshot {
  double start_s = 0;                ///< since the start of the show
  std::optional<double> recover_ms;  ///< absent while it lasts
  std::string detail;                ///< why
};

struct SourceSnapshot {
  std::string name;
  std::string type;   ///< of its JSON: "file", "bars", "text", …
  std::string state;  ///< "opening", "live", "stalled", "ended", "failed", "resting"
  std::string detail;
  std::string input;    ///< ingest: "main" or "backup"
  bool on_air = false;  ///< seen on air, in a transition of either scene
  std::int64_t frames = 0;
  std::int64_t repeated = 0;
  std::int64_t skipped = 0;
  bool on_preview = false;                    ///< seen in preview
  std::optional<MediaSnapshot> media;         ///< of what is played
  std::vector<SourceOutageSnapshot> outages;  ///< the latest, first to last
};

struct EncoderSnapshot {
  std::string name;     ///< rendition: "v0", "a0"
  std::string encoder;  ///< "libx264 1920×1080 6000 kb/s"
  std::int64_t frames = 0;
  std::int64_t dropped = 0;
  double kbps_mean = 0;
  double kbps_peak_1s = 0;
  std::string digest;  ///< of all packets so far: equal digests mean identical packets
  std::string error;   ///< empty while it works
};

struct OutageSnapshot {
  double start_s = 0;  ///< since the start of the show
  double detect_ms = 0;
  std::optional<double> recover_ms;  ///< absent while it lasts
};

/// A change of a leg from one video rendition to another.
struct StepSnapshot {
  double at_s = 0;  ///< since the start of the show
  std::string from;
  std::string to;
  std::string reason;  ///< in words
};

struct LegSnapshot {
  std::string destination;
  std::string role;  ///< "main", "backup"
  std::string url;   ///< without secrets
  LegState state = LegState::idle;
  Nanos in_state{0};
  std::string detail;  ///< the last error, in words
  std::optional<Nanos> retry_in;
  int connects = 0;
  std::int64_t bytes = 0;
  std::int64_t packets = 0;
  std::int64_t dropped = 0;
  double kbps = 0;  ///< over the last second
  Nanos queued{0};
  Nanos rtt{0};
  std::optional<double> first_connect_ms;
  std::vector<OutageSnapshot> outages;
  std::vector<std::pair<std::string, double>> details;  ///< all the transport knows
  std::string rendition = {};            ///< video that it sends; while it is not connected, that it would
  int rendition_height = 0;              ///< lines of that; 0: not known yet
  std::string full = {};                 ///< video that it sends when its network carries it
  std::int64_t step_count = 0;           ///< changes of rendition since the start
  std::vector<StepSnapshot> steps = {};  ///< the latest

  bool stepped_down() const { return rendition != full; }
};

struct RecorderSnapshot {
  std::string path;
  std::string state;  ///< "recording", "failed", "stopped"
  std::string detail;
  std::int64_t bytes = 0;
};

/// What is done to a layer's picture.
struct FilterSnapshot {
  std::string name;
  std::string kind;  ///< "blur", …
  bool enabled = true;
  std::string state;   ///< of one that reads a file, while a program runs: "opening", "live" or "failed"; else empty
  std::string detail;  ///< what it read, or why it did not
  /// Its keys as in the show, those that hold their default too; without type, name and enabled.
  show::Json values = show::Json::object();
  friend bool operator==(const FilterSnapshot&, const FilterSnapshot&) = default;
};

/// What a watcher has raised and not cleared.
struct WatchSnapshot {
  std::string subject;  ///< "program", or a source's name
  bool program = false;
  std::string kind;    ///< "freeze", "black", "silence", "clipping", "av_sync"
  double since_s = 0;  ///< on air, when it began
  double value = 0;    ///< what was measured last: dB, share, samples, ms
  double set_ms = 0;   ///< av_sync: what of it the show asks for, by a layer's delay and a strip's
};

/// A stinger of the show, and its film.
struct StingerSnapshot {
  std::string name;    ///< of the transition
  std::string state;   ///< "opening", "ready" or "failed"; "off": nothing is on air, so it is not opened
  std::string detail;  ///< why it failed
  std::optional<std::int64_t> length_ms;  ///< of the film, once it is known
  friend bool operator==(const StingerSnapshot&, const StingerSnapshot&) = default;
};

/// The sound that is heard at this machine.
struct MonitorSnapshot {
  std::string device;
  std::string state;   ///< "opening", "live", "failed", "off"
  std::string detail;  ///< why it failed
  std::string bus;
  double gain_db = 0;
  std::int64_t underruns = 0;
  double latency_ms = 0;
  bool enabled = true;
  bool mute = false;
  std::string wanted = {};  ///< the device as the show names it; empty: the system's default
};

struct LayerSnapshot {
  std::string name;
  std::string source;
  bool visible = true;
  bool locked = false;
  std::vector<FilterSnapshot> filters;  ///< first to last
  double sound_ahead_ms = 0;  ///< what its delay filters hold the picture back by and its source's strip not the sound
  friend bool operator==(const LayerSnapshot&, const LayerSnapshot&) = default;
};

struct SceneSnapshot {
  std::string name;
  std::vector<LayerSnapshot> layers;  ///< bottom first
  friend bool operator==(const SceneSnapshot&, const SceneSnapshot&) = default;
};

struct MacroSnapshot {
  std::string name;
  std::string key;  ///< of the window, as the show has it (show/key_text.h); empty: none, or switched off
  friend bool operator==(const MacroSnapshot&, const MacroSnapshot&) = default;
};

struct Snapshot {
  Phase phase = Phase::off;
  std::string show_name;  ///< empty: no show is open
  std::string show_path;
  std::int64_t revision = 0;              ///< of the open show
  std::int64_t saved_revision = 0;        ///< what its file holds
  std::vector<std::string> scenes;        ///< by name
  std::vector<SceneSnapshot> layers;      ///< of the same scenes
  std::vector<std::string> transitions;   ///< those that there are, the show's own first
  std::vector<StingerSnapshot> stingers;  ///< of those transitions
  std::vector<MacroSnapshot> macros;
  std::string failure;  ///< why the last show failed while running; empty when it did not
  Nanos elapsed{0};     ///< on air
  ProgramSnapshot program;
  std::vector<SourceSnapshot> sources;
  MixerSnapshot mixer;                     ///< also off air: settings, meters at rest
  std::vector<WatchSnapshot> watches;      ///< raised, the oldest first
  std::optional<MonitorSnapshot> monitor;  ///< also off air, when the show has one
  std::vector<EncoderSnapshot> encoders;
  std::vector<LegSnapshot> legs;
  std::optional<RecorderSnapshot> recorder;
  std::optional<HlsSnapshot> hls;            ///< the show on air, or the last one, has it
  std::optional<AudienceSnapshot> audience;  ///< of the stream that is served from here
};

/// Something that happened. Numbers count up by one from 1; a client asks for those after the last it saw.
struct Event {
  std::int64_t number = 0;
  UtcInstant at;
  LogLevel level = LogLevel::info;
  std::string type;     ///< one of event_types(): "show.opened", "leg.state", …
  std::string subject;  ///< "platform/main", "clip"
  std::string message;
  show::Json data = show::Json::object();  ///< what programs read; the keys are declared in event_types.cpp
};

}  // namespace mainstay
