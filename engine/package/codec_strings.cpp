#include "engine/package/codec_strings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace mainstay::package {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kSpsBytes = 15;  // header, ids and profile_tier_level of HEVC; H.264 needs four

struct Sps {
  std::array<std::uint8_t, kSpsBytes> raw{};
  std::size_t size = 0;
};

// The beginning of the first SPS in Annex B parameter sets, without its emulation prevention.
std::optional<Sps> find_sps(Codec codec, Bytes sets) {
  for (std::size_t at = 0; at + 3 < sets.size(); ++at) {
    if (sets[at] != 0 || sets[at + 1] != 0 || sets[at + 2] != 1) continue;
    const int type = codec == Codec::hevc ? (sets[at + 3] >> 1) & 0x3f : sets[at + 3] & 0x1f;
    if (type != (codec == Codec::hevc ? 33 : 7)) continue;
    Sps sps;
    int zeros = 0;
    for (const std::uint8_t byte : sets.subspan(at + 3)) {
      if (sps.size == kSpsBytes) break;
      if (zeros >= 2 && byte == 3) {
        zeros = 0;
        continue;
      }
      zeros = byte == 0 ? zeros + 1 : 0;
      sps.raw[sps.size++] = byte;
    }
    return sps;
  }
  return std::nullopt;
}

std::string avc(Bytes sets) {
  const auto sps = find_sps(Codec::h264, sets);
  if (!sps || sps->size < 4) return {};
  return fmt::format("avc1.{:02x}{:02x}{:02x}", sps->raw[1], sps->raw[2], sps->raw[3]);
}

// ISO/IEC 14496-15 annex E.3.
std::string hevc(Bytes sets) {
  const auto sps = find_sps(Codec::hevc, sets);
  if (!sps || sps->size < kSpsBytes) return {};
  const auto& raw = sps->raw;
  const std::uint8_t head = raw[3];  // general_profile_space 2, general_tier_flag 1, general_profile_idc 5
  std::uint32_t flags = 0;           // general_profile_compatibility_flag, the first one in the lowest bit
  for (std::size_t i = 0; i < 32; ++i) flags |= ((raw[4 + i / 8] >> (7 - i % 8)) & 1U) << i;
  constexpr std::array<const char*, 4> kSpaces{"", "A", "B", "C"};
  std::string text = fmt::format("hvc1.{}{}.{:X}.{}{}", kSpaces[head >> 6], head & 0x1f, flags,
                                 (head & 0x20) != 0 ? 'H' : 'L', raw[14]);
  std::size_t last = 14;  // constraint bytes 8 to 13, without the zeros at their end
  while (last > 8 && raw[last - 1] == 0) --last;
  for (std::size_t i = 8; i < last; ++i) text += fmt::format(".{:X}", raw[i]);
  return text;
}

// The sequence header OBU, up to what the string says. AV1 bitstream 5.5; AV1 in ISOBMFF section 5.
class Bits {
 public:
  explicit Bits(Bytes bytes) : bytes_(bytes) {}
  std::uint32_t read(int count) {
    std::uint32_t value = 0;
    for (; count > 0; --count, ++at_) {
      const std::size_t byte = at_ / 8;
      if (byte >= bytes_.size()) {
        short_ = true;
        return 0;
      }
      value = value << 1 | ((bytes_[byte] >> (7 - at_ % 8)) & 1U);
    }
    return value;
  }
  bool is_short() const { return short_; }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  bool short_ = false;
};

std::string av1(Bytes obus) {
  if (obus.empty() || ((obus[0] >> 3) & 0x0f) != 1) return {};
  std::size_t at = (obus[0] & 0x04) != 0 ? 2 : 1;
  if ((obus[0] & 0x02) != 0) {
    while (at < obus.size() && (obus[at] & 0x80) != 0) ++at;
    ++at;
  }
  if (at >= obus.size()) return {};
  Bits bits(obus.subspan(at));
  const std::uint32_t profile = bits.read(3);
  bits.read(1);                                // still_picture
  if (bits.read(1) != 0 || bits.read(1) != 0)  // reduced_still_picture_header, timing_info_present_flag
    return {};
  bits.read(1);                      // initial_display_delay_present_flag
  if (bits.read(5) != 0) return {};  // operating_points_cnt_minus_1: one is what live encoders write
  bits.read(12);
  const std::uint32_t level = bits.read(5);
  const std::uint32_t tier = level > 7 ? bits.read(1) : 0;
  if (bits.is_short()) return {};
  // Depths other than 8 are not made here (pictures are i420); the encoder would be told by its pixel format.
  return fmt::format("av01.{}.{:02}{}.08", profile, level, tier != 0 ? 'H' : 'M');
}

// AudioSpecificConfig: audioObjectType. ISO/IEC 14496-3 1.6.2.1.
std::string aac(Bytes config) {
  if (config.size() < 2) return "mp4a.40.2";
  Bits bits(config);
  std::uint32_t type = bits.read(5);
  if (type == 31) type = 32 + bits.read(6);
  return fmt::format("mp4a.40.{}", type);
}

}  // namespace

std::string codec_string(const StreamInfo& stream) {
  switch (stream.codec) {
    case Codec::h264:
      return avc(stream.extradata);
    case Codec::hevc:
      return hevc(stream.extradata);
    case Codec::av1:
      return av1(stream.extradata);
    case Codec::aac:
      return aac(stream.extradata);
    case Codec::opus:
      return "opus";
    case Codec::vp9:
    case Codec::other:
      break;
  }
  return {};
}

}  // namespace mainstay::package
