// The destinations of the show that is on air, leg by leg: what did not change is not touched.
// Owned by OnAir.
// Thread-safety: prepare(), commit(), look(), stop() on the control thread; everything else from any.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/deliver/destination.h"
#include "engine/deliver/packet_bus.h"
#include "engine/show/secrets.h"
#include "engine/show/show.h"
#include "engine/studio/event_log.h"
#include "engine/studio/reaper.h"

namespace mainstay {

/// The renditions that a destination, recording or packager of this show takes.
Selection selection_of(const show::Encode& encode, const std::string& video, const std::string& audio);

/// What the legs of a destination may step down to, what they send first; of one rung or none: nothing.
LegLadder ladder_of(const show::Encode& encode, const show::Destination& destination);

class DestinationRack {
 public:
  struct Services {
    PacketBus& bus;
    Clock& clock;
    Log& log;
    const show::Secrets& secrets;
    EventLog& events;
    Reaper& reaper;
  };
  DestinationRack(Services services, Leg::Listener listener) : services_(services), listener_(std::move(listener)) {}

  /// What is new or changed, with its secrets in place and its addresses read.
  struct Change {
    show::Destination config;
    Selection selection;
    LegLadder ladder;
    DestinationOptions options;
    std::optional<TransportFactory> main;    ///< absent: the leg there is goes on
    std::optional<TransportFactory> backup;  ///< absent: as it is; an empty factory: no backup
  };
  struct Prepared {
    std::map<std::string, Change> changes;
    std::vector<std::string> kept;
    std::vector<std::string> offline;  ///< not connected, as there is no network
  };
  /// The error names the destination and leg.
  Result<Prepared> prepare(const show::Show& show) const;
  void commit(Prepared prepared);
  /// Starts legs that waited for the ones before them to end.
  void look();
  /// In the background.
  void stop();
  bool stopped() const;

  /// Errc::invalid when there is none of that name.
  Result<std::shared_ptr<Destination>> find(const std::string& name) const;
  /// By name.
  std::vector<DestinationStatus> status() const;

 private:
  struct Running {
    show::Destination config;
    Selection selection;
    LegLadder ladder;
    std::shared_ptr<Destination> destination;
  };

  Result<Change> change_for(const std::string& name, const show::Destination& config, const show::Encode& encode,
                            const Running* running) const;

  const Services services_;
  const Leg::Listener listener_;
  mutable std::mutex mutex_;
  std::map<std::string, Running> running_;
  std::set<std::string> told_offline_;  // control thread; at most as many as a show may have
};

}  // namespace mainstay
