#include "engine/ffi/rtmp/peer_watch.h"

#include <algorithm>

namespace mainstay::ffi {

namespace {

constexpr std::size_t kMostMarks = 8192;
// A server that never answered this many pings does not know them; more would be noise to it.
constexpr int kPingTries = 4;
constexpr std::uint32_t kSmallestWindow = 2048;
constexpr std::uint32_t kLargestWindow = 32 << 10;

}  // namespace

std::uint32_t PeerWatch::window_for(int kbps) {
  return std::clamp(static_cast<std::uint32_t>(std::max(kbps, 0)) * 125 / 5, kSmallestWindow, kLargestWindow);
}

void PeerWatch::sent(std::int64_t rtmp_bytes, std::int64_t wire_bytes, Nanos decode_time) {
  newest_ = std::max(newest_, decode_time);
  if (marks_.empty()) taken_ = std::max(taken_, decode_time);
  // Past the bound the last mark stretches: coarser, never wrong.
  if (marks_.size() >= kMostMarks) {
    marks_.back() = {rtmp_bytes, wire_bytes, newest_};
  } else {
    marks_.push_back({rtmp_bytes, wire_bytes, newest_});
  }
}

void PeerWatch::heard(Instant now) {
  if (asked_ != kNever) slowest_answer_ = std::max(now - asked_, slowest_answer_ / 2);
  heard_ = now;
  answered_bytes_ = taken_bytes_;
  asked_ = kNever;
}

void PeerWatch::acknowledged(Instant now, std::uint32_t sequence) {
  // A server may keep to a window of its own; what it does is what can be expected.
  const std::uint32_t covered = sequence - last_sequence_;
  if (acks_ > 0 && covered < 0x80000000U) {
    ack_period_ = std::max({ack_window_, std::int64_t{covered}, ack_period_ * 7 / 8});
  }
  last_sequence_ = sequence;
  ++acks_;
  heard(now);
}

void PeerWatch::ping_answered(Instant now) {
  ++pongs_;
  lost_pings_ = 0;
  ping_at_ = -1;
  heard(now);
}

bool PeerWatch::ping_due(Instant now) const {
  if (pongs_ == 0 && lost_pings_ >= kPingTries) return false;
  return now - heard_ >= kPingAfter && now - pinged_ >= kPingAfter && (ping_at_ < 0 || pongs_ == 0);
}

void PeerWatch::pinged(Instant now, std::int64_t wire_bytes) {
  if (ping_at_ >= 0) ++lost_pings_;
  pinged_ = now;
  ping_at_ = wire_bytes;
}

void PeerWatch::take(Instant now, std::int64_t wire_bytes, std::int64_t queued_bytes) {
  const std::int64_t taken = wire_bytes - queued_bytes;
  if (taken > taken_wire_ || queued_bytes == 0) progress_ = now;
  taken_wire_ = std::max(taken_wire_, taken);
  while (!marks_.empty() && marks_.front().wire_bytes <= taken_wire_) {
    taken_ = marks_.front().decode_time;
    taken_bytes_ = marks_.front().rtmp_bytes;
    marks_.pop_front();
  }
}

Status PeerWatch::check(Instant now, std::int64_t wire_bytes, std::int64_t queued_bytes) {
  take(now, wire_bytes, queued_bytes);
  const bool ack_overdue = unanswered_bytes() >= 2 * ack_period_;
  const bool pong_overdue = ping_at_ >= 0 && taken_wire_ >= ping_at_;
  if (!ack_overdue && !pong_overdue) {
    asked_ = kNever;
  } else if (asked_ == kNever) {
    asked_ = now;
  }
  const Nanos silent = now - heard_;
  const Nanos patience = std::clamp<Nanos>(2 * slowest_answer_, kUnanswered, kMostPatience);
  const bool expected = (ack_overdue && acknowledges()) || (pong_overdue && answers_pings());
  if (expected && silent >= kSilence && now - asked_ >= patience) {
    return make_error(Errc::io, "the server still takes data but has said nothing for {:.1f} s: it hangs",
                      seconds(silent));
  }
  const bool answers = acknowledges() || answers_pings();
  if (now - progress_ >= (answers ? kUnanswered : kStall) && (!answers || silent >= kSilence)) {
    return make_error(Errc::io, "the server has taken no data for {:.1f} s: it hangs, or the network is gone",
                      seconds(now - progress_));
  }
  return {};
}

}  // namespace mainstay::ffi
