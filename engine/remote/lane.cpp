#include "engine/remote/lane.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <utility>
#include <vector>

namespace mainstay::remote {

namespace {

constexpr Millis kGoodBye{500};
constexpr int kPostedAtOnce = 32;  // then sockets are looked after again
constexpr int kBeforeLater = 32;   // handlers, for one of what may wait

}  // namespace

void Lane::start(const std::string& thread) {
  thread_ = NamedThread(thread, [this](std::stop_token) { run(); });
}

void Lane::run() {
  const auto work = asio::make_work_guard(io_);
  int passed = 0;
  while (!io_.stopped()) {
    try {
      if (later_.empty()) {
        io_.run_one();
      } else if (io_.poll_one() == 0 || ++passed == kBeforeLater) {
        passed = 0;
        run_later();
      }
    } catch (const std::exception& error) {  // of a handler; its connection ends with what it held
      log_.error("remote", "a request failed: {}", error.what());
    }
  }
}

void Lane::run_later() {
  const std::function<void()> task = std::move(later_.front());
  later_.pop_front();
  task();
}

// A thousand viewers who waited for the same part are answered by a thousand tasks from another thread: one wake-up for
// all of them, and in slices, so that who has been answered first can go on meanwhile.
void Lane::post(std::function<void()> task) {
  std::lock_guard lock(post_mutex_);
  if (ended_) return;
  posted_.push_back(std::move(task));
  if (!std::exchange(will_run_posted_, true)) asio::post(io_, [this] { run_posted(); });
}

void Lane::run_posted() {
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

void Lane::run_there(const std::function<void()>& task) {
  std::promise<void> done;
  post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

void Lane::begin_end() {
  post([this] {
    for (auto& [id, place] : places_) place->beat.cancel();
    on_empty_ = [this] { io_.stop(); };
    end_connections([](const Connection&) { return true; },
                    [](Connection& c) { c.shut(kWsGoingAway, "Mainstay is ending"); });
    if (connections_.empty()) return io_.stop();
    auto timer = std::make_shared<asio::steady_timer>(io_, kGoodBye);
    timer->async_wait([this, timer](error_code) { io_.stop(); });
  });
}

void Lane::end() {
  thread_.join();
  {
    std::lock_guard lock(post_mutex_);
    ended_ = true;
  }
  // What is left runs to its end here: it holds this lane, and would for ever.
  on_empty_ = nullptr;
  later_.clear();
  io_.restart();
  end_connections([](const Connection&) { return true; }, [](Connection& c) { c.abort(); });
  for (auto& [id, place] : places_) place->beat.cancel();
  places_.clear();
  while (io_.poll() > 0) {
  }
}

void Lane::add(std::shared_ptr<ListenerState> state) {
  auto place = std::make_shared<Place>(Place{std::move(state), asio::steady_timer(io_)});
  run_there([&] {
    places_[place->state->id] = place;
    beat(place);
  });
}

// Who has been to send a header for too long goes.
void Lane::beat(const PlaceRef& place) {
  SilenceQueue& silent = place->state->silent;
  silent.beat();
  while (Connection* overdue = silent.overdue()) overdue->abort();
  place->beat.expires_after(place->state->options.limits.header_timeout / SilenceQueue::kBeats);
  place->beat.async_wait([this, place](error_code error) {
    if (!error) beat(place);
  });
}

void Lane::update(int id, std::shared_ptr<const Router> router, std::optional<TlsFiles> tls,
                  std::shared_ptr<asio::ssl::context> context) {
  run_there([&] {
    const auto found = places_.find(id);
    if (found == places_.end()) return;
    ListenerState& state = *found->second->state;
    state.options.router = std::move(router);
    state.options.tls = std::move(tls);
    // Open connections hold the library's own reference to the context that they began with.
    state.tls = std::move(context);
  });
}

void Lane::remove(int id) {
  run_there([&] {
    if (const auto found = places_.find(id); found != places_.end()) {
      found->second->beat.cancel();
      places_.erase(found);
    }
    const auto of_it = [id](const Connection& c) { return c.listener() == id; };
    end_connections(of_it, [](Connection& c) { c.shut(kWsGoingAway, "this port is being closed"); });
    auto timer = std::make_shared<asio::steady_timer>(io_, kGoodBye);
    // Not a reference of its own: the timer's owner is this lane's.
    timer->async_wait([this, timer, of_it](error_code) { end_connections(of_it, [](Connection& c) { c.abort(); }); });
  });
}

void Lane::end_web_sockets(int id, std::uint16_t code, const std::string& reason) {
  post([self = shared_from_this(), id, code, reason] {
    self->end_connections([id](const Connection& c) { return c.listener() == id && c.is_web_socket(); },
                          [&](Connection& c) { c.shut(code, reason); });
  });
}

void Lane::end_connections(const std::function<bool(const Connection&)>& which,
                           const std::function<void(Connection&)>& how) {
  std::vector<std::shared_ptr<Connection>> chosen;  // they leave the map as they end
  for (const auto& [key, connection] : connections_) {
    if (which(*connection)) chosen.push_back(connection);
  }
  for (const auto& connection : chosen) how(*connection);
}

void Lane::adopt(int id, tcp::socket socket, std::size_t all, bool full) {
  ++taken_;
  const auto seat = [this, id, all, full](tcp::socket client) {
    struct KeptPlace {
      Lane& lane;
      ~KeptPlace() {
        if (std::exchange(lane.has_kept_place_, false)) --lane.taken_;  // nobody joined
      }
    } const kept{*this};
    has_kept_place_ = true;
    take(id, std::move(client), all, full);
  };
  if (is_here()) return seat(std::move(socket));
  post([seat, shared = std::make_shared<tcp::socket>(std::move(socket))] { seat(std::move(*shared)); });
}

void Lane::take(int id, tcp::socket client, std::size_t all, bool full) {
  const auto found = places_.find(id);
  error_code error;
  const tcp::endpoint endpoint = client.remote_endpoint(error);
  if (error || found == places_.end()) return;  // gone already
  const std::shared_ptr<ListenerState> place = found->second->state;
  PeerAddress peer = peer_address(endpoint);
  if (full && !make_room()) return refuse(*place, std::move(client), peer, all);
  if (!off_the_low_numbers(io_, client) && !(make_room() && off_the_low_numbers(io_, client)))
    return refuse(*place, std::move(client), peer, all);
  client.set_option(tcp::no_delay(true), error);
  client.non_blocking(true, error);
  beast::tcp_stream plain(std::move(client));
  NetStream stream = place->tls ? NetStream(std::move(plain), *place->tls) : NetStream(std::move(plain));
  start_http(HubRef(shared_from_this()), place, std::move(stream), std::move(peer));
}

void Lane::refuse(const ListenerState& place, tcp::socket socket, const PeerAddress& peer, std::size_t all) {
  // One line an hour of trouble would be too many: the counter says how often.
  if (refused_++ == 0) log_.warning("remote", "{} and others are refused: {} clients are connected", peer.text, all);
  if (place.tls) return;
  static constexpr std::string_view kBusy =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  error_code error;
  socket.non_blocking(true, error);
  socket.send(asio::buffer(kBusy), 0, error);
}

// Those that ask for nothing are first: idle viewers come back by themselves, and so many at once are seldom viewers.
bool Lane::make_room() {
  if (!options_.evict_idle) return false;
  const SilenceQueue::Entry* longest = nullptr;
  for (const auto& [id, place] : places_) {
    const SilenceQueue::Entry* here = place->state->silent.longest();
    if (here != nullptr && (longest == nullptr || here->number < longest->number)) longest = here;
  }
  if (longest == nullptr) return false;
  longest->who->abort();
  return true;
}

void Lane::join(std::shared_ptr<Connection> connection) {
  if (connection->is_web_socket()) ++web_sockets_;
  ++connections_now_;
  if (!std::exchange(has_kept_place_, false)) ++taken_;
  connections_[connection.get()] = std::move(connection);
}

void Lane::leave(const Connection& connection) {
  const auto found = connections_.find(&connection);
  if (found == connections_.end()) return;
  if (connection.is_web_socket()) --web_sockets_;
  --connections_now_;
  --taken_;
  // Not at once: it stands in one of its members.
  asio::post(io_, [gone = std::move(found->second)] {});
  connections_.erase(found);
  if (connections_.empty() && on_empty_) on_empty_();
}

void Lane::count_request(std::size_t body_bytes) {
  ++requests_;
  bytes_ += static_cast<std::int64_t>(body_bytes);
}

ServerCounters Lane::counters() const {
  return {connections_now_, web_sockets_, requests_, refused_, bytes_, dropped_};
}

}  // namespace mainstay::remote
