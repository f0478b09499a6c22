#include "engine/ffi/av/muxer_output.h"

#include <algorithm>

#include "engine/ffi/av/muxer_formats.h"

namespace mainstay::ffi {

namespace {

constexpr std::int64_t kPcrLimit = 90 * 40;
constexpr std::int64_t kPcrSoon = 90 * 37;  // an audio packet this late may be the last before the limit
constexpr std::int64_t kPcrGap = 90'000;    // a longer silence is a jump of the timeline, not to be filled
constexpr std::int64_t kPcrMask = (1LL << 33) - 1;

}  // namespace

bool BlockWriter::hand_over(std::span<const std::uint8_t> bytes) {
  if (failure_) return false;
  if (Status done = write_(bytes); !done) {
    failure_ = done.error();
    return false;
  }
  return true;
}

bool BlockWriter::put(std::span<const std::uint8_t> bytes) {
  if (block_ == 0) return hand_over(bytes);
  while (!bytes.empty()) {
    const std::size_t run = std::min(bytes.size(), block_ - held_.size());
    held_.insert(held_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(run));
    bytes = bytes.subspan(run);
    if (held_.size() == block_ && !flush()) return false;
  }
  return !failure_;
}

bool BlockWriter::flush() {
  if (held_.empty()) return !failure_;
  const bool done = hand_over(held_);
  held_.clear();
  return done;
}

TsClock::TsClock(int pcr_pid, std::int64_t picture_ticks)
    : pid_(pcr_pid), audio_limit_(picture_ticks > kPcrLimit ? std::min(kPcrSoon, picture_ticks / 2) : kPcrSoon) {}

void TsClock::watch(std::span<const std::uint8_t> packet) {
  if (packet.size() != kTsPacket || ((packet[1] & 0x1f) << 8 | packet[2]) != pid_) return;
  counter_ = packet[3] & 0x0f;
  const bool has_adaptation = (packet[3] & 0x20) != 0;
  if (!has_adaptation || packet[4] < 7 || (packet[5] & 0x10) == 0) return;
  last_ = std::int64_t{packet[6]} << 25 | packet[7] << 17 | packet[8] << 9 | packet[9] << 1 | packet[10] >> 7;
  running_ = true;
}

std::optional<std::array<std::uint8_t, kTsPacket>> TsClock::due(std::int64_t dts90k, bool picture) {
  if (!running_) return std::nullopt;
  const std::int64_t elapsed = ((dts90k - kTsLead90k) - last_) & kPcrMask;
  const std::int64_t limit = picture ? kPcrLimit : audio_limit_;
  if (elapsed > kPcrGap || (picture ? elapsed <= limit : elapsed < limit)) return std::nullopt;
  last_ = (last_ + std::min(elapsed, kPcrLimit - 90)) & kPcrMask;
  std::array<std::uint8_t, kTsPacket> packet{};
  packet.fill(0xff);
  packet[0] = 0x47;
  packet[1] = static_cast<std::uint8_t>(pid_ >> 8);
  packet[2] = static_cast<std::uint8_t>(pid_);
  packet[3] = static_cast<std::uint8_t>(0x20 | counter_);  // no payload, so the counter stands (13818-1 2.4.3.3)
  packet[4] = kTsPacket - 5;
  packet[5] = 0x10;
  packet[6] = static_cast<std::uint8_t>(last_ >> 25);
  packet[7] = static_cast<std::uint8_t>(last_ >> 17);
  packet[8] = static_cast<std::uint8_t>(last_ >> 9);
  packet[9] = static_cast<std::uint8_t>(last_ >> 1);
  packet[10] = static_cast<std::uint8_t>((last_ & 1) << 7 | 0x7e);
  packet[11] = 0;
  return packet;
}

}  // namespace mainstay::ffi
