#include "engine/deliver/leg_session.h"

#include <algorithm>
#include <utility>

namespace mainstay {

namespace {

constexpr Nanos kLookEvery = Millis(100);
constexpr Nanos kRefusedPause = Millis(5);
// A poll that takes longer has waited to send what the transport holds and paces: the next one follows at once.
constexpr Nanos kBusy = Millis(1);

}  // namespace

LegSession::LegSession(Clock& clock, CallWatch& watch, Host& host, SessionLimits limits, Transport& transport,
                       std::vector<StreamInfoPtr> streams, Subscription& subscription, Selection selection,
                       StepPolicy& steps)
    : clock_(clock),
      watch_(watch),
      host_(host),
      limits_(limits),
      transport_(transport),
      streams_(std::move(streams)),
      subscription_(subscription),
      selection_(std::move(selection)),
      steps_(steps),
      rungs_(selection_.video),
      congestion_(limits.congestion) {
  const Instant now = clock_.now();
  began_ = last_progress_ = last_byte_ = last_poll_ = next_look_ = end_.last_good = now;
  congestion_.begin(now);
  steps_.begin(now);
  if (stepping()) rungs_.want(steps_.rungs()[steps_.wanted()].name);
}

SessionEnd LegSession::run() {
  while (true) {
    if (!draining_ && host_.stop_requested()) {
      draining_ = true;
      drain_until_ = clock_.now() + limits_.drain;
    }
    if (draining_ && clock_.now() >= drain_until_) break;
    if (!pending_ && take() == Step::end) break;
    if (pending_ && send() == Step::end) break;
    if ((refused_ || busy_ || clock_.now() - last_poll_ >= limits_.poll) && poll() == Step::end) break;
    if (check_progress() == Step::end) break;
    if (clock_.now() >= next_look_) look_at_figures();
  }
  update_figures();
  return std::move(end_);
}

// Fills ready_ from the bus.
LegSession::Step LegSession::pop() {
  auto packet = subscription_.pop({}, busy_ ? Instant::min() : std::min(last_poll_ + limits_.poll, next_look_));
  if (!packet && packet.error().code == Errc::again) return Step::on;
  if (!packet) {
    over_ = true;
    rungs_.finish(ready_);
  } else {
    rungs_.push(std::move(*packet), ready_);
  }
  return over_ && ready_.empty() ? Step::end : Step::on;
}

LegSession::Step LegSession::take() {
  if (ready_.empty() && pop() == Step::end) return Step::end;
  if (ready_.empty()) return Step::on;
  pending_ = std::move(ready_.front());
  ready_.pop_front();
  // Time without anything to send is no stall.
  last_progress_ = clock_.now();
  if (std::find(streams_.begin(), streams_.end(), pending_->stream) != streams_.end()) return Step::on;
  return change_stream();
}

// A packet of a stream that the transport was not opened for: another rung, or the parameters of one are new.
LegSession::Step LegSession::change_stream() {
  const StreamInfoPtr& stream = pending_->stream;
  const auto video = std::find_if(streams_.begin(), streams_.end(),
                                  [](const StreamInfoPtr& known) { return known->kind == MediaKind::video; });
  end_.why = SessionEnd::Why::streams_changed;
  if (!stepping() || !pending_->video() || video == streams_.end()) return Step::end;
  if ((*video)->codec != stream->codec || (*video)->time_base != stream->time_base) return Step::end;
  const Status changed = watch_.call(transport_, limits_.stall, [&] { return transport_.change_video(stream); });
  if (!changed && changed.error().code == Errc::unsupported) return Step::end;
  end_.why = SessionEnd::Why::stopped;
  if (!changed) return lose(changed.error());
  *video = stream;
  for (std::size_t rung = 0; rung < steps_.rungs().size(); ++rung) {
    if (steps_.rungs()[rung].name == stream->name) steps_.took(clock_.now(), rung);
  }
  host_.on_rendition(stream);
  return Step::on;
}

// The show allows other rungs. What is sent now is taken until it can be left at a key frame.
void LegSession::follow_ladder() {
  auto ladder = host_.new_ladder();
  if (!ladder) return;
  steps_.change(*std::move(ladder));
  const std::string current = rungs_.current().empty() ? selection_.video : rungs_.current();
  selection_.rungs.clear();
  for (const Rung& rung : steps_.rungs()) selection_.rungs.push_back(rung.name);
  selection_.rungs.push_back(current);
  subscription_.select(selection_);
  rungs_.want(steps_.rungs()[steps_.wanted()].name);
}

void LegSession::step(Instant now, const CongestionReading& reading) {
  // Offline no line is narrow, and the bus may wait for this very leg: it is not asked for another selection.
  if (clock_.offline()) return;
  follow_ladder();
  if (!stepping()) return;
  const std::size_t wanted = steps_.wanted();
  steps_.update(now, reading, figures_.kbps);
  if (steps_.wanted() != wanted) rungs_.want(steps_.rungs()[steps_.wanted()].name);
}

LegSession::Step LegSession::send() {
  const Status sent = watch_.call(transport_, limits_.stall, [&] { return transport_.send(pending_); });
  const Instant now = clock_.now();
  refused_ = !sent && sent.error().code == Errc::again;
  if (refused_) return Step::on;
  if (!sent) return lose(sent.error());
  const auto bytes = QueueTraits<PacketPtr>::bytes(pending_);
  pending_.reset();
  figures_.bytes += bytes;
  rate_.add(now, bytes);
  last_progress_ = end_.last_good = now;
  if (++figures_.packets == 1) host_.on_first_packet();
  return Step::on;
}

LegSession::Step LegSession::poll() {
  const Instant before = clock_.now();
  const Status polled = watch_.call(transport_, limits_.stall, [&] { return transport_.poll(); });
  last_poll_ = clock_.now();
  if (!polled) return lose(polled.error());
  busy_ = last_poll_ - before >= kBusy;
  // A transport that refuses and does not wait itself must not make this thread spin.
  if (refused_ && last_poll_ - before < kRefusedPause) clock_.wait_until(before + kRefusedPause, {});
  return Step::on;
}

LegSession::Step LegSession::check_progress() {
  // A large picture on a narrow line is under way for longer than that, byte by byte.
  const Instant last = std::max(last_progress_, last_byte_);
  if (!pending_ || clock_.offline() || clock_.now() - last < limits_.stall) return Step::on;
  const auto ms = std::chrono::duration_cast<Millis>(limits_.stall).count();
  return lose(make_error(Errc::io, "the network took nothing for {} ms: the ingest hangs or the line is cut", ms));
}

void LegSession::look_at_figures() {
  const CongestionReading reading = update_figures();
  const Instant now = clock_.now();
  next_look_ = now + kLookEvery;
  if (clock_.offline()) return;  // there the queue is full whenever the program is faster than the network
  if (congestion_.update(now, reading)) {
    host_.on_congestion(congestion_.congested(), congestion_.why());
  }
  step(now, reading);
}

CongestionReading LegSession::update_figures() {
  const Instant now = clock_.now();
  const QueueLevel level = subscription_.level();
  TransportStats below = watch_.call(transport_, limits_.stall, [&] { return transport_.stats(); });
  if (below.bytes != std::exchange(bytes_below_, below.bytes)) last_byte_ = now;
  // A packet in hand is none that waits, unless the transport refuses it.
  const Nanos waiting = refused_ ? std::max(level.span, now - last_progress_) : level.span;
  // Of several rungs in one queue it is no loss what would not have been sent.
  figures_.dropped = (stepping() ? rungs_.missed() : level.dropped) + below.dropped;
  figures_.kbps = rate_.kbps(now);
  figures_.queued = waiting + below.queued;
  figures_.rtt = below.rtt;
  figures_.details = std::move(below.details);
  if (rungs_.refused() > 0) figures_.details.emplace_back("steps_refused", static_cast<double>(rungs_.refused()));
  if (below.acknowledged && figures_.packets > 0) {
    end_.last_good = std::max(began_, std::min(end_.last_good, *below.acknowledged));
  }
  host_.on_figures(figures_);
  return {waiting, below.queued, below.rtt, figures_.dropped, below.resent_pct};
}

LegSession::Step LegSession::lose(Error error) {
  end_.why = SessionEnd::Why::lost;
  if (watch_.fired()) {
    const auto ms = std::chrono::duration_cast<Millis>(limits_.stall).count();
    error = make_error(Errc::io, "the network did not answer for {} ms: the ingest hangs or the line is cut", ms);
  }
  end_.error = std::move(error);
  return Step::end;
}

}  // namespace mainstay
