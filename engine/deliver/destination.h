// A destination: its main leg and, when there is one, its backup leg, both from the same packets.
// Owned by the engine (studio).
// Thread-safety: all members from any thread. The listener is called on the legs' threads.
//
// Mode parallel: both legs are always on, neither knows of the other. Mode standby: the backup is on only while main is
// lost (standby_policy.h).
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/deliver/leg.h"
#include "engine/deliver/packet_bus.h"
#include "engine/deliver/standby_policy.h"
#include "engine/show/show.h"

namespace mainstay {

struct DestinationOptions {
  std::string name;
  show::LegMode mode = show::LegMode::parallel;
  show::ReturnMode return_mode = show::ReturnMode::automatic;
  Nanos return_hold = Seconds(10);
  /// For both legs; destination, role, url_redacted and seed are filled in.
  LegOptions leg;
  std::string main_url;  ///< as people may see them
  std::string backup_url;
  std::uint64_t seed = 0;  ///< of the back-offs' jitter
};

struct DestinationStatus {
  std::string name;
  show::LegMode mode = show::LegMode::parallel;
  std::string on_air;           ///< "main", "backup", "both", "none"
  std::vector<LegStatus> legs;  ///< main first

  /// No leg is on its way to being live.
  bool settled() const;
};

class Destination {
 public:
  /// Made idle. `backup` is empty for a destination without one. What is referred to outlives the destination.
  Destination(DestinationOptions options, PacketBus& bus, TransportFactory main, TransportFactory backup, Clock& clock,
              Log& log, Leg::Listener listener = {});
  /// Stops both legs at the same time and waits for them.
  ~Destination();
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;

  void start();
  /// In the background, as Leg::stop().
  void stop();
  /// Goes on with other options; of those of its legs, one that goes on takes the ladder. A leg is replaced only where
  /// there is a transport for it (an empty one: no backup any more); it starts when the one before has ended (look()),
  /// so that no ingest sees both. `on`: whether the legs send. Gives back the legs that end, for a thread that may wait
  /// for them; they must be gone before the destination is.
  std::vector<std::shared_ptr<Leg>> change(DestinationOptions options, std::optional<TransportFactory> main,
                                           std::optional<TransportFactory> backup, bool on);
  /// Starts legs whose predecessor has ended. To be called now and then after change().
  void look();
  /// Role "main" or "backup"; empty: all legs. Errc::invalid for a leg there is not.
  Status retry_now(const std::string& role = {});
  void network_returned();
  /// Standby: back to main now. Errc::invalid says why not.
  Status take_main();

  DestinationStatus status() const;

 private:
  /// A leg, and those before it that it waits for.
  struct Side {
    std::shared_ptr<Leg> leg;
    std::vector<std::weak_ptr<Leg>> before;  ///< not ended yet, as far as known
    bool due = false;                        ///< starts when they have

    explicit operator bool() const { return leg != nullptr; }
    void start();
    void stop();
    /// Starts it when it is due and may.
    void look();
  };

  std::shared_ptr<Leg> make_leg(const std::string& role, TransportFactory transports);
  void replace(Side& side, const std::string& role, TransportFactory transports, bool start,
               std::vector<std::shared_ptr<Leg>>& ended);
  void start_policy();
  bool backup_always_on() const { return options_.mode == show::LegMode::parallel; }
  void heard(const LegEvent& event, int generation);
  void run_policy(std::stop_token stop);

  std::string name_;
  DestinationOptions options_;  // under mutex_
  PacketBus& bus_;
  Clock& clock_;
  Log& log_;
  const Leg::Listener listener_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  StandbyPolicy policy_;
  bool running_ = false;
  bool applied_ = false;  // what the backup was told last
  bool news_ = false;
  int generation_ = 0;       // of the newest leg
  int main_generation_ = 0;  // what the policy listens to
  Side main_;
  Side backup_;
  NamedThread policy_thread_;  // standby only; last: uses all of the above
};

}  // namespace mainstay
