#include "engine/ffi/rtmp/chunk_reader.h"

#include <algorithm>
#include <array>

namespace mainstay::ffi {

namespace {

constexpr std::uint32_t kExtended = 0xFFFFFF;
constexpr std::uint8_t kSetChunkSize = 1;
constexpr std::uint8_t kAbort = 2;
constexpr std::array<std::size_t, 4> kHeaderSizes{11, 7, 3, 0};  // by format, RTMP 1.0 5.3.1.2

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

std::uint32_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8 | bytes[i - 1];
  return value;
}

}  // namespace

Status ChunkReader::feed(std::span<const std::uint8_t> bytes, const Handle& handle) {
  std::span<const std::uint8_t> rest = bytes;
  if (!held_.empty()) {
    held_.insert(held_.end(), bytes.begin(), bytes.end());
    rest = held_;
  }
  while (!rest.empty()) {
    MAINSTAY_TRY(const std::size_t used, chunk(rest, handle));
    if (used == 0) break;
    rest = rest.subspan(used);
  }
  // What is left is shorter than a chunk, and may lie in held_ itself.
  if (rest.data() != held_.data() || rest.size() != held_.size()) {
    std::vector<std::uint8_t> next(rest.begin(), rest.end());
    held_ = std::move(next);
  }
  return {};
}

Result<std::size_t> ChunkReader::chunk(std::span<const std::uint8_t> bytes, const Handle& handle) {
  std::size_t at = 1;
  const auto has = [&](std::size_t size) { return bytes.size() - at >= size; };
  const unsigned format = bytes[0] >> 6;
  std::uint32_t id = bytes[0] & 0x3F;
  if (id < 2) {
    const std::size_t size = id + 1;
    if (!has(size)) return 0U;
    id = 64 + little_endian(bytes.subspan(at, size));
    at += size;
  }
  if (!has(kHeaderSizes[format])) return 0U;
  const auto header = bytes.subspan(at, kHeaderSizes[format]);
  at += header.size();

  const auto known = streams_.find(id);
  if (known == streams_.end() && format == 3) {
    return make_error(Errc::corrupt, "the server sent a chunk that continues nothing");
  }
  const bool middle = known != streams_.end() && !known->second.message.body.empty();
  if (middle && format != 3) {
    return make_error(Errc::corrupt, "the server began a message inside another of the same chunk stream");
  }
  std::uint32_t time = format < 3 ? big_endian(header.first(3)) : 0;
  const bool extended = format < 3 ? time == kExtended : known->second.extended;
  if (extended) {
    if (!has(4)) return 0U;
    time = big_endian(bytes.subspan(at, 4));
    at += 4;
  }
  const std::uint32_t length =
      format < 2 ? big_endian(header.subspan(3, 3)) : (known != streams_.end() ? known->second.length : 0);
  if (format == 2 && known == streams_.end()) {
    return make_error(Errc::corrupt, "the server sent a chunk without the length of its message");
  }
  if (length > kLargestMessage) {
    return make_error(Errc::corrupt, "the server announced a message of {} bytes, which no ingest sends", length);
  }
  const std::size_t have = middle ? known->second.message.body.size() : 0;
  const std::size_t part = std::min<std::size_t>(chunk_size_, length - have);
  if (!has(part)) return 0U;

  if (known == streams_.end() && streams_.size() >= kMostChunkStreams) {
    return make_error(Errc::corrupt, "the server uses more than {} chunk streams", kMostChunkStreams);
  }
  Stream& stream = known != streams_.end() ? known->second : streams_[id];
  stream.length = length;
  stream.extended = extended;
  if (format < 2) stream.message.type = header[6];
  if (format == 0) stream.message.stream_id = little_endian(header.subspan(7, 4));
  if (!middle) {
    if (format == 0) {
      stream.message.timestamp = time;
      stream.delta = 0;
    } else {
      if (format < 3) stream.delta = time;
      stream.message.timestamp += stream.delta;
    }
  }
  const auto body = bytes.subspan(at, part);
  stream.message.body.insert(stream.message.body.end(), body.begin(), body.end());
  at += part;
  if (stream.message.body.size() == length) MAINSTAY_CHECK(finish(stream, handle));
  return at;
}

Status ChunkReader::finish(Stream& stream, const Handle& handle) {
  RtmpMessage& message = stream.message;
  if (message.type == kSetChunkSize || message.type == kAbort) {
    if (message.body.size() < 4) return make_error(Errc::corrupt, "the server sent a control message cut short");
    const std::uint32_t value = big_endian(std::span(message.body).first(4));
    if (message.type == kSetChunkSize) {
      if (value == 0 || value > 0x7FFFFFFF)
        return make_error(Errc::corrupt, "the server set a chunk size of {}", value);
      chunk_size_ = std::min(value, kLargestMessage);
    } else if (const auto aborted = streams_.find(value); aborted != streams_.end() && &aborted->second != &stream) {
      aborted->second.message.body.clear();
    }
  }
  Status handled = handle(message);
  message.body.clear();
  return handled;
}

}  // namespace mainstay::ffi
