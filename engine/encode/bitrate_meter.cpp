#include "engine/encode/bitrate_meter.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace mainstay {

namespace {

constexpr std::size_t kMostPackets = 4096;

}  // namespace

void BitrateMeter::add(const Packet& packet) {
  const std::int64_t bits = static_cast<std::int64_t>(packet.bytes.size()) * 8;
  if (!any_) {
    any_ = true;
    first_dts_ = packet.dts;
    base_ = packet.stream->time_base;
  }
  total_bits_ += bits;
  end_dts_ = std::max(end_dts_, packet.dts + packet.duration);
  // Out goes what is a whole second or more before this packet: ticks·num/den >= 1.
  while (!window_.empty() && (packet.dts - window_.front().dts) * base_.num >= base_.den) {
    window_bits_ -= window_.front().bits;
    window_.pop_front();
  }
  window_bits_ += bits;
  if (window_.size() < kMostPackets) {
    window_.push_back({packet.dts, bits});
  } else {
    window_.back().bits += bits;  // a timeline that does not move: still one second's worth
  }
  peak_bits_ = std::max(peak_bits_, window_bits_);
}

double BitrateMeter::kbps_mean() const {
  const std::int64_t ticks = end_dts_ - first_dts_;
  if (!any_ || ticks <= 0) return 0;
  const double seconds = static_cast<double>(ticks) * static_cast<double>(base_.num) / static_cast<double>(base_.den);
  return static_cast<double>(total_bits_) / seconds / 1000;
}

void PacketDigest::mix(std::uint64_t word) {
  state_ ^= word;
  state_ *= 0xbf58476d1ce4e5b9;
  state_ = std::rotl(state_, 29) + 0x94d049bb133111eb;
}

void PacketDigest::add(const Packet& packet) {
  mix(static_cast<std::uint64_t>(packet.pts));
  mix(static_cast<std::uint64_t>(packet.dts));
  mix(packet.key ? 1 : 0);
  mix(packet.bytes.size());
  const std::uint8_t* at = packet.bytes.data();
  std::size_t left = packet.bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    mix(word);
  }
  std::uint64_t word = 0;
  if (left > 0) std::memcpy(&word, at, left);
  mix(word);
}

}  // namespace mainstay
