#include "engine/sources/ingest/srt_listener_link.h"

#include <algorithm>
#include <array>

namespace mainstay {

namespace {

constexpr Nanos kRetryFirst = Seconds(1);
constexpr Nanos kRetryMost = Seconds(10);
constexpr Nanos kWaitForCaller = Millis(50);
constexpr Millis kWaitForData{20};
constexpr std::size_t kDatagram = 1500;
constexpr std::size_t kBatch = 64 << 10;

}  // namespace

SrtListenerLink::SrtListenerLink(SrtLinkOptions options, Clock& clock, Log& log, IngestSink& sink)
    : options_(std::move(options)), clock_(clock), log_(log), sink_(sink) {}

SrtListenerLink::~SrtListenerLink() {
  thread_.stop();
}

void SrtListenerLink::start() {
  thread_ = NamedThread(options_.thread, [this](std::stop_token stop) { run(std::move(stop)); });
}

ListenerStatus SrtListenerLink::status() const {
  std::lock_guard lock(mutex_);
  return shown_;
}

std::uint16_t SrtListenerLink::port() const {
  std::lock_guard lock(mutex_);
  return port_;
}

ffi::SrtVerdict SrtListenerLink::admit(const ffi::SrtCaller& caller) const {
  const ffi::SrtStreamid id = ffi::parse_streamid(caller.streamid);
  if (id.mode == "request") return ffi::SrtVerdict::bad_mode;
  if (!options_.key.empty()) {
    if (caller.streamid.empty()) return ffi::SrtVerdict::unauthorized;
    const bool whole = ffi::same_key(caller.streamid, options_.key);
    const bool resource = ffi::same_key(id.resource, options_.key);
    if (!whole && !resource) return ffi::SrtVerdict::forbidden;
  }
  const std::int64_t heard = heard_ns_;
  if (heard < 0) return ffi::SrtVerdict::accept;
  const Nanos silent = clock_.now().time_since_epoch() - Nanos(heard);
  return silent < options_.takeover_time ? ffi::SrtVerdict::conflict : ffi::SrtVerdict::accept;
}

void SrtListenerLink::run(std::stop_token stop) {
  Nanos retry = kRetryFirst;
  while (!stop.stop_requested()) {
    auto listener = ffi::SrtListener::open(
        {.srt = options_.srt, .admit = [this](const ffi::SrtCaller& caller) { return admit(caller); }});
    if (!listener) {
      const std::string error = listener.error().describe();
      if (now_.error != error) log_.error(options_.who, "{}; trying again until it works", error);
      now_.error = error;
      publish_status();
      if (!clock_.wait_until(clock_.now() + retry, stop)) return;
      retry = std::min(retry * 2, kRetryMost);
      continue;
    }
    now_.listening = true;
    now_.error.clear();
    {
      std::lock_guard lock(mutex_);
      port_ = static_cast<std::uint16_t>((*listener)->port());
    }
    log_.info(options_.who, "waiting for an SRT sender on {}", options_.srt.address());
    serve(**listener, stop);
    let_go("the ingest stops");
  }
}

void SrtListenerLink::serve(ffi::SrtListener& listener, std::stop_token stop) {
  Instant look_again{};
  while (!stop.stop_requested()) {
    const Instant now = clock_.now();
    if (!socket_ || now >= look_again) {
      auto caller = listener.accept(clock_, stop, socket_ ? now : now + kWaitForCaller);
      look_again = clock_.now() + kWaitForCaller;
      if (caller) {
        let_in(std::move(*caller));
      } else if (caller.error().code != Errc::again && caller.error().code != Errc::cancelled) {
        log_.warning(options_.who, "{}", caller.error().describe());
        if (!clock_.wait_until(clock_.now() + kRetryFirst, stop)) return;
      }
    }
    if (socket_) receive(stop);
    now_.refused = listener.refused();
    meter_.tick(clock_.now());
    publish_status();
  }
}

void SrtListenerLink::let_in(std::unique_ptr<ffi::SrtSocket> socket) {
  let_go("it was silent, and another sender took its place");
  socket_ = std::move(socket);
  heard_ns_ = clock_.now().time_since_epoch().count();
  ++now_.connects;
  log_.info(options_.who, "sender {} is connected", socket_->peer());
  pipe_ = sink_.begin(socket_->peer(), "mpegts");
}

void SrtListenerLink::let_go(const std::string& why) {
  heard_ns_ = -1;
  if (pipe_) pipe_->close();
  pipe_.reset();
  if (!socket_) return;
  log_.info(options_.who, "sender {} left: {}", socket_->peer(), why);
  socket_.reset();
}

void SrtListenerLink::receive(std::stop_token stop) {
  ByteChunk batch;
  std::array<std::uint8_t, kDatagram> datagram;
  Millis wait = kWaitForData;
  std::optional<Error> lost;
  while (batch.size() < kBatch) {
    auto count = socket_->receive(datagram, wait);
    if (!count) {
      if (count.error().code != Errc::again) lost = std::move(count).error();
      break;
    }
    batch.insert(batch.end(), datagram.begin(), datagram.begin() + static_cast<std::ptrdiff_t>(*count));
    wait = Millis(0);  // what is there already
  }
  const Instant now = clock_.now();
  if (!batch.empty()) {
    heard_ns_ = now.time_since_epoch().count();
    meter_.add(static_cast<std::int64_t>(batch.size()));
    now_.bytes += static_cast<std::int64_t>(batch.size());
    if (!pipe_->write(std::move(batch), stop))
      lost = Error{Errc::cancelled, "its stream is not read any more", nullptr};
  }
  if (lost) return let_go(lost->code == Errc::end ? "it closed the connection or was lost" : lost->describe());
  if (now.time_since_epoch() - Nanos(heard_ns_.load()) > options_.silence_time) let_go("nothing came from it for 10 s");
}

void SrtListenerLink::publish_status() {
  now_.peer = socket_ ? socket_->peer() : std::string();
  now_.kbps = meter_.kbps();
  std::lock_guard lock(mutex_);
  shown_ = now_;
}

}  // namespace mainstay
