// Bits, most significant first, with Exp-Golomb codes (ITU-T H.264 9.1). Past the end it gives zeros and says so.
// A value over bytes it does not own.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mainstay {

class BitReader {
 public:
  explicit BitReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  /// The next `count` bits, at most 32.
  std::uint32_t bits(int count) {
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 1 | bit();
    return static_cast<std::uint32_t>(value);
  }
  bool flag() { return bit() != 0; }
  void skip(int count) {
    for (int i = 0; i < count; ++i) bit();
  }
  /// ue(v); also AV1's uvlc().
  std::uint32_t exp_golomb() {
    int zeros = 0;
    while (!past_end_ && !flag()) ++zeros;
    if (zeros > 31) {
      past_end_ = past_end_ || zeros > 32;
      return 0xFFFFFFFF;
    }
    return static_cast<std::uint32_t>((std::uint64_t{1} << zeros) - 1 + bits(zeros));
  }
  /// More was read than there is: nothing read can be trusted.
  bool past_end() const { return past_end_; }

 private:
  std::uint32_t bit() {
    if (at_ >= bytes_.size() * 8) {
      past_end_ = true;
      return 0;
    }
    const std::uint32_t value = bytes_[at_ / 8] >> (7 - at_ % 8) & 1U;
    ++at_;
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool past_end_ = false;
};

/// A NAL unit's payload without its emulation prevention bytes (H.264 7.4.1, HEVC 7.4.2).
inline std::vector<std::uint8_t> without_emulation_prevention(std::span<const std::uint8_t> nal) {
  std::vector<std::uint8_t> out;
  out.reserve(nal.size());
  int zeros = 0;
  for (const std::uint8_t byte : nal) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    out.push_back(byte);
  }
  return out;
}

}  // namespace mainstay
