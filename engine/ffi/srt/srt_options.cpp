#include "engine/ffi/srt/srt_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mainstay::ffi {

namespace {

constexpr std::size_t kLongestUrl = 4096;
constexpr std::size_t kShortestPassphrase = 10;
constexpr std::size_t kLongestPassphrase = 80;
constexpr std::size_t kLongestStreamid = 512;
constexpr std::int64_t kLongestLatencyMs = 60'000;
constexpr int kUdpAndSrtHeaders = 44;  // IPv4 20, UDP 8, SRT 16
constexpr std::int64_t kIntMax = 0x7FFFFFFF;
constexpr std::int64_t kBandwidthMax = 1'000'000'000'000;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A '%' that no two hex digits follow stands for itself: passphrases are typed by people.
std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Result<std::int64_t> integer(std::string_view name, std::string_view value, std::int64_t min, std::int64_t max) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  if (error != std::errc{} || end != value.data() + value.size()) {
    return make_error(Errc::invalid, "SRT option {}: expected a whole number, found \"{}\"", name, value.substr(0, 40));
  }
  if (out < min || out > max) {
    return make_error(Errc::invalid, "SRT option {}: expected {} to {}, found {}", name, min, max, out);
  }
  return out;
}

Result<bool> boolean(std::string_view name, std::string_view value) {
  const std::string text = lower(value);
  if (text == "1" || text == "true" || text == "yes" || text == "on") return true;
  if (text == "0" || text == "false" || text == "no" || text == "off") return false;
  return make_error(Errc::invalid, "SRT option {}: expected true or false, found \"{}\"", name, value.substr(0, 40));
}

struct Option {
  std::string_view name;
  std::string_view alias;  // the other tool's word for it
  Status (*set)(SrtOptions&, std::string_view name, std::string_view value);
};

template <auto Field, std::int64_t Min, std::int64_t Max>
Status set_int(SrtOptions& options, std::string_view name, std::string_view value) {
  MAINSTAY_TRY(const std::int64_t n, integer(name, value, Min, Max));
  auto& field = options.*Field;
  if constexpr (requires { field.emplace(0); }) {
    field.emplace(static_cast<typename std::remove_reference_t<decltype(field)>::value_type>(n));
  } else {
    field = static_cast<std::remove_reference_t<decltype(field)>>(n);
  }
  return {};
}

template <auto Field>
Status set_bool(SrtOptions& options, std::string_view name, std::string_view value) {
  MAINSTAY_TRY(const bool flag, boolean(name, value));
  options.*Field = flag;
  return {};
}

template <auto Field>
Status set_text(SrtOptions& options, std::string_view, std::string_view value) {
  options.*Field = std::string(value);
  return {};
}

Status set_mode(SrtOptions& options, std::string_view name, std::string_view value) {
  const std::string text = lower(value);
  if (text == "caller" || text == "client") {
    options.mode = SrtMode::caller;
  } else if (text == "listener" || text == "server") {
    options.mode = SrtMode::listener;
  } else if (text == "rendezvous") {
    options.mode = SrtMode::rendezvous;
  } else {
    return make_error(Errc::invalid, "SRT option {}: expected caller, listener or rendezvous, found \"{}\"", name,
                      value.substr(0, 40));
  }
  return {};
}

Status set_latency(SrtOptions& options, std::string_view name, std::string_view value) {
  MAINSTAY_TRY(const std::int64_t ms, integer(name, value, 0, kIntMax));
  if (ms > kLongestLatencyMs) {
    return make_error(Errc::invalid,
                      "SRT option {}: {} ms is over a minute; Mainstay counts milliseconds (ffmpeg counts "
                      "microseconds): write {}={}",
                      name, ms, name, ms / 1000);
  }
  options.latency = Millis{ms};
  return {};
}

Status set_connect_timeout(SrtOptions& options, std::string_view name, std::string_view value) {
  MAINSTAY_TRY(const std::int64_t ms, integer(name, value, 100, 60'000));
  options.connect_timeout = Millis{ms};
  return {};
}

Status set_transtype(SrtOptions&, std::string_view name, std::string_view value) {
  if (lower(value) == "live") return {};
  return make_error(Errc::invalid, "SRT option {}: only live is supported, found \"{}\"", name, value.substr(0, 40));
}

using O = SrtOptions;
constexpr std::array kOptions{
    Option{"mode", "", set_mode},
    Option{"latency", "rcvlatency", set_latency},
    Option{"peerlatency", "", set_latency},
    Option{"passphrase", "", set_text<&O::passphrase>},
    Option{"pbkeylen", "", set_int<&O::pbkeylen, 0, 32>},
    Option{"streamid", "srt_streamid", set_text<&O::streamid>},
    Option{"connect_timeout", "conntimeo", set_connect_timeout},
    Option{"payload_size", "payloadsize", set_int<&O::payload_size, 188, 1456>},
    Option{"pkt_size", "", set_int<&O::payload_size, 188, 1456>},
    Option{"mss", "", set_int<&O::mss, 76, 1500>},
    Option{"oheadbw", "", set_int<&O::oheadbw, 5, 100>},
    Option{"maxbw", "", set_int<&O::maxbw, -1, kBandwidthMax>},
    Option{"inputbw", "", set_int<&O::inputbw, 0, kBandwidthMax>},
    Option{"fc", "ffs", set_int<&O::fc, 32, 1'000'000>},
    Option{"sndbuf", "send_buffer_size", set_int<&O::sndbuf, 1 << 16, kIntMax>},
    Option{"rcvbuf", "recv_buffer_size", set_int<&O::rcvbuf, 1 << 16, kIntMax>},
    Option{"ipttl", "", set_int<&O::ipttl, 1, 255>},
    Option{"iptos", "", set_int<&O::iptos, 0, 255>},
    Option{"lossmaxttl", "", set_int<&O::lossmaxttl, 0, 1'000'000>},
    Option{"snddropdelay", "", set_int<&O::snddropdelay_ms, -1, 60'000>},
    Option{"peeridletimeo", "", set_int<&O::peeridletimeo_ms, 1000, 60'000>},
    Option{"kmrefreshrate", "", set_int<&O::kmrefreshrate, 0, kIntMax>},
    Option{"kmpreannounce", "", set_int<&O::kmpreannounce, 0, kIntMax>},
    Option{"tlpktdrop", "", set_bool<&O::tlpktdrop>},
    Option{"nakreport", "", set_bool<&O::nakreport>},
    Option{"packetfilter", "", set_text<&O::packetfilter>},
    Option{"localaddr", "adapter", set_text<&O::local_host>},
    Option{"localport", "", set_int<&O::local_port, 1, 65535>},
    Option{"transtype", "", set_transtype},
};

std::string known_options() {
  std::string out;
  for (const Option& option : kOptions) out += fmt::format("{}{}", out.empty() ? "" : ", ", option.name);
  return out;
}

Status set_option(SrtOptions& options, std::string_view pair) {
  const std::size_t equals = pair.find('=');
  const std::string_view name = pair.substr(0, equals);
  const std::string value = equals == pair.npos ? "" : percent_decoded(pair.substr(equals + 1));
  const auto option = std::find_if(kOptions.begin(), kOptions.end(), [&](const Option& o) {
    return name == o.name || (!o.alias.empty() && name == o.alias);
  });
  if (option == kOptions.end()) {
    return make_error(Errc::invalid, "unknown SRT option \"{}\": use {}", name.substr(0, 40), known_options());
  }
  return option->set(options, name, value);
}

// What a host name, an address and a port are made of. Anything else is not even shown: with a '?' left out, options
// with their secrets stand here.
bool is_authority(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_:[]%").find(c) != std::string_view::npos;
  });
}

Status set_authority(SrtOptions& options, std::string_view authority) {
  if (authority.find('@') != authority.npos) {
    return make_error(Errc::invalid, "an SRT address has no user name: use streamid= for that (srt://HOST:PORT)");
  }
  if (!is_authority(authority)) {
    return make_error(Errc::invalid,
                      "an SRT address is srt://HOST:PORT?OPTION=VALUE&…; found other characters in HOST:PORT");
  }
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon == authority.npos || (bracket != authority.npos && colon < bracket)) {
    return make_error(Errc::invalid, "\"{}\" has no port: write srt://HOST:PORT", authority.substr(0, 100));
  }
  std::string_view host = authority.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]") != host.npos) {
    return make_error(Errc::invalid, "\"{}\": write an IPv6 address in brackets, srt://[::1]:PORT",
                      authority.substr(0, 100));
  }
  if (host.size() > 255) return make_error(Errc::invalid, "the host name is longer than 255 characters");
  options.host = std::string(host);
  MAINSTAY_TRY(const std::int64_t port, integer("port", authority.substr(colon + 1), 0, 65535));
  options.port = static_cast<int>(port);
  return {};
}

}  // namespace

const char* to_string(SrtMode mode) {
  switch (mode) {
    case SrtMode::caller:
      return "caller";
    case SrtMode::listener:
      return "listener";
    case SrtMode::rendezvous:
      break;
  }
  return "rendezvous";
}

std::string SrtOptions::address() const {
  if (host.find(':') != host.npos) return fmt::format("[{}]:{}", host, port);
  return fmt::format("{}:{}", host.empty() ? "0.0.0.0" : host, port);
}

Status validate(const SrtOptions& options) {
  if (options.mode != SrtMode::listener && (options.host.empty() || options.port == 0)) {
    return make_error(Errc::invalid, "an SRT {} needs the address of the far side: srt://HOST:PORT",
                      to_string(options.mode));
  }
  const std::size_t length = options.passphrase.size();
  if (length != 0 && (length < kShortestPassphrase || length > kLongestPassphrase)) {
    return make_error(Errc::invalid, "an SRT passphrase has {} to {} characters; this one has {}", kShortestPassphrase,
                      kLongestPassphrase, length);
  }
  if (options.pbkeylen != 0 && options.pbkeylen != 16 && options.pbkeylen != 24 && options.pbkeylen != 32) {
    return make_error(Errc::invalid, "SRT option pbkeylen: expected 16, 24 or 32, found {}", options.pbkeylen);
  }
  if (options.streamid.size() > kLongestStreamid) {
    return make_error(Errc::invalid, "an SRT streamid has at most {} characters; this one has {}", kLongestStreamid,
                      options.streamid.size());
  }
  if (options.payload_size % 188 != 0) {
    return make_error(Errc::invalid, "SRT option payload_size: expected a multiple of 188 (TS packets), found {}",
                      options.payload_size);
  }
  if (options.payload_size + kUdpAndSrtHeaders > options.mss) {
    return make_error(Errc::invalid, "SRT option mss: {} is too small for payload_size {} and {} bytes of headers",
                      options.mss, options.payload_size, kUdpAndSrtHeaders);
  }
  return {};
}

Result<SrtOptions> parse_srt_url(std::string_view url) {
  constexpr std::string_view kScheme = "srt://";
  if (lower(url.substr(0, kScheme.size())) != kScheme) {
    return make_error(Errc::invalid, "an SRT address starts with srt:// (srt://HOST:PORT)");
  }
  if (url.size() > kLongestUrl) return make_error(Errc::invalid, "an SRT address has at most {} bytes", kLongestUrl);
  url.remove_prefix(kScheme.size());
  const std::size_t question = url.find('?');
  std::string_view authority = url.substr(0, question);
  std::string_view query = question == url.npos ? std::string_view{} : url.substr(question + 1);
  if (!authority.empty() && authority.back() == '/') authority.remove_suffix(1);
  if (authority.find('/') != authority.npos) {
    return make_error(Errc::invalid, "an SRT address has no path: use ?streamid= to name the stream");
  }

  SrtOptions options;
  MAINSTAY_CHECK(set_authority(options, authority));
  options.mode = options.host.empty() ? SrtMode::listener : SrtMode::caller;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    if (!pair.empty()) MAINSTAY_CHECK(set_option(options, pair));
    query = end == query.npos ? std::string_view{} : query.substr(end + 1);
  }
  MAINSTAY_CHECK(validate(options));
  return options;
}

std::string redacted_srt_url(std::string_view url) {
  std::string out;
  // Each run up to a '?' or '&' by itself, so that a misplaced one shows no secret either.
  while (!url.empty()) {
    const std::size_t equals = url.find_first_of("=?&");
    const bool named = equals != url.npos && url[equals] == '=';
    const std::string name = named ? lower(url.substr(0, equals)) : "";
    const bool secret = name == "passphrase" || name == "streamid" || name == "srt_streamid";
    // A secret may itself hold a '?'.
    std::size_t end = secret ? url.find('&') : url.find_first_of("?&");
    end = end == url.npos ? url.size() : end + 1;
    // One that follows without its '&' is a slip of the hand, and a secret too.
    const std::size_t glued = secret ? url.npos : lower(url.substr(0, end)).find("passphrase=");
    if (secret) {
      out += std::string(url.substr(0, equals)) + "=***" + (url[end - 1] == '&' ? "&" : "");
    } else if (glued != url.npos) {
      out += std::string(url.substr(0, glued)) + "passphrase=***";
      end = std::min(url.find('&', glued), url.size());
    } else {
      out += url.substr(0, end);
    }
    url.remove_prefix(end);
  }
  // A user:password that does not belong here is a secret all the same.
  const std::size_t scheme = out.find("://");
  const std::size_t at = out.substr(0, out.find('?')).rfind('@');
  if (scheme != out.npos && at != out.npos && at > scheme) out.replace(scheme + 3, at - scheme - 3, "***");
  return out;
}

}  // namespace mainstay::ffi
