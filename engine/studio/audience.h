// Who watches the stream that is served from here, as their players report it; and who knows that: the origin, which
// stands above the engine and is brought by main().
// Values are owned by whoever asked; the host by main(), given to the studio while it lives.
// Thread-safety: values as any; all members of the host from any thread, none blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/show/section.h"

namespace mainstay {

/// A limit of /hls/alerts that is exceeded.
struct AudienceAlert {
  std::string kind;  ///< "startup", "rebuffering", "errors"
  double value = 0;  ///< seconds, or a share
  double limit = 0;
  friend bool operator==(const AudienceAlert&, const AudienceAlert&) = default;
};

struct AudienceSnapshot {
  std::string address;                     ///< of the player page: "http://127.0.0.1:8080/"; empty: it is not served
  std::string state;                       ///< "listening", "failed"
  std::string detail;                      ///< why it failed
  int viewers = 0;                         ///< who asked for something lately
  std::int64_t sessions = 0;               ///< that ever began, since the program runs
  std::optional<double> latency_s;         ///< behind live, the median of the present viewers
  std::optional<double> startup_s;         ///< the median of the last sessions
  double rebuffer_ratio = 0;               ///< time waited in time watched and waited, of the last sessions
  double error_ratio = 0;                  ///< of the last sessions, those that failed for good
  std::size_t connections = 0;             ///< to the origin, now
  std::int64_t requests = 0;               ///< answered
  std::int64_t bytes = 0;                  ///< sent, of bodies
  std::vector<AudienceAlert> alerts = {};  ///< that are raised now
  friend bool operator==(const AudienceSnapshot&, const AudienceSnapshot&) = default;
};

class AudienceHost {
 public:
  virtual ~AudienceHost() = default;

  /// Absent: the show is not served from here.
  virtual std::optional<AudienceSnapshot> audience() const = 0;
  /// What the viewers' players report, by region and device: as /metrics/players.json.
  virtual show::Json viewers() const = 0;
};

}  // namespace mainstay
