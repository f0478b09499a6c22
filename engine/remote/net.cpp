#include "engine/remote/net.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>

#include "engine/show/url.h"

namespace mainstay::remote {

namespace {

Error tls_error(const char* what, const std::string& file, const error_code& error) {
  ERR_clear_error();
  return make_error(Errc::invalid, "the TLS {} {} cannot be used: {}", what, file, error.message());
}

}  // namespace

PeerAddress peer_address(const tcp::endpoint& endpoint) {
  asio::ip::address ip = endpoint.address();
  if (ip.is_v6() && ip.to_v6().is_v4_mapped()) ip = asio::ip::make_address_v4(asio::ip::v4_mapped, ip.to_v6());
  error_code ignored;
  const std::string text = ip.to_string(ignored);
  return {fmt::format(fmt::runtime(ip.is_v6() ? "[{}]:{}" : "{}:{}"), text, endpoint.port()), text, ip.is_loopback()};
}

Status off_the_low_numbers(asio::io_context& io, tcp::socket& socket) {
  const int low = socket.native_handle();
  if (low >= kFirstDescriptor) return {};
  const int high = ::fcntl(low, F_DUPFD_CLOEXEC, kFirstDescriptor);
  // EINVAL: the system allows no such number at all, and then there are too few for many viewers anyway.
  if (high < 0 && errno == EINVAL) return {};
  if (high < 0) return make_error(Errc::again, "no file descriptor is left for a client");
  error_code error;
  const tcp protocol = socket.local_endpoint(error).protocol();
  tcp::socket moved(io);
  moved.assign(protocol, high, error);
  if (error) {
    ::close(high);
    return make_error(Errc::again, "a client's socket cannot be watched: {}", error.message());
  }
  socket = std::move(moved);  // closes the old number; the connection lives on under the new one
  return {};
}

Result<tcp::endpoint> listen_endpoint(const std::string& address) {
  auto place = show::parse_host_port(address.ends_with(":0") ? address.substr(0, address.size() - 2) : address);
  if (!place) return wrap(std::move(place).error(), fmt::format("cannot listen on {}", address));
  if (place->port == 0 && !address.ends_with(":0"))
    return make_error(Errc::invalid, "cannot listen on {}: the port is missing, as in 127.0.0.1:4480", address);
  if (place->host.empty() || place->host == "localhost") place->host = "127.0.0.1";
  error_code error;
  const asio::ip::address ip = asio::ip::make_address(place->host, error);
  if (error) {
    return make_error(Errc::invalid,
                      "cannot listen on {}: the host must be an IP address of this machine, \"localhost\", or 0.0.0.0 "
                      "for all networks",
                      address);
  }
  return tcp::endpoint(ip, static_cast<std::uint16_t>(place->port));
}

Result<std::shared_ptr<asio::ssl::context>> server_tls(const TlsFiles& files) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code error;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                           asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
                       error);
  context->use_certificate_chain_file(files.certificate, error);
  if (error) return tls_error("certificate", files.certificate, error);
  // Nobody is at the terminal to type a passphrase.
  context->set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string(); },
                                 error);
  context->use_private_key_file(files.key, asio::ssl::context::pem, error);
  if (error) return tls_error("key", files.key, error);
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    ERR_clear_error();
    return make_error(Errc::invalid, "the TLS key {} does not belong to the certificate {}", files.key,
                      files.certificate);
  }
  return context;
}

}  // namespace mainstay::remote
