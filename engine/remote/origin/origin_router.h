// What the origin serves, and where: the player page at /, its files and reports, the stream below /NAME/, metrics.
// Made anew for each change of its settings; shared with the server.
// Thread-safety: const members from any thread.
#pragma once

#include <functional>
#include <memory>

#include "engine/core/clock.h"
#include "engine/remote/origin/audience_book.h"
#include "engine/remote/origin/origin_settings.h"
#include "engine/remote/origin/rate_limit.h"
#include "engine/remote/origin/stream_files.h"
#include "engine/remote/router.h"

namespace mainstay::remote {

/// What stays while settings change.
struct OriginParts {
  ShelfSource shelf;
  std::shared_ptr<AudienceBook> book;
  std::shared_ptr<RateLimit> rate;
  std::function<ServerCounters()> counters;
};

std::shared_ptr<const Router> make_origin_router(const OriginSettings& settings, const OriginParts& parts,
                                                 Clock& clock);

}  // namespace mainstay::remote
