// A leg: keeps one connection to one ingest up, for as long as it is wanted, whatever the network does.
// Owned by a Destination (or by a test).
// Thread-safety: all members from any thread. The listener is called on the leg's thread, outside its locks.
//
// A thread of its own ("leg/main/NAME") drives the state machine (leg_machine.h), one transport a connection and one
// subscription to the packet bus a connection. A second thread ("lw/…") does nothing but end calls that hang. Faults
// stay here: nothing a leg does reaches the encoder, the bus or another leg.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/deliver/call_watch.h"
#include "engine/deliver/leg_machine.h"
#include "engine/deliver/leg_session.h"
#include "engine/deliver/packet_bus.h"
#include "engine/deliver/step_policy.h"
#include "engine/deliver/transport.h"

namespace mainstay {

struct LegOptions {
  std::string destination;
  std::string role = "main";  ///< "main" or "backup"
  std::string url_redacted;   ///< for people; without keys
  Selection selection;        ///< without rungs: those come from the ladder
  LegLadder ladder;           ///< the selection's video first
  /// Of packets waiting for the network, on top of the GOP a connection starts with; beyond it packets go up to an IDR.
  QueueLimits queue{std::numeric_limits<std::size_t>::max(), std::int64_t{16} << 20, Seconds(2)};
  /// The same of a leg that steps: what waits while a key frame of a lower rung comes is sent, not dropped.
  QueueLimits step_queue{std::numeric_limits<std::size_t>::max(), std::int64_t{48} << 20, Seconds(10)};
  SessionLimits session;
  LegPolicy policy;
  StepLimits steps;
  std::size_t kept_steps = 64;        ///< older ones go; step_count still counts them
  Nanos connect_limit = Seconds(10);  ///< an attempt that lasts longer is ended, whatever the transport thinks
  Nanos stop_limit = Millis(2000);    ///< from stop() to the end of all calls into the transport
  std::uint64_t seed = 0;             ///< of the back-off's jitter
};

/// A change from one video rendition to another.
struct LegStep {
  Instant at{};
  std::string from;
  std::string to;
  int height = 0;  ///< of `to`
  bool down = false;
  std::string reason;
};

struct LegStatus {
  std::string destination;
  std::string role;
  std::string url_redacted;
  LegState state = LegState::idle;
  Instant since{};            ///< in this state
  std::string detail;         ///< why it is not live, in words; empty when all is well
  Nanos retry_in{0};          ///< backoff: until the next attempt
  std::int64_t attempts = 0;  ///< connections tried
  std::int64_t connects = 0;  ///< connections made
  // Over all connections since the leg was made:
  std::int64_t bytes = 0;
  std::int64_t packets = 0;
  std::int64_t dropped = 0;
  // Of the connection there is:
  double kbps = 0;
  Nanos queued{0};
  Nanos rtt{0};
  std::optional<Nanos> first_connect;  ///< from start() to the first connection
  std::vector<Outage> outages;         ///< the latest ones
  std::int64_t outage_count = 0;
  std::vector<std::pair<std::string, double>> details;  ///< all that the transport's library knows
  std::string rendition;       ///< video that is sent; while there is no connection, that would be
  int rendition_height = 0;    ///< 0: not known yet
  std::string full;            ///< video that is sent when the network carries it
  std::vector<LegStep> steps;  ///< the latest ones
  std::int64_t step_count = 0;
};

struct LegEvent {
  enum class Kind { state, outage_began, outage_ended, step };
  Kind kind = Kind::state;
  std::string destination;
  std::string role;
  Instant at{};
  LegState from = LegState::idle;
  LegState to = LegState::idle;
  std::string detail;
  Nanos retry_in{0};  ///< when it goes to backoff: until the next attempt
  std::optional<Outage> outage;
  std::optional<LegStep> step;
};

/// A change of state in words, for the log and the event log: "backoff: refused by 127.0.0.1; next try in 0.9 s".
std::string describe(const LegEvent& event);
/// "steps down from v0 to v2 (480 lines): 700 ms waiting, the network carries 900 kb/s".
std::string describe(const LegStep& step);

class Leg final : private LegSession::Host {
 public:
  using Listener = std::function<void(const LegEvent&)>;

  /// `bus`, `clock` and `log` outlive the leg. Made idle.
  Leg(LegOptions options, PacketBus& bus, TransportFactory transports, Clock& clock, Log& log, Listener listener = {});
  /// Stops as stop() does and waits for it (at most the stop limit and a little).
  ~Leg() override;

  void start();
  /// Sends what is queued and closes in good order, in the background; ends within the stop limit also when the peer is
  /// dead.
  void stop();
  /// Ends the wait of a back-off.
  void retry_now();
  void network_returned() { retry_now(); }
  /// Other rungs may be sent; the connection there is goes on, with the queue that belongs to them.
  void set_ladder(LegLadder ladder);

  LegStatus status() const;

 private:
  void run(std::stop_token stop);
  void take_commands();
  void wait_for_work(std::stop_token stop);
  void attempt();
  Result<std::vector<StreamInfoPtr>> await_streams();
  Result<std::unique_ptr<Transport>> open(const std::vector<StreamInfoPtr>& streams);
  void deliver(std::unique_ptr<Transport> transport, std::vector<StreamInfoPtr> streams,
               std::unique_ptr<Subscription> subscription);
  void close(Transport& transport) noexcept;
  /// Feeds the machine and tells the listener what changed.
  template <class Event>
  LegAction feed(Event&& event);

  bool stop_requested() override;
  void on_first_packet() override;
  void on_congestion(bool on, const std::string& why) override;
  void on_figures(const SessionFigures& figures) override;
  void on_rendition(const StreamInfoPtr& video) override;
  std::optional<LegLadder> new_ladder() override;
  const QueueLimits& queue_for(bool stepping) const { return stepping ? options_.step_queue : options_.queue; }
  /// What a connection that is made now takes and what it sends first.
  Selection taken() const;
  Selection sent_first() const;

  const LegOptions options_;
  const std::string who_;
  PacketBus& bus_;
  const TransportFactory transports_;
  Clock& clock_;
  Log& log_;
  const Listener listener_;

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  LegMachine machine_;
  bool start_wanted_ = false;
  bool stop_wanted_ = false;
  bool retry_wanted_ = false;
  Instant stop_deadline_ = kNever;  // of the stop that is wanted
  bool work_ = false;               // the machine asked for a connection
  std::stop_source attempt_stop_;
  Subscription* subscription_ = nullptr;  // of the connection there is; closed by stop()
  SessionFigures before_;                 // sum of the connections that are over
  SessionFigures now_;                    // the connection there is
  LegLadder ladder_;                      // as it was told last,
  bool ladder_is_new_ = false;            // and not taken yet
  std::string rendition_;
  int rendition_height_ = 0;
  std::deque<LegStep> stepped_;
  std::int64_t step_count_ = 0;
  StepPolicy steps_;  // of the leg's thread

  CallWatch watch_;
  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay
