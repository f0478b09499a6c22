// HLS: renditions, segments and parts must go together, and nobody is let in by mistake.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/show/check_parts.h"
#include "engine/show/hls_timing.h"
#include "engine/show/references.h"
#include "engine/show/section.h"
#include "engine/show/suggest.h"
#include "engine/show/url.h"

namespace mainstay::show {

namespace {

constexpr std::size_t kShortestSecret = 16;
constexpr std::size_t kLongestRegion = 32;

template <class T>
void check_choice(const std::vector<std::string>& chosen, const std::vector<T>& renditions, const char* kind,
                  Findings& findings) {
  std::vector<std::string> known;
  for (const T& rendition : renditions) known.push_back(rendition.name);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (std::find(known.begin(), known.end(), chosen[i]) != known.end()) continue;
    findings.add(fmt::format("/hls/{}/{}", kind, i), "there is no {} rendition {}{}", kind, in_quotes(chosen[i]),
                 hint(chosen[i], known));
  }
}

// Rendition names become parts of addresses.
void check_rendition_path(const std::string& name, const std::string& pointer, Findings& findings) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
  if (!plain)
    findings.add(pointer, "{} stands in addresses of HLS: use letters, digits, _ and - alone", in_quotes(name));
}

void check_renditions(const Show& show, const Hls& hls, Findings& findings) {
  check_choice(hls.video, show.encode.video, "video", findings);
  check_choice(hls.audio, show.encode.audio, "audio", findings);
  const HlsTiming timing = hls_timing(show, hls);
  for (std::size_t i = 0; i < show.encode.video.size(); ++i) {
    const VideoEncode& video = show.encode.video[i];
    if (!packages_video(hls, video.name)) continue;
    check_rendition_path(video.name, fmt::format("/encode/video/{}/name", i), findings);
    if (hls.segment_s < video.keyint_s) {
      findings.add("/hls/segment_s",
                   "a segment of {} s is shorter than the key-frame interval of {} s of /encode/video/{}",
                   hls.segment_s, video.keyint_s, i);
    } else if (timing.segment_frames % gop_frames(show.program.rate, video) != 0) {
      findings.add(fmt::format("/encode/video/{}/keyint_s", i),
                   "segments of HLS begin on key frames of all renditions, every {} frames: with {} s they are {} "
                   "frames apart",
                   timing.segment_frames, video.keyint_s, gop_frames(show.program.rate, video));
    }
    if (hls.container == HlsContainer::mpegts && video.codec == Codec::av1)
      findings.add("/hls/container", "mpegts cannot hold av1 of /encode/video/{}: use cmaf", i);
  }
  for (std::size_t i = 0; i < show.encode.audio.size(); ++i) {
    if (packages_audio(hls, show.encode.audio[i].name))
      check_rendition_path(show.encode.audio[i].name, fmt::format("/encode/audio/{}/name", i), findings);
  }
}

bool is_network(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string address = text.substr(0, slash);
  std::array<unsigned char, 16> bytes{};
  const bool v4 = ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  if (!v4 && ::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return false;
  if (slash == std::string::npos) return true;
  int bits = -1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + slash + 1, end, bits);
  return read.ec == std::errc{} && read.ptr == end && bits >= 0 && bits <= (v4 ? 32 : 128);
}

bool is_region(const std::string& name) {
  return !name.empty() && name.size() <= kLongestRegion && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  });
}

void check_regions(const Hls& hls, Findings& findings) {
  for (const auto& [network, region] : hls.regions) {
    const std::string pointer = pointer_to("/hls/regions", network);
    if (!is_network(network))
      findings.add(pointer, "{} is no network: an address and its length, as in 10.1.0.0/16", in_quotes(network));
    if (!is_region(region))
      findings.add(pointer, "{} is no region's name: 1 to {} lower-case letters, digits, _ and -", in_quotes(region),
                   kLongestRegion);
  }
}

bool is_http(const std::string& text) {
  const Result<Url> url = parse_url(text);
  return url && (url->scheme == "http" || url->scheme == "https") && !url->host.empty();
}

// Keys beside the segments that they open are no encryption: that has to be asked for.
void check_publish_key(const HlsPublish& publish, bool encrypted, const std::string& pointer, Findings& findings) {
  if (!publish.key_uri.empty() && !has_reference(publish.key_uri) && !is_http(publish.key_uri))
    findings.add(pointer + "/key_uri", "this is no address of a key server: http://HOST/PATH/ or https://HOST/PATH/");
  if (publish.publish_key && !publish.key_uri.empty())
    findings.add(pointer + "/key_uri",
                 "keys come from there or are put beside the segments: leave out one of key_uri "
                 "and publish_key");
  if (encrypted && publish.enabled && publish.key_uri.empty() && !publish.publish_key)
    findings.add(pointer,
                 "segments are encrypted, and nothing says where players get the key: name a server of yours "
                 "in \"key_uri\", or set \"publish_key\" to put the keys there, beside the segments");
}

void check_publish(const HlsPublish& publish, const std::string& pointer, const CheckContext& context,
                   Findings& findings) {
  if (publish.url.empty() == publish.path.empty()) {
    findings.add(pointer, "either \"url\" (an origin) or \"path\" (a folder) says where the files are put");
    return;
  }
  for (const auto& [key, url] : {std::pair{"/url", &publish.url}, {"/backup_url", &publish.backup_url}}) {
    if (!url->empty() && !has_reference(*url) && !is_http(*url))
      findings.add(pointer + key, "this is no address of an origin: http://HOST/PATH/ or https://HOST/PATH/");
  }
  if (publish.url.empty() && !publish.backup_url.empty())
    findings.add(pointer + "/backup_url", "a backup is for an origin: a folder has none");
  if (!publish.tls_ca_file.empty())
    check_readable(publish.tls_ca_file, "a PEM file", pointer + "/tls_ca_file", context, findings);
}

void check_tls(const Hls& hls, const CheckContext& context, Findings& findings) {
  if (hls.tls_cert.empty()) {
    if (!hls.tls_key.empty()) findings.add("/hls/tls_cert", "the key has no certificate: set \"tls_cert\" too");
    return;
  }
  check_readable(hls.tls_cert, "a PEM file", "/hls/tls_cert", context, findings);
  if (!hls.tls_key.empty()) check_readable(hls.tls_key, "a PEM file", "/hls/tls_key", context, findings);
}

void check_access(const HlsAccess& access, Findings& findings) {
  if (access.mode == HlsAccessMode::token && access.secret.empty())
    findings.add("/hls/access/secret", "tokens are signed with a secret: set one, best as \"${{secret:NAME}}\"");
  if (access.secret.empty() || has_reference(access.secret) || access.secret.size() >= kShortestSecret) return;
  findings.add("/hls/access/secret", "the secret is too short to be safe: at least {} characters", kShortestSecret);
}

}  // namespace

void check_hls(const Show& show, Findings& findings) {
  if (!show.hls) return;
  const Hls& hls = *show.hls;
  if (hls.low_latency && hls.part_ms > hls.segment_s * 1000)
    findings.add("/hls/part_ms", "a part of {} ms is longer than the segment of {} s", hls.part_ms, hls.segment_s);
  if (hls.window_s < 3 * hls.segment_s) {
    findings.add("/hls/window_s", "the window of {} s must hold three segments of {} s (RFC 8216, 6.2.2)", hls.window_s,
                 hls.segment_s);
  }
  if (hls.dvr_s > hls.window_s && hls.store.empty())
    findings.add("/hls/dvr_s", "what is older than the window is kept on disk: name a folder in \"store\"");
  if (hls.dash && (hls.container == HlsContainer::mpegts || hls.encryption != HlsEncryption::none))
    findings.add("/hls/dash", "DASH takes neither \"mpegts\" nor \"aes128\": leave one out");
  if (show.encode.video.empty()) {
    findings.add("/hls", "there is no video rendition to package: declare one in /encode/video");
    return;
  }
  check_renditions(show, hls, findings);
}

void check_hls_access(const Show& show, const CheckContext& context, Findings& findings) {
  if (!show.hls) return;
  const Hls& hls = *show.hls;
  check_access(hls.access, findings);
  check_tls(hls, context, findings);
  check_regions(hls, findings);
  for (std::size_t i = 0; i < hls.allow_origins.size(); ++i) {
    if (hls.allow_origins[i] != "*")
      check_origin(hls.allow_origins[i], fmt::format("/hls/allow_origins/{}", i), findings);
  }
  if (!hls.public_url.empty() && !has_reference(hls.public_url))
    check_origin(hls.public_url, "/hls/public_url", findings);
  for (std::size_t i = 0; i < hls.publish.size(); ++i) {
    const std::string pointer = fmt::format("/hls/publish/{}", i);
    check_publish(hls.publish[i], pointer, context, findings);
    check_publish_key(hls.publish[i], hls.encryption == HlsEncryption::aes128, pointer, findings);
  }
}

}  // namespace mainstay::show
