// Packages the shared packets as HLS, beside the legs: takes them from the bus on a thread of its own and puts segments
// and parts on the shelf, from where publishers bring them elsewhere.
// Owned by the engine (studio).
// Thread-safety: all members from any thread. The listener is called on the packager's thread ("package").
//
// It never holds anybody up: too slow, it loses packets of its own queue, and segments get holes. What outlives the
// program is written by a thread that may hang ("package/disk"); a disk that is slow or full costs numbers that go on
// after a restart, nothing else.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/package/assembly.h"
#include "engine/package/disk_worker.h"
#include "engine/package/publisher.h"
#include "engine/package/stream_shelf.h"

namespace mainstay::package {

/// Where packets come from: a consumer's end of the bus.
class PacketFeed {
 public:
  virtual ~PacketFeed() = default;
  /// Errc::again at the deadline, Errc::cancelled on stop, Errc::end when closed and empty.
  virtual Result<PacketPtr> pop(std::stop_token stop, Instant deadline) = 0;
  /// No further packet is taken; what is queued still comes.
  virtual void close() = 0;
  virtual std::int64_t dropped() const = 0;
};

enum class PackagerState { waiting, live, ended };
const char* to_string(PackagerState state);

struct PackagerOptions {
  std::string stream = "live";  ///< its name
  std::string store;            ///< folder; empty: nothing is kept
  AssemblyOptions assembly;
  std::vector<PublishOptions> publish;

  friend bool operator==(const PackagerOptions&, const PackagerOptions&) = default;
};

struct PackagerStatus {
  PackagerState state = PackagerState::waiting;
  std::string detail;        ///< what is wrong with the disk, in words
  std::int64_t dropped = 0;  ///< packets lost to slowness, or that no segment could take
  std::vector<PublishStatus> publish;
};

class Packager {
 public:
  struct Services {
    Clock& clock;
    Log& log;
    /// When a time of the program is on air; empty: when its first packet comes.
    std::function<Instant(Nanos)> due = {};
    /// Hears of a place elsewhere that changed its state, on a thread of its own.
    std::function<void(const PublishStatus&)> published = {};
  };
  using Listener = std::function<void(const PackagerStatus&)>;

  /// `listener` hears of each change of state. What is referred to outlives the packager.
  Packager(PackagerOptions options, std::unique_ptr<PacketFeed> feed, Services services, Listener listener = {});
  /// Stops as stop() does and waits for the end.
  ~Packager();
  Packager(const Packager&) = delete;
  Packager& operator=(const Packager&) = delete;

  /// From now on made so. The stream's name and store stay as they were.
  void use(AssemblyOptions assembly, std::vector<PublishOptions> publish);
  /// Packages what is queued and ends the playlists, in the background.
  void stop();

  PackagerStatus status() const;
  const std::shared_ptr<StreamShelf>& shelf() const { return shelf_; }

 private:
  void run(const std::stop_token& stop);
  void pump(Assembly& assembly, const std::stop_token& stop);
  std::optional<Numbering> read_numbers();
  void open_store();
  void keep_numbers(const Numbering& numbering);
  void tell_trouble();
  void take_orders(Assembly& assembly);
  void set_publishers(const std::vector<PublishOptions>& wanted);
  void wake_publishers();
  void note_progress(const Assembly& assembly);
  void set(PackagerState state, std::optional<std::string> detail);

  const PackagerOptions options_;
  const Services services_;
  const Listener listener_;
  const std::unique_ptr<PacketFeed> feed_;
  const std::shared_ptr<StreamShelf> shelf_;

  mutable std::mutex mutex_;
  std::optional<std::pair<AssemblyOptions, std::vector<PublishOptions>>> wanted_;
  PackagerStatus status_;
  std::vector<std::shared_ptr<Publisher>> publishers_;
  // The packager's thread:
  std::optional<Numbering> kept_;
  std::unique_ptr<DiskWorker> disk_;
  std::shared_ptr<SegmentStore> store_;
  std::string numbers_trouble_;
  std::string store_trouble_;
  int publisher_number_ = 0;
  std::int64_t segments_told_ = 0;

  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay::package
