// What the player page tells of itself, every few seconds and at its end: a small JSON object with sums since the page
// began, so that a report that is lost costs nothing.
// Functions without state; a value.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace mainstay::remote {

struct Beacon {
  static constexpr std::size_t kMostBytes = 2048;

  std::string session;               ///< as CMCD's sid
  std::int64_t number = 0;           ///< of the report, from 1
  std::string mode = "unknown";      ///< "low_latency", "plain", "lowest", "native"
  std::optional<double> startup_ms;  ///< from the page's opening to the first picture; absent before that
  std::int64_t rebuffers = 0;
  double rebuffer_ms = 0;
  std::int64_t switches = 0;  ///< of renditions
  double watch_ms = 0;        ///< in which it played
  std::int64_t errors = 0;
  bool failed = false;               ///< it gave up
  std::optional<double> latency_ms;  ///< behind live, now
  int height = 0;                    ///< of what is shown
  bool ended = false;                ///< nothing more comes
};

/// Errc::invalid: what is wrong with it. Keys that are unknown are not looked at.
Result<Beacon> parse_beacon(std::string_view text);

}  // namespace mainstay::remote
