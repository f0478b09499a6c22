#include "engine/show/remote_address.h"

#include <algorithm>

#include "engine/show/url.h"

namespace mainstay::show {

namespace {

// "127.evil.example" is a name; only digits and dots make an address.
bool is_loopback_ipv4(std::string_view host) {
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(host.begin(), host.end(), '.') == 3;
}

// Port 0, any free one, is no port to parse_host_port().
std::string_view without_any_port(std::string_view listen) {
  return listen.ends_with(":0") ? listen.substr(0, listen.size() - 2) : listen;
}

}  // namespace

bool is_loopback(std::string_view listen) {
  const auto place = parse_host_port(without_any_port(listen));
  if (!place) return false;
  return place->host.empty() || place->host == "localhost" || place->host == "::1" || is_loopback_ipv4(place->host);
}

bool same_port(std::string_view a, std::string_view b) {
  const auto first = parse_host_port(a);
  const auto second = parse_host_port(b);
  return first && second && first->port == second->port;
}

}  // namespace mainstay::show
