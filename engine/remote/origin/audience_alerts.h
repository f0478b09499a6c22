// Whether viewers are served badly: what their players reported lately against the show's limits (/hls/alerts), raised
// and cleared with hysteresis.
// Owned by the origin.
// Thread-safety: one thread at a time.
#pragma once

#include <array>
#include <vector>

#include "engine/monitor/condition.h"
#include "engine/remote/origin/audience_figures.h"
#include "engine/show/hls.h"
#include "engine/studio/audience.h"

namespace mainstay::remote {

class AudienceAlerts {
 public:
  struct Change {
    AudienceAlert alert;
    bool raised = false;
    std::string message;  ///< for an operator, in one line
  };

  /// Other limits count from the next look on.
  void use(const show::HlsAlerts& limits) { limits_ = limits; }
  const show::HlsAlerts& limits() const { return limits_; }

  /// Later than the last time. What came of it.
  std::vector<Change> see(Instant at, const RecentFigures& now);
  /// Nothing is looked at any more: what was raised is cleared.
  std::vector<Change> forget();

  /// With what was measured last.
  std::vector<AudienceAlert> raised() const;

 private:
  enum Kind { startup, rebuffering, errors, kinds };
  struct Watched {
    Condition condition;
    AudienceAlert last;
  };
  static std::string message_of(Kind kind, const AudienceAlert& alert, bool raised, const RecentFigures& now);

  show::HlsAlerts limits_;
  std::array<Watched, kinds> watched_;
};

}  // namespace mainstay::remote
