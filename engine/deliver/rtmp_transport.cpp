#include "engine/deliver/rtmp_transport.h"

#include <algorithm>
#include <deque>
#include <exception>
#include <utility>

#include "engine/deliver/flv.h"
#include "engine/deliver/rate_window.h"
#include "engine/ffi/rtmp/rtmp_client.h"

namespace mainstay {

namespace {

using ffi::RtmpMessageType;

constexpr Millis kPollWait{20};

// What all transports of a leg share. Used on the leg's thread only.
struct Leg {
  Leg(show::LegConfig leg_config, ffi::RtmpTarget leg_target, Clock& leg_clock, Log& leg_log, std::string leg_who)
      : config(std::move(leg_config)),
        target(std::move(leg_target)),
        clock(leg_clock),
        log(leg_log),
        who(std::move(leg_who)),
        resolver(leg_clock) {}

  const show::LegConfig config;
  const ffi::RtmpTarget target;
  Clock& clock;
  Log& log;
  const std::string who;
  ffi::Resolver resolver;
  std::shared_ptr<const ffi::TlsTrust> trust;  // loaded when first needed
};

RtmpMessageType type_of(const StreamInfo& stream) {
  return stream.kind == MediaKind::video ? RtmpMessageType::video : RtmpMessageType::audio;
}

class RtmpTransport final : public Transport {
 public:
  explicit RtmpTransport(std::shared_ptr<Leg> leg) : leg_(std::move(leg)) {}

  Status open(const std::vector<StreamInfoPtr>& streams, std::stop_token stop) override;
  Status send(const PacketPtr& packet) override;
  Status change_video(const StreamInfoPtr& stream) override;
  Status poll() override;
  TransportStats stats() override;
  void abort() noexcept override { abort_.raise(); }
  void close(Instant deadline) noexcept override;

 private:
  Status prepare(const std::vector<StreamInfoPtr>& streams);
  Status connect(const std::vector<StreamInfoPtr>& streams);
  Status send_headers(const Packet& first);

  const std::shared_ptr<Leg> leg_;
  ffi::AbortSignal abort_;
  std::vector<FlvTrack> tracks_;
  std::unique_ptr<ffi::RtmpClient> client_;
  std::deque<std::size_t> headers_due_;  // 0: the metadata; n: of track n - 1
  std::int64_t packets_ = 0;
  std::int64_t counted_ = 0;  // bytes that rate_ knows of
  RateWindow rate_;
};

// Nothing of this can change by trying again; it fails before the network is touched.
Status RtmpTransport::prepare(const std::vector<StreamInfoPtr>& streams) {
  for (const StreamInfoPtr& stream : streams) {
    MAINSTAY_TRY(FlvTrack track, FlvTrack::make(stream));
    for (const FlvTrack& other : tracks_) {
      if (other.stream()->kind == stream->kind) {
        return make_error(Errc::invalid, "RTMP carries one {} stream: choose between '{}' and '{}'",
                          stream->kind == MediaKind::video ? "video" : "audio", other.stream()->name, stream->name);
      }
    }
    tracks_.push_back(std::move(track));
  }
  for (std::size_t i = 0; i <= tracks_.size(); ++i) headers_due_.push_back(i);
  if (tracks_.empty()) return make_error(Errc::invalid, "there is no stream to send");
  if (leg_->target.tls && !leg_->trust) {
    MAINSTAY_TRY(leg_->trust, ffi::TlsTrust::load(leg_->config.tls_ca_file, leg_->config.tls_verify));
  }
  return {};
}

Status RtmpTransport::open(const std::vector<StreamInfoPtr>& streams, std::stop_token stop) {
  const std::stop_callback on_stop(stop, [this] { abort_.raise(); });
  try {
    MAINSTAY_CHECK(prepare(streams));
    return connect(streams);
  } catch (const std::exception& e) {
    return make_error(Errc::io, "cannot open the connection: {}", e.what());
  }
}

Status RtmpTransport::connect(const std::vector<StreamInfoPtr>& streams) {
  ffi::RtmpOptions options;
  options.target = leg_->target;
  options.tls_verify = leg_->config.tls_verify;
  options.trust = leg_->trust;
  for (const StreamInfoPtr& stream : streams) options.kbps += stream->kbps;
  const Instant start = leg_->clock.now();
  const Instant deadline = start + leg_->config.connect_timeout;
  MAINSTAY_TRY(client_, ffi::RtmpClient::connect(options, leg_->resolver, leg_->clock, deadline, abort_));
  leg_->log.debug(leg_->who, "connected and publishing after {} ms", (leg_->clock.now() - start) / Millis{1});
  return {};
}

// The headers carry the time of the first packet: a server that takes its epoch from them sees no jump, after a
// reconnect the timeline just goes on, and no media time seems to wait between them and it.
Status RtmpTransport::send_headers(const Packet& first) {
  while (!headers_due_.empty()) {
    if (client_->busy()) return {};
    RtmpMessageType type = RtmpMessageType::data;
    if (headers_due_.front() == 0) {
      std::vector<StreamInfoPtr> streams;
      for (const FlvTrack& track : tracks_) streams.push_back(track.stream());
      append_flv_metadata(streams, client_->body());
    } else {
      const FlvTrack& track = tracks_[headers_due_.front() - 1];
      track.append_header(client_->body());
      type = type_of(*track.stream());
    }
    headers_due_.pop_front();
    MAINSTAY_CHECK(client_->send(type, flv_timestamp(first), first.decode_time()));
  }
  return {};
}

Status RtmpTransport::send(const PacketPtr& packet) {
  if (!client_) return make_error(Errc::io, "not connected");
  if (abort_.raised()) return ffi::AbortSignal::cancelled();
  const auto track = std::find_if(tracks_.begin(), tracks_.end(), [&](const FlvTrack& t) {
    return t.stream() == packet->stream || t.stream()->name == packet->stream->name;
  });
  if (track == tracks_.end()) {
    return make_error(Errc::invalid, "the stream '{}' is not one this leg was opened for", packet->stream->name);
  }
  try {
    if (client_->busy()) MAINSTAY_CHECK(client_->service(Nanos{0}));
    MAINSTAY_CHECK(send_headers(*packet));
    if (client_->busy()) return make_error(Errc::again, "the network takes no more now");
    MAINSTAY_CHECK(track->append(*packet, client_->body()));
    MAINSTAY_CHECK(client_->send(type_of(*packet->stream), flv_timestamp(*packet), packet->decode_time()));
  } catch (const std::exception& e) {
    return make_error(Errc::io, "cannot send a packet of {} bytes: {}", packet->bytes.size(), e.what());
  }
  ++packets_;
  return {};
}

// Its size in the metadata, then its sequence header, as at the start: both with the time of its IDR.
Status RtmpTransport::change_video(const StreamInfoPtr& stream) {
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    if (tracks_[i].stream()->kind != MediaKind::video) continue;
    MAINSTAY_TRY(tracks_[i], FlvTrack::make(stream));
    for (const std::size_t header : {std::size_t{0}, i + 1}) {
      if (std::find(headers_due_.begin(), headers_due_.end(), header) == headers_due_.end())
        headers_due_.push_back(header);
    }
    return {};
  }
  return make_error(Errc::unsupported, "the connection has no video that '{}' could follow", stream->name);
}

Status RtmpTransport::poll() {
  if (!client_) return make_error(Errc::io, "not connected");
  try {
    MAINSTAY_CHECK(client_->service(kPollWait));
  } catch (const std::exception& e) {
    return make_error(Errc::io, "the connection failed: {}", e.what());
  }
  const std::int64_t bytes = client_->rtmp_bytes();
  rate_.add(leg_->clock.now(), bytes - std::exchange(counted_, bytes));
  return {};
}

TransportStats RtmpTransport::stats() {
  TransportStats out;
  if (!client_) return out;
  const ffi::RtmpStats rtmp = client_->stats();
  out.bytes = rtmp.rtmp_bytes;
  out.packets = packets_;
  out.send_kbps = rate_.kbps(leg_->clock.now());
  out.queued = rtmp.queued;
  out.rtt = rtmp.tcp.rtt;
  out.acknowledged = rtmp.answered;
  out.details = {
      {"queued_bytes", static_cast<double>(rtmp.tcp.queued_bytes + rtmp.pending_bytes)},
      {"unsent_bytes", static_cast<double>(rtmp.tcp.unsent_bytes)},
      {"unanswered_bytes", static_cast<double>(rtmp.unanswered_bytes)},
      {"slowest_write_ms", seconds(rtmp.slowest_write) * 1000},
      {"retransmits", static_cast<double>(rtmp.tcp.retransmits)},
      {"acknowledges", rtmp.acknowledges ? 1.0 : 0.0},
      {"answers_pings", rtmp.answers_pings ? 1.0 : 0.0},
  };
  return out;
}

void RtmpTransport::close(Instant deadline) noexcept {
  if (client_) client_->close(deadline);
}

}  // namespace

Result<TransportFactory> make_rtmp_transport(const show::LegConfig& resolved, Clock& clock, Log& log, std::string who) {
  MAINSTAY_TRY(ffi::RtmpTarget target, ffi::parse_rtmp_url(resolved.url, resolved.key));
  for (std::string& secret : target.secrets()) log.redactor().add(std::move(secret));
  auto leg = std::make_shared<Leg>(resolved, std::move(target), clock, log, std::move(who));
  return TransportFactory([leg]() -> Result<std::unique_ptr<Transport>> {
    return std::unique_ptr<Transport>(std::make_unique<RtmpTransport>(leg));
  });
}

}  // namespace mainstay
