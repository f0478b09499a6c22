// The addresses an ingest listens on: srt://HOST:PORT?option=value, rtmp://HOST:PORT/APP[/KEY].
// Plain values.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace mainstay {

struct IngestUrl {
  std::string scheme;
  std::string host;  ///< "127.0.0.1" when the URL names none
  std::uint16_t port = 0;
  std::string path;  ///< without the slash before it

  /// What may be shown: no path beyond the application, which may be a key.
  std::string shown() const;
};

/// Errc::invalid says what is missing. `rtmp` without a port means 1935.
Result<IngestUrl> parse_ingest_url(std::string_view text);

}  // namespace mainstay
