// The obs-websocket server without its sockets: who may come in, the sessions there are, and the events they hear.
// Shared by its sessions' connections; made by the remote.
// Thread-safety: the thread of the sessions (`post`), but what says otherwise.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/remote/obs/session.h"
#include "engine/remote/obs/translator.h"

namespace mainstay::obs {

class Hub : public std::enable_shared_from_this<Hub> {
 public:
  struct Options {
    std::vector<Credential> credentials;  ///< none: everybody who can connect comes in, as `open_role`
    Role open_role = Role::operate;
    SessionLimits limits = {};
    std::shared_ptr<remote::Throttle> throttle = {};  ///< of wrong passwords; none: one of its own
    std::shared_ptr<PersistentData> data = {};        ///< none: its own
  };
  /// Runs work on the sessions' thread, later; from any thread.
  using Post = std::function<void(std::function<void()>)>;

  /// Errc::io when the system gives no random numbers. Begins to follow the events at once. From any thread.
  static Result<std::shared_ptr<Hub>> make(StudioPort& studio, Clock& clock, Log& log, Options options, Post post);
  /// A client has connected; the caller keeps the session as long as its connection.
  std::shared_ptr<Session> connect(std::shared_ptr<Link> link, SessionOptions options);
  /// Other passwords from now on: whoever is here has to come again with one of them.
  Status set_credentials(const std::vector<Credential>& credentials);
  /// Tells all clients that the end is near.
  void announce_exit();

 private:
  /// What an event's thread touches: never the hub itself, which it might then have to end.
  struct Bell {
    std::atomic<bool> rung = false;
    Post post;
    std::weak_ptr<Hub> hub;
  };
  static void ring(const std::shared_ptr<Bell>& bell);

  Hub(StudioPort& studio, Clock& clock, Log& log, const Options& options, Post post);
  void follow();
  void pump();
  void read_show(std::function<void(ShowView)> then);
  void tell(const std::vector<ObsEvent>& events);
  void broadcast(const ObsEvent& event);
  std::vector<std::shared_ptr<Session>> sessions();

  const Post post_;
  const std::shared_ptr<SessionHost> host_;
  const std::shared_ptr<PictureDesk> screenshots_;  // not the host's: calls keep that one, also those under way here
  std::vector<std::weak_ptr<Session>> sessions_;
  Translator translator_;
  std::int64_t seen_ = 0;  // the last event told
  bool reading_ = false;   // waits for the show
  bool began_ = false;
  std::shared_ptr<void> listener_;
};

}  // namespace mainstay::obs
