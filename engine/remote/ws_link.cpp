#include "engine/remote/ws_link.h"

#include <boost/asio/connect.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>

namespace mainstay::remote {

namespace http = beast::http;
namespace websocket = beast::websocket;

namespace {

constexpr std::size_t kMostMessage = 64 * 1024 * 1024;
constexpr Seconds kSilence{10};  // pings go at half of it

class Link final : public WsLink, public std::enable_shared_from_this<Link> {
 public:
  Link(NetStream stream, std::shared_ptr<asio::ssl::context> tls, Target target, CallOptions options, Handlers handlers)
      : tls_(std::move(tls)),
        target_(std::move(target)),
        options_(std::move(options)),
        handlers_(std::move(handlers)),
        ws_(std::move(stream)) {}

  void run(std::vector<tcp::endpoint> endpoints) {
    endpoints_ = std::move(endpoints);
    tcp_stream().expires_after(options_.timeout);
    tcp_stream().async_connect(endpoints_, [self = self_of()](error_code error, const tcp::endpoint&) {
      if (error) return self->fail("cannot connect to", error);
      self->tcp_stream().socket().set_option(tcp::no_delay(true), error);
      self->on_connect();
    });
  }

  void send(std::string text) override {
    if (over_) return;
    out_.push_back(std::move(text));
    if (out_.size() == 1) write();
  }

  void close() override {
    if (over_) return;
    if (!open_) return abort(Error{Errc::cancelled, "closed", nullptr});
    ws_.async_close(websocket::close_code::normal, [self = self_of()](error_code) {
      self->end(Error{Errc::cancelled, "closed", nullptr});
    });
  }

  void abort(Error why) override {
    tcp_stream().cancel();
    tcp_stream().close();
    end(std::move(why));
  }

 private:
  std::shared_ptr<Link> self_of() { return shared_from_this(); }
  beast::tcp_stream& tcp_stream() { return beast::get_lowest_layer(ws_); }

  void on_connect() {
    NetStream& stream = ws_.next_layer();
    if (stream.is_tls()) expect_server(stream, target_, options_);
    stream.handshake(asio::ssl::stream_base::client, [self = self_of()](error_code error) {
      if (error) return self->fail("no TLS connection to", error);
      self->upgrade();
    });
  }

  void upgrade() {
    tcp_stream().expires_never();  // from here on the WebSocket has its own deadlines
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = options_.timeout;
    timeout.idle_timeout = kSilence;
    timeout.keep_alive_pings = true;
    ws_.set_option(timeout);
    ws_.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      request.set(http::field::user_agent, options_.client);
      if (const std::string& token = token_of(target_, options_); !token.empty())
        request.set(http::field::authorization, "Bearer " + token);
    }));
    ws_.read_message_max(kMostMessage);
    ws_.async_handshake(response_, host_header(target_), target_.path, [self = self_of()](error_code error) {
      if (error == websocket::error::upgrade_declined) return self->end(self->declined());
      if (error) return self->fail("no WebSocket to", error);
      self->open_ = true;
      self->handlers_.opened();
      self->read();
    });
  }

  Error declined() const {
    if (response_.result_int() >= 400) {
      return refused(target_, static_cast<int>(response_.result_int()), response_.body());
    }
    return make_error(Errc::invalid, "{} does not answer as an API does", place_of(target_));
  }

  void read() {
    ws_.async_read(buffer_, [self = self_of()](error_code error, std::size_t) {
      if (error) return self->fail("no more from", error);
      const auto bytes = self->buffer_.cdata();
      self->handlers_.text({static_cast<const char*>(bytes.data()), bytes.size()});
      self->buffer_.consume(self->buffer_.size());
      if (!self->over_) self->read();
    });
  }

  void write() {
    ws_.text(true);
    ws_.async_write(asio::buffer(out_.front()), [self = self_of()](error_code error, std::size_t) {
      if (error) return self->fail("cannot send to", error);
      self->out_.pop_front();
      if (!self->out_.empty() && !self->over_) self->write();
    });
  }

  void fail(const char* what, const error_code& error) {
    if (error == websocket::error::closed) {
      const auto& reason = ws_.reason();
      return end(make_error(Errc::io, "the other side has closed it ({}{}{})", reason.code,
                            reason.reason.empty() ? "" : ": ", std::string(reason.reason.c_str())));
    }
    if (open_ && (error == asio::error::eof || error == asio::error::connection_reset))
      return end(Error{Errc::io, "the other side has ended", nullptr});
    end(connection_error(target_, what, error));
  }

  void end(Error why) {
    if (std::exchange(over_, true)) return;
    open_ = false;
    handlers_.ended(std::move(why));
  }

  const std::shared_ptr<asio::ssl::context> tls_;  // outlives the stream
  const Target target_;
  const CallOptions options_;
  const Handlers handlers_;
  std::vector<tcp::endpoint> endpoints_;
  websocket::stream<NetStream> ws_;
  websocket::response_type response_;
  beast::flat_buffer buffer_;
  std::deque<std::string> out_;  // the first one is on its way
  bool open_ = false;
  bool over_ = false;
};

}  // namespace

std::shared_ptr<WsLink> WsLink::open(asio::io_context& io, const Target& target, const CallOptions& options,
                                     std::vector<tcp::endpoint> endpoints, std::shared_ptr<asio::ssl::context> tls,
                                     Handlers handlers) {
  beast::tcp_stream plain(io);
  NetStream stream = tls ? NetStream(std::move(plain), *tls) : NetStream(std::move(plain));
  const auto link = std::make_shared<Link>(std::move(stream), std::move(tls), target, options, std::move(handlers));
  link->run(std::move(endpoints));
  return link;
}

}  // namespace mainstay::remote
