#include "engine/remote/client.h"

#include <boost/asio/connect.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "engine/remote/client_net.h"
#include "engine/remote/json_rpc.h"
#include "engine/show/url.h"

namespace mainstay::remote {

namespace http = beast::http;

namespace {

constexpr std::size_t kMostAnswer = 64 * 1024 * 1024;

Error stopped() {
  return Error{Errc::cancelled, "stopped", nullptr};
}

/// Runs asynchronous operations one after another, each until the common deadline or the stop.
class Runner {
 public:
  Runner(asio::io_context& io, Clock& clock, Instant deadline, std::stop_token stop)
      : io_(io), clock_(clock), deadline_(deadline), stop_(std::move(stop)) {}

  /// `start(done)` begins the operation on `stream`; done(error_code, …) ends it. After a stop, nothing may follow.
  template <class Start>
  error_code run(beast::tcp_stream& stream, Start start) {
    error_code result = asio::error::operation_aborted;
    io_.restart();
    const std::stop_callback end(stop_, [this] { io_.stop(); });
    stream.expires_after(std::max<Nanos>(deadline_ - clock_.now(), Millis(1)));
    start([&result](error_code error, auto&&...) { result = error; });
    io_.run();
    return result;
  }

 private:
  asio::io_context& io_;
  Clock& clock_;
  const Instant deadline_;
  const std::stop_token stop_;
};

Error failed(const Target& target, const char* what, const error_code& error, const std::stop_token& stop) {
  return stop.stop_requested() ? stopped() : connection_error(target, what, error);
}

http::request<http::string_body> request_of(const Target& target, const std::string& body, const CallOptions& options) {
  http::request<http::string_body> request(http::verb::post, target.path, 11);
  request.set(http::field::host, host_header(target));
  request.set(http::field::content_type, "application/json");
  request.set(http::field::user_agent, options.client);
  const std::string& token = token_of(target, options);
  if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
  request.body() = body;
  request.prepare_payload();
  return request;
}

Result<CallResult> exchange(NetStream& stream, Runner& runner, const Target& target, const std::string& body,
                            const CallOptions& options, const std::stop_token& stop) {
  beast::tcp_stream& tcp_stream = stream.next_layer();
  const auto request = request_of(target, body, options);
  error_code error = runner.run(tcp_stream, [&](auto done) { http::async_write(stream, request, done); });
  if (error) return failed(target, "cannot send to", error, stop);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMostAnswer);
  error = runner.run(tcp_stream, [&](auto done) { http::async_read(stream, buffer, parser, done); });
  if (error.category() == make_error_code(http::error::bad_method).category() && error != http::error::end_of_stream)
    return make_error(Errc::corrupt, "{} does not answer as an API does (http or https?)", place_of(target));
  if (error) return failed(target, "no answer from", error, stop);
  const int status = static_cast<int>(parser.get().result_int());
  const std::string& answer = parser.get().body();
  if (status == 200) return read_rpc_answer(answer);
  return refused(target, status, answer);
}

Result<CallResult> exchange_tls(beast::tcp_stream& plain, Runner& runner, const Target& target, const std::string& body,
                                const CallOptions& options, const std::stop_token& stop) {
  MAINSTAY_TRY(const auto context, client_tls(options));
  NetStream stream(std::move(plain), *context);
  expect_server(stream, target, options);
  const error_code error =
      runner.run(stream.next_layer(), [&](auto done) { stream.handshake(asio::ssl::stream_base::client, done); });
  if (error) return failed(target, "no TLS connection to", error, stop);
  return exchange(stream, runner, target, body, options, stop);
}

}  // namespace

Result<Target> parse_target(std::string_view url) {
  Target target;
  const bool bare = url.find("://") == std::string_view::npos;
  MAINSTAY_TRY(const show::Url read, show::parse_url(bare ? "http://" + std::string(url) : std::string(url)));
  if (read.scheme == "https" || read.scheme == "wss") {
    target.tls = true;
  } else if (read.scheme != "http" && read.scheme != "ws") {
    return make_error(Errc::invalid, "the API's address starts with http://, https://, ws:// or wss://");
  }
  if (read.host.empty() && bare && read.port == 0)
    return make_error(Errc::invalid, "the API's address is missing: HOST:PORT, as in 127.0.0.1:4480");
  if (!read.host.empty()) target.host = read.host;
  if (read.port != 0) target.port = read.port;
  if (!read.path.empty() && read.path != "/") target.path = read.path;
  target.token = percent_decoded(read.password.empty() ? read.user : read.password);
  if (target.token.empty()) target.token = percent_decoded(read.parameter("token"));
  return target;
}

Result<Json> parse_call_words(const std::vector<std::string>& words) {
  const auto value_of = [](std::string_view text) {
    Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json(text) : value;
  };
  // A name is a word; what holds an '=' further on, as a URL's query does, is a value.
  const auto name_end = [](std::string_view word) -> std::size_t {
    const std::size_t equals = word.find('=');
    const bool named = equals != std::string_view::npos && equals > 0 &&
                       word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == equals;
    return named ? equals : std::string_view::npos;
  };
  Json object = Json::object();
  Json list = Json::array();
  for (const std::string& word : words) {
    const std::size_t equals = name_end(word);
    if (equals == std::string::npos) {
      list.push_back(value_of(word));
      continue;
    }
    const std::string name = word.substr(0, equals);
    if (object.contains(name)) return make_error(Errc::invalid, "the parameter {} is given twice", name);
    object[name] = value_of(std::string_view(word).substr(equals + 1));
  }
  if (!object.empty() && !list.empty())
    return make_error(Errc::invalid, "give all parameters by name (name=value), or all by position");
  if (!list.empty()) return list;
  return object.empty() ? Json() : object;
}

Result<CallResult> call_remote(const Target& target, const std::string& command, const Json& params,
                               const CallOptions& options, Clock& clock, std::stop_token stop) {
  const Instant deadline = clock.now() + options.timeout;
  MAINSTAY_TRY(const auto endpoints, endpoints_of(target, clock, deadline, stop));
  asio::io_context io{1};
  Runner runner(io, clock, deadline, stop);
  beast::tcp_stream stream(io);
  const error_code error = runner.run(stream, [&](auto done) { stream.async_connect(endpoints, done); });
  if (stop.stop_requested()) return stopped();
  if (error) return failed(target, "cannot connect to", error, stop);
  const std::string body = rpc_request(command, params, 1);
  if (target.tls) return exchange_tls(stream, runner, target, body, options, stop);
  NetStream plain(std::move(stream));
  return exchange(plain, runner, target, body, options, stop);
}

}  // namespace mainstay::remote
