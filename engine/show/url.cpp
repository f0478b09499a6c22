#include "engine/show/url.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "engine/show/references.h"

namespace mainstay::show {

namespace {

constexpr std::string_view kMask = "***";
constexpr std::size_t kShortestKey = 8;  // platforms' keys are longer; "live/remote" is a name that logs are full of
// Query keys whose values tell nothing: SRT's options but passphrase and streamid, and "backup" of the platforms'
// second ingest. A key that is not here may be a mistyped "passphrase".
constexpr std::string_view kHarmless[] = {"mode",
                                          "latency",
                                          "rcvlatency",
                                          "peerlatency",
                                          "pbkeylen",
                                          "connect_timeout",
                                          "conntimeo",
                                          "payload_size",
                                          "payloadsize",
                                          "pkt_size",
                                          "mss",
                                          "oheadbw",
                                          "maxbw",
                                          "inputbw",
                                          "fc",
                                          "ffs",
                                          "sndbuf",
                                          "send_buffer_size",
                                          "rcvbuf",
                                          "recv_buffer_size",
                                          "ipttl",
                                          "iptos",
                                          "lossmaxttl",
                                          "snddropdelay",
                                          "peeridletimeo",
                                          "kmrefreshrate",
                                          "kmpreannounce",
                                          "tlpktdrop",
                                          "nakreport",
                                          "packetfilter",
                                          "localaddr",
                                          "adapter",
                                          "localport",
                                          "transtype",
                                          "timeout",
                                          "linger",
                                          "buffer_size",
                                          "fifo_size",
                                          "overrun_nonfatal",
                                          "reuse",
                                          "sources",
                                          "ttl",
                                          "backup"};

bool harmless(std::string_view key) {
  return std::find(std::begin(kHarmless), std::end(kHarmless), key) != std::end(kHarmless);
}

Result<int> parse_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
    return make_error(Errc::invalid, "the port must be a number from 1 to 65535");
  return port;
}

bool is_ipv6(std::string_view host) {
  return host.size() >= 2 && host.find(':') != std::string_view::npos &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.' ||
                  c == '%';
         });
}

bool is_host_name(std::string_view host) {
  return host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
                  c == '_';
         });
}

void read_query(std::string_view text, Url& url) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (!pair.empty()) url.query.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// An address in pieces, so that secret ones can be told from the rest. Works on any text, valid or not.
struct Piece {
  std::string_view text;
  bool secret = false;
  bool path = false;  ///< the part of an RTMP path that may be a stream key, or just a stream's name
};

void split_query(std::string_view text, std::vector<Piece>& pieces) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    if (const std::size_t equals = pair.find('='); equals != std::string_view::npos) {
      pieces.push_back({pair.substr(0, equals + 1)});
      pieces.push_back({pair.substr(equals + 1), !harmless(pair.substr(0, equals))});
    } else {
      pieces.push_back({pair, !harmless(pair)});
    }
    if (end < text.size()) pieces.push_back({text.substr(end, 1)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::vector<Piece> split(std::string_view text) {
  std::vector<Piece> pieces;
  const std::size_t colon = text.find("://");
  const std::size_t authority = colon == std::string_view::npos ? 0 : colon + 3;
  const bool rtmp = text.starts_with("rtmp");
  const std::size_t question = std::min(text.find('?'), text.size());
  pieces.push_back({text.substr(0, authority)});
  std::string_view rest = text.substr(authority, std::max(question, authority) - authority);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  // user:password@: the last @ before the path, as a password may hold one.
  if (const std::size_t at = rest.substr(0, slash).rfind('@'); at != std::string_view::npos) {
    const std::size_t split_at = std::min(rest.find(':'), at);
    pieces.push_back({rest.substr(0, split_at)});
    if (split_at < at) {
      pieces.push_back({rest.substr(split_at, 1)});
      pieces.push_back({rest.substr(split_at + 1, at - split_at - 1), true});
    }
    pieces.push_back({rest.substr(at, 1)});
    rest.remove_prefix(at + 1);
  }
  const std::size_t path = std::min(rest.find('/'), rest.size());
  const std::size_t key = rest.find('/', std::min(path + 1, rest.size()));
  if (rtmp && key != std::string_view::npos) {
    pieces.push_back({rest.substr(0, key + 1)});
    pieces.push_back({rest.substr(key + 1), true, true});
  } else {
    pieces.push_back({rest});
  }
  if (question < text.size()) {
    pieces.push_back({text.substr(question, 1)});
    split_query(text.substr(question + 1), pieces);
  }
  return pieces;
}

}  // namespace

std::string_view Url::parameter(std::string_view key) const {
  for (const auto& [name, value] : query) {
    if (name == key) return value;
  }
  return {};
}

std::vector<std::string> Url::segments() const {
  std::vector<std::string> parts;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    if (end > 0) parts.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return parts;
}

Result<HostPort> parse_host_port(std::string_view text) {
  HostPort out;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1)))
      return make_error(Errc::invalid, "the IPv6 address in brackets is not one");
    out.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (!text.empty() && text[0] != ':') return make_error(Errc::invalid, "after the ] only :PORT can follow");
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    out.host = text.substr(0, colon);
    text.remove_prefix(colon);
    if (text.size() > 1 && text.find(':', 1) != std::string_view::npos)
      return make_error(Errc::invalid, "there is more than one ':' in the host: write an IPv6 address in brackets");
    if (!is_host_name(out.host))
      return make_error(Errc::invalid, "the host must be a name of letters, digits, '-' and '.', or an IP address");
  }
  if (!text.empty()) {
    MAINSTAY_TRY(out.port, parse_port(text.substr(1)));
  }
  return out;
}

Result<Url> parse_url(std::string_view text) {
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0)
    return make_error(Errc::invalid, "an address starts with its protocol, as in srt://host:port or rtmp://host/app");
  for (const char c : text.substr(0, colon)) {
    const char low = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (!((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9')))
      return make_error(Errc::invalid, "the protocol before :// may hold letters and digits only");
    url.scheme += low;
  }
  if (text.find_first_of(" \t\r\n") != std::string_view::npos)
    return make_error(Errc::invalid, "an address holds no spaces");
  std::string_view rest = text.substr(colon + 3);
  if (const std::size_t question = rest.find('?'); question != std::string_view::npos) {
    read_query(rest.substr(question + 1), url);
    rest = rest.substr(0, question);
  }
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    url.path = rest.substr(slash);
    rest = rest.substr(0, slash);
  }
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = rest.substr(0, at);
    const std::size_t split_at = std::min(login.find(':'), login.size());
    url.user = login.substr(0, split_at);
    url.password = login.substr(std::min(split_at + 1, login.size()));
    rest.remove_prefix(at + 1);
  }
  MAINSTAY_TRY(HostPort address, parse_host_port(rest));
  url.host = std::move(address.host);
  url.port = address.port;
  return url;
}

std::string redact_url(std::string_view text) {
  std::string out;
  for (const Piece& piece : split(text)) {
    out += piece.secret && !piece.text.empty() && !is_only_references(piece.text) ? kMask : piece.text;
  }
  return out;
}

std::vector<std::string> secrets_in_url(std::string_view text) {
  std::vector<std::string> secrets;
  for (const Piece& piece : split(text)) {
    if (!piece.secret || piece.text.empty() || has_reference(piece.text)) continue;
    if (!piece.path || piece.text.size() >= kShortestKey) secrets.emplace_back(piece.text);
  }
  return secrets;
}

}  // namespace mainstay::show
