#include "tests/engine/remote/test_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <stdexcept>

#include "engine/remote/net_stream.h"

namespace mainstay::remote {

namespace websocket = beast::websocket;

namespace {

constexpr int kPatienceMs = 10'000;

}  // namespace

RawClient::RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("connect");
}

RawClient::~RawClient() {
  ::close(fd_);
}

void RawClient::send(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return;
    sent += static_cast<std::size_t>(n);
  }
}

bool RawClient::more() {
  pollfd ready{fd_, POLLIN, 0};
  if (::poll(&ready, 1, kPatienceMs) <= 0) throw std::runtime_error("the server says nothing");
  char bytes[16384];
  const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n <= 0) return false;
  read_.append(bytes, static_cast<std::size_t>(n));
  return true;
}

std::string RawClient::response(bool head) {
  std::size_t end = std::string::npos;
  while ((end = read_.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return std::exchange(read_, {});
  }
  std::size_t size = end + 4;
  const std::size_t length = read_.find("Content-Length: ");
  if (!head && length < end) size += std::stoul(read_.substr(length + 16));
  while (read_.size() < size) {
    if (!more()) return std::exchange(read_, {});
  }
  std::string out = read_.substr(0, size);
  read_.erase(0, size);
  return out;
}

std::string RawClient::rest() {
  while (more()) {
  }
  return std::exchange(read_, {});
}

struct WsClient::Impl {
  Impl(std::uint16_t port, bool tls) : ws(connected(port, tls)) {}

  NetStream connected(std::uint16_t port, bool tls) {
    beast::tcp_stream stream(io);
    stream.connect({asio::ip::address_v4::loopback(), port});
    return tls ? NetStream(std::move(stream), context) : NetStream(std::move(stream));
  }
  beast::tcp_stream& tcp() { return ws.next_layer().next_layer(); }
  /// Runs one asynchronous operation, with the deadline that a blocking one does not have.
  template <class F>
  error_code wait(F start) {
    error_code result = asio::error::timed_out;
    tcp().expires_after(std::chrono::milliseconds(kPatienceMs));
    start([&](error_code e, auto&&...) { result = e; });
    io.restart();
    io.run();
    return result;
  }

  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_client};
  websocket::stream<NetStream> ws;
  websocket::response_type answer;
  bool open = false;
};

WsClient::WsClient(std::uint16_t port, const std::string& target, const Headers& headers, bool tls)
    : impl_(std::make_unique<Impl>(port, tls)) {
  auto& ws = impl_->ws;
  error_code error = impl_->wait([&](auto done) { ws.next_layer().handshake(asio::ssl::stream_base::client, done); });
  ws.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    for (const auto& [name, value] : headers) request.set(name, value);
  }));
  ws.read_message_max(64 * 1024 * 1024);
  if (!error) {
    error = impl_->wait(
        [&](auto done) { ws.async_handshake(impl_->answer, "127.0.0.1:" + std::to_string(port), target, done); });
  }
  impl_->open = !error;
}

WsClient::~WsClient() {
  impl_->tcp().close();
}

bool WsClient::open() const {
  return impl_->open;
}

int WsClient::status() const {
  return static_cast<int>(impl_->answer.result_int());
}

std::string WsClient::header(const std::string& name) const {
  return std::string(impl_->answer[name]);
}

void WsClient::send(const std::string& text, bool binary) {
  impl_->ws.binary(binary);
  impl_->wait([&](auto done) { impl_->ws.async_write(asio::buffer(text), done); });
}

std::optional<std::string> WsClient::receive() {
  beast::flat_buffer buffer;
  const error_code error = impl_->wait([&](auto done) { impl_->ws.async_read(buffer, done); });
  if (error == beast::error::timeout) throw std::runtime_error("the server says nothing");
  if (error) return std::nullopt;
  return beast::buffers_to_string(buffer.data());
}

int WsClient::close_code() const {
  return static_cast<int>(impl_->ws.reason().code);
}

std::string WsClient::close_reason() const {
  return impl_->ws.reason().reason.c_str();
}

void WsClient::close() {
  impl_->wait([&](auto done) { impl_->ws.async_close(websocket::close_code::normal, done); });
}

void WsClient::small_buffers() {
  impl_->tcp().socket().set_option(asio::socket_base::receive_buffer_size(4096));
}

int status_of(const std::string& response) {
  return response.size() > 12 ? std::stoi(response.substr(9, 3)) : 0;
}

std::string body_of(const std::string& response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == std::string::npos ? "" : response.substr(end + 4);
}

}  // namespace mainstay::remote
