#include "engine/sources/ingest/rtmp_chunks.h"

#include <algorithm>

namespace mainstay {

namespace {

constexpr std::uint32_t kExtended = 0xFFFFFF;               // 5.3.1.3: the real value follows in 32 bits
constexpr std::array<std::size_t, 4> kFields{11, 7, 3, 0};  // message header of chunk types 0 to 3
constexpr std::size_t kLargestChunk = 0xFFFFFF;             // 5.4.1: no chunk is larger than a message can be
constexpr std::size_t kFirstReserve = 4096;

}  // namespace

std::uint32_t read_be(std::span<const std::uint8_t> bytes, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[i];
  return value;
}

void write_be(std::vector<std::uint8_t>& out, std::uint32_t value, int count) {
  for (int shift = (count - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::size_t RtmpChunkReader::basic_size() const {
  const int low = header_[0] & 0x3F;
  return low == 0 ? 2 : low == 1 ? 3 : 1;
}

std::uint32_t RtmpChunkReader::chunk_stream_id() const {
  switch (basic_size()) {
    case 2:
      return 64u + header_[1];
    case 3:
      return 64u + header_[1] + 256u * header_[2];
    default:
      return header_[0] & 0x3Fu;
  }
}

std::size_t RtmpChunkReader::header_size() const {
  if (header_filled_ == 0) return 1;
  const std::size_t basic = basic_size();
  if (header_filled_ < basic) return basic;
  const int format = header_[0] >> 6;
  const std::size_t plain = basic + kFields[format];
  if (header_filled_ < plain) return plain;
  bool extended = false;
  if (format < 3) {
    extended = read_be(std::span(header_).subspan(basic), 3) == kExtended;
  } else if (const auto it = streams_.find(chunk_stream_id()); it != streams_.end()) {
    extended = it->second.extended;
  }
  return plain + (extended ? 4 : 0);
}

Status RtmpChunkReader::feed(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    if (current_ != nullptr) {
      MAINSTAY_CHECK(take_payload(bytes));
      continue;
    }
    header_[header_filled_++] = bytes.front();
    bytes = bytes.subspan(1);
    if (header_filled_ == header_size()) MAINSTAY_CHECK(take_header());
  }
  return {};
}

Status RtmpChunkReader::take_header() {
  const std::size_t basic = basic_size();
  const int format = header_[0] >> 6;
  const std::uint32_t id = chunk_stream_id();
  const std::span<const std::uint8_t> fields = std::span(header_).subspan(basic, kFields[format]);
  const std::size_t plain = basic + fields.size();
  const bool extended = header_filled_ > plain;
  header_filled_ = 0;

  auto it = streams_.find(id);
  if (it == streams_.end()) {
    if (format != 0) return make_error(Errc::corrupt, "RTMP chunk stream {} does not start with a full header", id);
    if (streams_.size() >= limits_.chunk_streams) {
      return make_error(Errc::corrupt, "more than {} RTMP chunk streams", limits_.chunk_streams);
    }
    it = streams_.emplace(id, ChunkStream{}).first;
  }
  ChunkStream& chunk = it->second;

  std::array<std::uint8_t, 4> after{};
  if (extended) std::copy_n(header_.begin() + static_cast<std::ptrdiff_t>(plain), 4, after.begin());
  std::uint32_t field = chunk.field;
  if (format < 3) {
    field = extended ? read_be(after, 4) : read_be(fields, 3);
    chunk.extended = extended;
  }
  // Some senders leave the extended timestamp out of type 3 chunks: then these four bytes are payload already.
  const bool not_a_timestamp = format == 3 && extended && read_be(after, 4) != chunk.field;

  if (chunk.open && format != 3) drop(chunk);  // a new header in mid-message: the sender gave the old one up
  if (!chunk.open) MAINSTAY_CHECK(begin_message(chunk, format, fields, field));

  chunk_left_ = std::min(chunk_size_, chunk.length - chunk.payload.size());
  if (chunk_left_ > 0) {
    current_ = &chunk;
  } else {
    MAINSTAY_CHECK(finish_message(chunk));
  }
  return not_a_timestamp ? feed(after) : Status();
}

Status RtmpChunkReader::begin_message(ChunkStream& chunk, int format, std::span<const std::uint8_t> fields,
                                      std::uint32_t field) {
  if (format <= 1) {
    chunk.length = read_be(fields.subspan(3), 3);
    chunk.type = fields[6];
  }
  if (format == 0) {  // the message stream is the protocol's one little-endian number
    chunk.stream = fields[7] | fields[8] << 8 | fields[9] << 16 | static_cast<std::uint32_t>(fields[10]) << 24;
    chunk.timestamp = field;
    chunk.known = true;
  } else {
    chunk.timestamp += field;  // type 3 right after type 0 repeats the timestamp as a delta (5.3.1.2.4)
  }
  chunk.field = field;
  if (chunk.length > limits_.message_bytes) {
    return make_error(Errc::corrupt, "an RTMP message of {} bytes; at most {} are taken", chunk.length,
                      limits_.message_bytes);
  }
  chunk.open = true;
  chunk.payload.reserve(std::min<std::size_t>(chunk.length, kFirstReserve));
  return {};
}

Status RtmpChunkReader::take_payload(std::span<const std::uint8_t>& bytes) {
  ChunkStream& chunk = *current_;
  const std::size_t take = std::min(chunk_left_, bytes.size());
  if (pending_ + take > limits_.pending_bytes) {
    return make_error(Errc::corrupt, "more than {} bytes of unfinished RTMP messages", limits_.pending_bytes);
  }
  chunk.payload.insert(chunk.payload.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(take));
  pending_ += take;
  chunk_left_ -= take;
  bytes = bytes.subspan(take);
  if (chunk_left_ > 0) return {};
  current_ = nullptr;
  return chunk.payload.size() == chunk.length ? finish_message(chunk) : Status();
}

Status RtmpChunkReader::finish_message(ChunkStream& chunk) {
  RtmpMessage message{static_cast<RtmpType>(chunk.type), chunk.stream, chunk.timestamp, std::move(chunk.payload)};
  pending_ -= message.payload.size();
  chunk.payload = {};
  chunk.open = false;
  if (message.type == RtmpType::set_chunk_size || message.type == RtmpType::abort) return control(message);
  return on_message_(std::move(message));
}

Status RtmpChunkReader::control(const RtmpMessage& message) {
  if (message.payload.size() < 4) return make_error(Errc::corrupt, "an RTMP control message is cut short");
  const std::uint32_t value = read_be(message.payload, 4);
  if (message.type == RtmpType::abort) {
    if (const auto it = streams_.find(value); it != streams_.end()) drop(it->second);
    return {};
  }
  if (value == 0 || value > 0x7FFFFFFF) return make_error(Errc::corrupt, "an RTMP chunk size of {}", value);
  chunk_size_ = std::min<std::size_t>(value, kLargestChunk);
  return {};
}

void RtmpChunkReader::drop(ChunkStream& chunk) {
  pending_ -= chunk.payload.size();
  chunk.payload = {};
  chunk.open = false;
}

void RtmpChunkWriter::write(const RtmpMessage& message, std::uint8_t chunk_stream,
                            std::vector<std::uint8_t>& out) const {
  const bool extended = message.timestamp >= kExtended;
  out.push_back(chunk_stream);
  write_be(out, extended ? kExtended : message.timestamp, 3);
  write_be(out, static_cast<std::uint32_t>(message.payload.size()), 3);
  out.push_back(static_cast<std::uint8_t>(message.type));
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(message.stream >> shift));
  if (extended) write_be(out, message.timestamp, 4);
  std::span<const std::uint8_t> left = message.payload;
  for (bool first = true; !left.empty(); first = false) {
    if (!first) {
      out.push_back(0xC0 | chunk_stream);
      if (extended) write_be(out, message.timestamp, 4);
    }
    const std::size_t take = std::min(chunk_size_, left.size());
    out.insert(out.end(), left.begin(), left.begin() + static_cast<std::ptrdiff_t>(take));
    left = left.subspan(take);
  }
}

}  // namespace mainstay
