// Streams that are fetched: which protocol is opened how.
#include <algorithm>
#include <optional>
#include <utility>

#include "engine/show/paths.h"
#include "engine/show/url.h"
#include "engine/sources/live/live_source.h"
#include "engine/sources/live/live_sources.h"
#include "engine/sources/live/media_feed.h"
#include "engine/sources/live/refused_feed.h"
#include "engine/sources/live/srt_feed.h"

namespace mainstay {

namespace {

constexpr Nanos kToOpen = Seconds(10);         // on top of the timeout: a keyframe may be that far away
constexpr const char* kUdpQueue = "65536";     // packets of 188 bytes: 12 MB, a second of 100 Mb/s
constexpr const char* kUdpSocket = "2097152";  // bytes; the system may grant less

bool is_multicast(const std::string& host) {
  if (host.find(':') != std::string::npos) return host.starts_with("ff") || host.starts_with("FF");
  const std::string first = host.substr(0, host.find('.'));
  return first.size() == 3 && first >= "224" && first <= "239";
}

void set_protocol(const show::StreamSource& config, const show::Url& url, ffi::MediaReaderOptions& options) {
  const std::string& scheme = url.scheme;
  if (scheme == "udp") {
    options.protocols = "udp";
    options.format = "mpegts";
    options.settings = {{"fifo_size", kUdpQueue}, {"overrun_nonfatal", "1"}, {"buffer_size", kUdpSocket}};
    // FFmpeg would take datagrams from all networks whatever host the address names.
    if (!url.host.empty() && !is_multicast(url.host)) options.settings.emplace_back("localaddr", url.host);
  } else if (scheme == "tcp") {
    options.protocols = "tcp";
    options.format = "mpegts";
  } else if (scheme.starts_with("rtmp")) {
    options.protocols = "rtmp,rtmps,tcp,tls";
    options.format = "flv";
  } else if (scheme.starts_with("rtsp")) {
    options.protocols = "rtp,srtp,udp,tcp,tls";
    options.format = "rtsp";
    options.settings = {{"rtsp_transport", config.transport == show::RtspTransport::udp ? "udp" : "tcp"}};
  } else {
    options.protocols = "http,https,httpproxy,tcp,tls,crypto,data";
  }
}

/// FFmpeg checks no certificate unless it is told to, for each connection of its own.
void set_trust(const show::StreamSource& config, const show::Url& url, const std::string& show_dir,
               ffi::MediaReaderOptions& options) {
  if (url.scheme.starts_with("rtsp") || !config.tls_verify) return;
  options.connection_settings = {{"tls_verify", "1"}};
  if (!config.tls_ca_file.empty())
    options.connection_settings.emplace_back("ca_file", show::expand_path(config.tls_ca_file, show_dir));
}

Result<ffi::SrtOptions> srt_options(const show::StreamSource& config) {
  MAINSTAY_TRY(ffi::SrtOptions srt, ffi::parse_srt_url(config.url));
  srt.mode = ffi::SrtMode::caller;
  srt.latency = std::max(srt.latency, config.latency);
  if (!config.passphrase.empty()) srt.passphrase = config.passphrase;
  MAINSTAY_CHECK(ffi::validate(srt));
  return srt;
}

MakeLiveFeed feeds(const show::StreamSource& config, const SourceContext& context, const std::string& shown) {
  ffi::MediaReaderOptions options;
  options.name = "source " + context.name;
  options.path = shown;
  options.hw = config.hw;
  auto url = show::parse_url(config.url);
  if (!url) return [why = url.error()] { return std::make_unique<RefusedFeed>(why); };
  Clock& clock = context.clock;
  Log& log = context.log;
  if (url->scheme == "srt") {
    auto srt = srt_options(config);
    if (!srt) return [why = srt.error()] { return std::make_unique<RefusedFeed>(why); };
    const auto resolver = std::make_shared<ffi::Resolver>(clock);
    return [feed = SrtFeed::Options{*srt, options}, resolver, &clock, &log] {
      return std::make_unique<SrtFeed>(feed, clock, log, resolver);
    };
  }
  options.url = config.url;
  set_protocol(config, *url, options);
  set_trust(config, *url, context.show_dir, options);
  return [options, &log] { return std::make_unique<MediaFeed>(options, log); };
}

}  // namespace

std::unique_ptr<Source> make_stream_source(const show::StreamSource& config, SourceContext context, Nanos segments) {
  const std::string shown = show::redact_url(config.url);
  LiveLink::Options link;
  link.what = shown;
  link.paced = shown.starts_with("http");
  link.timeout = link.paced ? std::max<Nanos>(config.timeout, segments) : Nanos(config.timeout);
  link.open_timeout = link.timeout + kToOpen;
  link.when_hidden = config.when_hidden;
  MakeLiveFeed make = feeds(config, context, shown);
  return std::make_unique<LiveSource>(std::move(context), config.buffer, std::move(link), std::move(make));
}

}  // namespace mainstay
