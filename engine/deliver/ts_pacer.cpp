#include "engine/deliver/ts_pacer.h"

#include <algorithm>
#include <cassert>

#include "engine/media/rate.h"

namespace mainstay {

namespace {

constexpr std::size_t kTsPacket = 188;
constexpr std::int64_t kSteadyPercent = 120;
constexpr std::int64_t kCatchUpFactor = 3;
constexpr Nanos kWaitGoal = Millis{200};
constexpr Nanos kRoom = Millis{600};
// Credit that may gather while nobody looks: a leg looks every 20 ms or so.
constexpr Nanos kLongestLook = Millis{40};
// How long an incomplete datagram waits for company: less than an AAC frame lasts.
constexpr Nanos kCompany = Millis{15};
constexpr std::int64_t kFloorRate = 16'000;

std::int64_t bytes_in(std::int64_t rate, Nanos time) {
  return mul_div(rate, time.count(), 1'000'000'000);
}

}  // namespace

TsPacer::TsPacer(PacerOptions options, Instant now) : options_(options), last_earned_(now), last_push_(now) {
  assert(options.datagram > 0 && options.datagram % kTsPacket == 0);
}

bool TsPacer::accepts() const {
  if (options_.unlimited) return backlog() < options_.datagram;
  return static_cast<std::int64_t>(backlog()) <
         std::max(bytes_in(options_.bytes_per_s, kRoom), static_cast<std::int64_t>(2 * options_.datagram));
}

void TsPacer::push(std::span<const std::uint8_t> ts, Instant now) {
  assert(ts.size() % kTsPacket == 0);
  earn(now);  // the time before these bytes is not theirs
  // What was paced out goes in one move, once it is worth it.
  if (head_ > 0 && head_ >= backlog()) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  bytes_.insert(bytes_.end(), ts.begin(), ts.end());
  last_push_ = now;
}

std::span<const std::uint8_t> TsPacer::due(Instant now) {
  earn(now);
  offered_ = 0;
  if (backlog() == 0 || (credit_ <= 0 && !options_.unlimited)) return {};
  const bool whole = backlog() >= options_.datagram;
  if (!whole && !options_.unlimited && !drain_ && now - last_push_ < kCompany) return {};
  offered_ = std::min(backlog(), options_.datagram);
  return std::span(bytes_).subspan(head_, offered_);
}

void TsPacer::pop() {
  head_ += offered_;
  credit_ -= static_cast<std::int64_t>(offered_);
  offered_ = 0;
}

Nanos TsPacer::backlog_time() const {
  return Nanos(
      mul_div(static_cast<std::int64_t>(backlog()), 1'000'000'000, std::max(options_.bytes_per_s, kFloorRate)));
}

Nanos TsPacer::limited_time() const {
  return limited() ? std::max(Nanos{0}, backlog_time() - kWaitGoal) : Nanos{0};
}

std::int64_t TsPacer::steady_rate() const {
  return std::max(options_.bytes_per_s * kSteadyPercent / 100, kFloorRate);
}

std::int64_t TsPacer::rate() const {
  return limited() ? std::max(*limit_, kFloorRate) : wanted_rate();
}

std::int64_t TsPacer::wanted_rate() const {
  const auto waiting = static_cast<std::int64_t>(backlog());
  if (drain_)
    return std::max(steady_rate(), mul_div(waiting, 1'000'000'000, std::max<std::int64_t>(drain_->count(), 1)));
  if (!catch_up_) return steady_rate();
  const std::int64_t wanted = mul_div(waiting, 1'000'000'000, kWaitGoal.count());
  return std::clamp(wanted, steady_rate(), std::max(options_.bytes_per_s * kCatchUpFactor, steady_rate()));
}

void TsPacer::earn(Instant now) {
  const Nanos passed = std::clamp(now - last_earned_, Nanos{0}, kLongestLook);
  last_earned_ = now;
  const std::int64_t rate_now = rate();
  const std::int64_t earned = rate_now * passed.count() + credit_ns_;
  credit_ += earned / 1'000'000'000;
  credit_ns_ = earned % 1'000'000'000;
  const std::int64_t most = std::max(bytes_in(rate_now, kLongestLook), static_cast<std::int64_t>(options_.datagram));
  // Nothing to send earns nothing for later: the next picture would leave as a burst.
  credit_ = std::min(credit_, backlog() == 0 ? static_cast<std::int64_t>(options_.datagram) : most);
}

}  // namespace mainstay
