#include "engine/deliver/srt_transport.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "engine/deliver/rate_window.h"
#include "engine/deliver/srt_line.h"
#include "engine/deliver/srt_watchdog.h"
#include "engine/deliver/ts_pacer.h"
#include "engine/ffi/av/muxer.h"
#include "engine/ffi/net/resolver.h"
#include "engine/ffi/srt/srt_listener.h"
#include "engine/ffi/srt/srt_socket.h"

namespace mainstay {

namespace {

using ffi::SrtListener;
using ffi::SrtMode;
using ffi::SrtOptions;
using ffi::SrtSocket;
using ffi::SrtStats;

constexpr Millis kLeastLatency{120};
constexpr Nanos kLookEvery = Millis{50};
constexpr Nanos kPaceSlice = Millis{5};
// The round trip is not known until some acknowledgements came.
constexpr Nanos kRttSettles = Seconds{3};
// More than this unacknowledged, beyond the round trip: the network does not keep up, so nothing is caught up on.
constexpr Nanos kKeepsUp = Millis{100};
// On a line that is limited: new packets get at least half of it, and libsrt sends no more than this with those that
// are sent again.
constexpr double kMostResentPct = 50;
constexpr std::int64_t kLimiterPct = 105;
// A receiver on a busy machine plays its last packets a little late.
constexpr Nanos kPlaySlack = Millis{50};

/// What the attempts of one leg share.
struct Shared {
  Shared(SrtOptions o, Clock& c, Log& l, std::string w)
      : options(std::move(o)), clock(c), log(l), who(std::move(w)), resolver(c) {}

  const SrtOptions options;
  Clock& clock;
  Log& log;
  const std::string who;
  ffi::Resolver resolver;
  std::unique_ptr<SrtListener> listener;  // mode listener: kept from one attempt to the next
};

class SrtTransport final : public Transport {
 public:
  explicit SrtTransport(std::shared_ptr<Shared> shared)
      : shared_(std::move(shared)),
        clock_(shared_->clock),
        pacer_({}, clock_.now()),
        line_(clock_.now()),
        watchdog_(clock_.now()) {}

  Status open(const std::vector<StreamInfoPtr>& streams, std::stop_token stop) override;
  Status send(const PacketPtr& packet) override;
  Status change_video(const StreamInfoPtr& stream) override;
  Status poll() override;
  TransportStats stats() override;
  void abort() noexcept override { aborted_.request_stop(); }
  void close(Instant deadline) noexcept override;

 private:
  Status connect(const SrtOptions& options);
  Status accept(const SrtOptions& options);
  void log_connected();
  Status pump();
  Status look(Instant now);
  void steer(Instant now, const SrtStats& stats);
  double resent_pct(Instant now);
  void warn_of_latency(const SrtStats& stats);
  void drain(Instant deadline);
  bool pause_until(Instant when) { return clock_.wait_until(when, aborted_.get_token()); }

  const std::shared_ptr<Shared> shared_;
  Clock& clock_;
  std::stop_source aborted_;
  std::unique_ptr<SrtSocket> socket_;
  std::unique_ptr<ffi::Muxer> muxer_;
  std::vector<StreamInfoPtr> streams_;
  TsPacer pacer_;
  LineGauge line_;
  AckWatchdog watchdog_;
  RateWindow rate_;
  // RateWindow counts anything: acknowledgements, packets sent, packets resent.
  RateWindow acks_;
  RateWindow sent_;
  RateWindow resent_;
  SrtStats last_;
  Instant opened_{};
  Instant next_look_{};
  std::int64_t bytes_ = 0;
  std::int64_t packets_ = 0;
  std::int64_t input_rate_ = 0;
  bool blocked_ = false;  // the network takes nothing now
  bool latency_checked_ = false;
};

Status SrtTransport::open(const std::vector<StreamInfoPtr>& streams, std::stop_token stop) {
  const std::stop_callback chain(stop, [this] { aborted_.request_stop(); });
  const bool offline = clock_.offline();
  streams_ = streams;
  const PacerOptions pace{.bytes_per_s = ts_bytes_per_s(streams),
                          .datagram = static_cast<std::size_t>(shared_->options.payload_size),
                          .unlimited = offline};
  pacer_ = TsPacer(pace, clock_.now());
  SrtOptions options = shared_->options;
  input_rate_ = pacer_.steady_rate();
  if (!options.maxbw) options.maxbw = offline ? -1 : 0;
  if (!options.inputbw) options.inputbw = input_rate_;
  MAINSTAY_CHECK(options.mode == SrtMode::listener ? accept(options) : connect(options));

  opened_ = clock_.now();
  next_look_ = opened_;
  watchdog_ = AckWatchdog(opened_);
  line_ = LineGauge(opened_);
  log_connected();
  // TS packets come out one by one and the pacer makes datagrams of them, so that none waits in the muxer.
  const ffi::MuxerOptions container{.container = ffi::Container::mpegts, .options = {}, .buffer_bytes = 188};
  MAINSTAY_TRY(muxer_, ffi::Muxer::open(container, streams, [this](std::span<const std::uint8_t> ts) -> Status {
                 pacer_.push(ts, clock_.now());
                 return {};
               }));
  return {};
}

Status SrtTransport::connect(const SrtOptions& options) {
  auto socket = SrtSocket::connect(options, clock_, shared_->resolver, aborted_.get_token());
  if (!socket) return std::move(socket).error();
  socket_ = std::move(*socket);
  return {};
}

Status SrtTransport::accept(const SrtOptions& options) {
  if (!shared_->listener) {
    MAINSTAY_TRY(shared_->listener, SrtListener::open({.srt = options, .admit = {}, .exclusive = true, .backlog = 1}));
  }
  const Instant deadline = clock_.now() + options.connect_timeout;
  auto socket = shared_->listener->accept(clock_, aborted_.get_token(), deadline);
  // One that called during a back-off may be gone again.
  while (socket && !(*socket)->check()) socket = shared_->listener->accept(clock_, aborted_.get_token(), deadline);
  if (socket) {
    socket_ = std::move(*socket);
    return {};
  }
  if (socket.error().code != Errc::again) return std::move(socket).error();
  return make_error(Errc::io, "no receiver has called {} within {:.1f} s; still listening", options.address(),
                    seconds(options.connect_timeout));
}

void SrtTransport::log_connected() {
  const Millis latency = socket_->peer_latency();
  const char* encrypted = shared_->options.passphrase.empty() ? "not encrypted" : "encrypted";
  shared_->log.info(shared_->who, "SRT connection to {}, latency {} ms (asked for {}), {}", socket_->peer(),
                    latency.count(), shared_->options.latency.count(), encrypted);
}

Status SrtTransport::send(const PacketPtr& packet) {
  if (!socket_ || !muxer_) return Error{Errc::invalid, "an SRT transport was used before it was open", nullptr};
  if (!pacer_.accepts()) {
    MAINSTAY_CHECK(pump());
    if (!pacer_.accepts()) return Error{Errc::again, "the network takes no more for now", nullptr};
  }
  MAINSTAY_CHECK(muxer_->write(*packet));
  ++packets_;
  return pump();
}

// The pace follows at once; what libsrt may send follows the pace (steer()).
Status SrtTransport::change_video(const StreamInfoPtr& stream) {
  if (!muxer_) return Error{Errc::invalid, "an SRT transport was used before it was open", nullptr};
  MAINSTAY_CHECK(muxer_->change(stream));
  for (StreamInfoPtr& known : streams_) {
    if (known->kind == MediaKind::video) known = stream;
  }
  const std::int64_t before = pacer_.steady_rate();
  pacer_.change_rate(ts_bytes_per_s(streams_));
  // More than the line was seen to carry is a try.
  if (pacer_.steady_rate() > before) line_.forget();
  return {};
}

Status SrtTransport::poll() {
  if (!socket_) return Error{Errc::invalid, "an SRT transport was used before it was open", nullptr};
  const Instant now = clock_.now();
  if (now >= next_look_) MAINSTAY_CHECK(look(now));
  MAINSTAY_CHECK(pump());
  if (pacer_.backlog() == 0 || clock_.offline()) return {};
  if (!pause_until(now + kPaceSlice)) return Error{Errc::cancelled, "stopped", nullptr};
  return pump();
}

// Sends what is due.
Status SrtTransport::pump() {
  blocked_ = line_.full() && !clock_.offline();
  while (!blocked_) {
    const Instant now = clock_.now();
    const auto datagram = pacer_.due(now);
    if (datagram.empty()) break;
    const Status sent = socket_->send(datagram);
    if (!sent && sent.error().code == Errc::again) {
      blocked_ = true;
      break;
    }
    if (!sent) return sent.error();
    bytes_ += static_cast<std::int64_t>(datagram.size());
    rate_.add(now, static_cast<std::int64_t>(datagram.size()));
    pacer_.pop();
  }
  return {};
}

// Looks at libsrt's figures: is the receiver there, and does the network keep up?
Status SrtTransport::look(Instant now) {
  next_look_ = now + kLookEvery;
  MAINSTAY_CHECK(socket_->check());
  const SrtStats stats = socket_->stats();
  acks_.add(now, stats.acks - last_.acks);
  sent_.add(now, stats.sent_packets - last_.sent_packets);
  resent_.add(now, stats.resent_packets - last_.resent_packets);
  last_ = stats;
  if (clock_.offline()) return {};  // its time is not the network's
  // One that misses a packet acknowledges nothing more until it comes, but says what it misses.
  watchdog_.update(now, stats.acks + stats.naks, stats.unacked_packets > 0, stats.rtt);
  if (watchdog_.lost()) {
    return make_error(Errc::io, "no acknowledgement for {:.1f} s: the receiver hangs or the network is cut",
                      seconds(watchdog_.silence()));
  }
  steer(now, stats);
  if (!latency_checked_ && now - opened_ >= kRttSettles) warn_of_latency(stats);
  return {};
}

void SrtTransport::steer(Instant now, const SrtStats& stats) {
  line_.update(now, {.unacked = stats.unacked,
                     .rtt = stats.rtt,
                     .latency = stats.peer_latency,
                     .acked = bytes_ - socket_->unacked_bytes(),
                     .kept = (stats.sent_packets - stats.lost_packets) * shared_->options.payload_size,
                     .resent_pct = resent_pct(now)});
  pacer_.allow_catch_up(stats.unacked <= stats.rtt + kKeepsUp);
  const auto limit = line_.limit();
  // What is sent again takes its part of the line.
  const double resent = std::min(resent_pct(now), kMostResentPct) / 100;
  pacer_.limit(limit ? std::optional(static_cast<std::int64_t>(static_cast<double>(*limit) * (1 - resent)))
                     : std::nullopt);
  // libsrt's own limiter stays above our pace, so that nothing waits behind it, and is lowered again, since what it
  // allows on top is what resending may take.
  const std::int64_t wanted =
      pacer_.limited() ? *limit * kLimiterPct / (100 + shared_->options.oheadbw) : pacer_.rate();
  const bool raise = wanted > input_rate_;
  const bool lower = wanted <= pacer_.steady_rate() && input_rate_ > wanted;
  if (shared_->options.inputbw || !(raise || lower)) return;
  if (socket_->set_input_rate(wanted)) input_rate_ = wanted;
}

double SrtTransport::resent_pct(Instant now) {
  const double sent = sent_.kbps(now);
  return sent > 0 ? 100 * resent_.kbps(now) / sent : 0;
}

void SrtTransport::warn_of_latency(const SrtStats& stats) {
  latency_checked_ = true;
  constexpr int kRoundTrips = 3;
  if (stats.peer_latency >= stats.rtt * kRoundTrips) return;
  const auto rtt = std::chrono::duration_cast<Millis>(stats.rtt);
  shared_->log.warning(shared_->who,
                       "latency {} ms is less than three round trips of {} ms: lost packets may come too late; set "
                       "latency_ms to {} or more",
                       stats.peer_latency.count(), rtt.count(), rtt.count() * kRoundTrips);
}

TransportStats SrtTransport::stats() {
  TransportStats out;
  if (!socket_) return out;
  const Instant now = clock_.now();
  out.bytes = bytes_;
  out.packets = packets_;
  out.dropped = last_.dropped_packets;
  out.send_kbps = rate_.kbps(now);
  // What the pacer holds is intended, unless the network holds it.
  out.queued = last_.unacked + (blocked_ ? pacer_.backlog_time() : pacer_.limited_time());
  out.rtt = last_.rtt;
  out.acknowledged = watchdog_.last_ack();
  out.details = socket_->details();
  const double latency_ms = std::max(1.0, static_cast<double>(last_.peer_latency.count()));
  const auto ms = [](Nanos t) { return seconds(t) * 1000; };
  out.resent_pct = resent_pct(now);
  out.details.emplace_back("retransmitted_pct", out.resent_pct);
  out.details.emplace_back("retransmitted_total_pct", last_.resent_pct());
  out.details.emplace_back("send_buffer_of_latency_pct", 100 * static_cast<double>(last_.unacked.count()) / latency_ms);
  out.details.emplace_back("acks_per_s", acks_.kbps(now) * 1000 / 8);
  out.details.emplace_back("ack_silence_ms", ms(watchdog_.silence()));
  out.details.emplace_back("pacing_ms", ms(pacer_.backlog_time()));
  out.details.emplace_back("pacing_kbps", static_cast<double>(pacer_.rate()) * 8 / 1000);
  if (line_.most_unacked() < Nanos::max()) out.details.emplace_back("line_full_at_ms", ms(line_.most_unacked()));
  if (const auto limit = line_.limit()) {
    out.details.emplace_back("line_limit_kbps", static_cast<double>(*limit) * 8 / 1000);
  }
  return out;
}

void SrtTransport::close(Instant deadline) noexcept {
  try {
    if (socket_ && muxer_) drain(deadline);
  } catch (...) {
    // An orderly end is a courtesy; the connection goes either way.
  }
  if (socket_) socket_->close();
  shared_->listener.reset();
}

// Sends what is left, waits until it is acknowledged, and then until the receiver has played it: some receivers throw
// away what they hold when they hear of the end.
void SrtTransport::drain(Instant deadline) {
  if (!muxer_->finish()) return;
  pacer_.drain_within(std::clamp(deadline - clock_.now(), Nanos{0}, Nanos{Millis{400}}) / 2);
  next_look_ = clock_.now();
  Instant played = kNever;
  while (clock_.now() < std::min(deadline, played)) {
    const Instant now = clock_.now();
    if (now >= next_look_ && !look(now)) return;
    if (!pump()) return;
    if (played == kNever && pacer_.backlog() == 0 && socket_->unacked_bytes() == 0) {
      played = now + last_.peer_latency + last_.rtt + kPlaySlack;
    }
    if (clock_.offline() || !pause_until(now + kPaceSlice)) return;
  }
}

}  // namespace

Result<ffi::SrtOptions> srt_leg_options(const show::LegConfig& resolved) {
  MAINSTAY_TRY(SrtOptions options, ffi::parse_srt_url(resolved.url));
  const show::LegConfig defaults;
  if (!resolved.key.empty()) {
    return make_error(Errc::invalid, "\"key\" belongs to RTMP; an SRT destination names its stream with \"streamid\"");
  }
  if (!resolved.passphrase.empty()) options.passphrase = resolved.passphrase;
  if (!resolved.streamid.empty()) options.streamid = resolved.streamid;
  if (resolved.latency != defaults.latency) options.latency = resolved.latency;
  options.latency = std::max(options.latency, kLeastLatency);
  if (resolved.connect_timeout != defaults.connect_timeout) options.connect_timeout = resolved.connect_timeout;
  // The sender chooses the key's length.
  if (options.pbkeylen == 0 || resolved.pbkeylen != defaults.pbkeylen) options.pbkeylen = resolved.pbkeylen;
  MAINSTAY_CHECK(ffi::validate(options));
  return options;
}

std::int64_t ts_bytes_per_s(const std::vector<StreamInfoPtr>& streams) {
  constexpr std::int64_t kTables = 2 * 188 * 10 + 188 * 25;  // PAT and PMT every 100 ms, PCR alone every 40 ms at worst
  constexpr double kPerPacket = 19 + 94;                     // PES header, and half a TS packet of stuffing on average
  constexpr int kVideoGuess = 6000;                          // where an encoder does not say
  constexpr int kAudioGuess = 160;
  double total = kTables;
  for (const StreamInfoPtr& s : streams) {
    const bool video = s->kind == MediaKind::video;
    const int kbps = s->kbps > 0 ? s->kbps : video ? kVideoGuess : kAudioGuess;
    const double packets = video                  ? s->rate.fps()
                           : s->frame_samples > 0 ? static_cast<double>(s->sample_rate) / s->frame_samples
                                                  : 50;
    total += kbps * 125.0 * 188 / 184 + packets * kPerPacket;
  }
  return static_cast<std::int64_t>(total);
}

Result<TransportFactory> make_srt_transport(const show::LegConfig& resolved, Clock& clock, Log& log, std::string who) {
  MAINSTAY_TRY(SrtOptions options, srt_leg_options(resolved));
  log.redactor().add(options.passphrase);
  if (resolved.streamid.empty()) log.redactor().add(options.streamid);
  auto shared = std::make_shared<Shared>(std::move(options), clock, log, std::move(who));
  return TransportFactory([shared]() -> Result<std::unique_ptr<Transport>> {
    return std::unique_ptr<Transport>(std::make_unique<SrtTransport>(shared));
  });
}

}  // namespace mainstay
