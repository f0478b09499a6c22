#include "engine/deliver/flv_codecs.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/deliver/bit_reader.h"

namespace mainstay {

namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

constexpr int kAvcSps = 7;
constexpr int kAvcPps = 8;
constexpr int kHevcVps = 32;
constexpr int kHevcSps = 33;
constexpr int kHevcPps = 34;
constexpr int kObuSequenceHeader = 1;

void put16(Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put(Bytes& out, View bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// Where the next start code 00 00 01 begins, from `from` on; the size when there is none.
std::size_t next_start_code(View bytes, std::size_t from) {
  while (from + 3 <= bytes.size()) {
    const auto* one =
        static_cast<const std::uint8_t*>(std::memchr(bytes.data() + from + 2, 1, bytes.size() - from - 2));
    if (one == nullptr) return bytes.size();
    const std::size_t at = static_cast<std::size_t>(one - bytes.data());
    if (bytes[at - 1] == 0 && bytes[at - 2] == 0) return at - 2;
    from = at - 1;
  }
  return bytes.size();
}

bool fits16(const std::vector<View>& nals) {
  return std::all_of(nals.begin(), nals.end(), [](View nal) { return nal.size() <= 0xFFFF; });
}

// Chroma format and bit depths of an H.264 SPS with one of the high profiles (7.3.2.1.1).
struct AvcChroma {
  std::uint32_t format = 1;
  std::uint32_t luma_depth_minus8 = 0;
  std::uint32_t chroma_depth_minus8 = 0;
};

bool parse_avc_chroma(View sps, AvcChroma& out) {
  const Bytes plain = without_emulation_prevention(sps);
  BitReader bits(plain);
  bits.skip(32);
  bits.exp_golomb();
  out.format = bits.exp_golomb();
  if (out.format == 3) bits.skip(1);
  out.luma_depth_minus8 = bits.exp_golomb();
  out.chroma_depth_minus8 = bits.exp_golomb();
  return !bits.past_end() && out.format <= 3 && out.luma_depth_minus8 <= 6 && out.chroma_depth_minus8 <= 6;
}

// What hvcC takes from an HEVC SPS (7.3.2.2).
struct HevcSps {
  std::array<std::uint8_t, 12> profile_tier_level{};
  std::uint32_t sub_layers = 1;
  bool temporal_nesting = false;
  std::uint32_t chroma_format = 1;
  std::uint32_t luma_depth_minus8 = 0;
  std::uint32_t chroma_depth_minus8 = 0;
};

void skip_sub_layers(BitReader& bits, std::uint32_t max_sub_layers_minus1) {
  if (max_sub_layers_minus1 == 0) return;
  std::array<bool, 8> profile{};
  std::array<bool, 8> level{};
  for (std::uint32_t i = 0; i < 8; ++i) {  // the table is padded to eight entries
    const bool has_profile = bits.flag();
    const bool has_level = bits.flag();
    if (i < max_sub_layers_minus1) {
      profile[i] = has_profile;
      level[i] = has_level;
    }
  }
  for (std::uint32_t i = 0; i < max_sub_layers_minus1; ++i) {
    if (profile[i]) bits.skip(88);
    if (level[i]) bits.skip(8);
  }
}

bool parse_hevc_sps(View sps, HevcSps& out) {
  const Bytes plain = without_emulation_prevention(sps);
  BitReader bits(plain);
  bits.skip(16 + 4);
  const std::uint32_t max_sub_layers_minus1 = bits.bits(3);
  if (max_sub_layers_minus1 > 6) return false;
  out.sub_layers = max_sub_layers_minus1 + 1;
  out.temporal_nesting = bits.flag();
  for (auto& byte : out.profile_tier_level) byte = static_cast<std::uint8_t>(bits.bits(8));
  skip_sub_layers(bits, max_sub_layers_minus1);
  bits.exp_golomb();
  out.chroma_format = bits.exp_golomb();
  if (out.chroma_format == 3) bits.skip(1);
  bits.exp_golomb();
  bits.exp_golomb();
  if (bits.flag()) {
    for (int i = 0; i < 4; ++i) bits.exp_golomb();
  }
  out.luma_depth_minus8 = bits.exp_golomb();
  out.chroma_depth_minus8 = bits.exp_golomb();
  return !bits.past_end() && out.chroma_format <= 3 && out.luma_depth_minus8 <= 7 && out.chroma_depth_minus8 <= 7;
}

// What av1C takes from a sequence header (AV1 specification 5.5).
struct Av1Sequence {
  std::uint32_t profile = 0;
  std::uint32_t level = 0;
  bool tier = false;
  bool high_bitdepth = false;
  bool twelve_bit = false;
  bool mono = false;
  bool subsampling_x = true;
  bool subsampling_y = true;
  std::uint32_t chroma_position = 0;
};

// Timing and operating points (5.5.1 to 5.5.4); the first point's level and tier count.
void parse_av1_operating_points(BitReader& bits, Av1Sequence& out) {
  bool decoder_model = false;
  int delay_bits = 0;
  if (bits.flag()) {  // timing_info
    bits.skip(64);
    if (bits.flag()) bits.exp_golomb();
    decoder_model = bits.flag();
    if (decoder_model) {
      delay_bits = static_cast<int>(bits.bits(5)) + 1;
      bits.skip(32 + 5 + 5);
    }
  }
  const bool display_delay = bits.flag();
  const std::uint32_t points = bits.bits(5) + 1;
  for (std::uint32_t i = 0; i < points; ++i) {
    bits.skip(12);
    const std::uint32_t level = bits.bits(5);
    const bool tier = level > 7 && bits.flag();
    if (i == 0) {
      out.level = level;
      out.tier = tier;
    }
    if (decoder_model && bits.flag()) bits.skip(2 * delay_bits + 1);
    if (display_delay && bits.flag()) bits.skip(4);
  }
}

void skip_av1_tools(BitReader& bits, bool reduced) {
  const int width_bits = static_cast<int>(bits.bits(4)) + 1;
  const int height_bits = static_cast<int>(bits.bits(4)) + 1;
  bits.skip(width_bits + height_bits);
  if (!reduced && bits.flag()) bits.skip(7);
  bits.skip(3);
  if (!reduced) {
    bits.skip(4);
    const bool order_hint = bits.flag();
    if (order_hint) bits.skip(2);
    const bool choose_screen_content = bits.flag();
    const bool screen_content = choose_screen_content || bits.flag();
    if (screen_content && !bits.flag()) bits.skip(1);
    if (order_hint) bits.skip(3);
  }
  bits.skip(3);
}

void parse_av1_color(BitReader& bits, Av1Sequence& out) {
  out.high_bitdepth = bits.flag();
  out.twelve_bit = out.profile == 2 && out.high_bitdepth && bits.flag();
  out.mono = out.profile != 1 && bits.flag();
  std::uint32_t primaries = 2;
  std::uint32_t transfer = 2;
  std::uint32_t matrix = 2;
  if (bits.flag()) {
    primaries = bits.bits(8);
    transfer = bits.bits(8);
    matrix = bits.bits(8);
  }
  if (out.mono) return;
  if (primaries == 1 && transfer == 13 && matrix == 0) {  // sRGB
    out.subsampling_x = out.subsampling_y = false;
    return;
  }
  bits.skip(1);
  if (out.profile == 1) out.subsampling_x = out.subsampling_y = false;
  if (out.profile == 2) {
    out.subsampling_x = !out.twelve_bit || bits.flag();
    out.subsampling_y = out.twelve_bit && out.subsampling_x && bits.flag();
  }
  if (out.subsampling_x && out.subsampling_y) out.chroma_position = bits.bits(2);
}

bool parse_av1_sequence(View payload, Av1Sequence& out) {
  BitReader bits(payload);
  out.profile = bits.bits(3);
  bits.skip(1);
  const bool reduced = bits.flag();
  if (reduced) {
    out.level = bits.bits(5);
  } else {
    parse_av1_operating_points(bits, out);
  }
  skip_av1_tools(bits, reduced);
  parse_av1_color(bits, out);
  return !bits.past_end() && out.profile <= 2;
}

void put_hevc_array(Bytes& out, int type, const std::vector<View>& nals) {
  out.push_back(static_cast<std::uint8_t>(0x80 | type));  // complete: none come in band
  put16(out, nals.size());
  for (const View nal : nals) {
    put16(out, nal.size());
    put(out, nal);
  }
}

}  // namespace

bool for_each_nal(View bytes, const std::function<void(View)>& each) {
  std::size_t at = next_start_code(bytes, 0);
  bool any = false;
  while (at < bytes.size()) {
    const std::size_t begin = at + 3;
    at = next_start_code(bytes, begin);
    std::size_t end = at;
    while (end > begin && bytes[end - 1] == 0) --end;  // the fourth byte of a start code, and trailing_zero_8bits
    if (end > begin) {
      each(bytes.subspan(begin, end - begin));
      any = true;
    }
  }
  return any;
}

Result<Bytes> make_avcc(View parameter_sets) {
  if (parameter_sets.size() > 6 && parameter_sets[0] == 1) return Bytes(parameter_sets.begin(), parameter_sets.end());
  std::vector<View> sps;
  std::vector<View> pps;
  for_each_nal(parameter_sets, [&](View nal) {
    if ((nal[0] & 0x1F) == kAvcSps && nal.size() >= 4) sps.push_back(nal);
    if ((nal[0] & 0x1F) == kAvcPps) pps.push_back(nal);
  });
  if (sps.empty() || pps.empty()) return make_error(Errc::corrupt, "the H.264 encoder gave no SPS and PPS");
  if (sps.size() > 31 || pps.size() > 255 || !fits16(sps) || !fits16(pps)) {
    return make_error(Errc::corrupt, "the H.264 parameter sets are too many or too large");
  }
  Bytes out{1, sps[0][1], sps[0][2], sps[0][3], 0xFF, static_cast<std::uint8_t>(0xE0 | sps.size())};
  for (const View nal : sps) {
    put16(out, nal.size());
    put(out, nal);
  }
  out.push_back(static_cast<std::uint8_t>(pps.size()));
  for (const View nal : pps) {
    put16(out, nal.size());
    put(out, nal);
  }
  const int profile = sps[0][1];
  if (profile != 66 && profile != 77 && profile != 88) {
    AvcChroma chroma;
    if (!parse_avc_chroma(sps[0], chroma)) return make_error(Errc::corrupt, "the H.264 SPS is broken");
    out.push_back(static_cast<std::uint8_t>(0xFC | chroma.format));
    out.push_back(static_cast<std::uint8_t>(0xF8 | chroma.luma_depth_minus8));
    out.push_back(static_cast<std::uint8_t>(0xF8 | chroma.chroma_depth_minus8));
    out.push_back(0);
  }
  return out;
}

Result<Bytes> make_hvcc(View parameter_sets) {
  if (parameter_sets.size() > 23 && parameter_sets[0] == 1) return Bytes(parameter_sets.begin(), parameter_sets.end());
  std::vector<View> vps;
  std::vector<View> sps;
  std::vector<View> pps;
  for_each_nal(parameter_sets, [&](View nal) {
    const int type = nal[0] >> 1 & 0x3F;
    if (type == kHevcVps) vps.push_back(nal);
    if (type == kHevcSps) sps.push_back(nal);
    if (type == kHevcPps) pps.push_back(nal);
  });
  if (vps.empty() || sps.empty() || pps.empty()) {
    return make_error(Errc::corrupt, "the HEVC encoder gave no VPS, SPS and PPS");
  }
  HevcSps info;
  if (!fits16(vps) || !fits16(sps) || !fits16(pps) || !parse_hevc_sps(sps[0], info)) {
    return make_error(Errc::corrupt, "the HEVC SPS is broken");
  }
  Bytes out{1};
  put(out, info.profile_tier_level);
  put16(out, 0xF000);  // min_spatial_segmentation_idc: not said
  out.push_back(0xFC);
  out.push_back(static_cast<std::uint8_t>(0xFC | info.chroma_format));
  out.push_back(static_cast<std::uint8_t>(0xF8 | info.luma_depth_minus8));
  out.push_back(static_cast<std::uint8_t>(0xF8 | info.chroma_depth_minus8));
  put16(out, 0);  // avgFrameRate: not said
  out.push_back(static_cast<std::uint8_t>(info.sub_layers << 3 | (info.temporal_nesting ? 4U : 0U) | 3U));
  out.push_back(3);
  put_hevc_array(out, kHevcVps, vps);
  put_hevc_array(out, kHevcSps, sps);
  put_hevc_array(out, kHevcPps, pps);
  return out;
}

Status for_each_obu(View bytes, const std::function<void(const Av1Obu&)>& each) {
  const auto broken = [] { return make_error(Errc::corrupt, "broken AV1 data"); };
  while (!bytes.empty()) {
    const std::uint8_t header = bytes[0];
    std::size_t at = (header & 4) != 0 ? 2 : 1;
    std::uint64_t size = 0;
    if ((header & 2) != 0) {  // leb128
      for (int i = 0;; ++i) {
        if (at >= bytes.size() || i == 8) return broken();
        const std::uint8_t byte = bytes[at++];
        size |= std::uint64_t{byte & 0x7FU} << (7 * i);
        if ((byte & 0x80) == 0) break;
      }
    } else {
      if (at > bytes.size()) return broken();
      size = bytes.size() - at;
    }
    if (at > bytes.size() || size > bytes.size() - at) return broken();
    const auto length = static_cast<std::size_t>(size);
    each({header >> 3 & 0xF, bytes.first(at + length), bytes.subspan(at, length)});
    bytes = bytes.subspan(at + length);
  }
  return {};
}

Result<Bytes> make_av1c(View sequence_header) {
  if (sequence_header.size() > 4 && sequence_header[0] == 0x81) {
    return Bytes(sequence_header.begin(), sequence_header.end());
  }
  Av1Obu sequence;
  MAINSTAY_CHECK(for_each_obu(sequence_header, [&](const Av1Obu& obu) {
    if (obu.type == kObuSequenceHeader && sequence.whole.empty()) sequence = obu;
  }));
  Av1Sequence info;
  if (sequence.whole.empty()) return make_error(Errc::corrupt, "the AV1 encoder gave no sequence header");
  if (!parse_av1_sequence(sequence.payload, info))
    return make_error(Errc::corrupt, "the AV1 sequence header is broken");
  const auto bit = [](bool value, int place) { return static_cast<std::uint8_t>(value ? 1U << place : 0U); };
  Bytes out{0x81, static_cast<std::uint8_t>(info.profile << 5 | info.level)};
  out.push_back(static_cast<std::uint8_t>(bit(info.tier, 7) | bit(info.high_bitdepth, 6) | bit(info.twelve_bit, 5) |
                                          bit(info.mono, 4) | bit(info.subsampling_x, 3) | bit(info.subsampling_y, 2) |
                                          info.chroma_position));
  out.push_back(0);
  put(out, sequence.whole);
  return out;
}

}  // namespace mainstay
