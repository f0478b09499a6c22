// Host name to addresses, without ever holding a leg beyond its deadline.
// Owned by a leg (shared with the factory of its transports, so that attempts share one look-up).
// Thread-safety: resolve() from one thread at a time.
//
// A numeric host is read in place. A name is looked up by a thread of its own, because getaddrinfo() can neither be
// given a deadline nor be stopped. A look-up that outlives its caller is left alone and waited for again by the next
// attempt for the same name: there is never more than one a resolver, and what it writes to is its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/result.h"

namespace mainstay::ffi {

/// An IPv4 or IPv6 address without its port, as text ("127.0.0.1", "::1", "fe80::1%eth0").
struct Address {
  std::string text;
  bool v6 = false;
  std::uint32_t scope = 0;  ///< interface of a link-local IPv6 address
  friend bool operator==(const Address&, const Address&) = default;
};

/// "127.0.0.1:1935", "[::1]:1935".
std::string endpoint_text(const Address& address, std::uint16_t port);

/// The system's look-up; blocks for as long as the system likes.
Result<std::vector<Address>> system_lookup(const std::string& host);

class Resolver {
 public:
  using Lookup = std::function<Result<std::vector<Address>>(const std::string& host)>;

  explicit Resolver(Clock& clock, Lookup lookup = system_lookup);

  /// At least one address, in the order to try. Errc::io when there is no such host or no answer by `deadline`,
  /// Errc::cancelled on stop.
  Result<std::vector<Address>> resolve(const std::string& host, Instant deadline, std::stop_token stop);

 private:
  struct Job;
  Clock& clock_;
  Lookup lookup_;
  std::shared_ptr<Job> job_;
};

}  // namespace mainstay::ffi
