// Internal to engine/remote: the network library's names, and what its connections share.
// Owned by the Server (its lanes and their listeners) and kept alive by the connections.
// Thread-safety: everything on the thread of its lane, but what says otherwise.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/remote/net_stream.h"
#include "engine/remote/server.h"
#include "engine/remote/silence.h"

namespace mainstay::remote {

/// A place to listen, as the connections of one of the server's threads see it.
struct ListenerState {
  int id = 0;
  ListenOptions options;                    ///< router and tls change (Server::update)
  std::shared_ptr<asio::ssl::context> tls;  ///< null: plain
  SilenceQueue silent;                      ///< its connections that are to send a header
};

/// One connection, HTTP or WebSocket.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Good-bye: ends soon, in the protocol's way.
  virtual void shut(std::uint16_t code, const std::string& reason) = 0;
  /// Ends now.
  virtual void abort() = 0;
  virtual bool is_web_socket() const = 0;
  virtual int listener() const = 0;
};

/// Memory that all connections of a thread use in turns, each for no longer than a call: warm, as a thousand
/// connections' own, read once in a third of a second, would not be.
struct Scratch {
  std::array<char, 16 * 1024> received;
  std::string head;
};

/// What connections need of their server: one of its threads (Lane).
class Hub {
 public:
  virtual ~Hub() = default;
  virtual asio::io_context& io() = 0;
  /// Runs on this thread, soon. From any thread; dropped once the server has ended.
  virtual void post(std::function<void()> task) = 0;
  /// Whether it is this one that calls.
  virtual bool is_here() = 0;
  virtual Scratch& scratch() = 0;
  /// Runs on this thread once nothing else is to be done, or much has been: what may wait a little behind what others
  /// wait for. From this thread.
  virtual void later(std::function<void()> task) = 0;
  virtual Log& log() = 0;
  /// The server keeps each connection until leave().
  virtual void join(std::shared_ptr<Connection> connection) = 0;
  virtual void leave(const Connection& connection) = 0;
  virtual void count_request(std::size_t body_bytes) = 0;
  virtual void count_drop() = 0;
  /// For SilenceQueue: counts up.
  virtual std::uint64_t next_silence() = 0;
  virtual void tell(Notice notice) = 0;
};
using HubRef = std::shared_ptr<Hub>;

PeerAddress peer_address(const tcp::endpoint& endpoint);
/// Gives a connection a number from kFirstDescriptor on: low ones are left to legs, files and libraries (of which some
/// know no others: select()), however many viewers come. Errc::again: there is none left; the socket stays as it is.
Status off_the_low_numbers(asio::io_context& io, tcp::socket& socket);
inline constexpr int kFirstDescriptor = 1024;
/// Where HOST:PORT is, without asking anybody. Errc::invalid says what is wrong.
Result<tcp::endpoint> listen_endpoint(const std::string& address);
Result<std::shared_ptr<asio::ssl::context>> server_tls(const TlsFiles& files);

void start_http(HubRef hub, std::shared_ptr<ListenerState> listener, NetStream stream, PeerAddress peer);

}  // namespace mainstay::remote
