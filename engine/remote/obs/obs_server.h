// obs-websocket on the remote's server: a router for its listener, sessions for its WebSockets.
// Owned by the remote; ends before the Server.
// Thread-safety: all members from any thread.
#pragma once

#include <memory>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/remote/router.h"
#include "engine/remote/server.h"
#include "engine/studio/studio_port.h"

namespace mainstay::obs {

class Hub;
class Timer;

struct ObsSettings {
  std::string password;  ///< empty: none is asked for
  Role role = Role::operate;  ///< of whoever knows it, or of everybody without one
  friend bool operator==(const ObsSettings&, const ObsSettings&) = default;
};

class ObsServer {
 public:
  /// Errc::io when the system gives no random numbers.
  static Result<std::unique_ptr<ObsServer>> make(StudioPort& studio, Clock& clock, Log& log, remote::Server& server,
                                                 const ObsSettings& settings);
  ~ObsServer();
  ObsServer(const ObsServer&) = delete;
  ObsServer& operator=(const ObsServer&) = delete;

  /// For a listener of its own: WebSockets on any path, with the subprotocols of obs-websocket or none (JSON).
  const std::shared_ptr<const remote::Router>& router() const { return router_; }
  /// Tells all clients that the end is near; before the Server ends.
  void announce_exit();

 private:
  class Way;
  ObsServer() = default;

  std::shared_ptr<Way> way_;
  std::shared_ptr<Hub> hub_;
  std::shared_ptr<Timer> timer_;
  std::shared_ptr<const remote::Router> router_;
};

/// Without a password a page in a browser on this machine must not be able to steer the show: whether the page that
/// this request comes from (its Origin, empty: no page) may.
bool may_steer_without_password(std::string_view origin);

}  // namespace mainstay::obs
