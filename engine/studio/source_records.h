// How the sources of a show on air fared: which of them have failed now, and when each was away.
// Owned by OnAir.
// Thread-safety: one thread at a time; OnAir guards it by its mutex.
//
// A source is away from the moment it stalls or fails until it gives pictures again, has ended, or rests. What it came
// back from is no failure any more, but stays on record.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/sources/source.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

class SourceRecords {
 public:
  static constexpr std::size_t kKept = 64;  ///< outages of a source; older ones go

  /// It has come to that state, `at` after the start of the show.
  void note(const std::string& source, SourceState state, const std::string& detail, Nanos at);
  /// Forgets those that are no longer in the show.
  void keep(const std::function<bool(const std::string& source)>& known);

  /// Why it fails at the moment, as a line; empty: it does not.
  std::string failure(const std::string& source) const;
  /// Those that fail at the moment.
  std::vector<std::string> failing() const;
  std::vector<SourceOutageSnapshot> outages(const std::string& source) const;

 private:
  struct Record {
    bool failed = false;
    std::string why;
    bool away = false;  ///< the last outage lasts
    std::deque<SourceOutageSnapshot> outages;
  };
  std::map<std::string, Record> records_;
};

}  // namespace mainstay
