#include "engine/sources/ingest/flv_stream.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "engine/sources/ingest/amf0.h"

namespace mainstay {

namespace {

// Signature, version 1, no promise of audio or video (the demuxer would wait for what is promised), header size, and
// the size of the tag before the first.
constexpr std::array<std::uint8_t, 13> kFileHeader{'F', 'L', 'V', 1, 0, 0, 0, 0, 9, 0, 0, 0, 0};

constexpr std::uint8_t kAvc = 7;
constexpr std::uint8_t kExVideo = 0x80;
constexpr std::uint8_t kExAudio = 9;    // as SoundFormat
constexpr std::uint8_t kAacTag = 0xAF;  // AAC, whatever its rate: the header says the rest
enum VideoPacket { kSequence = 0, kCoded = 1, kEnd = 2, kCodedNoOffset = 3 };

std::string_view four_cc(const std::vector<std::uint8_t>& payload) {
  return {reinterpret_cast<const char*>(payload.data()) + 1, 4};
}

Error not_readable(std::string_view codec, std::string_view remedy) {
  std::string name(codec);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  return make_error(Errc::unsupported, "the sender uses Enhanced RTMP with \"{}\", which this build cannot read: {}",
                    name, remedy);
}

/// Enhanced video tag to a plain AVC one, in place.
Status plain_video(std::vector<std::uint8_t>& payload) {
  const int packet = payload.front() & 0x0F;
  const std::uint8_t frame_type = payload.front() & 0x70;
  if (payload.size() < 5) return Error{Errc::corrupt, "an RTMP video message is cut short", nullptr};
  if (four_cc(payload) != "avc1") return not_readable(four_cc(payload), "send H.264, or HEVC over SRT");
  if (packet > kCodedNoOffset) {
    payload.clear();  // colour metadata and the like
    return {};
  }
  if (packet == kCoded && payload.size() < 8) {
    return Error{Errc::corrupt, "an RTMP video message is cut short", nullptr};
  }
  const std::size_t header = packet == kCoded ? 8 : 5;
  std::array<std::uint8_t, 5> plain{static_cast<std::uint8_t>(frame_type | kAvc),
                                    static_cast<std::uint8_t>(packet == kCodedNoOffset ? kCoded : packet), 0, 0, 0};
  if (packet == kCoded) std::copy_n(payload.begin() + 5, 3, plain.begin() + 2);
  payload.erase(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(header));
  payload.insert(payload.begin(), plain.begin(), plain.end());
  return {};
}

Status plain_audio(std::vector<std::uint8_t>& payload) {
  const int packet = payload.front() & 0x0F;
  if (payload.size() < 5) return Error{Errc::corrupt, "an RTMP audio message is cut short", nullptr};
  if (four_cc(payload) != "mp4a") return not_readable(four_cc(payload), "send AAC");
  if (packet > kCoded) {
    payload.clear();
    return {};
  }
  payload.erase(payload.begin(), payload.begin() + 3);
  payload[0] = kAacTag;
  payload[1] = static_cast<std::uint8_t>(packet);
  return {};
}

/// onMetaData alone, without the "@setDataFrame" that told the server to keep it.
Status plain_data(std::vector<std::uint8_t>& payload) {
  auto starts_with = [&](std::string_view text) {
    std::vector<std::uint8_t> bytes;
    write_amf0(AmfValue::of(text), bytes);
    return payload.size() >= bytes.size() && std::equal(bytes.begin(), bytes.end(), payload.begin());
  };
  constexpr std::string_view kSetDataFrame = "@setDataFrame";
  if (starts_with(kSetDataFrame)) {
    payload.erase(payload.begin(), payload.begin() + 3 + static_cast<std::ptrdiff_t>(kSetDataFrame.size()));
  }
  if (!starts_with("onMetaData") || !read_amf0(payload)) payload.clear();
  return {};
}

}  // namespace

Result<std::vector<std::uint8_t>> FlvStream::tag(RtmpMessage message) {
  std::vector<std::uint8_t>& payload = message.payload;
  if (payload.empty()) return std::vector<std::uint8_t>();
  if (message.type == RtmpType::video && (payload.front() & kExVideo) != 0) MAINSTAY_CHECK(plain_video(payload));
  if (message.type == RtmpType::audio && payload.front() >> 4 == kExAudio) MAINSTAY_CHECK(plain_audio(payload));
  if (message.type == RtmpType::data_amf0) MAINSTAY_CHECK(plain_data(payload));
  if (payload.empty()) return std::vector<std::uint8_t>();

  std::vector<std::uint8_t> out;
  out.reserve(kFileHeader.size() + payload.size() + 15);
  if (!started_) out.insert(out.end(), kFileHeader.begin(), kFileHeader.end());
  started_ = true;
  const auto size = static_cast<std::uint32_t>(payload.size());
  out.push_back(static_cast<std::uint8_t>(message.type));
  write_be(out, size, 3);
  write_be(out, message.timestamp & 0xFFFFFF, 3);
  out.push_back(static_cast<std::uint8_t>(message.timestamp >> 24));
  write_be(out, 0, 3);  // stream id, always 0
  out.insert(out.end(), payload.begin(), payload.end());
  write_be(out, size + 11, 4);
  return out;
}

}  // namespace mainstay
