// UTC as text in a time zone, as strftime writes it. The process's own zone and locale are never changed.
// Owned by the source that shows the time.
// Thread-safety: as any value.
#pragma once

#include <memory>
#include <string>

#include "engine/core/result.h"
#include "engine/core/time.h"

namespace mainstay::ffi {

class ZoneTime {
 public:
  /// "UTC", "local" (the machine's) or a name of the IANA database ("Europe/Berlin"). Errc::invalid otherwise.
  static Result<ZoneTime> make(const std::string& zone);

  /// Errc::invalid: a mark that strftime has not.
  Result<std::string> format(UtcInstant at, const std::string& format) const;

 private:
  std::shared_ptr<void> zone_;
};

}  // namespace mainstay::ffi
