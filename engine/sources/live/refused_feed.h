// A feed that says why there is none.
// Owned by the live link's connection.
// Thread-safety: as LiveFeed says.
#pragma once

#include <utility>

#include "engine/sources/live/live_feed.h"

namespace mainstay {

class RefusedFeed final : public LiveFeed {
 public:
  explicit RefusedFeed(Error why) : why_(std::move(why)) {}
  Result<LiveInfo> open() override { return why_; }
  Result<LiveItem> read() override { return why_; }
  void abort() noexcept override {}

 private:
  const Error why_;
};

}  // namespace mainstay
