// Addresses of ingests and listeners, taken apart: scheme://[user[:password]@]host[:port][/path][?key=value&…].
// Plain values and functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/result.h"

namespace mainstay::show {

struct Url {
  std::string scheme;  ///< lower case
  std::string user;
  std::string password;
  std::string host;  ///< without the brackets of an IPv6 address; may be empty
  int port = 0;      ///< 0: none given
  std::string path;  ///< with its leading slash, or empty
  std::vector<std::pair<std::string, std::string>> query;

  /// The value of a query key; empty when there is none.
  std::string_view parameter(std::string_view key) const;
  /// Parts of the path between its slashes; empty parts are left out.
  std::vector<std::string> segments() const;
};

/// Percent signs are kept as they are. Errc::invalid says what is wrong without showing the address, as it may hold a
/// secret.
Result<Url> parse_url(std::string_view text);

/// HOST:PORT, [::1]:PORT or :PORT.
struct HostPort {
  std::string host;
  int port = 0;
};
Result<HostPort> parse_host_port(std::string_view text);

/// The address with everything that may be secret as "***": the password, an RTMP path's last part when there is more
/// than the application, and each query value but those known to be harmless. References stay.
std::string redact_url(std::string_view text);

/// What redact_url would hide: the literal secrets in an address. Short stream names in a path are left out: hidden
/// wherever they occur, they would blank out ordinary words.
std::vector<std::string> secrets_in_url(std::string_view text);

}  // namespace mainstay::show
