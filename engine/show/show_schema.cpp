// The fields of what is shown: the program and its sources, and the document itself. Each key is declared here and
// nowhere else.
#include "engine/show/show_schema.h"

#include "engine/show/layers.h"

namespace mainstay::show {

namespace {

constexpr double kHour = 3'600'000;  // in ms
constexpr double kDay = 24 * kHour;

}  // namespace

template <>
const Section<Program>& section_of<Program>() {
  static const auto section =
      Section<Program>("program", "The picture and the clock that everything runs on.")
          .field("width", &Program::width,
                 {.min = 16, .max = 8192, .multiple_of = 2, .unit = "px", .help = "Width of the program picture."})
          .field("height", &Program::height,
                 {.min = 16, .max = 8192, .multiple_of = 2, .unit = "px", .help = "Height of the program picture."})
          .field("rate", &Program::rate,
                 {.min = 1, .max = 300, .help = "Frames a second, as \"30/1\", \"30000/1001\", 30 or 29.97."})
          .field(
              "latency_target", &Program::latency_target,
              {.help = "What viewers shall get: sub_second (WebRTC), low (LL-HLS, CMAF) or classic (HLS). Encoder and "
                       "packager settings follow from it."})
          .field("audio_layout", &Program::audio_layout,
                 {.help = "Channels of the mixer's buses: mono, stereo or 5.1 (L R C LFE Ls Rs). Sources of another "
                          "layout are brought to it by ITU-R BS.775. Cannot change while on air."})
          .field("hold_ms", &Program::hold,
                 {.min = 0,
                  .max = kHour,
                  .help = "How long a source's last frame stands in for a missing one before "
                          "the slate is shown."})
          .field("slate", &Program::slate,
                 {.help = "Name of the source shown in place of one that has nothing to give; empty: dark grey."})
          .field("first_frame", &Program::first_frame,
                 {.min = -1,
                  .max = 1e12,
                  .unit = "frames",
                  .help = "Frame number at which the timeline starts; -1: one second's worth, so that decode times are "
                          "never negative."});
  return section;
}

template <>
const Section<FileSource>& section_of<FileSource>() {
  static const auto section =
      Section<FileSource>("file", "A media file: any container and codec that FFmpeg reads.")
          .alternative()
          .field(
              "path", &FileSource::path,
              {.help = "The file; a relative path is relative to the show file.", .required = true, .references = true})
          .field("loop", &FileSource::loop, {.help = "Start again at the in point when the out point is reached."})
          .field("in_ms", &FileSource::in, {.min = 0, .max = 30 * kDay, .help = "Where to start in the file."})
          .field("out_ms", &FileSource::out,
                 {.min = 0, .max = 30 * kDay, .help = "Where to stop; absent: the end of the file."})
          .field("hw", &FileSource::hw,
                 {.help = "Hardware decoder: auto, none, or FFmpeg's name of a device type (vaapi, cuda, qsv, …)."})
          .field("threads", &FileSource::threads,
                 {.min = 0, .max = 64, .help = "Decoder threads; 0: as many as the picture size needs."})
          .field("when_hidden", &FileSource::when_hidden, when_hidden_spec())
          .field("on_show", &FileSource::on_show, on_show_spec());
  return section;
}

template <>
const Section<BarsSource>& section_of<BarsSource>() {
  static const auto section =
      Section<BarsSource>("bars", "Colour bars and a tone.")
          .alternative()
          .field("tone_hz", &BarsSource::tone_hz, {.min = 0, .max = 20000, .unit = "Hz", .help = "0: silence."})
          .field("tone_db", &BarsSource::tone_db,
                 {.min = -120, .max = 0, .unit = "dBFS", .help = "Level of the tone's peaks."})
          .field("clock", &BarsSource::clock, {.help = "A running clock and frame count in the picture."});
  return section;
}

template <>
const Section<ColorSource>& section_of<ColorSource>() {
  static const auto section =
      Section<ColorSource>("color", "One colour, silent.")
          .alternative()
          .field("color", &ColorSource::color,
                 {.accepts = is_color, .format = "a colour as \"#rrggbb\"", .help = "The colour as #rrggbb, sRGB."});
  return section;
}

template <>
const Section<IngestInput>& section_of<IngestInput>() {
  static const auto section =
      Section<IngestInput>("ingest input", "One listener of an ingest.")
          .shorthand("url")
          .field("url", &IngestInput::url,
                 {.help = "Where to listen: srt://HOST:PORT?mode=listener or rtmp://HOST:PORT/APP[/KEY]; without HOST: "
                          "the loopback address.",
                  .required = true,
                  .url = true,
                  .references = true})
          .field(
              "key", &IngestInput::key,
              {.help = "Stream key that the sender must give (RTMP: the stream name, SRT: the streamid); empty: any.",
               .secret = true,
               .references = true})
          .field("passphrase", &IngestInput::passphrase,
                 {.help = "SRT: the sender must encrypt with this passphrase of 10 to 80 characters; empty: no "
                          "encryption.",
                  .secret = true,
                  .references = true})
          .field("latency_ms", &IngestInput::latency,
                 {.min = 0, .max = 60000, .help = "SRT: least time in which lost packets are asked for again."});
  return section;
}

template <>
const Section<IngestSource>& section_of<IngestSource>() {
  static const auto section =
      Section<IngestSource>("ingest",
                            "A stream that somebody pushes to us, on a main and a backup listener. The one "
                            "that delivers is on air.")
          .alternative()
          .field("main", &IngestSource::main, {.help = "The listener that is preferred.", .required = true})
          .field("backup", &IngestSource::backup, {.help = "The listener that stands in."})
          .field("hold_ms", &IngestSource::hold,
                 {.min = 0, .max = kHour, .help = "Silence on the input on air before the other one takes over."})
          .field("return_hold_ms", &IngestSource::return_hold,
                 {.min = 0, .max = kHour, .help = "Steady delivery on main before the source switches back to it."})
          .field("buffer_ms", &IngestSource::buffer,
                 {.min = 0, .max = 60000, .help = "Delay on the program clock that takes up the network's jitter."});
  return section;
}

template <>
const Section<ImageSource>& section_of<ImageSource>() {
  static const auto section =
      Section<ImageSource>("image",
                           "A still picture, with or without transparency: PNG, JPEG, WebP, GIF (its first "
                           "picture), BMP, TIFF. A changed file is taken over while on air.")
          .alternative()
          .field("path", &ImageSource::path,
                 {.help = "The file, at most 8192×8192; a relative path is relative to the show file.",
                  .required = true,
                  .references = true});
  return section;
}

template <>
const Section<Show>& section_of<Show>() {
  static const auto section =
      Section<Show>("show", "The whole document.")
          .field("mainstay", &Show::mainstay, {.min = 1, .max = 1, .help = "Version of the document.", .always = true})
          .field("name", &Show::name, {.help = "The channel's name."})
          .field("program", &Show::program, {.help = "The picture and its clock.", .required = true})
          .field("sources", &Show::sources, {.max_items = 256, .help = "What can be shown, by name.", .required = true})
          .field("scenes", &Show::scenes, {.max_items = 256, .help = "How it is put together, by name."})
          .field("on_air", &Show::on_air,
                 {.help = "Name of the scene that is shown; empty: the source whose name sorts first, alone."})
          .field("mixer", &Show::mixer, {.help = "What is done to the sound of the sources, and where it goes."})
          .field("watchers", &Show::watchers, {.help = "What is told when picture or sound are not as they should be."})
          .field("monitor", &Show::monitor, {.help = "Sound that is heard at this machine; absent: none."})
          .field("preview", &Show::preview,
                 {.help = "Name of the scene that stands ready to be taken; empty: none. With studio_mode only."})
          .field("studio_mode", &Show::studio_mode,
                 {.help = "Whether a scene is looked at in preview before it is taken. false: scenes are taken as they "
                          "are chosen."})
          .field("transition", &Show::transition,
                 {.help = "By which program.auto takes a scene that names no other: one of transitions, or cut, fade, "
                          "dip, wipe, slide, push, which are there without being declared."})
          .field("transitions", &Show::transitions,
                 {.max_items = 64, .help = "Ways from scene to scene, by name; one named as a kind changes that kind."})
          .field("encode", &Show::encode,
                 {.help = "Renditions of the program and what they may not exceed. Absent although the show has "
                          "destinations, HLS or a recording: one video rendition \"v0\" and one audio rendition \"a0\" "
                          "with their defaults."})
          .field("destinations", &Show::destinations, {.max_items = 256, .help = "Where the program is sent, by name."})
          .field("hls", &Show::hls, {.help = "HLS packaging and its origin; absent: none."})
          .field("record", &Show::record, {.help = "A recording of the program; absent: none."})
          .field("remote", &Show::remote, {.help = "The API for other programs and machines; absent: none."})
          .field("macros", &Show::macros, {.max_items = 100, .help = "Scripts for keys, events and times, by name."});
  return section;
}

const ObjectInfo& show_info() {
  return section_of<Show>().info();
}

}  // namespace mainstay::show
