#include "engine/ffi/av/parameter_sets.h"

#include <array>

namespace mainstay::ffi {

namespace {

using Bytes = std::span<const std::uint8_t>;

struct Nal {
  std::size_t start = 0;  // of the start code
  Bytes payload;          // from the NAL header to the end of the buffer or the next start code
};

// The next NAL unit at or after `from`; an empty payload when there is none.
Nal next_nal(Bytes data, std::size_t from) {
  auto find = [&](std::size_t at) {
    for (; at + 3 <= data.size(); ++at) {
      if (data[at] == 0 && data[at + 1] == 0 && data[at + 2] == 1) return at;
    }
    return data.size();
  };
  const std::size_t code = find(from);
  if (code + 3 >= data.size()) return {data.size(), {}};
  const std::size_t begin = code + 3;
  std::size_t end = find(begin);
  // The zero byte of a four-byte start code belongs to that code.
  if (end < data.size() && end > begin && data[end - 1] == 0) --end;
  return {code > from && data[code - 1] == 0 ? code - 1 : code, data.subspan(begin, end - begin)};
}

int nal_type(Codec codec, std::uint8_t header) {
  return codec == Codec::hevc ? (header >> 1) & 0x3f : header & 0x1f;
}

bool is_sps(Codec codec, int type) {
  return type == (codec == Codec::hevc ? 33 : 7);
}

// AUD, VPS, SPS, PPS.
bool is_header(Codec codec, int type) {
  return codec == Codec::hevc ? type >= 32 && type <= 35 : type >= 7 && type <= 9;
}

bool is_picture(Codec codec, int type) {
  return codec == Codec::hevc ? type < 32 : type >= 1 && type <= 5;
}

// The header byte of the first NAL unit that belongs to a picture, -1 without one. Looks no further than there.
int picture_header(Codec codec, Bytes annexb) {
  if (codec != Codec::h264 && codec != Codec::hevc) return -1;
  for (std::size_t at = 0; at + 3 < annexb.size(); ++at) {
    if (annexb[at] != 0 || annexb[at + 1] != 0 || annexb[at + 2] != 1) continue;
    if (is_picture(codec, nal_type(codec, annexb[at + 3]))) return annexb[at + 3];
    at += 2;
  }
  return -1;
}

// The sequence header OBU at the start of `obus`, up to the first operating point's level.
ProfileLevel av1_profile_level(Bytes obus) {
  if (obus.empty() || ((obus[0] >> 3) & 0x0f) != 1) return {};
  std::size_t at = (obus[0] & 0x04) != 0 ? 2 : 1;
  if ((obus[0] & 0x02) != 0) {
    while (at < obus.size() && (obus[at] & 0x80) != 0) ++at;  // the size, LEB128
    ++at;
  }
  if (at + 4 > obus.size()) return {};
  const std::uint32_t bits = std::uint32_t{obus[at]} << 24 | obus[at + 1] << 16 | obus[at + 2] << 8 | obus[at + 3];
  const int profile = static_cast<int>(bits >> 29);
  // reduced_still_picture_header, timing_info_present_flag: other layouts, which no live encoder writes
  if ((bits & 0x0c000000) != 0) return {profile, -1};
  // initial_display_delay_present_flag 1, operating_points_cnt_minus_1 5, operating_point_idc 12: 18 bits from bit 6
  return {profile, static_cast<int>(bits >> 3 & 0x1f)};
}

}  // namespace

ProfileLevel profile_level(Codec codec, Bytes annexb) {
  if (codec == Codec::av1) return av1_profile_level(annexb);
  if (codec != Codec::h264 && codec != Codec::hevc) return {};
  for (Nal nal = next_nal(annexb, 0); !nal.payload.empty(); nal = next_nal(annexb, nal.start + 3)) {
    if (!is_sps(codec, nal_type(codec, nal.payload[0]))) continue;
    // The first bytes without emulation prevention: H.264 needs 4 (header, profile, constraints, level), HEVC 15
    // (header 2, ids 1, profile_tier_level 12).
    std::array<std::uint8_t, 15> raw{};
    std::size_t count = 0;
    int zeros = 0;
    for (const std::uint8_t byte : nal.payload) {
      if (count == raw.size()) break;
      if (zeros >= 2 && byte == 3) {
        zeros = 0;
        continue;
      }
      zeros = byte == 0 ? zeros + 1 : 0;
      raw[count++] = byte;
    }
    if (codec == Codec::h264) return count >= 4 ? ProfileLevel{raw[1], raw[3]} : ProfileLevel{};
    return count >= 15 ? ProfileLevel{raw[3] & 0x1f, raw[14]} : ProfileLevel{};
  }
  return {};
}

Bytes without_parameter_sets(Codec codec, Bytes annexb) {
  if (codec != Codec::h264 && codec != Codec::hevc) return annexb;
  std::size_t at = 0;
  for (;;) {
    // Headers are short, and this ends at the first other unit: a large picture is not searched through.
    Bytes rest = annexb.subspan(at);
    std::size_t code = 0;
    while (code + 3 < rest.size() && rest[code] == 0 && rest[code + 1] == 0 && rest[code + 2] == 0) ++code;
    if (code + 3 >= rest.size() || rest[code] != 0 || rest[code + 1] != 0 || rest[code + 2] != 1) return rest;
    if (!is_header(codec, nal_type(codec, rest[code + 3]))) return rest;
    const Nal following = next_nal(rest, code + 3);
    if (following.payload.empty()) return rest;
    at += following.start;
  }
}

bool has_idr(Codec codec, Bytes annexb) {
  const int header = picture_header(codec, annexb);
  if (header < 0) return false;
  const int type = nal_type(codec, static_cast<std::uint8_t>(header));
  return codec == Codec::hevc ? type == 19 || type == 20 : type == 5;
}

bool is_droppable(Codec codec, Bytes annexb) {
  const int header = picture_header(codec, annexb);
  if (header < 0) return false;
  const int type = nal_type(codec, static_cast<std::uint8_t>(header));
  return codec == Codec::hevc ? type < 16 && type % 2 == 0 : (header & 0x60) == 0;
}

}  // namespace mainstay::ffi
