// What kind of machine and browser a viewer has, by its User-Agent: a few words for metrics, never the text itself.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string_view>

namespace mainstay::remote {

struct ClientKind {
  std::string_view device;   ///< "desktop", "mobile", "tablet", "tv", "other"
  std::string_view browser;  ///< "chrome", "edge", "firefox", "safari", "other"
};

ClientKind client_kind(std::string_view user_agent);

}  // namespace mainstay::remote
