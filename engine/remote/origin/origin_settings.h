// What the show asks of the origin, with its secrets and paths resolved.
// Owned by whoever holds the copy; a value.
// Thread-safety: as any value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/remote/origin/regions.h"
#include "engine/remote/server.h"
#include "engine/show/secrets.h"
#include "engine/show/show.h"

namespace mainstay::remote {

struct OriginSettings {
  std::string listen = "127.0.0.1:8080";
  std::string stream = "live";  ///< its resources are at /live/…
  std::string title;            ///< of the show, for the player page
  std::optional<TlsFiles> tls;
  bool player = true;
  bool low_latency = true;
  std::vector<std::string> allow_origins = {"*"};
  std::string public_url;    ///< without a slash at its end; empty: from where it listens
  std::string token_secret;  ///< empty: everybody may watch
  int max_connections = 4096;
  int max_requests_per_s = 200;
  Regions regions;
  show::HlsMetrics metrics = show::HlsMetrics::local;
  show::HlsAlerts alerts;
  std::string store;  ///< folder for what is kept of the viewers; empty: nothing is

  friend bool operator==(const OriginSettings&, const OriginSettings&) = default;
};

/// Absent: the show is not served from here. Errc::invalid: a secret is missing.
Result<std::optional<OriginSettings>> origin_settings(const show::Show& show, const show::Secrets& secrets,
                                                      const std::string& show_dir);

}  // namespace mainstay::remote
