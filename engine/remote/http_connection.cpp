// One HTTP/1.1 connection, plain or under TLS: requests one after another, until one asks for a WebSocket.
//
// A thousand viewers of low latency make six thousand requests a second, and a thousand of them at the same moment:
// what is silent costs no timer (SilenceQueue), and an answer is mostly one call to the system (HttpWriter).
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "engine/remote/http_writer.h"
#include "engine/remote/request_reader.h"
#include "engine/remote/ws_connection.h"

namespace mainstay::remote {

namespace http = beast::http;

namespace {

constexpr Millis kLinger{1000};  // for the client to read a refusal, when it is still sending
constexpr std::size_t kMostLingerBytes = 8 * 1024 * 1024;

class HttpConnection final : public Connection, public std::enable_shared_from_this<HttpConnection> {
  /// Where the answer to a request goes, while there is somebody who waits for it.
  struct Answering {
    std::weak_ptr<HttpConnection> who;
    std::weak_ptr<Hub> hub;

    void take(HttpResponse response) const {
      const HubRef alive = hub.lock();
      if (!alive) return;
      if (alive->is_here()) return write(who, std::move(response));
      alive->post([who = who, response = std::move(response)]() mutable { write(who, std::move(response)); });
    }
    void aside(Responder::Task task) const {
      if (const HubRef alive = hub.lock()) alive->post(std::move(task));
    }
    static void write(const std::weak_ptr<HttpConnection>& who, HttpResponse response) {
      if (const auto self = who.lock(); self && !self->ended_) self->write(std::move(response));
    }
  };

  /// A handler that keeps this connection, and is not called any more once it has ended.
  template <class Then>
  auto bind(Then then) {
    return [self = shared_from_this(), then](error_code error, auto&&...) {
      if (!self->ended_) then(*self, error);
    };
  }

 public:
  HttpConnection(HubRef hub, std::shared_ptr<ListenerState> listener, NetStream stream, PeerAddress peer)
      : hub_(std::move(hub)),
        listener_(std::move(listener)),
        peer_(std::move(peer)),
        stream_(std::move(stream)),
        writer_(hub_, listener_->options.limits, stream_, [this](bool ok) { ok ? written() : end(); }),
        silence_(listener_->silent, *this) {}

  void run() {
    silence_.enter(hub_->next_silence());
    if (!stream_.is_tls()) return await_request();
    stream_.handshake(asio::ssl::stream_base::server, bind([](HttpConnection& self, error_code error) {
                        if (error) return self.end();
                        self.await_request();
                      }));
  }

  // --- Connection ---
  void shut(std::uint16_t, const std::string&) override {
    closing_ = true;  // a request at hand is answered first
    if (idle_) end();
  }
  void abort() override { end(); }
  bool is_web_socket() const override { return false; }
  int listener() const override { return listener_->id; }

 private:
  const Limits& limits() const { return listener_->options.limits; }
  void deadline(Millis in) { beast::get_lowest_layer(stream_).expires_after(in); }
  void no_deadline() { beast::get_lowest_layer(stream_).expires_never(); }

  void await_request() {
    begin_request();
    serve();
  }

  void begin_request() {
    reader_.emplace(limits());
    silence_.enter(hub_->next_silence());
    idle_ = buffer_.size() == 0;
  }

  // Answers what has come, one request after another, and waits for more.
  void serve() {
    error_code error;
    while (parse_header(error)) {
      on_header(error);
      if (!goes_on()) return;
    }
    receive();
  }

  void receive() {
    if (!stream_.is_tls())
      return stream_.await(bind([](HttpConnection& self, error_code error) {
        if (error) return self.end();
        self.in_turn(&HttpConnection::read_now);
      }));
    stream_.async_read_some(buffer_.prepare(kReadAtOnce),
                            [self = shared_from_this()](error_code error, std::size_t bytes) {
                              if (self->ended_) return;
                              if (error) return self->end();
                              self->buffer_.commit(bytes);
                              self->in_turn(&HttpConnection::serve);
                            });
  }

  // Who has just been answered what it waited for asks for the next at once, and will wait for it: others, who want
  // what is there, go first. (A viewer of low latency has a connection for each of the two.)
  void in_turn(void (HttpConnection::*then)()) {
    if (!waited_) return (this->*then)();
    hub_->later([self = shared_from_this(), then] {
      if (!self->ended_) (self.get()->*then)();
    });
  }

  // Most requests come as one piece: they are parsed where they lie, in the thread's own memory, and what is left of
  // them, mostly nothing, is kept here.
  void read_now() {
    error_code error;
    auto& received = hub_->scratch().received;
    const std::size_t bytes = stream_.read_now(asio::buffer(received), error);
    if (error == asio::error::would_block || error == asio::error::try_again) return receive();
    if (error) return end();
    asio::const_buffer come(received.data(), bytes);
    const bool is_first = buffer_.size() == 0;
    if (is_first) come += reader_->put(come, error);
    buffer_.commit(asio::buffer_copy(buffer_.prepare(come.size()), come));
    if (is_first && is_header_there(error)) {
      on_header(error);
      if (!goes_on()) return;
    }
    serve();
  }

  // False: there is more to come of it.
  bool parse_header(error_code& error) {
    if (buffer_.size() == 0) return false;
    buffer_.consume(reader_->put(buffer_.data(), error));
    return is_header_there(error);
  }

  bool is_header_there(error_code& error) const {
    if (error == http::error::need_more) error = {};
    return error || reader_->is_header_done();
  }

  // After a header: false, the answer goes on from there.
  bool goes_on() {
    if (ended_ || !std::exchange(answered_, false)) return false;
    begin_request();
    return true;
  }

  void on_header(error_code error) {
    idle_ = false;
    silence_.leave();
    if (error) return on_bad_request(error);
    if (reader_->version() != 11 && reader_->version() != 10) return refuse(505, "this server speaks HTTP/1.1");
    if (reader_->verb() == http::verb::unknown) return refuse(501, "this method is not known here");
    if (reader_->wants_web_socket()) return upgrade();
    if (reader_->is_done() && !reader_->asks_first()) return on_request();
    deadline(limits().body_timeout);
    if (reader_->asks_first()) return send_continue();
    read_body();
  }

  // A client that asks first (curl, with a large body) would wait a second for nothing.
  void send_continue() {
    continue_.emplace(http::status::continue_, static_cast<unsigned>(reader_->version()));
    http::async_write(stream_, *continue_, bind([](HttpConnection& self, error_code error) {
                        if (error) return self.end();
                        self.read_body();
                      }));
  }

  void read_body() {
    http::async_read(stream_, buffer_, *reader_, bind([](HttpConnection& self, error_code error) {
                       if (error) return self.on_bad_request(error);
                       self.no_deadline();  // the handler takes its time
                       self.on_request();
                       if (!self.ended_ && std::exchange(self.answered_, false)) self.await_request();
                     }));
  }

  void on_bad_request(error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
      return refuse(431, fmt::format("the header has more than {} bytes", limits().header_bytes));
    if (error == http::error::body_limit)
      return refuse(413, fmt::format("the body has more than {} bytes", limits().body_bytes));
    const bool malformed = error.category() == make_error_code(http::error::bad_method).category() &&
                           error != http::error::end_of_stream && error != http::error::partial_message;
    if (malformed) return refuse(400, "this is no HTTP request: " + error.message());
    end();
  }

  // After what was wrong with the request itself, nobody can tell where the next one starts.
  void refuse(int status, std::string message) {
    keep_alive_ = false;
    linger_ = true;
    head_ = false;
    write(HttpResponse::refusal(status, std::move(message)));
  }

  HttpRequest take_request() {
    HttpRequest request = std::move(reader_->request());
    request.peer = peer_;
    request.tls = listener_->tls != nullptr;
    return request;
  }

  void on_request() {
    if (!reader_->host_is_fine()) return refuse(400, "the request must have one Host header");
    keep_alive_ = reader_->keep_alive();
    HttpRequest request = take_request();
    head_ = request.method == "HEAD";
    Responder respond = Responder::to(Answering{weak_from_this(), hub_});
    handling_ = true;
    try {
      listener_->options.router->handle(std::move(request), std::move(respond));
    } catch (const std::exception& error) {  // the responder went with it, and said so
      hub_->log().error("remote", "a request failed: {}", error.what());
    }
    handling_ = false;
  }

  void upgrade() {
    if (!reader_->host_is_fine()) return refuse(400, "the request must have one Host header");
    auto accepted = reader_->as_upgrade();
    HttpRequest request = take_request();
    const std::string client(request.header("user-agent").substr(0, 128));
    Router::Upgrade found = listener_->options.router->upgrade(std::move(request));
    if (!found.session) {
      keep_alive_ = false;
      linger_ = true;
      return write(std::move(found.refusal));
    }
    hub_->count_request(0);
    ended_ = true;
    WsStart start{
        hub_, listener_, peer_, client, std::move(found.session), std::move(found.subprotocol), std::move(accepted)};
    start_web_socket(std::move(stream_), std::move(start));
    hub_->leave(*this);  // after it came: between them nobody else may take its place
  }

  void write(HttpResponse response) {
    if (response.more && reader_->version() == 10)
      return refuse(505, "this resource is still growing, which takes HTTP/1.1");
    keep_alive_ = keep_alive_ && !response.close && !closing_;
    writer_.write(std::move(response), {head_, keep_alive_}, shared_from_this());
  }

  void written() {
    if (ended_) return;
    waited_ = !handling_;
    if (!keep_alive_) return good_bye();
    if (handling_) {  // whoever called the handler goes on
      answered_ = true;
      return;
    }
    begin_request();
    if (buffer_.size() == 0) return receive();
    // What has come already is not looked at from here: whoever answers may hold what its handler needs.
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      if (!self->ended_) self->serve();
    });
  }

  // Closed at once, a socket with unread bytes resets the connection, and the answer may be lost on its way.
  void good_bye() {
    deadline(kLinger);
    stream_.shut(bind([](HttpConnection& self, error_code) {
      if (self.stream_.is_tls() || !self.linger_) return self.end();
      self.discard();
    }));
  }

  void discard() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kDiscarded),
                            [self = shared_from_this()](error_code error, std::size_t bytes) {
                              self->discarded_ += bytes;
                              if (self->ended_) return;
                              if (error || self->discarded_ > kMostLingerBytes) return self->end();
                              self->discard();
                            });
  }

  void end() {
    if (std::exchange(ended_, true)) return;
    silence_.leave();
    beast::get_lowest_layer(stream_).close();
    hub_->leave(*this);
  }

  static constexpr std::size_t kReadAtOnce = 2048;  // under TLS; an idle one holds it
  static constexpr std::size_t kDiscarded = 16 * 1024;
  static constexpr std::size_t kMostBuffered = 64 * 1024;  // more than any header; bodies pass through it

  const HubRef hub_;
  const std::shared_ptr<ListenerState> listener_;
  const PeerAddress peer_;
  NetStream stream_;
  beast::flat_buffer buffer_{kMostBuffered};
  std::optional<RequestReader> reader_;
  std::optional<http::response<http::empty_body>> continue_;
  HttpWriter writer_;
  bool keep_alive_ = false;
  bool head_ = false;
  bool linger_ = false;
  bool idle_ = false;
  bool closing_ = false;
  bool ended_ = false;
  bool waited_ = false;    ///< the last answer came later than its handler returned
  bool handling_ = false;  ///< a handler is being called
  bool answered_ = false;  ///< and has answered, and the system has taken it
  std::size_t discarded_ = 0;
  SilenceQueue::Place silence_;
};

}  // namespace

void start_http(HubRef hub, std::shared_ptr<ListenerState> listener, NetStream stream, PeerAddress peer) {
  auto connection = std::make_shared<HttpConnection>(hub, std::move(listener), std::move(stream), std::move(peer));
  hub->join(connection);
  connection->run();
}

}  // namespace mainstay::remote
