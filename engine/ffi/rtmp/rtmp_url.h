// Where a stream is pushed to, taken from a URL and a key.
// A value.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace mainstay::ffi {

struct RtmpTarget {
  bool tls = false;
  std::string host;  ///< without the brackets of an IPv6 address
  std::uint16_t port = 1935;
  std::string app;     ///< with its query, which may hold a token
  std::string tc_url;  ///< as sent; may hold a token
  std::string stream;  ///< the stream key: secret

  /// What no message may show: the stream key, and the values of every query.
  std::vector<std::string> secrets() const;
};

/// rtmp[s]://HOST[:PORT]/APP[?QUERY] with `key`, or …/APP/KEY without. Errc::invalid says what is missing; the message
/// shows no part of the URL after its host.
Result<RtmpTarget> parse_rtmp_url(std::string_view url, std::string_view key);

/// `text` from a peer, fit for an operator: one line, at most 200 bytes, without any of `secrets`.
std::string clean_peer_text(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace mainstay::ffi
