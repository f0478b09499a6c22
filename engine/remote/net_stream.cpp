#include "engine/remote/net_stream.h"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace mainstay::remote {

NetStream::NetStream(beast::tcp_stream stream) : plain_(std::make_unique<beast::tcp_stream>(std::move(stream))) {}
NetStream::NetStream(beast::tcp_stream stream, asio::ssl::context& context)
    : tls_(std::make_unique<beast::ssl_stream<beast::tcp_stream>>(std::move(stream), context)) {}
NetStream::NetStream(NetStream&&) noexcept = default;
NetStream& NetStream::operator=(NetStream&&) noexcept = default;
NetStream::~NetStream() = default;

SSL* NetStream::native_tls() {
  return tls_->native_handle();
}

void NetStream::verify_host(const std::string& host) {
  error_code ignored;  // of setting two pointers
  tls_->set_verify_mode(asio::ssl::verify_peer, ignored);
  tls_->set_verify_callback(asio::ssl::host_name_verification(host), ignored);
}

void NetStream::handshake(asio::ssl::stream_base::handshake_type type, Ended done) {
  if (tls_) return tls_->async_handshake(type, std::move(done));
  asio::post(get_executor(), [done = std::move(done)] { done({}); });
}

void NetStream::shut(Ended done) {
  if (tls_) return tls_->async_shutdown(std::move(done));
  error_code error;
  plain_->socket().shutdown(tcp::socket::shutdown_send, error);
  asio::post(get_executor(), [done = std::move(done), error] { done(error); });
}

std::size_t NetStream::write_now(const std::array<asio::const_buffer, 2>& from, error_code& error) {
  error = {};
  if (tls_) return 0;
  return plain_->socket().write_some(from, error);
}

std::size_t NetStream::read_now(asio::mutable_buffer into, error_code& error) {
  return plain_->socket().read_some(into, error);
}

beast::tcp_stream& NetStream::next_layer() {
  return tls_ ? tls_->next_layer() : *plain_;
}

const beast::tcp_stream& NetStream::next_layer() const {
  return tls_ ? tls_->next_layer() : *plain_;
}

void NetStream::read_some(std::vector<asio::mutable_buffer> into, Done done) {
  if (tls_) return tls_->async_read_some(into, std::move(done));
  plain_->async_read_some(into, std::move(done));
}

void NetStream::write_some(std::vector<asio::const_buffer> from, Done done) {
  if (tls_) return tls_->async_write_some(from, std::move(done));
  plain_->async_write_some(from, std::move(done));
}

void teardown(beast::role_type, NetStream& stream, error_code& error) {
  stream.next_layer().socket().shutdown(tcp::socket::shutdown_both, error);
}

void teardown_then(NetStream& stream, NetStream::Ended done) {
  stream.shut(std::move(done));
}

}  // namespace mainstay::remote
