#include "engine/remote/remote.h"

#include "engine/remote/api.h"
#include "engine/show/paths.h"
#include "engine/show/remote_address.h"

namespace mainstay::remote {

namespace {

// Answers hold pictures there.
constexpr std::size_t kObsSendQueueBytes = 16 * 1024 * 1024;

Role role_of(show::PortRole role) {
  switch (role) {
    case show::PortRole::view:
      return Role::view;
    case show::PortRole::operate:
      break;
    case show::PortRole::admin:
      return Role::admin;
  }
  return Role::operate;
}

}  // namespace

Result<RemoteSettings> remote_settings(const show::Remote& section, const show::Secrets& secrets,
                                       const std::string& show_dir) {
  MAINSTAY_TRY(const show::Remote remote, secrets.resolve(section));
  RemoteSettings settings;
  settings.listen = remote.listen;
  settings.access.origins = remote.allow_origins;
  const auto grant = [&](const std::string& token, Role role) {
    if (!token.empty()) settings.access.grants.push_back({token, role});
  };
  grant(remote.token, Role::admin);
  grant(remote.operate_token, Role::operate);
  grant(remote.view_token, Role::view);
  if (!remote.tls_cert.empty()) {
    settings.tls = TlsFiles{show::expand_path(remote.tls_cert, show_dir),
                            show::expand_path(remote.tls_key.empty() ? remote.tls_cert : remote.tls_key, show_dir)};
  }
  if (remote.obs && remote.obs->enabled)
    settings.obs = ObsSettings{remote.obs->listen, remote.obs->password, role_of(remote.obs->role)};
  return settings;
}

Remote::Remote(StudioPort& studio, Clock& clock, Log& log, Options options)
    : studio_(studio),
      log_(log),
      obs_router_(std::move(options.obs_router)),
      throttle_(std::make_shared<Throttle>(clock)),
      server_(std::make_unique<Server>(log, Server::Options{.notify = std::move(options.notify), .evict_idle = true})),
      api_(*server_),
      obs_(*server_),
      feed_(EventFeed::make(studio,
                            [server = server_.get()](std::function<void()> task) { server->post(std::move(task)); })) {}

Remote::~Remote() {
  feed_->stop();  // it posts to the server
}

Status Remote::apply(const std::optional<RemoteSettings>& wanted) {
  std::lock_guard lock(mutex_);
  Status api = apply_api(wanted);
  Status obs = apply_obs(wanted);
  if (!api) return api;
  return obs;
}

Status Remote::apply_api(const std::optional<RemoteSettings>& wanted) {
  if (!wanted) return api_.close(), Status();
  if (wanted->access.grants.empty() && !show::is_loopback(wanted->listen)) {
    return make_error(Errc::invalid,
                      "the API cannot listen on {} without a token: set /remote/token, or listen on 127.0.0.1",
                      wanted->listen);
  }
  const bool other_clients = api_.id() && wanted->access != access_;
  auto access = std::make_shared<const Access>(wanted->access, throttle_, log_);
  MAINSTAY_CHECK(api_.move({"api", wanted->listen, make_api_router(studio_, feed_, std::move(access)), wanted->tls}));
  access_ = wanted->access;
  if (other_clients) server_->close_web_sockets(*api_.id(), kWsPolicy, "access was changed: log in again");
  return {};
}

Status Remote::apply_obs(const std::optional<RemoteSettings>& wanted) {
  const std::optional<ObsSettings> settings = wanted ? wanted->obs : std::nullopt;
  if (!settings || !obs_router_) return obs_.close(), obs_settings_.reset(), Status();
  if (settings->password.empty() && !show::is_loopback(settings->listen)) {
    return make_error(Errc::invalid,
                      "the OBS port cannot listen on {} without a password: set /remote/obs/password, or listen on "
                      "127.0.0.1",
                      settings->listen);
  }
  if (obs_.id() && obs_settings_ == settings) return {};
  const bool other_clients =
      obs_.id() && (obs_settings_->password != settings->password || obs_settings_->role != settings->role);
  ListenOptions options{"obs", settings->listen, obs_router_(*server_, *settings)};
  options.limits.send_queue_bytes = kObsSendQueueBytes;
  MAINSTAY_CHECK(obs_.move(std::move(options)));
  obs_settings_ = settings;
  if (other_clients)
    server_->close_web_sockets(*obs_.id(), kWsPolicy, "the password or its role was changed: log in again");
  return {};
}

RemoteStatus Remote::status() const {
  std::lock_guard lock(mutex_);
  return {api_.address(), obs_.address(), api_.has_tls(), server_->counters()};
}

}  // namespace mainstay::remote
