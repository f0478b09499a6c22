#include "engine/sources/ingest/ingest_url.h"

#include "engine/show/url.h"

namespace mainstay {

namespace {

constexpr std::uint16_t kRtmpPort = 1935;

Error bad(std::string_view why) {
  return make_error(Errc::invalid, "the ingest address {}; write srt://:PORT?mode=listener or rtmp://:1935/live/KEY",
                    why);
}

}  // namespace

std::string IngestUrl::shown() const {
  const bool v6 = host.find(':') != std::string::npos;
  const std::string where = fmt::format("{}://{}{}{}:{}", scheme, v6 ? "[" : "", host, v6 ? "]" : "", port);
  return scheme == "rtmp" && !path.empty() ? where + "/" + path.substr(0, path.find('/')) : where;
}

Result<IngestUrl> parse_ingest_url(std::string_view text) {
  auto parsed = show::parse_url(text);
  if (!parsed) return wrap(std::move(parsed).error(), "the ingest address");
  if (parsed->scheme == "rtmps") return bad("is rtmps://, which an ingest here does not take");
  if (parsed->scheme != "srt" && parsed->scheme != "rtmp") return bad("is neither srt:// nor rtmp://");
  if (!parsed->user.empty()) return bad("has a user name in it, which is not used");
  if (parsed->port == 0 && parsed->scheme == "srt") return bad("has no port");

  IngestUrl url;
  url.scheme = parsed->scheme;
  url.host = parsed->host;
  if (url.host == "localhost" || url.host.empty()) url.host = "127.0.0.1";
  url.port = static_cast<std::uint16_t>(parsed->port != 0 ? parsed->port : kRtmpPort);
  for (const std::string& segment : parsed->segments()) url.path += (url.path.empty() ? "" : "/") + segment;
  return url;
}

}  // namespace mainstay
