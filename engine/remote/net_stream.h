// Internal to engine/remote: a TCP connection, plain or under TLS, as one type. The protocols' templates are then made
// once, not for each kind of stream, and for one kind of handler: most of the time this folder took to build.
// Owned by its connection.
// Thread-safety: its io_context's thread. Operations keep no reference to the stream's place but to itself: it may not
// move while one is under way.
#pragma once

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mainstay::remote {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using tcp = asio::ip::tcp;

class NetStream {
 public:
  using executor_type = beast::tcp_stream::executor_type;
  using next_layer_type = beast::tcp_stream;
  /// With how many bytes an operation ended, and how.
  using Done = std::function<void(error_code, std::size_t)>;
  using Ended = std::function<void(error_code)>;

  explicit NetStream(beast::tcp_stream stream);
  /// Under TLS once the handshake is done.
  NetStream(beast::tcp_stream stream, asio::ssl::context& context);
  NetStream(NetStream&&) noexcept;
  NetStream& operator=(NetStream&&) noexcept;
  ~NetStream();

  bool is_tls() const { return tls_ != nullptr; }
  /// As OpenSSL knows it; only under TLS.
  SSL* native_tls();
  /// Checks that the other side's certificate is for this host; only under TLS.
  void verify_host(const std::string& host);
  /// Nothing to do without TLS.
  void handshake(asio::ssl::stream_base::handshake_type type, Ended done);
  /// TLS says good-bye; without it, TCP says that nothing more comes.
  void shut(Ended done);

  /// What the system takes at once, without waiting; 0 with TLS. With an error that is none of "would block", the
  /// connection is gone.
  std::size_t write_now(const std::array<asio::const_buffer, 2>& from, error_code& error);
  /// Until there is something for read_now(); without TLS, and without a deadline.
  template <class Handler>
  void await(Handler handler) {
    plain_->socket().async_wait(tcp::socket::wait_read, std::move(handler));
  }
  /// What has come; without TLS.
  std::size_t read_now(asio::mutable_buffer into, error_code& error);

  executor_type get_executor() { return next_layer().get_executor(); }
  beast::tcp_stream& next_layer();
  const beast::tcp_stream& next_layer() const;

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& into) {
          read_some(list<asio::mutable_buffer>(into), erased(std::move(handler)));
        },
        token, buffers);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& from) {
          write_some(list<asio::const_buffer>(from), erased(std::move(handler)));
        },
        token, buffers);
  }

 private:
  static constexpr std::size_t kMostBuffers = 16;  // of one operation; the rest goes with the next

  template <class Handler>
  static Done erased(Handler handler) {
    return [shared = std::make_shared<Handler>(std::move(handler))](error_code error, std::size_t bytes) {
      (*shared)(error, bytes);
    };
  }
  template <class Buffer, class Buffers>
  static std::vector<Buffer> list(const Buffers& buffers) {
    std::vector<Buffer> out;
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) {
      if (out.size() == kMostBuffers) break;
      if (const Buffer buffer(*it); buffer.size() > 0) out.push_back(buffer);
    }
    return out;
  }

  void read_some(std::vector<asio::mutable_buffer> into, Done done);
  void write_some(std::vector<asio::const_buffer> from, Done done);

  // One of the two. On the heap: what is under way refers to it, and moves are cheap.
  std::unique_ptr<beast::tcp_stream> plain_;
  std::unique_ptr<beast::ssl_stream<beast::tcp_stream>> tls_;
};

/// How a WebSocket over it ends; found by the library through the argument's type.
void teardown(beast::role_type role, NetStream& stream, error_code& error);
void teardown_then(NetStream& stream, NetStream::Ended done);
template <class Handler>
void async_teardown(beast::role_type, NetStream& stream, Handler&& handler) {
  const auto shared = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
  teardown_then(stream, [shared](error_code error) { (*shared)(error); });
}

}  // namespace mainstay::remote
