#include "engine/ffi/rtmp/rtmp_client.h"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/ffi/rtmp/peer_watch.h"
#include "engine/ffi/rtmp/rtmp_session.h"
#include "engine/ffi/rtmp/rtmp_writer.h"

namespace mainstay::ffi {

namespace {

constexpr std::size_t kReadAtOnce = 16 << 10;
constexpr int kMostReads = 4;  // in one go: 64 KiB, so that a talkative server cannot hold the leg
constexpr int kCommandChannel = 3;
constexpr Millis kTrial{1000};
constexpr Millis kConfirmation{500};

int channel_of(RtmpMessageType type) {
  switch (type) {
    case RtmpMessageType::audio:
      return 4;
    case RtmpMessageType::data:
      return 5;
    case RtmpMessageType::video:
      break;
  }
  return 6;
}

class Client final : public RtmpClient {
 public:
  Client(const RtmpOptions& options, Clock& clock, AbortSignal& abort, TcpSocket socket)
      : options_(options),
        clock_(clock),
        abort_(abort),
        socket_(std::move(socket)),
        watch_(clock.now(), PeerWatch::window_for(options.kbps)) {}

  Status open(Instant deadline);

  bool busy() const override { return writer_->busy(); }
  std::vector<std::uint8_t>& body() override { return writer_->buffer(); }
  Status send(RtmpMessageType type, std::uint32_t timestamp, Nanos decode_time) override;
  Status service(Nanos wait) override;
  std::int64_t rtmp_bytes() const override { return writer_->rtmp_bytes(); }
  RtmpStats stats() override;
  void close(Instant deadline) noexcept override;

 private:
  RtmpSession make_session();
  Status read();
  Status gone(Error why);
  Result<std::size_t> read_some(std::span<std::uint8_t> into);
  void heard(RtmpSession::Heard what, std::uint32_t value);
  Status flush();
  Status watch();
  Status lost(Error why);
  Status send_commands();
  void finish(Instant deadline);

  const RtmpOptions options_;
  Clock& clock_;
  AbortSignal& abort_;
  TcpSocket socket_;
  std::unique_ptr<TlsClient> tls_;
  std::unique_ptr<RtmpWriter> writer_;
  std::optional<RtmpSession> session_;
  PeerWatch watch_;
  std::vector<std::pair<std::uint32_t, std::vector<std::uint8_t>>> commands_;  // a handful, while opening and closing
  Nanos slowest_write_{0};
  bool live_ = false;
  Instant live_since_{};
  bool dead_ = false;
};

RtmpSession Client::make_session() {
  RtmpSession::Out out;
  out.raw = [this](auto bytes) { writer_->raw(bytes); };
  // One that does not fit is an answer to a server that asks faster than it reads; it can do without.
  out.control = [this](auto type, auto bytes) { writer_->urgent(type, bytes); };
  out.command = [this](auto stream, const auto& bytes) { commands_.emplace_back(stream, bytes); };
  const auto seed = static_cast<std::uint32_t>(clock_.now().time_since_epoch().count());
  return RtmpSession(options_.target, PeerWatch::window_for(options_.kbps), seed, std::move(out));
}

Status Client::open(Instant deadline) {
  const RtmpTarget& target = options_.target;
  if (target.tls) {
    MAINSTAY_TRY(tls_, TlsClient::handshake(socket_.fd(), target.host, options_.trust, options_.tls_verify, clock_,
                                            deadline, abort_));
  }
  MAINSTAY_TRY(writer_, RtmpWriter::make(socket_, tls_.get()));
  session_.emplace(make_session());
  session_->start();
  while (session_->step() != RtmpStep::live) {
    MAINSTAY_CHECK(flush());
    MAINSTAY_CHECK(read());
    MAINSTAY_CHECK(send_commands());
    if (session_->step() == RtmpStep::live) break;
    const Ready what = writer_->busy() ? Ready::read_or_write : Ready::read;
    if (auto ready = wait_ready(socket_.fd(), what, clock_, deadline, abort_); !ready) {
      if (ready.error().code != Errc::again) return ready;
      return make_error(Errc::io, "{} did not answer in time: still waiting for {}", socket_.peer(),
                        waiting_for(session_->step()));
    }
  }
  watch_ = PeerWatch(clock_.now(), PeerWatch::window_for(options_.kbps));
  return {};
}

// Commands are small: they go as ordinary messages, one after the other.
Status Client::send_commands() {
  while (!commands_.empty()) {
    MAINSTAY_CHECK(flush());
    if (writer_->busy()) return {};
    auto& [stream, bytes] = commands_.front();
    auto& buffer = writer_->buffer();
    buffer.insert(buffer.end(), bytes.begin(), bytes.end());
    writer_->use_large_chunks();  // connect comes after Set Chunk Size
    writer_->begin(kCommandChannel, 20, 0, stream);
    commands_.erase(commands_.begin());
  }
  return flush();
}

Status Client::send(RtmpMessageType type, std::uint32_t timestamp, Nanos decode_time) {
  if (dead_) return make_error(Errc::io, "the connection is lost");
  const auto bytes = static_cast<std::int64_t>(writer_->pending_bytes());
  writer_->begin(channel_of(type), static_cast<std::uint8_t>(type), timestamp, session_->stream_id());
  watch_.sent(writer_->rtmp_bytes() + bytes, writer_->wire_bytes() + bytes, decode_time);
  return flush();
}

// Writes what goes; that something is left is no error here.
Status Client::flush() {
  const Instant start = clock_.now();
  auto written = writer_->flush();
  slowest_write_ = std::max(slowest_write_, clock_.now() - start);
  if (written || written.error().code == Errc::again) return {};
  return lost(std::move(written).error());
}

Result<std::size_t> Client::read_some(std::span<std::uint8_t> into) {
  return tls_ ? tls_->read(into) : socket_.read(into);
}

Status Client::read() {
  std::array<std::uint8_t, kReadAtOnce> bytes;
  for (int i = 0; i < kMostReads; ++i) {
    auto got = read_some(bytes);
    if (!got) {
      if (got.error().code == Errc::again) return {};
      return gone(std::move(got).error());
    }
    auto taken = session_->feed(std::span(bytes).first(*got), [this](auto what, auto value) { heard(what, value); });
    if (!taken) {
      dead_ = true;
      return taken;
    }
    if (!live_ && session_->step() == RtmpStep::live) {
      live_ = true;
      live_since_ = clock_.now();
    }
  }
  return {};
}

// Nothing more can be read. While opening, what the server was asked for last says most.
Status Client::gone(Error why) {
  dead_ = true;
  if (abort_.raised()) return AbortSignal::cancelled();
  std::string hint = session_->hang_up_hint();
  // Some servers say yes to publish and check the key after that.
  if (hint.empty() && clock_.now() - live_since_ < kTrial) {
    hint = "as soon as it was asked to publish: wrong stream key, or not allowed?";
  }
  if (!hint.empty()) return make_error(Errc::io, "{} closed the connection {}", socket_.peer(), hint);
  if (why.code == Errc::end) return make_error(Errc::io, "{} closed the connection", socket_.peer());
  return why;
}

void Client::heard(RtmpSession::Heard what, std::uint32_t value) {
  const Instant now = clock_.now();
  switch (what) {
    case RtmpSession::Heard::something:
      return watch_.heard(now);
    case RtmpSession::Heard::acknowledgement:
      return watch_.acknowledged(now, value);
    case RtmpSession::Heard::pong:
      return watch_.ping_answered(now);
  }
}

// A write failed. What the server said before it closed is the better reason.
Status Client::lost(Error why) {
  dead_ = true;
  if (abort_.raised()) return AbortSignal::cancelled();
  if (session_) {
    if (auto last = read(); !last) return last;
  }
  return why;
}

Status Client::watch() {
  const Instant now = clock_.now();
  const TcpInfo tcp = socket_.info();
  if (watch_.ping_due(now)) {
    session_->ping(static_cast<std::uint32_t>(now.time_since_epoch() / Millis{1}));
    MAINSTAY_CHECK(flush());
    watch_.pinged(now, writer_->wire_bytes());
  }
  auto alive = watch_.check(now, writer_->wire_bytes(), tcp.queued_bytes);
  if (!alive) dead_ = true;
  return alive;
}

Status Client::service(Nanos wait) {
  if (abort_.raised()) return AbortSignal::cancelled();
  if (dead_) return make_error(Errc::io, "the connection is lost");
  MAINSTAY_CHECK(read());
  MAINSTAY_CHECK(flush());
  if (writer_->busy() && wait > Nanos{0}) {
    auto ready = wait_ready(socket_.fd(), Ready::read_or_write, clock_, clock_.now() + wait, abort_);
    if (!ready && ready.error().code != Errc::again) return ready;
    MAINSTAY_CHECK(read());
    MAINSTAY_CHECK(flush());
  }
  return watch();
}

RtmpStats Client::stats() {
  RtmpStats out;
  out.rtmp_bytes = writer_->rtmp_bytes();
  out.wire_bytes = writer_->wire_bytes();
  out.pending_bytes = static_cast<std::int64_t>(writer_->pending_bytes());
  out.queued = watch_.queued();
  out.unanswered_bytes = watch_.unanswered_bytes();
  out.acknowledges = watch_.acknowledges();
  out.answers_pings = watch_.answers_pings();
  if (out.acknowledges || out.answers_pings) out.answered = watch_.last_heard();
  out.slowest_write = std::exchange(slowest_write_, Nanos{0});
  out.tcp = socket_.info();
  return out;
}

void Client::close(Instant deadline) noexcept {
  try {
    if (!dead_ && !abort_.raised()) finish(deadline);
  } catch (const std::exception&) {
    // Out of memory for two small messages: the server learns of the end from the socket.
  }
  dead_ = true;
  socket_.shut_down();
}

void Client::finish(Instant deadline) {
  session_->unpublish();
  while (true) {
    if (!send_commands() || !read()) return;
    if (commands_.empty() && !writer_->busy()) break;
    if (!wait_ready(socket_.fd(), Ready::read_or_write, clock_, deadline, abort_)) return;
  }
  // Closed too early, the last pictures would be lost: to a TLS terminator that drops what it holds when its client
  // goes, or to our own kernel, which resets a connection with unread input. Servers that confirm nothing get a moment.
  const Instant confirmed_by = std::min(deadline, clock_.now() + kConfirmation);
  while (!session_->unpublished() && wait_ready(socket_.fd(), Ready::read, clock_, confirmed_by, abort_)) {
    if (!read()) return;
  }
  if (tls_) tls_->say_goodbye();
  socket_.end_writing();
  while (read() &&
         wait_ready(socket_.fd(), Ready::read, clock_, std::min(deadline, clock_.now() + kConfirmation), abort_)) {
  }
}

}  // namespace

Result<std::unique_ptr<RtmpClient>> RtmpClient::connect(const RtmpOptions& options, Resolver& resolver, Clock& clock,
                                                        Instant deadline, AbortSignal& abort) {
  const RtmpTarget& target = options.target;
  MAINSTAY_TRY(const auto addresses, resolver.resolve(target.host, deadline, abort.token()));
  MAINSTAY_TRY(TcpSocket socket, TcpSocket::connect(addresses, target.port, clock, deadline, abort));
  auto client = std::make_unique<Client>(options, clock, abort, std::move(socket));
  MAINSTAY_CHECK(client->open(deadline));
  return std::unique_ptr<RtmpClient>(std::move(client));
}

}  // namespace mainstay::ffi
