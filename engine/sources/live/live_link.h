// Keeps a live source connected: opens a feed, puts what it gives into the buffer, and opens another when it ends, says
// nothing for too long or cannot be opened: after 1 s, 2 s, … 30 s (with jitter), forever. While nobody sees it, it
// stays connected and throws away what comes, or lets the feed go, as it is set.
// Owned by the live source.
// Thread-safety: start() once; rest() from one thread; status() from any thread.
//
// Threads: the link's ("src/NAME") decides; one for each connection ("in/NAME") makes the calls into the feed, which
// may block. A call that does not return within `patience` of its abort is left behind with its thread; nothing else is
// opened until it has returned, so there is never more than one.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "engine/core/backoff.h"
#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/show/show.h"
#include "engine/sources/ingest/ingest_buffer.h"
#include "engine/sources/live/live_feed.h"

namespace mainstay {

enum class LivePhase {
  idle,
  opening,
  open,
  waiting,  ///< for the next try
  hung,     ///< for a call that does not return
  closed,   ///< while nobody sees it
};

struct LiveLinkStatus {
  LivePhase phase = LivePhase::idle;
  std::string summary;        ///< of what is open
  std::string trouble;        ///< why nothing is open; empty before the first try has failed
  bool lost = false;          ///< it was open, and no try has failed since
  std::int64_t connects = 0;  ///< feeds opened
  std::int64_t failures = 0;  ///< feeds that could not be opened, or ended
  std::int64_t damaged = 0;   ///< pieces that could not be decoded, over all connections
};

class LiveLink {
 public:
  struct Options {
    std::string source;  ///< its name in the show
    std::string what;    ///< what is opened, as it may be shown
    Nanos open_timeout = Seconds(10);
    Nanos timeout = Seconds(5);   ///< of silence
    Nanos patience = Seconds(2);  ///< for a call to return that was aborted
    Nanos steady = Seconds(10);   ///< open for so long, and the next wait is the first again
    show::WhenHidden when_hidden = show::WhenHidden::run;
    bool paced = false;  ///< what comes at once is handed on at the pace of its pictures (pacer.h)
    BackoffPolicy backoff = {};
  };

  /// `buffer` outlives the link.
  LiveLink(Options options, Clock& clock, Log& log, IngestBuffer& buffer, MakeLiveFeed make);
  ~LiveLink();

  void start();
  /// Nobody sees it from now on, or somebody does again. What was buffered is forgotten. Waits for no feed.
  void rest(bool resting);
  LiveLinkStatus status() const;

 private:
  struct Connection;

  void run(const std::stop_token& stop);
  /// False when it stopped before anybody wanted it.
  bool await_wanted(const std::stop_token& stop);
  bool pause(const std::stop_token& stop);
  std::shared_ptr<Connection> connect();
  /// Until it ends, and why.
  Error watch(Connection& connection, const std::stop_token& stop);
  void announce(const LiveInfo& info);
  /// Aborts it and waits until it is gone; false when it does not go.
  bool leave(Connection& connection);
  void await_return(Connection& connection, const std::stop_token& stop);
  void note(const Error& why, bool was_open);
  static void work(const std::shared_ptr<Connection>& connection);

  const Options options_;
  const std::string who_;
  Clock& clock_;
  Log& log_;
  IngestBuffer& buffer_;
  const MakeLiveFeed make_;
  Backoff backoff_;
  std::int64_t damaged_before_ = 0;  // the link's thread's own

  mutable std::mutex mutex_;
  std::condition_variable_any rest_changed_;
  LiveLinkStatus status_;  // guarded by mutex_, as are those below
  bool resting_ = false;
  std::shared_ptr<Connection> current_;

  NamedThread thread_;
};

}  // namespace mainstay
