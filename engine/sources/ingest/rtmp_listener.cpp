#include "engine/sources/ingest/rtmp_listener.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "engine/sources/ingest/flv_stream.h"
#include "engine/sources/ingest/listen_socket.h"
#include "engine/sources/ingest/rtmp_session.h"

namespace mainstay {

namespace {

constexpr int kPollMs = 20;  // also how long a stop, a full pipe and the watchdogs wait at most
constexpr std::size_t kReadBytes = 64 << 10;
constexpr Nanos kRetryFirst = Seconds(1);
constexpr Nanos kRetryMost = Seconds(10);
constexpr Nanos kGoodbyeTime = Seconds(1);  // for a refusal to reach the peer before the connection goes

}  // namespace

class RtmpListener::Connection final : public RtmpSessionHost {
 public:
  Connection(RtmpListener& listener, AcceptedPeer peer)
      : listener_(listener),
        fd_(peer.fd),
        peer_(std::move(peer.address)),
        session_(*this),
        since_(listener.clock_.now()),
        heard_(since_) {}

  ~Connection() override {
    end_stream();
    close(fd_);
  }

  int fd() const { return fd_; }
  const std::string& peer() const { return peer_; }
  const RtmpSession& session() const { return session_; }
  bool done() const { return done_; }
  Instant heard() const { return heard_; }

  short events() const {
    short wanted = 0;
    if (!(pipe_ && pipe_->full())) wanted |= POLLIN;
    if (!output().empty()) wanted |= POLLOUT;
    return wanted;
  }

  void serve(short events) {
    if ((events & POLLIN) != 0) receive();
    if (!output().empty()) send_output();
    const Instant now = listener_.clock_.now();
    if ((events & (POLLERR | POLLHUP | POLLNVAL)) != 0 && (events & POLLIN) == 0) lose("the connection was reset");
    if (leaving_) {
      // Closing with bytes unread would reset the connection and take our last words with it: the peer closes first.
      if (output().empty()) shutdown(fd_, SHUT_WR);
      if (now - leaving_since_ > kGoodbyeTime) done_ = true;
      return;
    }
    if (!session_.publishing() && now - since_ > listener_.options_.stranger_time) {
      ++listener_.now_.refused;
      leave("it connected but did not publish in time");
    } else if (session_.publishing() && now - heard_ > listener_.options_.silence_time && !pipe_->full()) {
      leave("nothing came from it for 10 s");
    }
  }

  /// Ends the publication, sends what is to be said, then closes.
  void leave(const std::string& why) {
    if (leaving_) return;
    leaving_ = true;
    leaving_since_ = listener_.clock_.now();
    const bool published = pipe_ != nullptr;
    end_stream();
    if (published)
      listener_.log_.info(listener_.options_.who, "sender {} left: {}", peer_, why);
    else
      listener_.log_.warning(listener_.options_.who, "connection from {} closed: {}", peer_, why);
  }

  // RtmpSessionHost
  bool serves(std::string_view app) override {
    // Clients cut APP/INSTANCE/KEY at different slashes; the key itself is never compared here.
    const std::string_view ours = listener_.app_;
    return ours.empty() ||
           (ours.starts_with(app) && !app.empty() && (ours.size() == app.size() || ours[app.size()] == '/'));
  }

  Verdict publish(std::string_view path) override {
    const std::string_view expected = listener_.path_;
    const bool right = listener_.any_key_ ? path.starts_with(expected) : equal_secret(path, expected);
    if (!right) {
      ++listener_.now_.refused;
      return Verdict::wrong_key;
    }
    if (!listener_.take_place(*this)) {
      ++listener_.now_.refused;
      return Verdict::busy;
    }
    flv_ = FlvStream();
    pipe_ = listener_.sink_.begin(peer_, "flv");
    since_ = heard_ = listener_.clock_.now();
    return Verdict::accepted;
  }

  Status media(RtmpMessage message) override {
    const auto size = static_cast<std::int64_t>(message.payload.size());
    auto tag = flv_.tag(std::move(message));
    if (!tag) {
      if (tag.error().code == Errc::unsupported) listener_.sink_.unreadable(tag.error().message);
      return std::move(tag).error();
    }
    heard_ = listener_.clock_.now();
    listener_.meter_.add(size);
    listener_.now_.bytes += size;
    if (!pipe_->write(std::move(*tag))) return Error{Errc::cancelled, "its reader ended", nullptr};
    return {};
  }

  void unpublish() override {
    end_stream();
    since_ = listener_.clock_.now();
    listener_.log_.info(listener_.options_.who, "sender {} ended its stream", peer_);
  }

 private:
  std::vector<std::uint8_t>& output() { return session_.output(); }
  const std::vector<std::uint8_t>& output() const { return const_cast<RtmpSession&>(session_).output(); }

  void receive() {
    std::array<std::uint8_t, kReadBytes> buffer;
    const ssize_t count = recv(fd_, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return lose(count == 0 ? "it closed the connection" : "the connection was reset");
    if (leaving_) return;
    if (Status status = session_.receive(std::span(buffer).first(static_cast<std::size_t>(count))); !status) {
      leave(status.error().describe());
    }
  }

  void send_output() {
    const ssize_t count = send(fd_, output().data(), output().size(), MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count < 0) return lose("the connection was reset");
    output().erase(output().begin(), output().begin() + count);
  }

  void lose(const char* why) {
    leave(why);
    output().clear();
    done_ = true;
  }

  void end_stream() {
    if (pipe_) pipe_->close();
    pipe_.reset();
    if (listener_.publisher_ == this) listener_.publisher_ = nullptr;
  }

  RtmpListener& listener_;
  const int fd_;
  const std::string peer_;
  RtmpSession session_;
  FlvStream flv_;
  std::shared_ptr<BytePipe> pipe_;  ///< while publishing
  Instant since_;                   ///< connected, or stopped publishing
  Instant heard_;                   ///< the last media
  Instant leaving_since_{};
  bool leaving_ = false;
  bool done_ = false;
};

RtmpListener::RtmpListener(RtmpListenerOptions options, Clock& clock, Log& log, IngestSink& sink)
    : options_(std::move(options)), clock_(clock), log_(log), sink_(sink) {
  // APP/KEY in the URL, unless the key stands by itself: then the whole path is the application.
  path_ = options_.url.path;
  if (!options_.key.empty()) {
    path_ += (path_.empty() ? "" : "/") + options_.key;
  } else if (path_.find('/') == std::string::npos) {
    any_key_ = true;
    if (!path_.empty()) path_ += '/';
  }
  app_ = path_.substr(0, std::min(path_.rfind('/'), path_.size()));
  if (path_.find('/') == std::string::npos) app_.clear();
}

RtmpListener::~RtmpListener() {
  thread_.stop();
}

void RtmpListener::start() {
  thread_ = NamedThread(options_.thread, [this](std::stop_token stop) { run(std::move(stop)); });
}

ListenerStatus RtmpListener::status() const {
  std::lock_guard lock(mutex_);
  return shown_;
}

std::uint16_t RtmpListener::port() const {
  std::lock_guard lock(mutex_);
  return port_;
}

void RtmpListener::run(std::stop_token stop) {
  Nanos retry = kRetryFirst;
  while (!stop.stop_requested()) {
    if (Status bound = bind_port(); !bound) {
      if (now_.error != bound.error().message) {
        log_.error(options_.who, "{}; trying again until it is free", bound.error().message);
      }
      now_.error = bound.error().message;
      publish_status();
      if (!clock_.wait_until(clock_.now() + retry, stop)) return;
      retry = std::min(retry * 2, kRetryMost);
      continue;
    }
    serve(stop);
    connections_.clear();
    close(listen_fd_);
    listen_fd_ = -1;
  }
}

Status RtmpListener::bind_port() {
  MAINSTAY_TRY(listen_fd_, listen_on(options_.url.host, options_.url.port));
  now_.listening = true;
  now_.error.clear();
  {
    std::lock_guard lock(mutex_);
    port_ = bound_port(listen_fd_);
  }
  publish_status();
  log_.info(options_.who, "waiting for an RTMP sender on {}:{}", options_.url.host, port());
  return {};
}

void RtmpListener::serve(std::stop_token stop) {
  std::vector<pollfd> polled;
  while (!stop.stop_requested()) {
    polled.clear();
    polled.push_back({listen_fd_, POLLIN, 0});
    for (const auto& connection : connections_) polled.push_back({connection->fd(), connection->events(), 0});
    poll(polled.data(), polled.size(), kPollMs);
    for (std::size_t i = 0; i < connections_.size(); ++i) connections_[i]->serve(polled[i + 1].revents);
    std::erase_if(connections_, [](const auto& connection) { return connection->done(); });
    if (polled[0].revents != 0) accept_all();
    meter_.tick(clock_.now());
    publish_status();
  }
}

void RtmpListener::accept_all() {
  for (;;) {
    auto peer = accept_from(listen_fd_);
    if (!peer) {
      if (peer.error().code != Errc::again) log_.warning(options_.who, "{}", peer.error().message);
      return;
    }
    if (connections_.size() >= options_.max_connections) {
      ++now_.refused;
      log_.warning(options_.who, "connection from {} refused: {} stand already", peer->address, connections_.size());
      close(peer->fd);
      continue;
    }
    connections_.push_back(std::make_unique<Connection>(*this, std::move(*peer)));
  }
}

bool RtmpListener::take_place(Connection& connection) {
  if (publisher_ != nullptr) {
    if (clock_.now() - publisher_->heard() < options_.takeover_time) return false;
    publisher_->leave("it was silent, and another sender with the right key took its place");
  }
  publisher_ = &connection;
  ++now_.connects;
  log_.info(options_.who, "sender {} ({}) publishes", connection.peer(), connection.session().client());
  return true;
}

void RtmpListener::publish_status() {
  now_.peer = publisher_ != nullptr ? publisher_->peer() : std::string();
  now_.client = publisher_ != nullptr ? publisher_->session().client() : std::string();
  now_.kbps = meter_.kbps();
  std::lock_guard lock(mutex_);
  shown_ = now_;
}

}  // namespace mainstay
