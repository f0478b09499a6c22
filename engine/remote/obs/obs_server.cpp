#include "engine/remote/obs/obs_server.h"

#include <utility>

#include "engine/remote/obs/hub.h"
#include "engine/remote/obs/timer.h"

namespace mainstay::obs {

namespace {

class WsLink final : public Link {
 public:
  WsLink(std::shared_ptr<remote::WsPeer> peer, Timer::Post post, std::weak_ptr<Timer> timer)
      : peer_(std::move(peer)), post_(std::move(post)), timer_(std::move(timer)) {}

  void send(std::string bytes, bool text) override {
    auto message = remote::make_message(std::move(bytes));
    text ? peer_->send_text(std::move(message)) : peer_->send_binary(std::move(message));
  }
  void close(int code, std::string reason) override {
    peer_->close(static_cast<std::uint16_t>(code), std::move(reason));
  }
  void pause() override { peer_->pause(); }
  void resume() override { peer_->resume(); }
  void post(std::function<void()> work) override { post_(std::move(work)); }
  void after(Nanos delay, std::function<void()> work) override {
    if (const auto timer = timer_.lock()) timer->after(delay, std::move(work));
  }

 private:
  const std::shared_ptr<remote::WsPeer> peer_;
  const Timer::Post post_;
  const std::weak_ptr<Timer> timer_;  // its waiting work may hold this link
};

class WsSession final : public remote::WsSession {
 public:
  WsSession(std::shared_ptr<Hub> hub, Timer::Post post, std::weak_ptr<Timer> timer, SessionOptions options)
      : hub_(std::move(hub)), post_(std::move(post)), timer_(std::move(timer)), options_(std::move(options)) {}

  void on_open(std::shared_ptr<remote::WsPeer> peer) override {
    session_ = hub_->connect(std::make_shared<WsLink>(std::move(peer), post_, timer_), options_);
  }
  void on_text(std::string_view text) override { session_->on_message(text, true); }
  void on_binary(std::string_view bytes) override { session_->on_message(bytes, false); }
  void on_close(std::uint16_t, std::string_view) override {
    if (session_) session_->on_closed();
    session_.reset();
  }

 private:
  const std::shared_ptr<Hub> hub_;
  const Timer::Post post_;
  const std::weak_ptr<Timer> timer_;
  const SessionOptions options_;
  std::shared_ptr<Session> session_;
};

std::optional<remote::HttpResponse> refuse_pages(remote::HttpRequest& request, bool web_socket) {
  if (!web_socket || may_steer_without_password(request.header("origin"))) return std::nullopt;
  return remote::HttpResponse::refusal(403, "pages of other sites may not steer a show without a password: set one");
}

}  // namespace

bool may_steer_without_password(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos || !origin.starts_with("http")) return true;  // a program, or a file of its own
  std::string_view host = origin.substr(scheme + 3);
  host = host.starts_with('[') ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

Result<std::shared_ptr<ObsServer>> ObsServer::make(StudioPort& studio, Clock& clock, Log& log,
                                                   const remote::Server& server, ObsOptions options) {
  std::shared_ptr<ObsServer> made(new ObsServer);
  made->post_ = server.poster();
  Hub::Options wanted;
  wanted.open_role = options.role;
  wanted.throttle = std::move(options.throttle);
  wanted.data = std::move(options.data);
  if (!options.password.empty()) {
    log.redactor().add(options.password);
    wanted.credentials.push_back({options.password, options.role, {}});
  } else {
    made->router_.gate(refuse_pages);
  }
  MAINSTAY_TRY(made->hub_, Hub::make(studio, clock, log, std::move(wanted), made->post_));
  made->timer_ = std::make_shared<Timer>(clock, made->post_);
  auto open = [hub = made->hub_, post = made->post_,
               timer = std::weak_ptr(made->timer_)](const remote::WsOpening& opening) {
    const remote::HttpRequest& request = opening.request;
    SessionOptions who{encoding_of(opening.subprotocol).value_or(Encoding::json), request.peer.ip,
                       std::string(request.header("user-agent"))};
    return std::make_unique<WsSession>(hub, post, timer, std::move(who));
  };
  made->router_.web_socket({.path = "*",
                            .subprotocols = {std::string(kJsonProtocol), std::string(kMsgpackProtocol)},
                            .open = std::move(open)});
  return made;
}

ObsServer::~ObsServer() = default;

std::shared_ptr<const remote::Router> ObsServer::router(std::shared_ptr<ObsServer> server) {
  const remote::Router* const router = &server->router_;
  return {std::move(server), router};
}

void ObsServer::announce_exit() {
  post_([hub = hub_] { hub->announce_exit(); });
}

}  // namespace mainstay::obs
