#include "engine/sources/ingest/byte_pipe.h"

#include <algorithm>

namespace mainstay {

// Up to half is for full(), which leaves room for what was read already; the queue's own limit stands behind it.
BytePipe::BytePipe(Clock& clock, std::int64_t limit_bytes)
    : limit_(limit_bytes), queue_(clock, {.bytes = 2 * limit_bytes}, Overflow::block) {}

bool BytePipe::write(ByteChunk bytes, std::stop_token stop) {
  if (bytes.empty()) return true;
  if (abort_.stop_requested()) return false;
  return queue_.push(std::move(bytes), std::move(stop));
}

bool BytePipe::full() const {
  return queue_.level().bytes >= limit_;
}

void BytePipe::close() {
  queue_.close();
}

Result<std::size_t> BytePipe::read(std::span<std::uint8_t> into) {
  if (taken_ == current_.size()) {
    MAINSTAY_TRY(current_, queue_.pop(abort_.get_token()));
    taken_ = 0;
  }
  const std::size_t count = std::min(into.size(), current_.size() - taken_);
  std::copy_n(current_.begin() + static_cast<std::ptrdiff_t>(taken_), count, into.begin());
  taken_ += count;
  return count;
}

void BytePipe::abort() {
  abort_.request_stop();
  queue_.close();
}

}  // namespace mainstay
