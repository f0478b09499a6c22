#include "engine/media/packet.h"

namespace mainstay {

const char* to_string(Codec codec) {
  switch (codec) {
    case Codec::h264:
      return "h264";
    case Codec::hevc:
      return "hevc";
    case Codec::av1:
      return "av1";
    case Codec::vp9:
      return "vp9";
    case Codec::aac:
      return "aac";
    case Codec::opus:
      return "opus";
    case Codec::other:
      break;
  }
  return "other";
}

PacketPtr make_packet(StreamInfoPtr stream, std::int64_t pts, std::int64_t dts, std::int64_t duration, bool key,
                      std::vector<std::uint8_t> bytes) {
  auto memory = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  auto packet = std::make_shared<Packet>();
  packet->stream = std::move(stream);
  packet->pts = pts;
  packet->dts = dts;
  packet->duration = duration;
  packet->key = key;
  packet->bytes = *memory;
  packet->owner = std::move(memory);
  return packet;
}

}  // namespace mainstay
