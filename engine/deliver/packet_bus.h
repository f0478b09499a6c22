// One encode's packets for any number of consumers: legs, packager, recorder. Nothing is copied, nobody waits for
// another. Owned by the engine; outlives its subscriptions. Thread-safety: all members from any thread. publish() keeps
// the order of its calls for every subscriber.
//
// Rules. A subscriber starts at the latest IDR of its video (the current GOP is kept here), or at the next one when the
// GOP is too large to keep. It never gets a video packet whose IDR, or whose predecessor in the GOP, it did not get.
// A consumer that is too slow loses packets up to an IDR, from its own queue only; offline the producer waits instead.
// Timestamps of a stream only rise: packets that go back are dropped, with the rest of their GOP.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/core/bounded_queue.h"
#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/media/packet.h"

namespace mainstay {

class PacketBus;

/// Which renditions a consumer takes, by name; an empty name takes none of that kind.
struct Selection {
  std::string video;
  std::string audio;
  bool all = false;                     ///< every rendition there is
  std::vector<std::string> rungs = {};  ///< further video renditions, of which the consumer sends one at a time

  bool takes(const StreamInfo& stream) const {
    const bool picture = stream.kind == MediaKind::video;
    return all || stream.name == (picture ? video : audio) ||
           (picture && std::find(rungs.begin(), rungs.end(), stream.name) != rungs.end());
  }
  bool wants_video() const { return all || !video.empty(); }
};

/// A packet on the bus, numbered within its stream.
struct BusItem {
  PacketPtr packet;
  std::int64_t number = 0;
};

template <>
struct QueueTraits<BusItem> {
  static std::int64_t bytes(const BusItem& i) { return QueueTraits<PacketPtr>::bytes(i.packet); }
  static Nanos time(const BusItem& i) { return QueueTraits<PacketPtr>::time(i.packet); }
  static bool keyframe(const BusItem& i) { return QueueTraits<PacketPtr>::keyframe(i.packet); }
};

/// Lets a video packet pass only when its IDR and all that lies between have passed. Several renditions in one queue
/// need this: a drop up to an IDR of one of them cuts the others anywhere.
class GopGuard {
 public:
  bool passes(const BusItem& item);

 private:
  std::map<std::string, std::int64_t> next_;  // by video rendition: the number that may follow
};

/// A consumer's end of the bus. Owned by the consumer.
/// Thread-safety: close() from any thread; everything else from the consumer's thread.
class Subscription {
 public:
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  /// The next packet. Errc::again at the deadline, Errc::cancelled on stop, Errc::end when closed (here or at the bus)
  /// and empty.
  Result<PacketPtr> pop(std::stop_token stop = {}, Instant deadline = kNever);
  /// From the next packet on takes another selection. Not offline.
  void select(Selection selection);
  /// From the next packet on other limits hold for what waits in the queue.
  void limit(QueueLimits limits);
  /// No further packet is taken; what is queued can still be popped.
  void close();
  /// What waits to be popped, and what has been dropped since the start.
  QueueLevel level() const;

 private:
  friend class PacketBus;
  class Port;
  Subscription(PacketBus& bus, std::shared_ptr<Port> port, std::deque<BusItem> backlog);

  PacketBus& bus_;
  const std::shared_ptr<Port> port_;  // shared with the bus, so that neither waits for the other to let go
  std::deque<BusItem> backlog_;       // the GOP it starts with; bounded by the bus
  std::int64_t backlog_bytes_ = 0;
  GopGuard guard_;
  std::int64_t cut_ = 0;
};

class PacketBus {
 public:
  struct Options {
    std::int64_t gop_bytes = std::int64_t{48} << 20;  ///< kept for all current GOPs together
  };

  explicit PacketBus(Clock& clock) : PacketBus(clock, Options{}) {}
  PacketBus(Clock& clock, Options options) : clock_(clock), options_(options) {}
  PacketBus(const PacketBus&) = delete;
  PacketBus& operator=(const PacketBus&) = delete;

  /// A stream that packets will come from; a rebuilt encoder announces again. When nothing but the pointer changed, the
  /// first one stands for both and consumers do not notice.
  void announce(StreamInfoPtr stream);
  /// A stream that is no more: nothing of it is kept, and packets that still come of it are dropped until it is
  /// announced again.
  void withdraw(const std::string& name);
  /// Waits only offline, for the slowest subscriber's queue; `stop` ends that wait.
  void publish(PacketPtr packet, std::stop_token stop = {});
  /// The program is over: subscribers get what is queued and then Errc::end.
  void close();

  /// `limits` hold for what waits in the queue, on top of the GOP it starts with.
  std::unique_ptr<Subscription> subscribe(const Selection& selection, QueueLimits limits);

  /// The streams of a selection as last announced, video first, once all that it names are there.
  /// Errc::again at the deadline, Errc::cancelled on stop, Errc::end when the bus is closed.
  Result<std::vector<StreamInfoPtr>> streams(const Selection& selection, std::stop_token stop = {},
                                             Instant deadline = Instant::min());

  /// Packets dropped because their timestamps went back or no IDR came before them.
  std::int64_t rejected() const;

 private:
  friend class Subscription;
  static constexpr std::size_t kMostWithdrawn = 256;
  struct Stream {
    StreamInfoPtr announced;
    bool delivered = false;
    std::int64_t last_dts = 0;
    std::int64_t next_number = 0;
    bool needs_key = true;     // video: nothing passes until an IDR
    std::int64_t idr_at = -1;  // video: place of the latest IDR in recent_, -1 when it is not kept
  };

  StreamInfoPtr announce_locked(StreamInfoPtr stream);
  bool admit(PacketPtr& packet, BusItem& item);
  void keep(const BusItem& item);
  void trim();
  std::deque<BusItem> current_gop(const Selection& selection) const;
  void unsubscribe(const std::shared_ptr<Subscription::Port>& port);
  void select(Subscription::Port& port, Selection selection);

  Clock& clock_;
  const Options options_;
  std::mutex publishing_;  // taken before mutex_; held while packets go out, so that all see one order

  mutable std::mutex mutex_;
  std::condition_variable_any announced_;
  std::map<std::string, Stream> streams_;
  std::vector<std::string> order_;  // of announcement
  std::set<std::string> withdrawn_;
  std::deque<BusItem> recent_;     // from the oldest IDR that is a current one, in order
  std::int64_t recent_begin_ = 0;  // place of recent_.front()
  std::int64_t recent_bytes_ = 0;
  std::vector<std::shared_ptr<Subscription::Port>> ports_;
  std::int64_t rejected_ = 0;
  bool closed_ = false;
};

}  // namespace mainstay
