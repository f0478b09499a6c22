// The fields of the sources that come live from networks and devices. Each key is declared here and nowhere else.
#include <algorithm>

#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

constexpr const char* kBufferHelp = "Delay on the program clock that takes up the device's jitter.";
constexpr int kWidest = 16384;

bool is_window(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  const std::string_view digits = hex ? text.substr(2) : text;
  const std::string_view known = hex ? "0123456789abcdefABCDEF" : "0123456789";
  return text.empty() || (!digits.empty() && digits.size() <= (hex ? 8U : 10U) &&
                          digits.find_first_not_of(known) == std::string_view::npos);
}

}  // namespace

template <>
const Section<StreamSource>& section_of<StreamSource>() {
  static const auto section =
      Section<StreamSource>("stream",
                            "A stream that is fetched from the network. One that breaks off or cannot be opened is "
                            "opened again, after 1 s and then ever more, up to 30 s, for as long as the show runs.")
          .alternative()
          .field("url", &StreamSource::url,
                 {.help = "srt://HOST:PORT (we call), rtmp://HOST/APP/NAME, rtmps://, rtsp://HOST/PATH, rtsps://, "
                          "http:// or https:// (HLS: .m3u8, or a stream as it is), udp://HOST:PORT (MPEG-TS; HOST: "
                          "where to receive, or a multicast group), tcp://HOST:PORT (MPEG-TS).",
                  .required = true,
                  .url = true,
                  .references = true})
          .field("passphrase", &StreamSource::passphrase,
                 {.help = "SRT: the passphrase of 10 to 80 characters that the stream is encrypted with; empty: none.",
                  .secret = true,
                  .references = true})
          .field("latency_ms", &StreamSource::latency,
                 {.min = 0, .max = 60000, .help = "SRT: least time in which lost packets are asked for again."})
          .field("buffer_ms", &StreamSource::buffer,
                 {.min = 0, .max = 60000, .help = "Delay on the program clock that takes up the network's jitter."})
          .field("transport", &StreamSource::transport,
                 {.help = "RTSP: how media come, over the connection itself (tcp) or as datagrams beside it (udp)."})
          .field("timeout_ms", &StreamSource::timeout,
                 {.min = 500,
                  .max = 600000,
                  .help = "Silence that lasts longer ends the connection; it is opened again. (HLS: 15 s at least, as "
                          "it comes in segments.) To open it may take 10 s more."})
          .field("hw", &StreamSource::hw,
                 {.help = "Hardware decoder: auto, none, or FFmpeg's name of a device type (vaapi, cuda, qsv, …)."})
          .field(
              "tls_verify", &StreamSource::tls_verify,
              {.help = "HTTPS, RTMPS: check the server's certificate and name, those of HLS's segments and keys too. "
                       "(RTSPS is encrypted only: its certificates are not checked.)"})
          .field("tls_ca_file", &StreamSource::tls_ca_file,
                 {.help = "HTTPS, RTMPS: file with the authorities to trust (PEM); empty: the system's. A relative "
                          "path is relative to the show file.",
                  .references = true})
          .field("when_hidden", &StreamSource::when_hidden, live_hidden_spec());
  return section;
}

template <>
const Section<ScreenSource>& section_of<ScreenSource>() {
  static const auto section =
      Section<ScreenSource>("screen", "What a screen of this machine shows: all of it, a part, or one window (X11).")
          .alternative()
          .field("display", &ScreenSource::display,
                 {.help = "X11's display, as \":0\" or \":0.1\"; empty: the one of the environment (DISPLAY)."})
          .field("x", &ScreenSource::x,
                 {.min = 0, .max = kWidest, .unit = "px", .help = "Left edge of the part that is shown."})
          .field("y", &ScreenSource::y,
                 {.min = 0, .max = kWidest, .unit = "px", .help = "Top edge of the part that is shown."})
          .field("width", &ScreenSource::width,
                 {.min = 0, .max = kWidest, .multiple_of = 2, .unit = "px", .help = "0, with height 0: all of it."})
          .field("height", &ScreenSource::height,
                 {.min = 0, .max = kWidest, .multiple_of = 2, .unit = "px", .help = "0, with width 0: all of it."})
          .field("window", &ScreenSource::window,
                 {.accepts = is_window,
                  .format = "a window's number, as \"0x2a00007\"",
                  .help = "One window instead of the screen: its number, as source.devices and xwininfo say it."})
          .field("cursor", &ScreenSource::cursor, {.help = "Whether the mouse pointer is in the picture."})
          .field("rate", &ScreenSource::rate,
                 {.min = 1, .max = 240, .help = "Pictures a second; absent: the program's rate."})
          .field("buffer_ms", &ScreenSource::buffer, {.min = 0, .max = 10000, .help = kBufferHelp})
          .field("when_hidden", &ScreenSource::when_hidden, live_hidden_spec());
  return section;
}

template <>
const Section<CameraSource>& section_of<CameraSource>() {
  static const auto section =
      Section<CameraSource>("camera",
                            "A camera or capture card of this machine (V4L2). Its sound is a device of its "
                            "own: a source of type audio.")
          .alternative()
          .field("device", &CameraSource::device,
                 {.help = "The device, as \"/dev/video0\" or a stable name under /dev/v4l/by-id; empty: the first one. "
                          "source.devices lists them with what they can give.",
                  .references = true})
          .field(
              "width", &CameraSource::width,
              {.min = 0, .max = kWidest, .unit = "px", .help = "0, with height 0: what comes nearest to the program."})
          .field(
              "height", &CameraSource::height,
              {.min = 0, .max = kWidest, .unit = "px", .help = "0, with width 0: what comes nearest to the program."})
          .field("rate", &CameraSource::rate,
                 {.min = 1, .max = 240, .help = "Pictures a second; absent: what comes nearest to the program."})
          .field("format", &CameraSource::format,
                 {.help = "How pictures come from the device: auto, or FFmpeg's name of a pixel format or codec "
                          "(yuyv422, nv12, mjpeg, h264)."})
          .field("buffer_ms", &CameraSource::buffer, {.min = 0, .max = 10000, .help = kBufferHelp})
          .field("when_hidden", &CameraSource::when_hidden, live_hidden_spec());
  return section;
}

template <>
const Section<AudioSource>& section_of<AudioSource>() {
  static const auto section =
      Section<AudioSource>("audio",
                           "Sound from a device of this machine (PortAudio): a microphone, a line, a sound card. "
                           "Heard without a scene when its strip in the mixer does not follow the picture.")
          .alternative()
          .field("device", &AudioSource::device,
                 {.help = "The device's name, or how it begins; empty: the system's default. source.devices lists "
                          "them.",
                  .references = true})
          .field("channels", &AudioSource::channels,
                 {.numbers = {1, 2, 6},
                  .help = "1: one channel, heard on both sides; 2: a pair; 6: 5.1, in the order L R C LFE Ls Rs."})
          .field("first_channel", &AudioSource::first_channel,
                 {.min = 1, .max = 64, .help = "The first of them, on a device that has more."})
          .field("buffer_ms", &AudioSource::buffer, {.min = 10, .max = 10000, .help = kBufferHelp})
          .field("when_hidden", &AudioSource::when_hidden, live_hidden_spec());
  return section;
}

}  // namespace mainstay::show
