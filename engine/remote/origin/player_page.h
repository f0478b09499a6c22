// The player page and its files, as they are compiled in.
// Functions over the program's own data; answers share it.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string>

#include "engine/core/time.h"
#include "engine/remote/http.h"

namespace mainstay::remote {

/// What the page is told of the stream (/player/show.json).
struct PlayerPage {
  std::string title;
  std::string stream = "live";
  bool low_latency = true;
};

/// GET and HEAD of "/" and of what stands below /player/. Nothing: there is no such file.
std::optional<HttpResponse> player_file(const HttpRequest& request, const PlayerPage& page, UtcInstant now);

/// Whether hls.js was there when the program was built.
bool has_hls_js();

}  // namespace mainstay::remote
