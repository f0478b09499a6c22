// What viewers' players have reported of the last minutes: what alerts look at, here and elsewhere. Kept in steps of a
// sixtieth of that time; bounded, however many viewers there are.
// Owned by the audience book.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "engine/core/time.h"
#include "engine/remote/origin/audience_figures.h"

namespace mainstay::remote {

class AudienceWindow {
 public:
  static constexpr std::size_t kMostStartups = 4096;  ///< of more, the latest count

  explicit AudienceWindow(Nanos length = Seconds(300)) { use(length); }
  /// From now on so long. What was counted before is kept as far as it fits.
  void use(Nanos length);

  void started(Instant now, double startup_s);
  /// Time that went by between two reports of a player.
  void played(Instant now, double watched_s, double waited_s);
  void failed(Instant now) { ++step(now).failed; }
  void ended(Instant now) { ++step(now).ended; }

  /// `present`: sessions that are not over.
  RecentFigures figures(Instant now, int present);

 private:
  struct Step {
    Instant begin{};
    double watched_s = 0;
    double waited_s = 0;
    std::int64_t failed = 0;
    std::int64_t ended = 0;
  };
  Step& step(Instant now);
  void drop_old(Instant now);

  Nanos length_{};
  Nanos step_{};
  std::deque<Step> steps_;
  std::deque<std::pair<Instant, double>> startups_;
};

}  // namespace mainstay::remote
