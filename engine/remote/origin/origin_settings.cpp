#include "engine/remote/origin/origin_settings.h"

#include "engine/show/paths.h"

namespace mainstay::remote {

Result<std::optional<OriginSettings>> origin_settings(const show::Show& show, const show::Secrets& secrets,
                                                      const std::string& show_dir) {
  if (!show.hls) return std::optional<OriginSettings>();
  MAINSTAY_TRY(const show::Hls hls, secrets.resolve(*show.hls));
  OriginSettings settings;
  settings.listen = hls.listen;
  settings.stream = hls.name;
  settings.title = show.name;
  if (!hls.tls_cert.empty()) {
    settings.tls = TlsFiles{show::expand_path(hls.tls_cert, show_dir),
                            show::expand_path(hls.tls_key.empty() ? hls.tls_cert : hls.tls_key, show_dir)};
  }
  settings.player = hls.player;
  settings.low_latency = hls.low_latency && hls.container == show::HlsContainer::cmaf;
  settings.allow_origins = hls.allow_origins;
  settings.public_url = hls.public_url;
  while (settings.public_url.ends_with('/')) settings.public_url.pop_back();
  if (hls.access.mode == show::HlsAccessMode::token) {
    if (hls.access.secret.empty()) return make_error(Errc::invalid, "/hls/access/secret is empty: nobody could watch");
    settings.token_secret = hls.access.secret;
  }
  settings.max_connections = hls.max_connections;
  settings.max_requests_per_s = hls.max_requests_per_s;
  settings.regions = Regions(hls.regions);
  settings.metrics = hls.metrics;
  settings.alerts = hls.alerts;
  if (!hls.store.empty()) settings.store = show::expand_path(hls.store, show_dir);
  return std::optional(std::move(settings));
}

}  // namespace mainstay::remote
