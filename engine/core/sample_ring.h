// The one link between a sound device's callback and the rest: a ring of interleaved samples for one writer and one
// reader, without locks, allocation or waiting. What does not fit is left out and counted.
// Owned by the stream, which outlives the callback.
// Thread-safety: write() from one thread, read() and skip() from one other; the rest from any.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mainstay {

class SampleRing {
 public:
  /// Room for at least `samples`.
  explicit SampleRing(std::size_t samples) : data_(std::bit_ceil(std::max<std::size_t>(samples, 2))) {}

  /// How many were taken; of the rest nothing.
  std::size_t write(std::span<const float> samples) noexcept {
    const std::uint64_t end = written_.load(std::memory_order_relaxed);
    const std::size_t room = data_.size() - static_cast<std::size_t>(end - read_.load(std::memory_order_acquire));
    const std::size_t count = std::min(room, samples.size());
    copy(end, count, [&](std::size_t at, std::size_t from, std::size_t n) {
      std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(from), n,
                  data_.begin() + static_cast<std::ptrdiff_t>(at));
    });
    written_.store(end + count, std::memory_order_release);
    left_out_.fetch_add(samples.size() - count, std::memory_order_relaxed);
    return count;
  }

  /// How many there were, at most as many as fit.
  std::size_t read(std::span<float> into) noexcept {
    const std::uint64_t begin = read_.load(std::memory_order_relaxed);
    const std::size_t there = static_cast<std::size_t>(written_.load(std::memory_order_acquire) - begin);
    const std::size_t count = std::min(there, into.size());
    copy(begin, count, [&](std::size_t at, std::size_t to, std::size_t n) {
      std::copy_n(data_.begin() + static_cast<std::ptrdiff_t>(at), n, into.begin() + static_cast<std::ptrdiff_t>(to));
    });
    read_.store(begin + count, std::memory_order_release);
    return count;
  }

  /// Forgets up to `count` of the oldest.
  std::size_t skip(std::size_t count) noexcept {
    const std::uint64_t begin = read_.load(std::memory_order_relaxed);
    count = std::min(count, static_cast<std::size_t>(written_.load(std::memory_order_acquire) - begin));
    read_.store(begin + count, std::memory_order_release);
    return count;
  }

  std::size_t capacity() const noexcept { return data_.size(); }
  /// Samples that can be read now.
  std::size_t level() const noexcept {
    const std::uint64_t begin = read_.load(std::memory_order_acquire);
    return static_cast<std::size_t>(written_.load(std::memory_order_acquire) - begin);
  }
  /// Samples that found no room so far.
  std::uint64_t left_out() const noexcept { return left_out_.load(std::memory_order_relaxed); }

 private:
  // The stretch [position, position + count) of the ring in at most two pieces.
  template <class Piece>
  void copy(std::uint64_t position, std::size_t count, Piece piece) const noexcept {
    const std::size_t at = static_cast<std::size_t>(position) & (data_.size() - 1);
    const std::size_t first = std::min(count, data_.size() - at);
    piece(at, 0, first);
    if (count > first) piece(0, first, count - first);
  }

  std::vector<float> data_;
  alignas(64) std::atomic<std::uint64_t> written_{0};
  alignas(64) std::atomic<std::uint64_t> read_{0};
  alignas(64) std::atomic<std::uint64_t> left_out_{0};
};

}  // namespace mainstay
