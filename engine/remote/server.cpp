#include "engine/remote/server.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <future>
#include <map>
#include <mutex>

#include "engine/core/named_thread.h"
#include "engine/remote/net.h"

namespace mainstay::remote {

namespace {

constexpr Millis kGoodBye{500};
constexpr Millis kAcceptPause{200};  // out of descriptors: others may give some back
constexpr int kPostedAtOnce = 32;    // then sockets are looked after again

}  // namespace

class Server::Core final : public Hub, public std::enable_shared_from_this<Core> {
 public:
  Core(Log& log, Options options)
      : log_(log), options_(std::move(options)), most_connections_(options_.connections), acceptor_pause_(io_) {}

  void start() {
    thread_ = NamedThread(options_.thread, [this](std::stop_token) { run(); });
  }
  void stop();

  Result<Id> listen(ListenOptions options);
  Status update(Id id, std::shared_ptr<const Router> router, std::optional<TlsFiles> tls);
  void close(Id id);
  void close_web_sockets(Id id, std::uint16_t code, std::string reason);
  tcp::endpoint endpoint(Id id) const;
  ServerCounters counters() const;
  void limit_connections(std::size_t connections) { most_connections_ = connections; }

  // --- Hub ---
  asio::io_context& io() override { return io_; }
  Log& log() override { return log_; }
  void post(std::function<void()> task) override;
  bool is_here() override { return io_.get_executor().running_in_this_thread(); }
  void join(std::shared_ptr<Connection> connection) override {
    if (connection->is_web_socket()) ++web_sockets_;
    ++connections_now_;
    connections_[connection.get()] = std::move(connection);
  }
  void leave(const Connection& connection) override {
    const auto found = connections_.find(&connection);
    if (found == connections_.end()) return;
    if (connection.is_web_socket()) --web_sockets_;
    --connections_now_;
    // Not at once: it stands in one of its members.
    asio::post(io_, [gone = std::move(found->second)] {});
    connections_.erase(found);
    if (connections_.empty() && on_empty_) on_empty_();
  }
  void count_request(std::size_t body_bytes) override {
    ++requests_;
    bytes_ += static_cast<std::int64_t>(body_bytes);
  }
  void count_drop() override { ++dropped_; }
  std::uint64_t next_silence() override { return ++silences_; }
  void tell(Notice notice) override {
    if (options_.notify) options_.notify(notice);
  }

 private:
  struct Listener {
    std::shared_ptr<ListenerState> state;
    tcp::acceptor acceptor;
    asio::steady_timer beat;  ///< of its silent connections
    tcp::endpoint endpoint;
    /// Nothing happens there from now on but to the connections that it has.
    void close() {
      error_code ignored;
      acceptor.close(ignored);
      beat.cancel();
    }
  };
  using ListenerRef = std::shared_ptr<Listener>;

  void run();
  void run_posted();
  void accept(ListenerRef listener);
  void beat(const ListenerRef& listener);
  bool make_room();
  void on_accept(const ListenerRef& listener, tcp::socket socket);
  void refuse(const ListenerRef& listener, tcp::socket socket, const PeerAddress& peer);
  void end_connections(const std::function<bool(const Connection&)>& which,
                       const std::function<void(Connection&)>& how);
  /// Runs `task` on the server's thread and waits for it.
  void run_there(std::function<void()> task);
  ListenerRef find(Id id) const;

  Log& log_;
  const Options options_;
  std::atomic<std::size_t> most_connections_;
  asio::io_context io_{1};
  asio::steady_timer acceptor_pause_;
  std::mutex post_mutex_;
  std::deque<std::function<void()>> posted_;
  bool will_run_posted_ = false;
  bool ended_ = false;
  std::map<const Connection*, std::shared_ptr<Connection>> connections_;
  std::function<void()> on_empty_;
  std::uint64_t silences_ = 0;
  bool cannot_accept_ = false;
  mutable std::mutex listeners_mutex_;
  std::map<Id, ListenerRef> listeners_;
  Id last_id_ = 0;
  std::atomic<std::size_t> connections_now_{0};
  std::atomic<std::size_t> web_sockets_{0};
  std::atomic<std::int64_t> requests_{0};
  std::atomic<std::int64_t> bytes_{0};
  std::atomic<std::int64_t> refused_{0};
  std::atomic<std::int64_t> dropped_{0};
  NamedThread thread_;
};

void Server::Core::run() {
  const auto work = asio::make_work_guard(io_);
  while (!io_.stopped()) {
    try {
      io_.run();
    } catch (const std::exception& error) {  // of a handler; its connection ends with what it held
      log_.error("remote", "a request failed: {}", error.what());
    }
  }
}

// A thousand viewers who waited for the same part are answered by a thousand tasks from another thread: one wake-up for
// all of them, and in slices, so that who has been answered first can go on meanwhile.
void Server::Core::post(std::function<void()> task) {
  std::lock_guard lock(post_mutex_);
  if (ended_) return;
  posted_.push_back(std::move(task));
  if (!std::exchange(will_run_posted_, true)) asio::post(io_, [this] { run_posted(); });
}

void Server::Core::run_posted() {
  for (int i = 0; i < kPostedAtOnce; ++i) {
    std::function<void()> task;
    {
      std::lock_guard lock(post_mutex_);
      if (posted_.empty()) {
        will_run_posted_ = false;
        return;
      }
      task = std::move(posted_.front());
      posted_.pop_front();
    }
    try {
      task();
    } catch (const std::exception& error) {
      log_.error("remote", "a request failed: {}", error.what());
    }
  }
  asio::post(io_, [this] { run_posted(); });
}

void Server::Core::stop() {
  post([this] {
    {
      std::lock_guard lock(listeners_mutex_);
      for (auto& [id, listener] : listeners_) listener->close();
    }
    on_empty_ = [this] { io_.stop(); };
    end_connections([](const Connection&) { return true; },
                    [](Connection& c) { c.shut(kWsGoingAway, "Mainstay is ending"); });
    if (connections_.empty()) return io_.stop();
    auto timer = std::make_shared<asio::steady_timer>(io_, kGoodBye);
    timer->async_wait([this, timer](error_code) { io_.stop(); });
  });
  thread_.join();
  {
    std::lock_guard lock(post_mutex_);
    ended_ = true;
  }
  // What is left runs to its end here: it holds this core, and would for ever.
  on_empty_ = nullptr;
  io_.restart();
  end_connections([](const Connection&) { return true; }, [](Connection& c) { c.abort(); });
  {
    std::lock_guard lock(listeners_mutex_);
    for (auto& [id, listener] : listeners_) listener->close();
    listeners_.clear();
  }
  acceptor_pause_.cancel();
  while (io_.poll() > 0) {
  }
}

Result<Server::Id> Server::Core::listen(ListenOptions options) {
  auto listener = std::make_shared<Listener>(
      Listener{std::make_shared<ListenerState>(), tcp::acceptor(io_), asio::steady_timer(io_), {}});
  MAINSTAY_TRY(const tcp::endpoint wanted, listen_endpoint(options.address));
  if (options.tls) {
    MAINSTAY_TRY(listener->state->tls, server_tls(*options.tls));
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
  listener->state->options = std::move(options);
  Id id = 0;
  {
    std::lock_guard lock(listeners_mutex_);
    id = listener->state->id = ++last_id_;
    listeners_[id] = listener;
  }
  const std::string where = peer_address(listener->endpoint).text;
  log_.info("remote", "{} listens on {}{}", listener->state->options.name, where,
            listener->state->tls ? " with TLS" : "");
  tell({LogLevel::info,
        "remote.state",
        where,
        fmt::format("{} listens", listener->state->options.name),
        {{"state", "listening"}}});
  post([self = shared_from_this(), listener] {
    self->accept(listener);
    self->beat(listener);
  });
  return id;
}

// Who has been to send a header for too long goes.
void Server::Core::beat(const ListenerRef& listener) {
  if (!listener->acceptor.is_open()) return;
  SilenceQueue& silent = listener->state->silent;
  silent.beat();
  while (Connection* overdue = silent.overdue()) overdue->abort();
  listener->beat.expires_after(listener->state->options.limits.header_timeout / SilenceQueue::kBeats);
  // Not a reference of its own: the timer's owner is this core's.
  listener->beat.async_wait([this, listener](error_code error) {
    if (!error) beat(listener);
  });
}

void Server::Core::accept(ListenerRef listener) {
  if (!listener->acceptor.is_open()) return;
  auto& acceptor = listener->acceptor;
  acceptor.async_accept([self = shared_from_this(), listener](error_code error, tcp::socket socket) {
    if (!listener->acceptor.is_open()) return;
    if (!error) {
      self->cannot_accept_ = false;
      self->on_accept(listener, std::move(socket));
      return self->accept(listener);
    }
    if (!std::exchange(self->cannot_accept_, true))
      self->log_.warning("remote", "cannot accept clients of {}: {}", listener->state->options.name, error.message());
    if (error == asio::error::no_descriptors) self->make_room();
    self->acceptor_pause_.expires_after(kAcceptPause);
    self->acceptor_pause_.async_wait([self, listener](error_code) { self->accept(listener); });
  });
}

void Server::Core::on_accept(const ListenerRef& listener, tcp::socket socket) {
  error_code error;
  const tcp::endpoint endpoint = socket.remote_endpoint(error);
  if (error) return;  // gone already
  PeerAddress peer = peer_address(endpoint);
  if (connections_.size() >= most_connections_ && !make_room()) return refuse(listener, std::move(socket), peer);
  if (!off_the_low_numbers(io_, socket) && !(make_room() && off_the_low_numbers(io_, socket)))
    return refuse(listener, std::move(socket), peer);
  socket.set_option(tcp::no_delay(true), error);
  socket.non_blocking(true, error);
  beast::tcp_stream plain(std::move(socket));
  NetStream stream =
      listener->state->tls ? NetStream(std::move(plain), *listener->state->tls) : NetStream(std::move(plain));
  start_http(HubRef(shared_from_this()), listener->state, std::move(stream), std::move(peer));
}

void Server::Core::refuse(const ListenerRef& listener, tcp::socket socket, const PeerAddress& peer) {
  // One line an hour of trouble would be too many: the counter says how often.
  if (refused_++ == 0)
    log_.warning("remote", "{} and others are refused: {} clients are connected", peer.text, connections_.size());
  if (listener->state->tls) return;
  static constexpr std::string_view kBusy =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  error_code error;
  socket.non_blocking(true, error);
  socket.send(asio::buffer(kBusy), 0, error);
}

// Those that ask for nothing are first: idle viewers come back by themselves, and so many at once are seldom viewers.
bool Server::Core::make_room() {
  if (!options_.evict_idle) return false;
  const SilenceQueue::Entry* longest = nullptr;
  {
    std::lock_guard lock(listeners_mutex_);
    for (const auto& [id, listener] : listeners_) {
      const SilenceQueue::Entry* here = listener->state->silent.longest();
      if (here != nullptr && (longest == nullptr || here->number < longest->number)) longest = here;
    }
  }
  if (longest == nullptr) return false;
  longest->who->abort();
  return true;
}

void Server::Core::end_connections(const std::function<bool(const Connection&)>& which,
                                   const std::function<void(Connection&)>& how) {
  std::vector<std::shared_ptr<Connection>> chosen;  // they leave the map as they end
  for (const auto& [key, connection] : connections_) {
    if (which(*connection)) chosen.push_back(connection);
  }
  for (const auto& connection : chosen) how(*connection);
}

void Server::Core::run_there(std::function<void()> task) {
  std::promise<void> done;
  post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

Server::Core::ListenerRef Server::Core::find(Id id) const {
  std::lock_guard lock(listeners_mutex_);
  const auto found = listeners_.find(id);
  return found == listeners_.end() ? nullptr : found->second;
}

Status Server::Core::update(Id id, std::shared_ptr<const Router> router, std::optional<TlsFiles> tls) {
  const ListenerRef listener = find(id);
  if (!listener) return {};
  std::shared_ptr<asio::ssl::context> context;
  if (tls) {
    MAINSTAY_TRY(context, server_tls(*tls));
  }
  run_there([&] {
    listener->state->options.router = std::move(router);
    listener->state->options.tls = std::move(tls);
    // Open connections hold the library's own reference to the context that they began with.
    listener->state->tls = std::move(context);
  });
  return {};
}

void Server::Core::close(Id id) {
  const ListenerRef listener = find(id);
  if (!listener) return;
  {
    std::lock_guard lock(listeners_mutex_);
    listeners_.erase(id);
  }
  run_there([&] {
    listener->close();
    const auto of_it = [id](const Connection& c) { return c.listener() == id; };
    end_connections(of_it, [](Connection& c) { c.shut(kWsGoingAway, "this port is being closed"); });
    auto timer = std::make_shared<asio::steady_timer>(io_, kGoodBye);
    // Not a reference of its own: the timer's owner is this core's.
    timer->async_wait([this, timer, of_it](error_code) { end_connections(of_it, [](Connection& c) { c.abort(); }); });
  });
  const std::string where = peer_address(listener->endpoint).text;
  log_.info("remote", "{} does not listen on {} any more", listener->state->options.name, where);
  tell({LogLevel::info,
        "remote.state",
        where,
        fmt::format("{} stopped", listener->state->options.name),
        {{"state", "stopped"}}});
}

void Server::Core::close_web_sockets(Id id, std::uint16_t code, std::string reason) {
  post([self = shared_from_this(), id, code, reason = std::move(reason)] {
    self->end_connections([id](const Connection& c) { return c.listener() == id && c.is_web_socket(); },
                          [&](Connection& c) { c.shut(code, reason); });
  });
}

tcp::endpoint Server::Core::endpoint(Id id) const {
  const ListenerRef listener = find(id);
  return listener ? listener->endpoint : tcp::endpoint();
}

ServerCounters Server::Core::counters() const {
  return {connections_now_, web_sockets_, requests_, refused_, bytes_, dropped_};
}

Server::Server(Log& log, Options options) : core_(std::make_shared<Core>(log, std::move(options))) {
  core_->start();
}

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

void Server::close_web_sockets(Id id, std::uint16_t code, std::string reason) {
  core_->close_web_sockets(id, code, std::move(reason));
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
