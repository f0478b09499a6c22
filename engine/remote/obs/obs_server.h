// obs-websocket on the remote's server: a router for its listener, sessions for its WebSockets.
// Shared by its router and whoever announces the exit; may outlive the Server, which it then leaves alone.
// Thread-safety: all members from any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/remote/access.h"
#include "engine/remote/obs/persistent_data.h"
#include "engine/remote/router.h"
#include "engine/remote/server.h"
#include "engine/studio/studio_port.h"

namespace mainstay::obs {

class Hub;
class Timer;

struct ObsOptions {
  std::string password;                             ///< empty: none is asked for
  Role role = Role::operate;                        ///< of whoever knows it, or of everybody without one
  std::shared_ptr<remote::Throttle> throttle = {};  ///< of wrong passwords; none: one of its own
  std::shared_ptr<PersistentData> data = {};        ///< what clients keep here; none: its own
};

class ObsServer {
 public:
  /// Errc::io when the system gives no random numbers.
  static Result<std::shared_ptr<ObsServer>> make(StudioPort& studio, Clock& clock, Log& log,
                                                 const remote::Server& server, ObsOptions options);
  ~ObsServer();
  ObsServer(const ObsServer&) = delete;
  ObsServer& operator=(const ObsServer&) = delete;

  /// For a listener of its own: WebSockets on any path, with the subprotocols of obs-websocket or none (JSON). Keeps
  /// the ObsServer.
  static std::shared_ptr<const remote::Router> router(std::shared_ptr<ObsServer> server);
  /// Tells all clients that the end is near; before the Server ends.
  void announce_exit();

 private:
  ObsServer() = default;

  std::function<void(std::function<void()>)> post_;
  std::shared_ptr<Hub> hub_;
  std::shared_ptr<Timer> timer_;
  remote::Router router_;
};

/// Without a password a page in a browser on this machine must not be able to steer the show: whether the page that
/// this request comes from (its Origin, empty: no page) may.
bool may_steer_without_password(std::string_view origin);

}  // namespace mainstay::obs
