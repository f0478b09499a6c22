#include "engine/sources/live/live_feed.h"

namespace mainstay {

Result<LiveItem> LiveFeed::pass() {
  MAINSTAY_TRY(const LiveItem item, read());
  const auto* picture = std::get_if<LivePicture>(&item);
  return LiveItem(picture != nullptr ? LivePassed{picture->pts} : LivePassed{});
}

}  // namespace mainstay
