#include "engine/ffi/rtmp/rtmp_url.h"

#include <algorithm>
#include <charconv>

namespace mainstay::ffi {

namespace {

constexpr std::size_t kLongestPart = 4096;
constexpr std::size_t kLongestText = 200;
constexpr std::size_t kShortestSecret = 4;  // shorter ones would blank out ordinary words

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535) {
    return make_error(Errc::invalid, "the port '{}' is not a number from 1 to 65535", text.substr(0, 20));
  }
  return static_cast<std::uint16_t>(value);
}

Status parse_authority(std::string_view authority, RtmpTarget& out) {
  if (authority.find('@') != std::string_view::npos) {
    return make_error(Errc::invalid,
                      "a user and password in an RTMP URL are not supported: put the token into the key");
  }
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return make_error(Errc::invalid, "the IPv6 address lacks its ']'");
    out.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    const std::size_t colon = authority.find(':');
    out.host = authority.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
  }
  if (out.host.empty()) return make_error(Errc::invalid, "the URL has no host: use rtmp://HOST/APP");
  if (port.empty()) return {};
  if (!port.starts_with(':')) return make_error(Errc::invalid, "the host of the URL is followed by something odd");
  MAINSTAY_TRY(out.port, parse_port(port.substr(1)));
  return {};
}

void add_query_secrets(std::string_view text, std::vector<std::string>& out) {
  const std::size_t mark = text.find('?');
  if (mark == std::string_view::npos) return;
  text.remove_prefix(mark + 1);
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? pair : pair.substr(equals + 1);
    if (value.size() >= kShortestSecret) out.emplace_back(value);
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
  }
}

}  // namespace

std::vector<std::string> RtmpTarget::secrets() const {
  std::vector<std::string> out{stream};
  if (const std::size_t mark = stream.find('?'); mark != std::string::npos && mark > 0) {
    out.push_back(stream.substr(0, mark));
  }
  add_query_secrets(stream, out);
  add_query_secrets(app, out);
  std::erase(out, std::string());
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return out;
}

Result<RtmpTarget> parse_rtmp_url(std::string_view url, std::string_view key) {
  RtmpTarget out;
  std::string_view rest = url;
  if (rest.starts_with("rtmps://")) {
    out.tls = true;
    out.port = 443;
    rest.remove_prefix(8);
  } else if (rest.starts_with("rtmp://")) {
    rest.remove_prefix(7);
  } else {
    return make_error(Errc::invalid, "not an RTMP URL: it begins with neither rtmp:// nor rtmps://");
  }
  const std::size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  MAINSTAY_CHECK(parse_authority(authority, out));
  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  if (path.size() > kLongestPart || key.size() > kLongestPart) {
    return make_error(Errc::invalid, "the URL or the key is longer than {} characters", kLongestPart);
  }
  if (key.empty()) {
    const std::size_t split = path.substr(0, path.find('?')).rfind('/');
    if (split != std::string_view::npos) {
      out.stream = path.substr(split + 1);
      path = path.substr(0, split);
    }
    if (out.stream.empty()) return make_error(Errc::invalid, "no stream key: set key, or end the URL with /APP/KEY");
  } else {
    out.stream = key;
    while (path.ends_with('/')) path.remove_suffix(1);
  }
  if (path.empty()) return make_error(Errc::invalid, "the URL has no application: use rtmp://HOST/APP");
  out.app = path;
  out.tc_url = fmt::format("{}://{}/{}", out.tls ? "rtmps" : "rtmp", authority, path);
  return out;
}

std::string clean_peer_text(std::string_view text, const std::vector<std::string>& secrets) {
  std::string out(text);
  for (const std::string& secret : secrets) {
    std::size_t at = out.find(secret);
    if (at != std::string::npos && secret.size() < kShortestSecret) return {};
    for (; at != std::string::npos; at = out.find(secret, at + 3)) out.replace(at, secret.size(), "***");
  }
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  if (out.size() > kLongestText) out.resize(kLongestText);
  return out;
}

}  // namespace mainstay::ffi
