// Who may use a remote face, and as what: tokens and their roles, browsers kept to the pages they should be used from,
// guessing slowed down.
// Owned by the Remote; the gate of its routers.
// Thread-safety: all members from any thread.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/remote/http.h"

namespace mainstay::remote {

/// True when they are equal, in a time that tells nothing of `secret` but its length.
bool equal_in_constant_time(std::string_view given, std::string_view secret);

/// Wrong tokens by address: after a few of them the address waits, twice as long each time. Bounded: of too many
/// addresses the one longest without a failure is forgotten.
class Throttle {
 public:
  static constexpr int kFree = 5;  ///< failures without a wait
  static constexpr Seconds kFirst{1};
  static constexpr Seconds kLongest{60};
  static constexpr Seconds kForgotten{600};  ///< after the last failure
  static constexpr std::size_t kMostAddresses = 1024;

  explicit Throttle(Clock& clock) : clock_(clock) {}

  /// How long the address still has to wait; zero: it may try.
  Nanos wait(const std::string& ip) const;
  void failed(const std::string& ip);
  void succeeded(const std::string& ip);
  std::size_t addresses() const;

 private:
  struct Record {
    std::string key;
    int failures = 0;
    Instant last;
    Instant until;
  };
  static std::string key_of(const std::string& ip);

  Clock& clock_;
  mutable std::mutex mutex_;
  std::list<Record> records_;  // latest failure first
  std::map<std::string, std::list<Record>::iterator> places_;
};

struct Grant {
  std::string token;
  Role role = Role::view;
  friend bool operator==(const Grant&, const Grant&) = default;
};

struct AccessRules {
  std::vector<Grant> grants;  ///< none: clients on this machine are admin, all others are refused
  /// "https://panel.example.org": pages, besides our own, whose scripts may use the API.
  std::vector<std::string> origins;
  friend bool operator==(const AccessRules&, const AccessRules&) = default;
};

class Access {
 public:
  Access(AccessRules rules, std::shared_ptr<Throttle> throttle, Log& log);

  /// A Router's gate: sets the role, or refuses. The token comes as `Authorization: Bearer TOKEN`, as the password of
  /// HTTP Basic, or (WebSockets only, as browsers cannot set headers there) as `?token=`.
  std::optional<HttpResponse> admit(HttpRequest& request, bool web_socket) const;
  /// A Router's finish: lets scripts of allowed pages read the response.
  void finish(const HttpRequest& request, HttpResponse& response) const;

 private:
  bool own_page(const HttpRequest& request, std::string_view origin) const;
  bool allowed_page(std::string_view origin) const;
  std::optional<HttpResponse> refuse_browser(const HttpRequest& request) const;

  const AccessRules rules_;
  const std::shared_ptr<Throttle> throttle_;
  Log& log_;
};

}  // namespace mainstay::remote
