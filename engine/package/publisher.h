// Keeps a place elsewhere (a folder, a remote origin) as the shelf is: plain HLS, for servers that only have files.
// Owned by the packager.
// Thread-safety: wake() and status() from any thread; the rest from the owner.
//
// It does not queue what to send; it compares what is there with what should be, so a place that was away for a while
// is brought up to date by what there still is, and what is gone by then is told as lost. A playlist goes out when all
// that it names is there, the multivariant one last. What playlists no longer name is removed one window later.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/core/backoff.h"
#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/package/publish_target.h"
#include "engine/package/publish_view.h"

namespace mainstay::package {

struct PublishStatus {
  std::string where;              ///< without secrets
  std::string state = "waiting";  ///< "live", "failed"
  std::string detail;             ///< why it failed; live: what was lost, if something just was
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t queued = 0;
  std::int64_t lost = 0;      ///< files
  std::string lost_segments;  ///< whose, the latest
};

class Publisher {
 public:
  struct Services {
    Clock& clock;
    Log& log;
    std::function<PublishViewPtr()> view;  ///< what should be there; null: nothing yet. From the publisher's thread
    std::function<void(const PublishStatus&)> changed = {};  ///< its state did, or it lost something
    BackoffPolicy backoff = {.first = Millis(500), .longest = Seconds(10)};
  };

  Publisher(int number, PublishOptions options, Services services)
      : Publisher(number, options, std::move(services), nullptr) {}
  /// With another target than the options name, for tests.
  Publisher(int number, PublishOptions options, Services services, std::unique_ptr<PublishTarget> target);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// There is something new.
  void wake();
  /// Waits until all that is there has been put out, or failed; at most `limit`.
  void settle(Nanos limit);
  void stop() { thread_.request_stop(); }

  const PublishOptions& options() const { return options_; }
  PublishStatus status() const;

 private:
  struct Gone {
    std::string path;
    Instant since;
    int tries = 0;
  };
  struct Wanted {
    bool put = false;
    std::int64_t msn = -1;
  };

  void run(const std::stop_token& stop);
  Status sync(const PublishView& view, const std::stop_token& stop);
  void look_again(const PublishView& view, const std::stop_token& stop);
  Status put(const PublishView::File& file, const std::stop_token& stop);
  Status remove_gone(const PublishView& view, const std::stop_token& stop);
  void count_lost(const PublishView& view);
  void tell_done();
  void tell(std::string state, std::string detail, bool news = false);
  void wait_for_news(Instant until, const std::stop_token& stop);

  const PublishOptions options_;
  const Services services_;
  const std::string who_;
  const std::unique_ptr<PublishTarget> target_;

  // The publisher's thread:
  std::map<std::string, std::string> there_;     // etags, by path: the bytes themselves need not stay
  bool was_away_ = false;                        // the last attempt failed
  std::map<std::string, Wanted> wanted_before_;  // media of the last view
  std::deque<Gone> gone_;
  NumberRanges lost_ever_;
  NumberRanges lost_untold_;
  std::int64_t lost_files_untold_ = 0;
  std::optional<std::int64_t> newest_;  // segment of the last view
  std::optional<Instant> lost_told_;
  Backoff backoff_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  PublishStatus status_;
  std::int64_t news_ = 0;
  std::int64_t done_ = 0;  // news that were seen to
  NamedThread thread_;
};

}  // namespace mainstay::package
