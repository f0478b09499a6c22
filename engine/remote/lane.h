// Internal to engine/remote: one of a server's threads, with the connections that it serves from their first byte to
// their last. Lanes share nothing but what handlers share.
// Owned by the Server; a connection keeps its lane.
// Thread-safety: members from any thread but this one, those of Hub as they say.
#pragma once

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <mutex>

#include "engine/core/named_thread.h"
#include "engine/remote/net.h"

namespace mainstay::remote {

class Lane final : public Hub, public std::enable_shared_from_this<Lane> {
 public:
  Lane(Log& log, Server::Options options) : log_(log), options_(std::move(options)) {}

  void start(const std::string& thread);
  /// Good-bye to all clients; end() waits for half a second at most, and the thread is over.
  void begin_end();
  void end();

  /// A place to listen, whose connections it may get.
  void add(std::shared_ptr<ListenerState> place);
  /// Returns when it is so.
  void update(int place, std::shared_ptr<const Router> router, std::optional<TlsFiles> tls,
              std::shared_ptr<asio::ssl::context> context);
  /// Ends the place's connections soon.
  void remove(int place);
  void end_web_sockets(int place, std::uint16_t code, const std::string& reason);

  /// A client that has come: `socket` is of io(). `all`: clients of the server; `full`: somebody must make room.
  void adopt(int place, tcp::socket socket, std::size_t all, bool full);
  /// The one longest silent ends, if the server does that. From this thread.
  bool make_room();

  /// With those on their way to it: never fewer than there are, whoever asks from another thread meanwhile.
  std::size_t connections() const { return taken_; }
  ServerCounters counters() const;
  /// Runs `task` on this thread and waits for it.
  void run_there(const std::function<void()>& task);

  // --- Hub ---
  asio::io_context& io() override { return io_; }
  Log& log() override { return log_; }
  void post(std::function<void()> task) override;
  bool is_here() override { return io_.get_executor().running_in_this_thread(); }
  Scratch& scratch() override { return scratch_; }
  void later(std::function<void()> task) override { later_.push_back(std::move(task)); }
  void join(std::shared_ptr<Connection> connection) override;
  void leave(const Connection& connection) override;
  void count_request(std::size_t body_bytes) override;
  void count_drop() override { ++dropped_; }
  std::uint64_t next_silence() override { return ++silences_; }
  void tell(Notice notice) override {
    if (options_.notify) options_.notify(notice);
  }

 private:
  void take(int place, tcp::socket socket, std::size_t all, bool full);

  struct Place {
    std::shared_ptr<ListenerState> state;
    asio::steady_timer beat;  ///< of its silent connections
  };
  using PlaceRef = std::shared_ptr<Place>;

  void run();
  void run_later();
  void run_posted();
  void beat(const PlaceRef& place);
  void refuse(const ListenerState& place, tcp::socket socket, const PeerAddress& peer, std::size_t all);
  void end_connections(const std::function<bool(const Connection&)>& which,
                       const std::function<void(Connection&)>& how);

  Log& log_;
  const Server::Options options_;
  asio::io_context io_{1};
  std::mutex post_mutex_;
  std::deque<std::function<void()>> posted_;
  bool will_run_posted_ = false;
  bool ended_ = false;
  // Of this thread:
  std::map<int, PlaceRef> places_;
  std::map<const Connection*, std::shared_ptr<Connection>> connections_;
  std::function<void()> on_empty_;
  std::uint64_t silences_ = 0;
  Scratch scratch_;
  std::deque<std::function<void()>> later_;  // one of each connection at most

  bool has_kept_place_ = false;        ///< for the client that is being adopted
  std::atomic<std::size_t> taken_{0};  ///< places: connections, and those kept for who is on the way
  std::atomic<std::size_t> connections_now_{0};
  std::atomic<std::size_t> web_sockets_{0};
  std::atomic<std::int64_t> requests_{0};
  std::atomic<std::int64_t> bytes_{0};
  std::atomic<std::int64_t> refused_{0};
  std::atomic<std::int64_t> dropped_{0};
  NamedThread thread_;
};

}  // namespace mainstay::remote
