// Who watches: sessions by the name that players give them (CMCD's sid, the page's reports), or by address and browser
// where they give none; what they report is summed up by region and device. Bounded: of too many sessions the one
// longest silent is over; of too many groups the rest is one.
// Owned by the origin.
// Thread-safety: all members from any thread; none blocks.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/core/clock.h"
#include "engine/package/shelf.h"
#include "engine/remote/origin/audience_figures.h"
#include "engine/remote/origin/audience_window.h"
#include "engine/remote/origin/beacon.h"
#include "engine/remote/origin/cmcd.h"
#include "engine/remote/origin/regions.h"

namespace mainstay::remote {

class AudienceBook {
 public:
  static constexpr Seconds kSilent{30};  ///< after which a session is over
  static constexpr std::size_t kMostSessions = 20'000;
  static constexpr std::size_t kMostGroups = 256;
  static constexpr std::size_t kRecent = 200;  ///< sessions that are over and still count for what is recent

  /// `ended` is told of each session that is over, on whatever thread notices; quick, and not back into the book.
  AudienceBook(Clock& clock, std::function<void(const SessionRecord&)> ended);

  /// `window`: what counts as recent.
  void use(Regions regions, Nanos window = Seconds(300));

  /// A playlist, segment or part was sent.
  struct Request {
    std::string_view ip;
    std::string_view user_agent;
    package::ItemKind kind = package::ItemKind::segment;
    const Cmcd& cmcd;
  };
  void note(const Request& request);
  /// The player page reports.
  void report(std::string_view ip, std::string_view user_agent, const Beacon& beacon);

  AudienceFigures figures();
  /// All sessions are over: the program ends, or the stream is not served any more.
  void end_all();

 private:
  struct Session {
    std::string key;
    std::size_t group = 0;
    std::string browser;
    Instant first{};
    Instant last{};
    UtcInstant began{};
    bool reports = false;  ///< the page tells more than requests do
    bool over = false;     ///< it said so; what it had still asked for may come yet
    bool counted_failure = false;
    Beacon latest;
    std::optional<double> startup_s;
    double watch_s = 0;  ///< by its reports, or the durations that it asked for
    std::int64_t rebuffers = 0;
    double rebuffer_s = 0;
    std::int64_t switches = 0;
    std::int64_t errors = 0;
  };
  using Sessions = std::list<Session>;

  Session& find(std::string_view key, std::string_view ip, std::string_view user_agent);
  std::size_t group_of(std::string_view region, std::string_view device);
  void expire(Instant now);
  void close(Session& session);
  void forget(Sessions::iterator session);
  SessionRecord record_of(const Session& session) const;
  void take_sums(Session& session, const Beacon& beacon);

  Clock& clock_;
  const std::function<void(const SessionRecord&)> ended_;
  std::mutex mutex_;
  Regions regions_;
  Sessions sessions_;                                                // the one heard of last first
  std::unordered_map<std::string_view, Sessions::iterator> places_;  // keys stand in the sessions
  std::vector<AudienceGroup> groups_;
  std::deque<SessionRecord> recent_;
  AudienceWindow window_;
};

}  // namespace mainstay::remote
