// Addresses: legs, ingest listeners, streams that are fetched, the origin and the remote faces. No message shows more
// of an address than protocol, host and port.
#include <algorithm>
#include <set>

#include "engine/show/check_parts.h"
#include "engine/show/references.h"
#include "engine/show/renditions.h"
#include "engine/show/section.h"
#include "engine/show/suggest.h"
#include "engine/show/url.h"

namespace mainstay::show {

namespace {

constexpr int kRtmpPort = 1935;
constexpr std::size_t kShortestPassphrase = 10;  // libsrt refuses shorter and longer ones
constexpr std::size_t kLongestPassphrase = 80;
constexpr std::size_t kLongestStreamId = 512;  // SRT Access Control

/// A port of ours that somebody connects to.
struct Listener {
  std::string pointer;
  bool udp;
  std::string host;
  int port;
};

bool is_any(const std::string& host) {
  return host == "0.0.0.0" || host == "::";
}

bool same_place(const Listener& a, const Listener& b) {
  if (a.udp != b.udp || a.port != b.port) return false;
  const auto loopback = [](const std::string& host) {
    return host.empty() || host == "127.0.0.1" || host == "localhost";
  };
  return is_any(a.host) || is_any(b.host) || a.host == b.host || (loopback(a.host) && loopback(b.host));
}

void check_listeners(const std::vector<Listener>& listeners, Findings& findings) {
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!same_place(listeners[i], listeners[j])) continue;
      findings.add(listeners[i].pointer, "{} port {} is used by {} too: give each listener a port of its own",
                   listeners[i].udp ? "UDP" : "TCP", listeners[i].port, listeners[j].pointer);
      break;
    }
  }
}

void check_passphrase(const std::string& passphrase, const std::string& pointer, Findings& findings) {
  if (passphrase.empty() || has_reference(passphrase)) return;
  if (passphrase.size() >= kShortestPassphrase && passphrase.size() <= kLongestPassphrase) return;
  findings.add(pointer, "the passphrase has {} characters: SRT takes {} to {}", passphrase.size(), kShortestPassphrase,
               kLongestPassphrase);
}

// The address in parts; none when it is wrong (told) or rests on a reference that is not known.
std::optional<Url> read_url(const std::string& text, const std::vector<std::string>& schemes,
                            const std::string& pointer, Findings& findings) {
  // Only what follows the host may rest on an unknown reference: the rest of the address can still be looked at.
  std::string known = text;
  if (const std::size_t reference = text.find("${"); reference != std::string::npos) {
    const std::size_t authority = text.find("://");
    if (authority == std::string::npos || text.find('/', authority + 3) > reference) return std::nullopt;
    const auto placeholder = [](ReferenceKind, const std::string&) { return Result<std::string>(std::string("x")); };
    Result<std::string> filled = replace_references(text, placeholder);
    if (!filled) return std::nullopt;
    known = *std::move(filled);
  }
  Result<Url> url = parse_url(known);
  if (!url) {
    findings.add_text(pointer, url.error().message);
    return std::nullopt;
  }
  if (std::find(schemes.begin(), schemes.end(), url->scheme) == schemes.end()) {
    findings.add(pointer, "unknown protocol {}{}", in_quotes(url->scheme), hint(url->scheme, schemes));
    return std::nullopt;
  }
  return *std::move(url);
}

// What every SRT address of ours has: host and port, no path, no login.
void check_srt_url(const Url& url, const std::vector<std::string>& modes, const std::string& pointer,
                   Findings& findings) {
  const std::string mode(url.parameter("mode"));
  if (!mode.empty() && std::find(modes.begin(), modes.end(), mode) == modes.end())
    findings.add(pointer, "mode {} cannot be used here{}", in_quotes(mode), hint(mode, modes));
  if (url.port == 0) findings.add(pointer, "the port is missing: srt://HOST:PORT");
  if (!url.segments().empty()) findings.add(pointer, "an SRT address has no path: the stream's name is the streamid");
  if (!url.user.empty()) findings.add(pointer, "an SRT address has no user name: it goes into the streamid");
  check_passphrase(std::string(url.parameter("passphrase")), pointer, findings);
}

void check_srt_leg(const LegConfig& leg, const Url& url, const std::string& pointer, std::vector<Listener>& listeners,
                   Findings& findings) {
  check_srt_url(url, {"caller", "listener", "rendezvous"}, pointer + "/url", findings);
  const std::string_view mode = url.parameter("mode");
  // Without a mode, an address without a host listens and one with a host calls.
  const bool listener = mode == "listener" || (mode.empty() && url.host.empty());
  if (url.host.empty() && !listener)
    findings.add(pointer + "/url", "the host is missing: srt://HOST:PORT (only mode=listener goes without)");
  if (listener && url.port != 0) listeners.push_back({pointer + "/url", true, url.host, url.port});
  if (!leg.key.empty()) findings.add(pointer + "/key", "a stream key is for RTMP: an SRT ingest takes \"streamid\"");
  if (leg.streamid.size() > kLongestStreamId) {
    findings.add(pointer + "/streamid", "the streamid has {} characters: SRT takes at most {}", leg.streamid.size(),
                 kLongestStreamId);
  }
  check_passphrase(leg.passphrase, pointer + "/passphrase", findings);
}

void check_rtmp_leg(const LegConfig& leg, const Url& url, const std::string& pointer, Findings& findings) {
  if (url.host.empty()) findings.add(pointer + "/url", "the host is missing: {}://HOST/APP", url.scheme);
  const std::size_t parts = url.segments().size();
  if (parts == 0) {
    findings.add(pointer + "/url", "the application is missing: {}://HOST/APP, as in rtmp://host/live", url.scheme);
  } else if (parts == 1 && leg.key.empty()) {
    findings.add(pointer + "/key", "the stream key is missing: set \"key\", best as \"${{secret:NAME}}\"");
  }
  if (!leg.passphrase.empty())
    findings.add(pointer + "/passphrase", "a passphrase is for SRT; RTMP encrypts as rtmps://");
  if (!leg.streamid.empty()) findings.add(pointer + "/streamid", "a streamid is for SRT: RTMP takes \"key\"");
}

void check_codecs(const Show& show, const Destination& destination, bool rtmp, const std::string& pointer,
                  Findings& findings) {
  const VideoEncode* video = find_video(show.encode, destination.video);
  const AudioEncode* audio = find_audio(show.encode, destination.audio);
  if (!rtmp && video != nullptr && video->codec != Codec::h264 && video->codec != Codec::hevc) {
    findings.add(pointer, "SRT carries h264 and hevc, but video rendition {} is {}", in_quotes(video->name),
                 to_string(video->codec));
  }
  if (rtmp && audio != nullptr && audio->codec != Codec::aac) {
    findings.add(pointer, "RTMP carries aac, but audio rendition {} is {}", in_quotes(audio->name),
                 to_string(audio->codec));
  }
}

void check_leg(const Show& show, const Destination& destination, const LegConfig& leg, const std::string& pointer,
               std::vector<Listener>& listeners, Findings& findings) {
  const auto url = read_url(leg.url, {"srt", "rtmp", "rtmps"}, pointer + "/url", findings);
  if (!url) return;
  const bool rtmp = url->scheme != "srt";
  if (rtmp) {
    check_rtmp_leg(leg, *url, pointer, findings);
  } else {
    check_srt_leg(leg, *url, pointer, listeners, findings);
  }
  check_codecs(show, destination, rtmp, pointer + "/url", findings);
}

void check_ingest_input(const IngestInput& input, const std::string& pointer, std::vector<Listener>& listeners,
                        Findings& findings) {
  const auto url = read_url(input.url, {"srt", "rtmp"}, pointer + "/url", findings);
  if (!url) return;
  if (url->scheme == "srt") {
    check_srt_url(*url, {"listener"}, pointer + "/url", findings);
    check_passphrase(input.passphrase, pointer + "/passphrase", findings);
  } else {
    if (url->segments().empty())
      findings.add(pointer + "/url", "the application is missing: rtmp://HOST:PORT/APP, as in rtmp://:1935/live");
    if (!input.passphrase.empty()) findings.add(pointer + "/passphrase", "a passphrase is for SRT");
  }
  const int port = url->port != 0 || url->scheme == "srt" ? url->port : kRtmpPort;
  if (port != 0) listeners.push_back({pointer + "/url", url->scheme == "srt", url->host, port});
}

// An address that is fetched from; a datagram port is one of ours.
void check_stream(const StreamSource& stream, const std::string& pointer, std::vector<Listener>& listeners,
                  Findings& findings) {
  const auto url = read_url(stream.url, {"srt", "rtmp", "rtmps", "rtsp", "rtsps", "http", "https", "udp", "tcp"},
                            pointer + "/url", findings);
  if (!url) return;
  const std::string at = pointer + "/url";
  const std::string& scheme = url->scheme;
  if (scheme == "srt") {
    if (url->host.empty())
      findings.add(at, "the host is missing: srt://HOST:PORT (to wait for a sender is a source of type ingest)");
    check_srt_url(*url, {"caller"}, at, findings);
    check_passphrase(stream.passphrase, pointer + "/passphrase", findings);
  } else if (scheme == "udp" || scheme == "tcp") {
    if (url->port == 0) findings.add(at, "the port is missing: {}://HOST:PORT", scheme);
    if (url->host.empty() && scheme == "tcp") findings.add(at, "the host is missing: tcp://HOST:PORT");
    if (scheme == "udp" && url->port != 0) listeners.push_back({at, true, url->host, url->port});
  } else if (url->host.empty()) {
    findings.add(at, "the host is missing: {}://HOST/PATH", scheme);
  } else if (scheme.starts_with("rtmp") && url->segments().size() < 2) {
    findings.add(at, "the stream's name is missing: {}://HOST/APP/NAME", scheme);
  }
  if (scheme != "srt" && !stream.passphrase.empty()) findings.add(pointer + "/passphrase", "a passphrase is for SRT");
  if (!scheme.starts_with("rtsp") && stream.transport != RtspTransport::tcp)
    findings.add(pointer + "/transport", "a transport is for RTSP");
}

void check_listen(const std::string& listen, const std::string& pointer, int usual_port,
                  std::vector<Listener>& listeners, Findings& findings) {
  if (has_reference(listen)) return;
  const Result<HostPort> address = parse_host_port(listen);
  if (!address) {
    findings.add_text(pointer, address.error().message);
  } else if (address->port == 0) {
    findings.add(pointer, "the port is missing: HOST:PORT, as in 127.0.0.1:{}", usual_port);
  } else {
    listeners.push_back({pointer, false, address->host, address->port});
  }
}

}  // namespace

void check_addresses(const Show& show, Findings& findings) {
  std::vector<Listener> listeners;
  for (const auto& [name, source] : show.sources) {
    const std::string pointer = pointer_to("/sources", name);
    if (const auto* stream = std::get_if<StreamSource>(&source)) check_stream(*stream, pointer, listeners, findings);
    const auto* ingest = std::get_if<IngestSource>(&source);
    if (ingest == nullptr) continue;
    check_ingest_input(ingest->main, pointer + "/main", listeners, findings);
    if (ingest->backup) check_ingest_input(*ingest->backup, pointer + "/backup", listeners, findings);
  }
  for (const auto& [name, destination] : show.destinations) {
    const std::string pointer = pointer_to("/destinations", name);
    check_leg(show, destination, destination.main, pointer + "/main", listeners, findings);
    if (!destination.backup) continue;
    check_leg(show, destination, *destination.backup, pointer + "/backup", listeners, findings);
    const bool same = destination.backup->url == destination.main.url &&
                      destination.backup->key == destination.main.key &&
                      destination.backup->streamid == destination.main.streamid;
    if (same)
      findings.add(pointer + "/backup/url", "the backup leg is the same address as main: it would back up nothing");
  }
  if (show.hls) check_listen(show.hls->listen, "/hls/listen", 8080, listeners, findings);
  if (show.remote) check_listen(show.remote->listen, "/remote/listen", 4480, listeners, findings);
  if (show.remote && show.remote->obs && show.remote->obs->enabled)
    check_listen(show.remote->obs->listen, "/remote/obs/listen", 4455, listeners, findings);
  check_listeners(listeners, findings);
}

}  // namespace mainstay::show
