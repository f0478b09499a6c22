#include "engine/deliver/flv.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/deliver/flv_codecs.h"
#include "engine/ffi/rtmp/amf0.h"

namespace mainstay {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kAacHeader = 0xAF;  // AAC; rate, size and channels are fixed for it
constexpr std::uint8_t kAvc = 7;
constexpr int kKeyFrame = 1;
constexpr int kInterFrame = 2;
// Enhanced RTMP v1, PacketType.
constexpr int kSequenceStart = 0;
constexpr int kCodedFrames = 1;
constexpr int kCodedFramesX = 3;  // without composition offset
constexpr int kAvcDelimiter = 9;
constexpr int kHevcDelimiter = 35;
constexpr int kObuTemporalDelimiter = 2;
constexpr int kObuTileList = 8;
constexpr int kObuPadding = 15;

const char* four_cc(Codec codec) {
  return codec == Codec::hevc ? "hvc1" : "av01";
}

void put24(Bytes& out, std::int32_t value) {
  const auto v = static_cast<std::uint32_t>(value);
  out.insert(out.end(),
             {static_cast<std::uint8_t>(v >> 16), static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v)});
}

void put_enhanced(Bytes& out, int frame_type, int packet_type, Codec codec) {
  out.push_back(static_cast<std::uint8_t>(0x80 | frame_type << 4 | packet_type));
  const std::string_view name = four_cc(codec);
  out.insert(out.end(), name.begin(), name.end());
}

void put_sized(Bytes& out, std::span<const std::uint8_t> nal) {
  const auto size = static_cast<std::uint32_t>(nal.size());
  out.insert(out.end(), {static_cast<std::uint8_t>(size >> 24), static_cast<std::uint8_t>(size >> 16),
                         static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)});
  out.insert(out.end(), nal.begin(), nal.end());
}

// A time before the epoch has no place on RTMP's timeline.
std::int64_t milliseconds(std::int64_t ticks, TimeBase base) {
  return std::max<std::int64_t>(0, rescale(ticks, base, kMillisBase, Rounding::nearest));
}

double video_codec_id(Codec codec) {
  if (codec == Codec::h264) return kAvc;
  const std::string_view name = four_cc(codec);
  std::uint32_t value = 0;
  for (const char c : name) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

}  // namespace

Result<FlvTrack> FlvTrack::make(StreamInfoPtr stream) {
  Bytes config;
  switch (stream->codec) {
    case Codec::h264: {
      MAINSTAY_TRY(config, make_avcc(stream->extradata));
      break;
    }
    case Codec::hevc: {
      MAINSTAY_TRY(config, make_hvcc(stream->extradata));
      break;
    }
    case Codec::av1: {
      MAINSTAY_TRY(config, make_av1c(stream->extradata));
      break;
    }
    case Codec::aac:
      if (stream->extradata.size() < 2) {
        return make_error(Errc::corrupt, "the AAC encoder of '{}' gave no AudioSpecificConfig", stream->name);
      }
      config = stream->extradata;
      break;
    default:
      return make_error(Errc::unsupported, "RTMP cannot carry {} ('{}'): use {}", to_string(stream->codec),
                        stream->name, stream->kind == MediaKind::audio ? "aac" : "h264, hevc or av1");
  }
  return FlvTrack(std::move(stream), std::move(config));
}

void FlvTrack::append_header(Bytes& out) const {
  if (stream_->kind == MediaKind::audio) {
    out.insert(out.end(), {kAacHeader, 0});
  } else if (enhanced()) {
    put_enhanced(out, kKeyFrame, kSequenceStart, stream_->codec);
  } else {
    out.insert(out.end(), {kKeyFrame << 4 | kAvc, 0, 0, 0, 0});
  }
  out.insert(out.end(), config_.begin(), config_.end());
}

void FlvTrack::append_tag_header(const Packet& packet, Bytes& out) const {
  const int frame_type = packet.key ? kKeyFrame : kInterFrame;
  const std::int32_t offset = flv_composition_offset(packet);
  if (stream_->codec == Codec::av1) {
    put_enhanced(out, frame_type, kCodedFrames, Codec::av1);
  } else if (stream_->codec == Codec::hevc) {
    put_enhanced(out, frame_type, offset != 0 ? kCodedFrames : kCodedFramesX, Codec::hevc);
    if (offset != 0) put24(out, offset);
  } else {
    out.insert(out.end(), {static_cast<std::uint8_t>(frame_type << 4 | kAvc), 1});
    put24(out, offset);
  }
}

Status FlvTrack::append(const Packet& packet, Bytes& out) const {
  out.reserve(out.size() + packet.bytes.size() + 64);
  if (stream_->kind == MediaKind::audio) {
    out.insert(out.end(), {kAacHeader, 1});
    out.insert(out.end(), packet.bytes.begin(), packet.bytes.end());
    return {};
  }
  append_tag_header(packet, out);
  if (stream_->codec == Codec::av1) {
    // AV1 in ISOBMFF 2.4: these units do not go into a sample.
    return for_each_obu(packet.bytes, [&](const Av1Obu& obu) {
      if (obu.type == kObuTemporalDelimiter || obu.type == kObuTileList || obu.type == kObuPadding) return;
      out.insert(out.end(), obu.whole.begin(), obu.whole.end());
    });
  }
  const bool hevc = stream_->codec == Codec::hevc;
  const bool any = for_each_nal(packet.bytes, [&](std::span<const std::uint8_t> nal) {
    const bool delimiter = hevc ? (nal[0] >> 1 & 0x3F) == kHevcDelimiter : (nal[0] & 0x1F) == kAvcDelimiter;
    if (!delimiter) put_sized(out, nal);
  });
  if (!any) return make_error(Errc::corrupt, "a packet of '{}' is no Annex B", stream_->name);
  return {};
}

std::uint32_t flv_timestamp(const Packet& packet) {
  return static_cast<std::uint32_t>(milliseconds(packet.dts, packet.stream->time_base));
}

std::int32_t flv_composition_offset(const Packet& packet) {
  constexpr std::int64_t kMost = 0x7FFFFF;  // SI24
  const std::int64_t offset =
      milliseconds(packet.pts, packet.stream->time_base) - milliseconds(packet.dts, packet.stream->time_base);
  return static_cast<std::int32_t>(std::clamp(offset, -kMost, kMost));
}

void append_flv_metadata(const std::vector<StreamInfoPtr>& streams, Bytes& out) {
  ffi::Amf0Writer amf(out);
  amf.string("@setDataFrame").string("onMetaData");
  amf.begin_ecma_array(static_cast<std::uint32_t>(2 + 6 * streams.size()));
  amf.name("duration").number(0);
  for (const StreamInfoPtr& stream : streams) {
    if (stream->kind == MediaKind::video) {
      amf.name("width").number(stream->width);
      amf.name("height").number(stream->height);
      amf.name("framerate").number(stream->rate.fps());
      amf.name("videocodecid").number(video_codec_id(stream->codec));
      amf.name("videodatarate").number(stream->kbps);
    } else {
      amf.name("audiocodecid").number(10);
      amf.name("audiodatarate").number(stream->kbps);
      amf.name("audiosamplerate").number(stream->sample_rate);
      amf.name("audiosamplesize").number(16);
      amf.name("audiochannels").number(stream->channels);
      amf.name("stereo").boolean(stream->channels >= 2);
    }
  }
  amf.name("encoder").string("Mainstay");
  amf.end();
}

}  // namespace mainstay
