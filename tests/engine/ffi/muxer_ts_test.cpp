#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "tests/engine/ffi/encoder_test_support.h"

namespace mainstay::ffi {
namespace {

using ::testing::ElementsAre;
using testing::encode_pictures;
using testing::encode_sound;
using testing::interleave;
using testing::mux;
using testing::small_video;

using Bytes = std::vector<std::uint8_t>;

struct TsPacket {
  int pid = 0;
  bool start = false;
  int counter = 0;
  bool payload = false;
  bool discontinuity = false;
  std::optional<std::int64_t> pcr;  // 27 MHz
  Bytes data;
};

/// ISO/IEC 13818-1 2.4.3, read by hand: the muxer is not to be judged by its own library alone.
std::vector<TsPacket> parse(const Bytes& ts) {
  std::vector<TsPacket> packets;
  EXPECT_EQ(ts.size() % 188, 0U);
  for (std::size_t at = 0; at + 188 <= ts.size(); at += 188) {
    const std::uint8_t* p = ts.data() + at;
    EXPECT_EQ(p[0], 0x47);
    TsPacket packet;
    packet.start = (p[1] & 0x40) != 0;
    packet.pid = (p[1] & 0x1f) << 8 | p[2];
    packet.counter = p[3] & 0x0f;
    packet.payload = (p[3] & 0x10) != 0;
    std::size_t payload = 4;
    if ((p[3] & 0x20) != 0) {
      payload = 5U + p[4];
      if (p[4] > 0) packet.discontinuity = (p[5] & 0x80) != 0;
      if (p[4] >= 7 && (p[5] & 0x10) != 0) {
        const std::int64_t base = std::int64_t{p[6]} << 25 | p[7] << 17 | p[8] << 9 | p[9] << 1 | p[10] >> 7;
        packet.pcr = base * 300 + ((p[10] & 1) << 8 | p[11]);
      }
    }
    if (packet.payload && payload < 188) packet.data.assign(p + payload, p + 188);
    packets.push_back(std::move(packet));
  }
  return packets;
}

struct Pes {
  std::int64_t pts = 0;
  std::int64_t dts = 0;
  std::size_t first_packet = 0;
  Bytes data;
};

std::int64_t timestamp(const std::uint8_t* p) {
  return std::int64_t{p[0] >> 1 & 7} << 30 | p[1] << 22 | (p[2] >> 1) << 15 | p[3] << 7 | p[4] >> 1;
}

std::vector<Pes> pes_of(const std::vector<TsPacket>& packets, int pid) {
  std::vector<Pes> all;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const TsPacket& packet = packets[i];
    if (packet.pid != pid || !packet.payload) continue;
    if (packet.start) {
      Pes pes;
      pes.first_packet = i;
      const std::uint8_t* p = packet.data.data();
      EXPECT_EQ(p[0] | p[1] | p[2], 1);
      const int flags = p[7] >> 6;
      pes.pts = timestamp(p + 9);
      pes.dts = flags == 3 ? timestamp(p + 14) : pes.pts;
      pes.data.assign(packet.data.begin() + 9 + p[8], packet.data.end());
      all.push_back(std::move(pes));
    } else if (!all.empty()) {
      all.back().data.insert(all.back().data.end(), packet.data.begin(), packet.data.end());
    }
  }
  return all;
}

std::vector<int> nal_types(const Bytes& data) {
  std::vector<int> types;
  for (std::size_t i = 0; i + 3 < data.size(); ++i) {
    if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) types.push_back(data[i + 3] & 0x1f);
  }
  return types;
}

std::vector<PacketPtr> program(std::int64_t first, int frames, Rate rate = {30, 1}, bool sound = true) {
  VideoEncoderConfig video = small_video();
  video.rate = rate;
  const auto pictures = encode_pictures(video, first, frames);
  if (!sound) return pictures;
  auto encoder = AudioEncoder::open({});
  EXPECT_TRUE(encoder);
  const int samples = static_cast<int>(rate.first_sample(first + frames) - rate.first_sample(first));
  return interleave(pictures, encode_sound(**encoder, rate.first_sample(first), 1, samples, [](auto) { return 0.1F; }));
}

MuxerOptions ts_options() {
  MuxerOptions options;
  options.container = Container::mpegts;
  options.buffer_bytes = 1316;
  return options;
}

constexpr int kVideoPid = 0x100;
constexpr int kAudioPid = 0x101;

void expect_steady_counters(const std::vector<TsPacket>& packets) {
  std::map<int, int> last;
  for (const TsPacket& packet : packets) {
    const auto known = last.find(packet.pid);
    if (known != last.end() && packet.pid != 0x1fff) {
      EXPECT_EQ(packet.counter, packet.payload ? (known->second + 1) % 16 : known->second) << "pid " << packet.pid;
    }
    last[packet.pid] = packet.counter;
  }
}

double longest_pcr_gap_ms(const std::vector<TsPacket>& packets) {
  constexpr std::int64_t kCycle = (std::int64_t{1} << 33) * 300;
  std::optional<std::int64_t> last;
  std::int64_t longest = 0;
  for (const TsPacket& packet : packets) {
    if (!packet.pcr) continue;
    EXPECT_EQ(packet.pid, kVideoPid);
    if (last) {
      const std::int64_t gap = ((*packet.pcr - *last) % kCycle + kCycle) % kCycle;
      EXPECT_LT(gap, 27'000'000);
      longest = std::max(longest, gap);
    }
    last = packet.pcr;
  }
  EXPECT_TRUE(last);
  return static_cast<double>(longest) / 27'000;
}

TEST(TsMuxer, counts_each_pid_without_a_break) {
  expect_steady_counters(parse(mux(ts_options(), program(30, 90))));
}

TEST(TsMuxer, gives_a_pcr_at_least_every_40_ms_at_every_frame_rate) {
  for (const Rate rate : {Rate{24, 1}, Rate{24000, 1001}, Rate{25, 1}, Rate{30, 1}, Rate{60, 1}, Rate{15, 1}}) {
    for (const bool sound : {true, false}) {
      const auto packets = parse(mux(ts_options(), program(100, 60, rate, sound)));
      EXPECT_LE(longest_pcr_gap_ms(packets), 40.0) << rate.str() << (sound ? " with sound" : "");
      expect_steady_counters(packets);
    }
  }
}

TEST(TsMuxer, keeps_pcrs_coming_while_pictures_are_missing) {
  auto packets = program(30, 90);
  std::erase_if(packets, [](const PacketPtr& p) { return p->video() && p->pts > 50 && p->pts < 75; });
  EXPECT_LE(longest_pcr_gap_ms(parse(mux(ts_options(), packets))), 40.0);
}

TEST(TsMuxer, keeps_times_unshifted_and_the_pcr_a_steady_300_ms_ahead) {
  const auto packets = program(300, 30);
  const auto ts = parse(mux(ts_options(), packets));
  const auto video = pes_of(ts, kVideoPid);
  std::vector<PacketPtr> put;
  std::ranges::copy_if(packets, std::back_inserter(put), [](const auto& p) { return p->video(); });
  ASSERT_EQ(video.size(), put.size());
  for (std::size_t i = 0; i < put.size(); ++i) {
    EXPECT_EQ(video[i].pts, put[i]->pts * 3000);
    EXPECT_EQ(video[i].dts, put[i]->dts * 3000);
    const auto pcr = ts[video[i].first_packet].pcr;
    if (pcr) {
      EXPECT_EQ(*pcr, (put[i]->dts * 3000 - 27000) * 300);
    }
  }
}

TEST(TsMuxer, crosses_2_to_the_33_without_a_break) {
  constexpr std::int64_t kWrap = std::int64_t{1} << 33;
  const std::int64_t first = kWrap / 3000 - 45;
  const auto packets = program(first, 90);
  const auto ts = parse(mux(ts_options(), packets));
  expect_steady_counters(ts);
  EXPECT_LE(longest_pcr_gap_ms(ts), 40.0);
  for (const TsPacket& packet : ts) EXPECT_FALSE(packet.discontinuity);
  for (const int pid : {kVideoPid, kAudioPid}) {
    std::vector<PacketPtr> put;
    std::ranges::copy_if(packets, std::back_inserter(put),
                         [&](const auto& p) { return p->video() == (pid == kVideoPid); });
    const auto got = pes_of(ts, pid);
    ASSERT_EQ(got.size(), put.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      EXPECT_EQ(got[i].pts, rescale(put[i]->pts, put[i]->stream->time_base, kTsBase) % kWrap);
    }
  }
}

TEST(TsMuxer, begins_each_idr_with_tables_a_delimiter_and_parameter_sets) {
  const auto packets = program(30, 60);
  const auto ts = parse(mux(ts_options(), packets));
  const auto video = pes_of(ts, kVideoPid);
  std::vector<PacketPtr> put;
  std::ranges::copy_if(packets, std::back_inserter(put), [](const auto& p) { return p->video(); });
  ASSERT_EQ(video.size(), put.size());
  int idrs = 0;
  for (std::size_t i = 0; i < put.size(); ++i) {
    const auto types = nal_types(video[i].data);
    ASSERT_FALSE(types.empty());
    EXPECT_EQ(types[0], 9) << "an access unit delimiter first";
    EXPECT_EQ(std::ranges::count(types, 9), 1);
    const bool idr = std::ranges::count(types, 5) > 0;
    EXPECT_EQ(idr, put[i]->key);
    EXPECT_EQ(std::ranges::count(types, 7), idr ? 1 : 0);
    EXPECT_EQ(std::ranges::count(types, 8), idr ? 1 : 0);
    if (!idr) continue;
    ++idrs;
    ASSERT_GE(video[i].first_packet, 2U);
    EXPECT_EQ(ts[video[i].first_packet - 2].pid, 0);
    EXPECT_EQ(ts[video[i].first_packet - 1].pid, 0x1000);
  }
  EXPECT_EQ(idrs, 4);
}

TEST(TsMuxer, repeats_the_tables_every_100_ms_or_so) {
  const auto ts = parse(mux(ts_options(), program(30, 90)));
  EXPECT_GE(std::ranges::count_if(ts, [](const TsPacket& p) { return p.pid == 0; }), 25);
}

TEST(TsMuxer, sends_each_sound_packet_on_its_own) {
  const auto packets = program(30, 60);
  const auto sound = std::ranges::count_if(packets, [](const auto& p) { return !p->video(); });
  EXPECT_EQ(pes_of(parse(mux(ts_options(), packets)), kAudioPid).size(), static_cast<std::size_t>(sound));
}

TEST(TsMuxer, hands_over_whole_datagrams_and_the_rest_when_flushed) {
  const auto packets = program(30, 30);
  std::vector<std::size_t> sizes;
  auto muxer = Muxer::open(
      ts_options(),
      {packets[0]->stream, packets[1]->stream->kind == MediaKind::audio ? packets[1]->stream : packets.back()->stream},
      [&](std::span<const std::uint8_t> bytes) -> Status {
        sizes.push_back(bytes.size());
        return {};
      });
  ASSERT_TRUE(muxer) << muxer.error().describe();
  for (const PacketPtr& packet : packets) ASSERT_TRUE((*muxer)->write(*packet));
  EXPECT_TRUE(std::ranges::all_of(sizes, [](std::size_t s) { return s == 1316; }));
  ASSERT_TRUE((*muxer)->flush());
  EXPECT_EQ(sizes.back() % 188, 0U);
  std::size_t total = 0;
  for (const std::size_t size : sizes) total += size;
  EXPECT_EQ(total % 188, 0U);
}

TEST(TsMuxer, takes_new_parameter_sets_of_a_rebuilt_encoder_along) {
  auto packets = program(30, 30, {30, 1}, false);
  VideoEncoderConfig other = small_video();
  other.bframes = 0;
  other.profile = "baseline";
  const auto rebuilt = encode_pictures(other, 60, 15);
  ASSERT_NE(rebuilt[0]->stream->extradata, packets[0]->stream->extradata);
  Bytes ts;
  auto muxer = Muxer::open(ts_options(), {packets[0]->stream}, [&](std::span<const std::uint8_t> bytes) -> Status {
    ts.insert(ts.end(), bytes.begin(), bytes.end());
    return {};
  });
  ASSERT_TRUE(muxer);
  for (const PacketPtr& packet : packets) ASSERT_TRUE((*muxer)->write(*packet));
  for (const PacketPtr& packet : rebuilt) ASSERT_TRUE((*muxer)->write(*packet));
  ASSERT_TRUE((*muxer)->finish());
  const auto video = pes_of(parse(ts), kVideoPid);
  const Bytes& idr = video[30].data;
  const auto& sets = rebuilt[0]->stream->extradata;
  EXPECT_NE(std::search(idr.begin(), idr.end(), sets.begin(), sets.begin() + 16), idr.end());
}

}  // namespace
}  // namespace mainstay::ffi
