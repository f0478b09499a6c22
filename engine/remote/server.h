// The one server behind all remote faces: HTTP and WebSocket on any number of listeners, on one thread ("remote"), or
// on several, of which each has connections of its own. Owned by the Remote (or by a test). Thread-safety: all members
// from any thread but the server's own; post() from any.
//
// Nothing a client does holds anything but itself: each connection has deadlines for what it must send, a bounded queue
// for what it must read, and a place among a bounded number of connections. Deadlines of the network run on the
// machine's time, as the sockets do.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/core/log.h"
#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/remote/router.h"

namespace mainstay::remote {

struct Limits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 4 * 1024 * 1024;
  std::size_t ws_message_bytes = 4 * 1024 * 1024;
  std::size_t send_queue_bytes = 4 * 1024 * 1024;  ///< of a WebSocket
  Millis header_timeout{15'000};                   ///< TLS handshake, and each request's header from the one before
  Millis body_timeout{30'000};
  Millis write_timeout{30'000};
  Millis ws_idle{30'000};  ///< silence, also on pings, after which a WebSocket is dead; pings go at half of it
};

/// PEM files; the certificate with its chain.
struct TlsFiles {
  std::string certificate;
  std::string key;
  friend bool operator==(const TlsFiles&, const TlsFiles&) = default;
};

struct ListenOptions {
  std::string name;     ///< for the log: "api"
  std::string address;  ///< HOST:PORT; HOST is an IP address, "localhost" or nothing (loopback); port 0: any free one
  std::shared_ptr<const Router> router;
  std::optional<TlsFiles> tls = {};
  Limits limits = {};
};

/// Something to tell the operator: an event of the types "remote.client" and "remote.state". It was logged already.
struct Notice {
  LogLevel level = LogLevel::info;
  std::string type;
  std::string subject;
  std::string message;
  Json data = Json::object();
};
using Notify = std::function<void(const Notice&)>;

struct ServerCounters {
  std::size_t connections = 0;  ///< now, WebSockets included
  std::size_t web_sockets = 0;  ///< now
  std::int64_t requests = 0;    ///< answered, upgrades included
  std::int64_t refused = 0;     ///< connections over the limit
  std::int64_t bytes = 0;       ///< of bodies, sent
  std::int64_t dropped = 0;     ///< WebSocket clients that did not read
};

class Server {
 public:
  struct Options {
    std::size_t connections = 256;  ///< at once, on all listeners together; see limit_connections()
    Notify notify = {};             ///< called on the server's threads and on those of listen() and close()
    std::string thread = "remote";  ///< the first one's name; the others are "remote-2", …
    int threads = 1;                ///< of more than one, each calls the router's handlers
    /// When no more fit: true: the one that has been silent longest, with nothing to be answered, makes room; false:
    /// the new one is told to come later.
    bool evict_idle = false;
  };

  Server(Log& log, Options options);
  /// Says good-bye (close frames 1001), waits up to half a second for the clients, and ends.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  using Id = int;
  /// Listens from now on. Errc::invalid: the address or the TLS files are wrong; Errc::io: the port is taken or not
  /// allowed. The message says what to do.
  Result<Id> listen(ListenOptions options);
  /// What new connections (and new requests of old ones) get from now on; the port stays. The certificate is read
  /// again.
  Status update(Id id, std::shared_ptr<const Router> router, std::optional<TlsFiles> tls);
  /// Stops listening and ends its connections; returns when the port is free again.
  void close(Id id);
  /// Ends the WebSockets of a listener; it goes on listening.
  void close_web_sockets(Id id, std::uint16_t code, const std::string& reason);

  /// Counts for new connections.
  void limit_connections(std::size_t connections);

  /// "127.0.0.1:4480": where it really listens.
  std::string address(Id id) const;
  std::uint16_t port(Id id) const;
  ServerCounters counters() const;

  /// Runs on the server's (first) thread, soon; never at once. Dropped when the server ends before.
  void post(std::function<void()> task);
  /// The same for those that may outlive the server: then it does nothing.
  std::function<void(std::function<void()>)> poster() const;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace mainstay::remote
