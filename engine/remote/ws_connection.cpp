#include "engine/remote/ws_connection.h"

#include <boost/beast/websocket.hpp>
#include <deque>
#include <mutex>

namespace mainstay::remote {

namespace websocket = beast::websocket;
namespace http = beast::http;

namespace {

constexpr std::uint16_t kNoCloseFrame = 1006;
constexpr std::size_t kItemCost = 64;  // what an empty message in the queue costs too

/// What sessions send, until the connection takes it; bounded in bytes.
class SendQueue {
 public:
  struct Item {
    Message message;
    bool text = true;
  };
  enum class Pushed { queued, wake, ignored, overrun };

  explicit SendQueue(std::size_t limit) : limit_(limit) {}

  Pushed push(Item item) {
    std::lock_guard lock(mutex_);
    if (closed_) return Pushed::ignored;
    const std::size_t cost = cost_of(item);
    // One message larger than the limit goes out when nothing waits: it is no sign of a client that does not read.
    if (bytes_ > 0 && bytes_ + cost > limit_) {
      closed_ = true;
      return Pushed::overrun;
    }
    bytes_ += cost;
    items_.push_back(std::move(item));
    return std::exchange(awake_, true) ? Pushed::queued : Pushed::wake;
  }

  /// The next; none: push() says `wake` again.
  std::optional<Item> pop() {
    std::lock_guard lock(mutex_);
    if (items_.empty()) {
      awake_ = false;
      return std::nullopt;
    }
    Item item = std::move(items_.front());
    items_.pop_front();
    return item;
  }

  /// `item` has gone out.
  void done(const Item& item) {
    std::lock_guard lock(mutex_);
    bytes_ -= cost_of(item);
  }

  /// Takes nothing more; true when it did before.
  bool close() {
    std::lock_guard lock(mutex_);
    return !std::exchange(closed_, true);
  }

  void clear() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    items_.clear();
  }

  std::size_t bytes() const {
    std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  static std::size_t cost_of(const Item& item) { return item.message->size() + kItemCost; }

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::deque<Item> items_;
  std::size_t bytes_ = 0;
  bool awake_ = false;
  bool closed_ = false;
};

class WsConnection final : public Connection, public WsPeer, public std::enable_shared_from_this<WsConnection> {
 public:
  WsConnection(NetStream stream, WsStart start)
      : start_(std::move(start)), ws_(std::move(stream)), queue_(limits().send_queue_bytes) {}

  void run() {
    beast::get_lowest_layer(ws_).expires_never();  // from here on the WebSocket has its own deadlines
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = limits().header_timeout;
    timeout.idle_timeout = limits().ws_idle;
    timeout.keep_alive_pings = true;
    ws_.set_option(timeout);
    ws_.set_option(websocket::stream_base::decorator([subprotocol = start_.subprotocol](websocket::response_type& r) {
      r.set(http::field::server, "Mainstay");
      if (!subprotocol.empty()) r.set(http::field::sec_websocket_protocol, subprotocol);
    }));
    ws_.read_message_max(limits().ws_message_bytes);
    ws_.auto_fragment(false);
    ws_.async_accept(start_.request, [self = shared_from_this()](error_code error) { self->on_accept(error); });
  }

  // --- Connection ---
  void shut(std::uint16_t code, const std::string& reason) override { close(code, reason); }
  void abort() override { finish(kNoCloseFrame, "ended by the server"); }
  bool is_web_socket() const override { return true; }
  int listener() const override { return start_.listener->id; }

  // --- WsPeer ---
  void send_text(Message message) override { send({std::move(message), true}); }
  void send_binary(Message message) override { send({std::move(message), false}); }

  void close(std::uint16_t code, std::string reason) override {
    if (!queue_.close()) return;
    post([this, code, reason = std::move(reason)]() mutable {
      reason.resize(std::min<std::size_t>(reason.size(), 123));
      closing_ = websocket::close_reason(static_cast<websocket::close_code>(code), reason);
      pump();
    });
  }

  void pause() override {
    post([this] { paused_ = true; });
  }
  void resume() override {
    post([this] {
      paused_ = false;
      read();
    });
  }
  std::size_t queued_bytes() const override { return queue_.bytes(); }

 private:
  const Limits& limits() const { return start_.listener->options.limits; }

  template <class Task>
  void post(Task task) {
    start_.hub->post([self = shared_from_this(), task = std::move(task)]() mutable { task(); });
  }

  void send(SendQueue::Item item) {
    switch (queue_.push(std::move(item))) {
      case SendQueue::Pushed::wake:
        return post([this] { pump(); });
      case SendQueue::Pushed::overrun:
        return post([this] { drop(); });
      default:
        return;
    }
  }

  void on_accept(error_code error) {
    start_.request = {};
    if (error || finished_) return finish(kNoCloseFrame, error.message());
    open_ = true;
    start_.hub->log().info("remote", "{} {} connected: {}", start_.listener->options.name, start_.peer.text,
                           start_.client.empty() ? "a client without a name" : start_.client);
    tell(LogLevel::info, "connected", start_.client);
    start_.session->on_open(shared_from_this());
    read();
    pump();
  }

  void read() {
    if (reading_ || paused_ || !open_ || finished_) return;
    reading_ = true;
    ws_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
      self->reading_ = false;
      self->on_read(error);
    });
  }

  void on_read(error_code error) {
    if (finished_) return;
    if (error == websocket::error::closed) return finish(ws_.reason().code, ws_.reason().reason.c_str());
    if (error) return finish(kNoCloseFrame, error.message());
    const auto data = buffer_.cdata();
    const std::string_view bytes(static_cast<const char*>(data.data()), data.size());
    if (!closing_) {
      if (ws_.got_text()) {
        start_.session->on_text(bytes);
      } else {
        start_.session->on_binary(bytes);
      }
    }
    buffer_.consume(buffer_.size());
    if (buffer_.capacity() > kKeptBuffer) buffer_.shrink_to_fit();
    // pause() from within on_text() is posted: it has its turn before the next read.
    post([this] { read(); });
  }

  void pump() {
    if (writing_ || !open_ || finished_) return;
    current_ = queue_.pop();
    if (!current_) {
      if (closing_) say_close();
      return;
    }
    writing_ = true;
    ws_.text(current_->text);
    ws_.async_write(asio::buffer(*current_->message), [self = shared_from_this()](error_code error, std::size_t) {
      self->writing_ = false;
      self->queue_.done(*self->current_);
      self->current_.reset();
      if (error) return self->finish(kNoCloseFrame, error.message());
      self->pump();
    });
  }

  void say_close() {
    if (close_said_) return;
    close_said_ = true;
    paused_ = false;
    ws_.async_close(*closing_, [self = shared_from_this()](error_code error) {
      self->finish(error ? kNoCloseFrame : static_cast<std::uint16_t>(self->closing_->code),
                   error ? error.message() : std::string(self->closing_->reason.c_str()));
    });
  }

  void drop() {
    if (finished_) return;
    const std::string why =
        fmt::format("it does not read: {} bytes wait for it, {} may", queue_.bytes(), limits().send_queue_bytes);
    start_.hub->count_drop();
    dropped_ = true;
    // A reset: closed in order, what the client does not read would keep the end from it, and the system's memory.
    error_code ignored;
    beast::get_lowest_layer(ws_).socket().set_option(asio::socket_base::linger(true, 0), ignored);
    finish(kNoCloseFrame, why);
  }

  void finish(std::uint16_t code, const std::string& reason) {
    if (std::exchange(finished_, true)) return;
    queue_.clear();
    beast::get_lowest_layer(ws_).close();
    start_.hub->leave(*this);
    if (open_) {
      const char* how = dropped_ ? "dropped" : "left";
      const LogLevel level = dropped_ ? LogLevel::warning : LogLevel::info;
      start_.hub->log().write(
          level, "remote",
          fmt::format("{} {} {}: {} {}", start_.listener->options.name, start_.peer.text, how, code, reason));
      start_.session->on_close(code, reason);
      tell(level, how, reason);
    }
    // Not at once: we may stand in one of its members.
    post([session = std::shared_ptr<WsSession>(std::move(start_.session))] {});
  }

  void tell(LogLevel level, const char* state, const std::string& detail) {
    start_.hub->tell(
        {level,
         "remote.client",
         start_.peer.text,
         fmt::format("{} client {}{}{}", start_.listener->options.name, state, detail.empty() ? "" : ": ", detail),
         {{"state", state}}});
  }

  static constexpr std::size_t kKeptBuffer = 256 * 1024;

  WsStart start_;
  websocket::stream<NetStream> ws_;
  SendQueue queue_;
  beast::flat_buffer buffer_;
  std::optional<SendQueue::Item> current_;
  std::optional<websocket::close_reason> closing_;
  bool open_ = false;
  bool reading_ = false;
  bool paused_ = false;
  bool writing_ = false;
  bool close_said_ = false;
  bool dropped_ = false;
  bool finished_ = false;
};

}  // namespace

void start_web_socket(NetStream stream, WsStart start) {
  HubRef hub = start.hub;
  auto connection = std::make_shared<WsConnection>(std::move(stream), std::move(start));
  hub->join(connection);
  connection->run();
}

}  // namespace mainstay::remote
