// The fields of how the program leaves the house: encodes and their caps, destinations, recording. Each key is declared
// here and nowhere else.
#include <algorithm>

#include "engine/show/ladder.h"
#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

constexpr double kHour = 3'600'000;  // in ms
constexpr double kMaxVideoKbps = 800'000;
constexpr double kMaxAudioKbps = 1024;

bool is_ladder_or_empty(std::string_view text) {
  const std::vector<std::string> names = ladder_names();
  return text.empty() || std::find(names.begin(), names.end(), text) != names.end();
}

}  // namespace

template <>
const Section<Caps>& section_of<Caps>() {
  static const auto section =
      Section<Caps>("caps", "What an encode may not exceed. An absent key is no limit. A plain text names a preset.")
          .shorthand("preset")
          .field(
              "preset", &Caps::preset,
              {.help = "A preset whose limits also hold (the stricter of the two counts); see the table of presets."})
          .field("max_video_kbps", &Caps::max_video_kbps,
                 {.min = 1,
                  .max = kMaxVideoKbps,
                  .unit = "kb/s",
                  .help = "Video bitrate; on air no second of the stream exceeds it."})
          .field("max_audio_kbps", &Caps::max_audio_kbps,
                 {.min = 1, .max = kMaxAudioKbps, .unit = "kb/s", .help = "Audio bitrate."})
          .field("max_audio_channels", &Caps::max_audio_channels,
                 {.min = 1, .max = 6, .help = "Channels of sound; 2: no more than stereo."})
          .field("max_height", &Caps::max_height, {.min = 16, .max = 8192, .unit = "px", .help = "Picture height."})
          .field("max_rate", &Caps::max_rate, {.min = 1, .max = 1000, .help = "Frame rate."})
          .field("max_keyint_s", &Caps::max_keyint_s,
                 {.min = 0.1, .max = 60, .unit = "s", .help = "Time from one key frame to the next."})
          .field("max_bframes", &Caps::max_bframes,
                 {.min = 0, .max = 16, .help = "B-frames in a row; 0: none allowed."})
          .field("max_vbv_ms", &Caps::max_vbv_ms,
                 {.min = 1, .max = 60000, .unit = "ms", .help = "Size of the rate control's buffer."})
          .field("max_profile", &Caps::max_profile,
                 {.words = {"baseline", "main", "high", "main10", "high10"},
                  .help = "H.264: baseline < main < high < high10; HEVC: main < main10."})
          .field("max_level", &Caps::max_level, {.help = "Level of the codec, as \"4.1\"."})
          .field("video_codecs", &Caps::video_codecs,
                 {.words = {"h264", "hevc", "av1", "vp9"}, .max_items = 8, .help = "Codecs taken; empty: any."})
          .field("audio_codecs", &Caps::audio_codecs,
                 {.words = {"aac", "opus"}, .max_items = 8, .help = "Codecs taken; empty: any."});
  return section;
}

template <>
const Section<VideoEncode>& section_of<VideoEncode>() {
  static const auto section =
      Section<VideoEncode>("video rendition", "One encode of the picture, shared by all that send it.")
          .field("name", &VideoEncode::name, {.help = "Its name, unique among all renditions.", .always = true})
          .field("codec", &VideoEncode::codec, {.words = {"h264", "hevc", "av1"}, .help = "The codec.", .always = true})
          .field(
              "encoder", &VideoEncode::encoder,
              {.help = "FFmpeg's name of the encoder (libx264, libx265, libsvtav1, h264_nvenc, hevc_vaapi, …); auto: "
                       "the software encoder of the codec."})
          .field("preset", &VideoEncode::preset, {.help = "The encoder's preset, as it names them."})
          .field("tune", &VideoEncode::tune, {.help = "The encoder's tuning; empty: none."})
          .field("profile", &VideoEncode::profile, {.help = "Empty: the encoder's choice, within the caps."})
          .field("level", &VideoEncode::level, {.help = "As \"4.1\"; empty: the encoder's choice."})
          .field("height", &VideoEncode::height,
                 {.min = 0,
                  .max = 8192,
                  .multiple_of = 2,
                  .unit = "px",
                  .help = "0: the program's; the width follows the program's shape."})
          .field("kbps", &VideoEncode::kbps, {.min = 10, .max = kMaxVideoKbps, .unit = "kb/s", .help = "Bitrate."})
          .field("vbv_ms", &VideoEncode::vbv_ms,
                 {.min = 50,
                  .max = 60000,
                  .unit = "ms",
                  .help = "Size of the rate control's buffer: how long the bitrate may be saved up."})
          .field("keyint_s", &VideoEncode::keyint_s,
                 {.min = 0.1, .max = 60, .unit = "s", .help = "Time from one IDR picture to the next, exactly."})
          .field("bframes", &VideoEncode::bframes,
                 {.min = -1, .max = 16, .help = "B-frames in a row; -1: the preset's choice, within the caps."})
          .field("threads", &VideoEncode::threads,
                 {.min = 0,
                  .max = 128,
                  .help = "0: the encoder's choice; 1 gives identical packets on every run with the same input."})
          .field("options", &VideoEncode::options,
                 {.max_items = 64, .help = "Further options, passed to the encoder as they are."});
  return section;
}

template <>
const Section<AudioEncode>& section_of<AudioEncode>() {
  static const auto section =
      Section<AudioEncode>("audio rendition", "One encode of the sound, shared by all that send it.")
          .field("name", &AudioEncode::name, {.help = "Its name, unique among all renditions.", .always = true})
          .field("codec", &AudioEncode::codec, {.words = {"aac", "opus"}, .help = "The codec.", .always = true})
          .field("encoder", &AudioEncode::encoder,
                 {.help = "FFmpeg's name of the encoder; auto: the codec's usual one."})
          .field("kbps", &AudioEncode::kbps, {.min = 6, .max = 512, .unit = "kb/s", .help = "Bitrate."})
          .field("channels", &AudioEncode::channels,
                 {.numbers = {0, 1, 2, 6}, .help = "1: mono, 2: stereo, 6: 5.1; 0: as the program."})
          .field("bus", &AudioEncode::bus,
                 {.help = "Bus of the mixer whose sound it is: program, monitor, aux1 to aux4."});
  return section;
}

template <>
const Section<Encode>& section_of<Encode>() {
  static const auto section =
      Section<Encode>("encode",
                      "The renditions of the program. Each is encoded once, however many destinations send it.")
          .field("caps", &Encode::caps, {.help = "Limits for all renditions, whoever sends them."})
          .field(
              "ladder", &Encode::ladder,
              {.accepts = is_ladder_or_empty,
               .format = "one of apple, mobile, single",
               .help = "Makes \"video\" from a preset when the document is read, in place of what stands there: apple "
                       "(Apple's authoring specification, 234 to 1080 lines), mobile (234 to 540 lines, for narrow "
                       "networks), single (one rendition). Only rungs that fit the program and the caps are made; "
                       "they then stand in \"video\", where each may be changed."})
          .field("video", &Encode::video,
                 {.max_items = 16,
                  .help = "Video renditions. Absent although the show has destinations, HLS or a recording: one with "
                          "its defaults."})
          .field("audio", &Encode::audio,
                 {.max_items = 16, .help = "Audio renditions. Absent: as for video. An empty list: no sound."});
  return section;
}

template <>
const Section<LegConfig>& section_of<LegConfig>() {
  static const auto section =
      Section<LegConfig>("leg", "One connection to an ingest.")
          .field("url", &LegConfig::url,
                 {.help = "srt://HOST:PORT, with ?mode=listener or ?mode=rendezvous where we do not call; "
                          "rtmp://HOST[:PORT]/APP; rtmps://HOST[:PORT]/APP.",
                  .required = true,
                  .url = true,
                  .references = true})
          .field("key", &LegConfig::key,
                 {.help = "RTMP: the stream key, appended to the address.", .secret = true, .references = true})
          .field("streamid", &LegConfig::streamid,
                 {.help = "SRT: the stream that the ingest is asked for, at most 512 characters.",
                  .secret = true,
                  .references = true})
          .field("passphrase", &LegConfig::passphrase,
                 {.help = "SRT: encrypts the stream; 10 to 80 characters; empty: no encryption.",
                  .secret = true,
                  .references = true})
          .field("pbkeylen", &LegConfig::pbkeylen,
                 {.numbers = {16, 24, 32}, .unit = "bytes", .help = "SRT: length of the key made from the passphrase."})
          .field("latency_ms", &LegConfig::latency,
                 {.min = 0, .max = 60000, .help = "SRT: time in which lost packets can be sent again."})
          .field("connect_timeout_ms", &LegConfig::connect_timeout,
                 {.min = 100, .max = 60000, .help = "How long one attempt to connect may take."})
          .field("tls_verify", &LegConfig::tls_verify, {.help = "RTMPS: check the server's certificate and name."})
          .field("tls_ca_file", &LegConfig::tls_ca_file,
                 {.help = "RTMPS: file with the authorities to trust (PEM); empty: the system's.", .references = true});
  return section;
}

template <>
const Section<Step>& section_of<Step>() {
  static const auto section =
      Section<Step>("step",
                    "Lets each leg of a destination send a lower video rendition, from one key frame on, while its "
                    "network cannot carry the one it shall send. A plain text names the lowest.")
          .shorthand("down_to")
          .field(
              "down_to", &Step::down_to,
              {.help = "Name of the lowest video rendition it may go down to; empty: the lowest there is. Renditions "
                       "count whose codec, keyint_s and B-frames are those of the one that is sent."})
          .field("up_after_ms", &Step::up_after,
                 {.min = 1000,
                  .max = kHour,
                  .help = "How long the network must be calm before the next higher one is tried. After a try that did "
                          "not hold, twice as long, up to five minutes or this, whichever is more."});
  return section;
}

template <>
const Section<Destination>& section_of<Destination>() {
  static const auto section =
      Section<Destination>("destination", "A platform or server that receives the program, on one or two legs.")
          .field("enabled", &Destination::enabled,
                 {.help = "false: its legs are off; destination.start and destination.stop change it."})
          .field("mode", &Destination::mode,
                 {.help = "parallel: both legs always send; standby: backup connects when main is lost."})
          .field("return", &Destination::return_mode,
                 {.help = "standby: go back to main by itself (auto) or when told (manual)."})
          .field("return_hold_ms", &Destination::return_hold,
                 {.min = 0, .max = 24 * kHour, .help = "standby: how long main must be steady before backup rests."})
          .field("caps", &Destination::caps, {.help = "What this destination takes: limits, or a preset's name."})
          .field("video", &Destination::video, {.help = "Name of the video rendition sent; empty: the first."})
          .field("audio", &Destination::audio, {.help = "Name of the audio rendition sent; empty: the first."})
          .field("main", &Destination::main, {.help = "The first leg.", .required = true})
          .field("backup", &Destination::backup, {.help = "The second leg, to another ingest."})
          .field("step", &Destination::step,
                 {.help = "Step down the ladder when the network cannot carry the rendition, and up again; absent: "
                          "packets that it cannot carry are dropped."});
  return section;
}

template <>
const Section<Record>& section_of<Record>() {
  static const auto section =
      Section<Record>("record", "A recording: the packets that are sent, in a file that a kill does not spoil.")
          .field("enabled", &Record::enabled,
                 {.help = "false: nothing is recorded; record.start and record.stop change it."})
          .field("path", &Record::path,
                 {.help = "The file: .mp4 (fragmented) or .mkv, with strftime's marks for the time in UTC "
                          "(%Y-%m-%d_%H-%M-%S). A relative path is relative to the show file.",
                  .required = true,
                  .references = true})
          .field("fragment_ms", &Record::fragment, {.min = 100, .max = 60000, .help = "The most that a kill can lose."})
          .field("video", &Record::video, {.help = "Name of the video rendition recorded; empty: the first."})
          .field("audio", &Record::audio, {.help = "Name of the audio rendition recorded; empty: the first."});
  return section;
}

}  // namespace mainstay::show
