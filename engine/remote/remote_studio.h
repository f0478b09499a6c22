// A Mainstay that runs elsewhere, behind the same port as one in this process: what scripts and consoles can do with
// the one, they can do with the other.
// Owned by main(); the registry lives longer.
// Thread-safety: as StudioPort: any thread, nothing but connect() blocks. One thread of its own ("remote").
//
// Calls go over one WebSocket to its API, as they come and without waiting for each other; an answer is given when the
// state here is no older than it. The state is asked for at every event and every quarter of a second; while the
// connection is gone it stays as it was last. A connection that was lost is made again, and the events go on where they
// stopped; calls that were on their way are answered as failed, since nobody knows whether they ran.
#pragma once

#include <memory>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/remote/client.h"
#include "engine/studio/studio_port.h"

namespace mainstay::remote {

class RemoteStudio final : public StudioPort {
 public:
  struct Options {
    Target target;
    CallOptions connection = {};        ///< `timeout`: of each attempt, and for the state
    Millis call_timeout{60'000};        ///< until a call fails
    std::size_t calls = 256;            ///< on their way at a time; more are answered `busy`
    std::size_t call_bytes = 16 << 20;  ///< of their texts together
    Millis state_period{250};
    Millis first_retry{250};  ///< doubles from attempt to attempt, up to
    Millis last_retry{5000};
  };

  /// `registry`: the declarations of this program; what the other side does not have, it refuses itself.
  RemoteStudio(const CommandRegistry& registry, Clock& clock, Log& log, Options options);
  /// Calls that are on their way are answered `cancelled`.
  ~RemoteStudio() override;
  RemoteStudio(const RemoteStudio&) = delete;
  RemoteStudio& operator=(const RemoteStudio&) = delete;

  /// Waits for the first connection, with its state and its events so far. Errors as call_remote()'s.
  Status connect(std::stop_token stop = {});

  const CommandRegistry& registry() const override { return registry_; }
  /// The other side says who the caller is and what it may do: by the token.
  void call(std::string command, Json params, Caller caller, Reply reply) override;
  Snapshot snapshot() const override;
  Json state() const override;
  /// None: pictures do not come over the API.
  FramePtr program_picture() const override { return nullptr; }
  FramePtr preview_picture() const override { return nullptr; }
  std::vector<Event> events(std::int64_t after, std::size_t limit) const override;
  std::shared_ptr<void> on_event(std::function<void()> listener) override;

 private:
  class Impl;
  const CommandRegistry& registry_;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace mainstay::remote
