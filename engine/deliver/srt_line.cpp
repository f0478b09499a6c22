#include "engine/deliver/srt_line.h"

#include <algorithm>
#include <utility>

namespace mainstay {

namespace {

// Of the latency, what may be on its way on top of two round trips (there and back, and once more for what got lost).
// When the line shrinks to a third, what is on its way takes three times as long, and is still in time.
constexpr int kLatencyShare = 4;
// Packets that a line loses at random, a quarter of them even, are there again before that.
constexpr Nanos kLeastShare = Millis{200};
// libsrt itself gives up what waited for max(latency, 1 s) and a little. Before that nothing more is handed over.
constexpr Nanos kLeastDropDelay = Seconds{1};
constexpr int kHoldPercent = 70;
constexpr Nanos kDropMargin = Millis{200};
// The line's own round trip is the least that was seen; it is believed to have changed at this pace.
constexpr Nanos kRouteSettles = Seconds{10};
// Of the time that went by, so much must have been full.
constexpr Nanos kStallIsShorter = Millis{250};
// Of what is sent: from here on what is missing says how much gets through.
constexpr double kLossyPct = 5;
// Under what it delivers, so that its queue gets empty.
constexpr double kUnder = 0.95;
// Of the limit there is, what is left by the next one.
constexpr double kLeastCut = 0.85;
// Carefully at first: 1 % more after a second, 9 % after three, twice as much after ten.
constexpr double kGrowth = 0.01;
constexpr Nanos kForgotten = Seconds{20};
// A longer gap between two looks is our own stall, not the line's.
constexpr Nanos kLongestLook = Millis{100};

Nanos most_unacked(Nanos base, const LineReading& reading) {
  const Nanos drop_delay = std::max(reading.latency, kLeastDropDelay);
  const Nanos dropped_soon = std::max(drop_delay * kHoldPercent / 100, std::min(drop_delay, reading.rtt + kDropMargin));
  return std::min(2 * base + std::max(kLeastShare, reading.latency / kLatencyShare), dropped_soon);
}

}  // namespace

void LineGauge::update(Instant now, const LineReading& reading) {
  const Nanos passed = std::clamp(now - last_, Nanos{0}, kLongestLook);
  last_ = now;
  measure(now, reading, passed);
  most_ = mainstay::most_unacked(*base_, reading);
  full_ = reading.unacked >= most_;
  judge(now, passed);
}

void LineGauge::measure(Instant now, const LineReading& reading, Nanos passed) {
  if (!base_ || reading.rtt < *base_) {
    base_ = reading.rtt;
  } else {
    *base_ += (reading.rtt - *base_) * passed.count() / kRouteSettles.count();
  }
  acked_.add(now, reading.acked - std::exchange(acked_total_, reading.acked));
  kept_.add(now, reading.kept - std::exchange(kept_total_, reading.kept));
  // Acknowledgements stop at each packet that is missing, and come all at once when it is there. A line that does not
  // lose anything holds what was sent in its queue.
  const bool lossy = reading.resent_pct >= kLossyPct;
  rate_ = (lossy ? kept_ : acked_).kbps(now) * 1000 / 8;
}

void LineGauge::judge(Instant now, Nanos passed) {
  if (carried_ > 0 && now - cut_at_ >= kForgotten) carried_ = 0;
  full_for_ = full_ ? full_for_ + passed : std::max(Nanos{0}, full_for_ - passed);
  const auto before = static_cast<double>(limit().value_or(0));
  double carried = rate_ * kUnder;
  if (full_for_ < kStallIsShorter) {
    // After a stall all that waited comes at once, which a narrow line cannot do.
    if (before == 0 || carried <= before) return;
  } else {
    full_for_ = Nanos{0};
    // What is delivered under a limit may be all that was sent.
    carried = std::max(carried, before * kLeastCut);
  }
  carried_ = carried;
  cut_at_ = now;
}

std::optional<std::int64_t> LineGauge::limit() const {
  if (carried_ <= 0) return std::nullopt;
  const double since = seconds(last_ - cut_at_);
  return static_cast<std::int64_t>(carried_ * (1 + kGrowth * since * since));
}

void LineGauge::forget() {
  carried_ = 0;
  full_for_ = Nanos{0};
}

}  // namespace mainstay
