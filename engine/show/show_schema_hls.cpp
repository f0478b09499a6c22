// The fields of HLS: how the program is packaged, who may fetch it, where else it is put. Each key is declared here and
// nowhere else.
#include <algorithm>

#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

constexpr std::size_t kLongestStreamName = 64;

bool is_stream_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestStreamName && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

}  // namespace

template <>
const Section<HlsAccess>& section_of<HlsAccess>() {
  static const auto section =
      Section<HlsAccess>("access", "Who may watch.")
          .field("mode", &HlsAccess::mode,
                 {.help = "none: everybody who reaches the address; token: whoever has a signed one (hls.token)."})
          .field("secret", &HlsAccess::secret,
                 {.help = "What tokens are signed with, at least 16 characters, best as \"${secret:NAME}\".",
                  .secret = true,
                  .references = true})
          .field("lifetime_s", &HlsAccess::lifetime_s,
                 {.min = 60, .max = 604'800, .unit = "s", .help = "How long a token holds when not told otherwise."});
  return section;
}

template <>
const Section<HlsAlerts>& section_of<HlsAlerts>() {
  static const auto section =
      Section<HlsAlerts>("alerts", "When it is told that viewers are served badly, by what their players report.")
          .field("startup_p95_s", &HlsAlerts::startup_p95_s,
                 {.min = 0,
                  .max = 60,
                  .unit = "s",
                  .help = "Limit of the time from opening to the first picture, of all players but the slowest "
                          "twentieth; 0: not watched."})
          .field("rebuffer_ratio", &HlsAlerts::rebuffer_ratio,
                 {.min = 0,
                  .max = 1,
                  .help = "Limit of the time that players stand still, in that of playing and standing still: 0.01 is "
                          "one per cent; 0: not watched."})
          .field("error_ratio", &HlsAlerts::error_ratio,
                 {.min = 0, .max = 1, .help = "Limit of the share of players that give up; 0: not watched."})
          .field("window_s", &HlsAlerts::window_s,
                 {.min = 10, .max = 3600, .unit = "s", .help = "The time up to now that is looked at."})
          .field("least_sessions", &HlsAlerts::least_sessions,
                 {.min = 1, .max = 10'000, .help = "Of fewer sessions in that time nothing is raised."})
          .field("after_ms", &HlsAlerts::after,
                 {.min = 0, .max = 600'000, .help = "How long a limit must be exceeded before it is raised."})
          .field("clear_ms", &HlsAlerts::clear,
                 {.min = 0,
                  .max = 3'600'000,
                  .help = "How long the figure must stay below four fifths of its limit before it is cleared."});
  return section;
}

template <>
const Section<HlsPublish>& section_of<HlsPublish>() {
  static const auto section =
      Section<HlsPublish>("publish", "A place that playlists and segments are put to: an origin, or a folder.")
          .field("enabled", &HlsPublish::enabled,
                 {.help = "false: nothing is put there, and what is set here is kept."})
          .field("url", &HlsPublish::url,
                 {.help = "http:// or https:// address that files are PUT to. The file's name comes at its end, or in "
                          "place of {file}.",
                  .url = true,
                  .references = true})
          .field("backup_url", &HlsPublish::backup_url,
                 {.help = "A second origin, which gets the same; empty: none.", .url = true, .references = true})
          .field("path", &HlsPublish::path,
                 {.help = "In place of an address: a folder, for a web server to serve. A relative path is relative "
                          "to the show file.",
                  .references = true})
          .field("authorization", &HlsPublish::authorization,
                 {.help = "What the request header Authorization says, as \"Bearer ${secret:NAME}\"; empty: none.",
                  .secret = true,
                  .references = true})
          .field("remove", &HlsPublish::remove, {.help = "Files that left the playlists are deleted there."})
          .field("tls_verify", &HlsPublish::tls_verify, {.help = "https: check the server's certificate and name."})
          .field("tls_ca_file", &HlsPublish::tls_ca_file,
                 {.help = "https: file with the authorities to trust (PEM); empty: the system's.", .references = true})
          .field("timeout_ms", &HlsPublish::timeout, {.min = 100, .max = 60000, .help = "How long one file may take."})
          .field(
              "key_uri", &HlsPublish::key_uri,
              {.help = "aes128: the address that playlists there name for keys, of a server of yours. The key's name "
                       "comes at its end, or in place of {file}; here it is served as /NAME/keys/ and that name.",
               .references = true})
          .field("publish_key", &HlsPublish::publish_key,
                 {.help = "aes128, in place of key_uri: keys are put there too. Whoever can fetch the segments there "
                          "can then fetch their keys."});
  return section;
}

namespace {

Section<Hls> packaging() {
  return Section<Hls>("hls", "HLS and CMAF, packaged on the spot and served from here.")
      .field("listen", &Hls::listen,
             {.help = "Where the origin listens, HOST:PORT. HOST is an IP address of this machine, localhost, or "
                      "0.0.0.0 for all networks.",
              .references = true})
      .field("name", &Hls::name,
             {.accepts = is_stream_name,
              .format = "1 to 64 letters, digits, _ or -",
              .help = "Name of the stream: it is played from /NAME/index.m3u8."})
      .field("container", &Hls::container,
             {.help = "cmaf: fragmented MP4, sound and picture apart; mpegts: transport stream segments with both, "
                      "for receivers that take nothing else (no parts, no DASH)."})
      .field("segment_s", &Hls::segment_s,
             {.min = 0.5,
              .max = 60,
              .unit = "s",
              .help = "Length of a segment; made a whole number of key-frame intervals."})
      .field("low_latency", &Hls::low_latency, {.help = "Low-latency HLS: parts of segments, blocking reload."})
      .field("part_ms", &Hls::part_ms,
             {.min = 50,
              .max = 10000,
              .unit = "ms",
              .help = "Length of a partial segment (LL-HLS); made a whole number of frames."})
      .field("window_s", &Hls::window_s,
             {.min = 1, .max = 24 * 3600, .unit = "s", .help = "How far back a viewer can go, from memory."})
      .field("dvr_s", &Hls::dvr_s,
             {.min = 0,
              .max = 24 * 3600,
              .unit = "s",
              .help = "How far back a viewer can go, with older segments on disk (in \"store\"); 0: window_s."})
      .field("store", &Hls::store,
             {.help = "Folder for what outlives the program: numbering, older segments, viewers' figures. A relative "
                      "path is relative to the show file; empty: nothing is kept.",
              .references = true})
      .field("video", &Hls::video, {.max_items = 16, .help = "Video renditions packaged, by name; empty: all."})
      .field("audio", &Hls::audio, {.max_items = 16, .help = "Audio renditions packaged, by name; empty: all."})
      .field("audio_only", &Hls::audio_only, {.help = "Offer the sound alone as the lowest rung."})
      .field("dash", &Hls::dash, {.help = "A DASH manifest (manifest.mpd) over the same segments."});
}

}  // namespace

template <>
const Section<Hls>& section_of<Hls>() {
  static const auto section =
      packaging()
          .field("encryption", &Hls::encryption,
                 {.help = "aes128: segments and parts are encrypted (AES-128), with the key at the origin."})
          .field("key_segments", &Hls::key_segments,
                 {.min = 0,
                  .max = 100'000,
                  .help = "aes128: so many segments are encrypted with one key, then comes another; 0: one key for "
                          "all."})
          .field("access", &Hls::access, {.help = "Who may watch."})
          .field("tls_cert", &Hls::tls_cert,
                 {.help = "Certificate with its chain (PEM), which makes the origin speak https alone; empty: no TLS. "
                          "A relative path is relative to the show file.",
                  .references = true})
          .field("tls_key", &Hls::tls_key,
                 {.help = "Its key (PEM), without a passphrase; empty: it stands in tls_cert.", .references = true})
          .field("player", &Hls::player, {.help = "A page with a player at /."})
          .field(
              "allow_origins", &Hls::allow_origins,
              {.max_items = 64,
               .help = "Web pages whose scripts may fetch the stream, as \"https://panel.example.org\"; \"*\": all."})
          .field("public_url", &Hls::public_url,
                 {.help = "The address that viewers see, as \"https://live.example.org\"; empty: from listen.",
                  .references = true})
          .field("max_connections", &Hls::max_connections, {.min = 1, .max = 65536, .help = "Connections at a time."})
          .field("max_requests_per_s", &Hls::max_requests_per_s,
                 {.min = 0, .max = 100'000, .help = "Requests a second from one address; 0: no limit."})
          .field("regions", &Hls::regions,
                 {.help = "Names of networks for the viewers' figures, as \"10.1.0.0/16\": \"north\"."})
          .field("metrics", &Hls::metrics,
                 {.help = "Who may read /metrics and /metrics/players.json at the origin: nobody (off), this machine "
                          "(local), everybody (open)."})
          .field("alerts", &Hls::alerts, {.help = "When it is told that viewers are served badly."})
          .field("publish", &Hls::publish,
                 {.max_items = 8, .help = "Where else the same files are put: origins, folders."});
  return section;
}

}  // namespace mainstay::show
