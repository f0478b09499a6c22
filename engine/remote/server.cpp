#include "engine/remote/server.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <mutex>
#include <vector>

#include "engine/remote/lane.h"

namespace mainstay::remote {

namespace {

constexpr Millis kAcceptPause{200};  // out of descriptors: others may give some back

}  // namespace

/// Accepts clients, on its first lane, and gives each to the lane that has the fewest.
class Server::Core final : public std::enable_shared_from_this<Core> {
 public:
  Core(Log& log, Options options)
      : log_(log), options_(std::move(options)), most_connections_(options_.connections), lanes_(make_lanes()) {}
  void stop();

  Result<Id> listen(ListenOptions options);
  Status update(Id id, std::shared_ptr<const Router> router, std::optional<TlsFiles> tls);
  void close(Id id);
  void close_web_sockets(Id id, std::uint16_t code, const std::string& reason);
  tcp::endpoint endpoint(Id id) const;
  ServerCounters counters() const;
  void limit_connections(std::size_t connections) { most_connections_ = connections; }
  void post(std::function<void()> task) { first().post(std::move(task)); }

 private:
  struct Listener {
    ListenOptions options;
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    tcp::endpoint endpoint;
    Id id = 0;
    bool cannot_accept = false;
    /// Nothing happens there from now on but to the connections that it has.
    void close() {
      error_code ignored;
      acceptor.close(ignored);
      pause.cancel();
    }
  };
  using ListenerRef = std::shared_ptr<Listener>;
  using LaneRef = std::shared_ptr<Lane>;

  std::vector<LaneRef> make_lanes() const;
  Lane& first() const { return *lanes_.front(); }
  const LaneRef& emptiest() const {
    return *std::min_element(lanes_.begin(), lanes_.end(),
                             [](const LaneRef& a, const LaneRef& b) { return a->connections() < b->connections(); });
  }
  void accept(const ListenerRef& listener);
  void on_accept(const Listener& listener, Lane& lane, tcp::socket socket);
  ListenerRef find(Id id) const;
  void tell(const Listener& listener, const char* state, const char* what_it_does);

  Log& log_;
  const Options options_;
  std::atomic<std::size_t> most_connections_;
  const std::vector<LaneRef> lanes_;
  mutable std::mutex listeners_mutex_;
  std::map<Id, ListenerRef> listeners_;
  Id last_id_ = 0;
};

std::vector<std::shared_ptr<Lane>> Server::Core::make_lanes() const {
  std::vector<LaneRef> lanes;
  for (int i = 0; i < std::max(options_.threads, 1); ++i) {
    lanes.push_back(std::make_shared<Lane>(log_, options_));
    lanes.back()->start(i == 0 ? options_.thread : fmt::format("{}-{}", options_.thread, i + 1));
  }
  return lanes;
}

void Server::Core::stop() {
  std::map<Id, ListenerRef> listeners;
  {
    std::lock_guard lock(listeners_mutex_);
    std::swap(listeners, listeners_);
  }
  first().run_there([&] {
    for (auto& [id, listener] : listeners) listener->close();
  });
  for (const LaneRef& lane : lanes_) lane->begin_end();
  for (const LaneRef& lane : lanes_) lane->end();
}

Result<Server::Id> Server::Core::listen(ListenOptions options) {
  asio::io_context& io = first().io();
  auto listener = std::make_shared<Listener>(Listener{options, tcp::acceptor(io), asio::steady_timer(io), {}});
  MAINSTAY_TRY(const tcp::endpoint wanted, listen_endpoint(options.address));
  std::shared_ptr<asio::ssl::context> tls;
  if (options.tls) {
    MAINSTAY_TRY(tls, server_tls(*options.tls));
  }
  error_code error;
  listener->acceptor.open(wanted.protocol(), error);
  if (!error) listener->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && wanted.protocol() == tcp::v6()) listener->acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) listener->acceptor.bind(wanted, error);
  if (!error) listener->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    const char* what_to_do =
        error == asio::error::address_in_use
            ? ": another program, or another Mainstay, has the port: end it, or take another port"
        : error == asio::error::access_denied                 ? ": ports below 1024 are for the system: take another"
        : error == boost::system::errc::address_not_available ? ": this machine does not have that address"
                                                              : "";
    return make_error(Errc::io, "cannot listen on {} ({}): {}{}", options.address, options.name, error.message(),
                      what_to_do);
  }
  listener->endpoint = listener->acceptor.local_endpoint(error);
  {
    std::lock_guard lock(listeners_mutex_);
    listener->id = ++last_id_;
    listeners_[listener->id] = listener;
  }
  for (const LaneRef& lane : lanes_) {
    auto place = std::make_shared<ListenerState>();
    place->id = listener->id;
    place->options = options;
    place->tls = tls;
    lane->add(std::move(place));
  }
  log_.info("remote", "{} listens on {}{}", options.name, peer_address(listener->endpoint).text,
            tls ? " with TLS" : "");
  tell(*listener, "listening", "listens");
  post([self = shared_from_this(), listener] { self->accept(listener); });
  return listener->id;
}

void Server::Core::tell(const Listener& listener, const char* state, const char* what_it_does) {
  if (!options_.notify) return;
  options_.notify({LogLevel::info,
                   "remote.state",
                   peer_address(listener.endpoint).text,
                   fmt::format("{} {}", listener.options.name, what_it_does),
                   {{"state", state}}});
}

void Server::Core::accept(const ListenerRef& listener) {
  if (!listener->acceptor.is_open()) return;
  const LaneRef lane = emptiest();
  listener->acceptor.async_accept(
      lane->io(), [self = shared_from_this(), listener, lane](error_code error, tcp::socket socket) {
        if (!listener->acceptor.is_open()) return;
        if (!error) {
          listener->cannot_accept = false;
          self->on_accept(*listener, *lane, std::move(socket));
          return self->accept(listener);
        }
        if (!std::exchange(listener->cannot_accept, true))
          self->log_.warning("remote", "cannot accept clients of {}: {}", listener->options.name, error.message());
        if (error == asio::error::no_descriptors) {
          for (const LaneRef& each : self->lanes_) each->post([each] { each->make_room(); });
        }
        listener->pause.expires_after(kAcceptPause);
        listener->pause.async_wait([self, listener](error_code) { self->accept(listener); });
      });
}

void Server::Core::on_accept(const Listener& listener, Lane& lane, tcp::socket socket) {
  std::size_t all = 0;
  for (const LaneRef& each : lanes_) all += each->connections();
  lane.adopt(listener.id, std::move(socket), all, all >= most_connections_);
}

Server::Core::ListenerRef Server::Core::find(Id id) const {
  std::lock_guard lock(listeners_mutex_);
  const auto found = listeners_.find(id);
  return found == listeners_.end() ? nullptr : found->second;
}

Status Server::Core::update(Id id, std::shared_ptr<const Router> router, std::optional<TlsFiles> tls) {
  if (!find(id)) return {};
  std::shared_ptr<asio::ssl::context> context;
  if (tls) {
    MAINSTAY_TRY(context, server_tls(*tls));
  }
  for (const LaneRef& lane : lanes_) lane->update(id, router, tls, context);
  return {};
}

void Server::Core::close(Id id) {
  const ListenerRef listener = find(id);
  if (!listener) return;
  {
    std::lock_guard lock(listeners_mutex_);
    listeners_.erase(id);
  }
  first().run_there([&] { listener->close(); });
  for (const LaneRef& lane : lanes_) lane->remove(id);
  log_.info("remote", "{} does not listen on {} any more", listener->options.name,
            peer_address(listener->endpoint).text);
  tell(*listener, "stopped", "stopped");
}

void Server::Core::close_web_sockets(Id id, std::uint16_t code, const std::string& reason) {
  for (const LaneRef& lane : lanes_) lane->end_web_sockets(id, code, reason);
}

tcp::endpoint Server::Core::endpoint(Id id) const {
  const ListenerRef listener = find(id);
  return listener ? listener->endpoint : tcp::endpoint();
}

ServerCounters Server::Core::counters() const {
  ServerCounters all;
  for (const LaneRef& lane : lanes_) {
    const ServerCounters one = lane->counters();
    all.connections += one.connections;
    all.web_sockets += one.web_sockets;
    all.requests += one.requests;
    all.refused += one.refused;
    all.bytes += one.bytes;
    all.dropped += one.dropped;
  }
  return all;
}

Server::Server(Log& log, Options options) : core_(std::make_shared<Core>(log, std::move(options))) {}

Server::~Server() {
  core_->stop();
}

Result<Server::Id> Server::listen(ListenOptions options) {
  return core_->listen(std::move(options));
}

Status Server::update(Id id, std::shared_ptr<const Router> router, std::optional<TlsFiles> tls) {
  return core_->update(id, std::move(router), std::move(tls));
}

void Server::close(Id id) {
  core_->close(id);
}

void Server::close_web_sockets(Id id, std::uint16_t code, const std::string& reason) {
  core_->close_web_sockets(id, code, reason);
}

std::string Server::address(Id id) const {
  return peer_address(core_->endpoint(id)).text;
}

std::uint16_t Server::port(Id id) const {
  return core_->endpoint(id).port();
}

ServerCounters Server::counters() const {
  return core_->counters();
}

void Server::limit_connections(std::size_t connections) {
  core_->limit_connections(connections);
}

void Server::post(std::function<void()> task) {
  core_->post(std::move(task));
}

std::function<void(std::function<void()>)> Server::poster() const {
  return [weak = std::weak_ptr(core_)](std::function<void()> task) {
    if (const auto core = weak.lock()) core->post(std::move(task));
  };
}

}  // namespace mainstay::remote
