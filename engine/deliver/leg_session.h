// One connection of a leg, from its first packet to its end: takes packets off the bus, feeds the transport, watches
// that it makes progress.
// Owned by a Leg, made for each connection.
// Thread-safety: the leg's thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/deliver/call_watch.h"
#include "engine/deliver/congestion.h"
#include "engine/deliver/packet_bus.h"
#include "engine/deliver/rate_window.h"
#include "engine/deliver/rung_switch.h"
#include "engine/deliver/step_policy.h"
#include "engine/deliver/transport.h"

namespace mainstay {

struct SessionLimits {
  Nanos stall = Millis(1500);  ///< nothing taken for so long while packets wait: the connection is lost
  Nanos poll = Millis(20);     ///< the transport is polled at least about this often
  Nanos drain = Millis(1200);  ///< a stop sends what is queued, for so long at most
  CongestionPolicy congestion;
};

/// What a connection has done so far.
struct SessionFigures {
  std::int64_t bytes = 0;
  std::int64_t packets = 0;
  std::int64_t dropped = 0;  ///< in our queue and in the transport
  double kbps = 0;           ///< over the last second
  Nanos queued{0};           ///< media time waiting in our queue and below
  Nanos rtt{0};
  std::vector<std::pair<std::string, double>> details;
};

/// Why a connection ended.
struct SessionEnd {
  enum class Why {
    stopped,          ///< on request, or the program is over: what was queued has been sent, as far as time allowed
    lost,             ///< `error` says why
    streams_changed,  ///< a packet came whose stream this connection has no headers for
  };
  Why why = Why::stopped;
  Error error;
  Instant last_good;
};

class LegSession {
 public:
  /// What the session tells its leg, on the leg's thread.
  class Host {
   public:
    virtual ~Host() = default;
    /// Asked for the end; the subscription is closed then, so that what it still holds is all there is to send.
    virtual bool stop_requested() = 0;
    virtual void on_first_packet() = 0;
    virtual void on_congestion(bool on, const std::string& why) = 0;
    virtual void on_figures(const SessionFigures& figures) = 0;
    /// From now on this video is sent, which the connection did not start with.
    virtual void on_rendition(const StreamInfoPtr& video) = 0;
    /// Other rungs than before may be sent; told once.
    virtual std::optional<LegLadder> new_ladder() = 0;
  };

  /// `streams`: what the transport was opened for. `subscription`: of `selection`, which may also take other rungs of
  /// the ladder; `steps` says which of them is sent, and outlives the session.
  LegSession(Clock& clock, CallWatch& watch, Host& host, SessionLimits limits, Transport& transport,
             std::vector<StreamInfoPtr> streams, Subscription& subscription, Selection selection, StepPolicy& steps);

  /// Until the connection ends one way or another.
  SessionEnd run();

 private:
  enum class Step { on, end };

  Step take();
  Step pop();
  Step change_stream();
  bool stepping() const { return !selection_.rungs.empty(); }
  void step(Instant now, const CongestionReading& reading);
  void follow_ladder();
  Step send();
  Step poll();
  Step check_progress();
  void look_at_figures();
  CongestionReading update_figures();
  Step lose(Error error);

  Clock& clock_;
  CallWatch& watch_;
  Host& host_;
  const SessionLimits limits_;
  Transport& transport_;
  std::vector<StreamInfoPtr> streams_;
  Subscription& subscription_;
  Selection selection_;
  StepPolicy& steps_;
  RungSwitch rungs_;

  std::deque<PacketPtr> ready_;  // of the rung that is sent; a few at most
  bool over_ = false;            // the subscription gives no more
  PacketPtr pending_;
  bool refused_ = false;  // the transport took nothing at the last try
  bool busy_ = false;     // it has something of its own to send
  bool draining_ = false;
  Instant drain_until_ = kNever;
  Instant began_;
  Instant last_progress_;
  Instant last_byte_;  // that the transport handed to the network
  std::int64_t bytes_below_ = 0;
  Instant last_poll_;
  Instant next_look_;
  SessionFigures figures_;
  RateWindow rate_;
  CongestionMeter congestion_;
  SessionEnd end_;
};

}  // namespace mainstay
