// All remote faces of one Mainstay, as the show's section "remote" asks for them.
// Owned by main(), beside the studio, which lives longer.
// Thread-safety: all members from any thread but the server's own.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/remote/access.h"
#include "engine/remote/event_feed.h"
#include "engine/remote/listener_slot.h"
#include "engine/remote/server.h"
#include "engine/show/secrets.h"
#include "engine/show/show.h"
#include "engine/studio/studio_port.h"

namespace mainstay::remote {

/// The OBS-compatible port.
struct ObsSettings {
  std::string listen = "127.0.0.1:4455";
  std::string password;  ///< empty: none is asked for
  Role role = Role::operate;
  friend bool operator==(const ObsSettings&, const ObsSettings&) = default;
};

/// What is asked for; every secret is resolved.
struct RemoteSettings {
  std::string listen = "127.0.0.1:4480";
  AccessRules access;
  std::optional<TlsFiles> tls;
  std::optional<ObsSettings> obs;
  friend bool operator==(const RemoteSettings&, const RemoteSettings&) = default;
};

/// The settings that the show's section stands for: its secrets looked up, its paths relative to `show_dir`.
Result<RemoteSettings> remote_settings(const show::Remote& section, const show::Secrets& secrets,
                                       const std::string& show_dir);

struct RemoteStatus {
  std::string api;  ///< "127.0.0.1:4480"; empty: off
  std::string obs;
  bool tls = false;
  ServerCounters counters;
};

class Remote {
 public:
  /// Makes what the OBS-compatible port serves; that part stands beside this one.
  using ObsRouter = std::function<std::shared_ptr<const Router>(Server&, const ObsSettings&)>;
  struct Options {
    Notify notify = {};  ///< remote.client and remote.state; called on several threads
    ObsRouter obs_router = {};
  };

  Remote(StudioPort& studio, Clock& clock, Log& log) : Remote(studio, clock, log, Options{}) {}
  Remote(StudioPort& studio, Clock& clock, Log& log, Options options);
  ~Remote();
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;

  /// Brings the listeners to what is asked for, and touches no other: clients stay connected through a change that is
  /// none of theirs. Those connected with a token that no longer counts are asked to come again. With an error, what
  /// could not be changed stays as it was.
  Status apply(const std::optional<RemoteSettings>& wanted);
  RemoteStatus status() const;

 private:
  Status apply_api(const std::optional<RemoteSettings>& wanted);
  Status apply_obs(const std::optional<RemoteSettings>& wanted);

  StudioPort& studio_;
  Log& log_;
  const ObsRouter obs_router_;
  const std::shared_ptr<Throttle> throttle_;
  mutable std::mutex mutex_;
  AccessRules access_;
  std::optional<ObsSettings> obs_settings_;
  const std::unique_ptr<Server> server_;
  ListenerSlot api_;
  ListenerSlot obs_;
  const std::shared_ptr<EventFeed> feed_;  ///< also its sessions'
};

}  // namespace mainstay::remote
