#include "engine/remote/client_net.h"

#include "engine/ffi/net/resolver.h"

namespace mainstay::remote {

namespace {

constexpr int kUnauthorized = 401;
constexpr int kTooMany = 429;
constexpr int kServerErrors = 500;

}  // namespace

std::string place_of(const Target& target) {
  return fmt::format("{}:{}", target.host, target.port);
}

std::string host_header(const Target& target) {
  const bool v6 = target.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), target.host, target.port);
}

const std::string& token_of(const Target& target, const CallOptions& options) {
  return options.token.empty() ? target.token : options.token;
}

Result<std::vector<tcp::endpoint>> endpoints_of(const Target& target, Clock& clock, Instant deadline,
                                                std::stop_token stop) {
  MAINSTAY_TRY(const auto addresses, ffi::Resolver(clock).resolve(target.host, deadline, std::move(stop)));
  std::vector<tcp::endpoint> endpoints;
  for (const ffi::Address& address : addresses) {
    error_code error;
    const auto ip = asio::ip::make_address(address.text, error);
    if (!error) endpoints.emplace_back(ip, static_cast<std::uint16_t>(target.port));
  }
  return endpoints;
}

Result<std::shared_ptr<asio::ssl::context>> client_tls(const CallOptions& options) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  error_code error;
  if (options.ca_file.empty()) {
    context->set_default_verify_paths(error);
    return context;
  }
  context->load_verify_file(options.ca_file, error);
  if (error)
    return make_error(Errc::invalid, "the authorities in {} cannot be used: {}", options.ca_file, error.message());
  return context;
}

void expect_server(NetStream& stream, const Target& target, const CallOptions& options) {
  if (options.verify) stream.verify_host(target.host);
  SSL_set_tlsext_host_name(stream.native_tls(), target.host.c_str());
}

Error connection_error(const Target& target, const char* what, const error_code& error) {
  if (error == beast::error::timeout) return make_error(Errc::io, "{} does not answer in time", place_of(target));
  if (error == asio::error::connection_refused)
    return make_error(Errc::io, "nobody listens at {}: is Mainstay running, and does its show have \"remote\"?",
                      place_of(target));
  if (error.category() == asio::error::get_ssl_category() &&
      ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return make_error(Errc::io,
                      "{} {}: nobody vouches for its certificate, or it is for another name: trust it with --ca FILE",
                      what, place_of(target));
  return make_error(Errc::io, "{} {}: {}", what, place_of(target), error.message());
}

Error refused(const Target& target, int status, const std::string& answer) {
  std::string why = answer.substr(0, std::min(answer.find('\n'), std::size_t{200}));
  if (status == kUnauthorized) why += ": give it with --token, or as http://TOKEN@HOST";
  if (status == kTooMany) return make_error(Errc::io, "{} refuses: {}", place_of(target), why);
  const Errc code = status >= kServerErrors ? Errc::io : Errc::invalid;
  return make_error(code, "{} refuses ({}): {}", place_of(target), status, why);
}

}  // namespace mainstay::remote
