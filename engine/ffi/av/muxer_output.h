// The last step of a muxer: bytes gathered into runs of the wanted size, and a transport stream's clock kept running.
// Only muxer.cpp includes this header.
// Thread-safety: one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/ffi/av/muxer.h"

namespace mainstay::ffi {

inline constexpr std::size_t kTsPacket = 188;

/// Hands bytes to `write` in runs of exactly `block` bytes, the last one shorter; with block 0 as they come. Keeps the
/// first error: libavformat only knows an error code, and goes on writing after it.
class BlockWriter {
 public:
  BlockWriter(Muxer::Write write, std::size_t block) : write_(std::move(write)), block_(block) { held_.reserve(block); }

  bool put(std::span<const std::uint8_t> bytes);
  bool flush();
  const std::optional<Error>& failure() const { return failure_; }

 private:
  bool hand_over(std::span<const std::uint8_t> bytes);

  const Muxer::Write write_;
  const std::size_t block_;
  std::vector<std::uint8_t> held_;
  std::optional<Error> failure_;
};

/// Sees that no more than 40 ms pass between two PCRs (ETSI TS 101 154 4.1.5.3) where the pictures are further apart
/// than that, or missing: gives packets that hold a PCR and nothing else. libavformat puts PCRs on pictures only.
class TsClock {
 public:
  /// `pcr_pid` of the stream that carries PCRs; `picture_ticks`: 90 kHz ticks from picture to picture.
  TsClock(int pcr_pid, std::int64_t picture_ticks);

  /// One TS packet on its way out: its continuity counter and PCR.
  void watch(std::span<const std::uint8_t> packet);
  /// Before a media packet with decode time `dts90k` is written: a PCR packet to write first, as often as there is one.
  std::optional<std::array<std::uint8_t, kTsPacket>> due(std::int64_t dts90k, bool picture);

 private:
  const int pid_;
  const std::int64_t audio_limit_;
  std::uint8_t counter_ = 0;
  bool running_ = false;
  std::int64_t last_ = 0;  // PCR in 90 kHz ticks, 33 bits
};

}  // namespace mainstay::ffi
