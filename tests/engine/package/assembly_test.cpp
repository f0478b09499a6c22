#include "engine/package/assembly.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/engine/package/stream_support.h"

namespace mainstay::package {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Packaging : public ::testing::Test {
 protected:
  explicit Packaging(EncodeOf what = {}) : stream_(std::move(what)) {}

  Assembly& assembly(AssemblyOptions options, std::optional<Numbering> before = std::nullopt) {
    shelf_ = std::make_shared<StreamShelf>(clock_);
    const Nanos first = stream_.what().rate.begin(stream_.what().first);
    assembly_ = std::make_unique<Assembly>(
        std::move(options), Assembly::Services{clock_, log_, [first](Nanos time) { return Instant(time - first); }},
        shelf_, before);
    return *assembly_;
  }
  void feed(const std::vector<PacketPtr>& packets) {
    for (const PacketPtr& packet : packets) assembly_->take(*packet);
  }
  ReadPlaylist video() const { return playlist_of(*shelf_, "v0"); }
  ReadPlaylist audio() const { return playlist_of(*shelf_, "a0"); }

  ManualClock clock_{ManualClock::Drive::test, UtcInstant(Seconds(1'000'000))};
  Log log_{{.level = LogLevel::off, .sink = [](std::string_view) {}}};
  LongStream stream_;
  std::shared_ptr<StreamShelf> shelf_;
  std::unique_ptr<Assembly> assembly_;
};

TEST_F(Packaging, gives_out_playlists_once_three_segments_are_whole) {
  assembly(options_for(stream_.what(), 60, 10));
  const auto packets = stream_.packets(60 * 4);
  std::size_t at = 0;
  const auto until = [&](FrameIndex frame) {
    for (; at < packets.size() && packets[at]->decode_time() < Rate{30, 1}.begin(30 + frame); ++at)
      assembly_->take(*packets[at]);
  };
  until(170);
  EXPECT_EQ(shelf_->find("index.m3u8"), nullptr);
  EXPECT_EQ(shelf_->find("v0/index.m3u8"), nullptr);
  until(190);
  ASSERT_NE(shelf_->find("index.m3u8"), nullptr);
  EXPECT_EQ(video().segments.size(), 4U);  // the open one has a part
  EXPECT_TRUE(video().segments.back().uri.empty());
}

TEST_F(Packaging, the_multivariant_playlist_says_what_players_choose_by) {
  assembly(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 4));
  const std::string text(shelf_->find("index.m3u8")->bytes);
  EXPECT_THAT(text, ::testing::HasSubstr("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"a0\",DEFAULT=YES,"
                                         "AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a0/index.m3u8\""));
  EXPECT_THAT(text, ::testing::ContainsRegex("#EXT-X-STREAM-INF:BANDWIDTH=[0-9]+,AVERAGE-BANDWIDTH=[0-9]+,"
                                             "CODECS=\"avc1.64[0-9a-f]+,mp4a.40.2\",RESOLUTION=96x54,"
                                             "FRAME-RATE=30.000,VIDEO-RANGE=SDR,CLOSED-CAPTIONS=NONE,"
                                             "AUDIO=\"audio\"\nv0/index.m3u8\n"));
  EXPECT_THAT(text, ::testing::ContainsRegex("#EXT-X-STREAM-INF:BANDWIDTH=[0-9]+,AVERAGE-BANDWIDTH=[0-9]+,"
                                             "CODECS=\"mp4a.40.2\",CLOSED-CAPTIONS=NONE,AUDIO=\"audio\"\na0/index"));
  EXPECT_THAT(text, ::testing::ContainsRegex("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=[0-9]+,CODECS=\"avc1"));
  for (const std::uint32_t end : shelf_->find("index.m3u8")->uri_ends)
    EXPECT_THAT(text.substr(0, end), ::testing::EndsWith(".m3u8"));
}

// Two picture renditions, one of which gets another encoder after five minutes, and sound.
std::vector<PacketPtr> ten_minutes(const LongStream& first) {
  constexpr FrameIndex kChange = 30 * 300;
  const auto pictures = [](const LongStream& stream) {
    std::vector<PacketPtr> packets = stream.packets(30 * 600);
    std::erase_if(packets, [](const PacketPtr& packet) { return !packet->video(); });
    return packets;
  };
  EncodeOf other = first.what();
  other.kbps = 900;  // which takes a higher level, and so other parameter sets
  EncodeOf low = first.what();
  low.video_name = "v1";
  low.gop = 30;
  low.kbps = 100;
  std::vector<PacketPtr> before = first.packets(30 * 600);
  std::erase_if(before, [&](const PacketPtr& p) { return p->video() && p->pts - first.what().first >= kChange; });
  std::vector<PacketPtr> after = pictures(LongStream(other));
  std::erase_if(after, [&](const PacketPtr& p) { return p->pts - first.what().first < kChange; });
  return in_decode_order(in_decode_order(std::move(before), after), pictures(LongStream(low)));
}

TEST_F(Packaging, playlists_keep_the_rules_at_every_moment_of_ten_minutes) {
  AssemblyOptions options = options_for(stream_.what(), 60, 10);
  options.renditions.insert(options.renditions.begin() + 1, {"v1", MediaKind::video});
  assembly(options);
  std::set<std::string> breaches;
  std::map<std::string, ItemPtr> seen;
  std::map<std::int64_t, std::string> uris;
  std::set<std::int64_t> discontinuities;
  std::map<std::string, std::int64_t> oldest;
  int playlists = 0;
  for (const PacketPtr& packet : ten_minutes(stream_)) {
    assembly_->take(*packet);
    for (const std::string name : {"v0", "v1", "a0"}) {
      const ItemPtr item = shelf_->find(name + "/index.m3u8");
      if (!item || std::exchange(seen[name], item) == item) continue;
      ++playlists;
      const ReadPlaylist playlist = read_playlist(item->bytes);
      for (const std::string& breach : breaches_of(playlist)) breaches.insert(name + ": " + breach);
      EXPECT_GE(playlist.media_sequence, oldest[name]);
      oldest[name] = playlist.media_sequence;
      std::int64_t passed = playlist.discontinuity_sequence;
      for (const ReadSegment& segment : playlist.segments) {
        if (segment.discontinuity) discontinuities.insert(segment.msn);
        passed += segment.discontinuity ? 1 : 0;
        EXPECT_EQ(passed, segment.msn >= 500'150 ? 1 : 0) << name << " " << segment.msn;
        if (!segment.uri.empty()) {
          EXPECT_EQ(uris.emplace(segment.msn, segment.uri).first->second, segment.uri);
        }
      }
    }
  }
  EXPECT_THAT(breaches, IsEmpty());
  EXPECT_THAT(discontinuities, ElementsAre(500'150));
  EXPECT_GT(playlists, 5000);
  EXPECT_EQ(uris.size(), 300U);
}

TEST_F(Packaging, everything_that_a_playlist_names_is_there) {
  assembly(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 25 + 25));
  for (const char* name : {"v0", "a0"}) {
    const ReadPlaylist playlist = playlist_of(*shelf_, name);
    const std::string folder = std::string(name) + "/";
    for (const ReadSegment& segment : playlist.segments) {
      EXPECT_NE(shelf_->find(folder + segment.map), nullptr) << segment.map;
      if (!segment.uri.empty()) {
        EXPECT_NE(shelf_->find(folder + segment.uri), nullptr) << segment.uri;
      }
      for (const ReadPart& part : segment.parts) EXPECT_NE(shelf_->find(folder + part.uri), nullptr) << part.uri;
    }
    EXPECT_EQ(shelf_->find(folder + playlist.hint), nullptr) << "a hinted part is not there before it is whole";
  }
  // And what older playlists named, for as long as those may be in use.
  EXPECT_NE(shelf_->find("v0/s" + std::to_string(video().media_sequence - 5) + ".m4s"), nullptr);
  EXPECT_EQ(shelf_->find("v0/s" + std::to_string(video().media_sequence - 20) + ".m4s"), nullptr);
}

// hls.js takes a segment as loaded when less than 0.2 s of it are missing: a short last part would never be fetched.
TEST_F(Packaging, parts_of_sound_end_where_those_of_pictures_do) {
  assembly(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 8));
  EXPECT_DOUBLE_EQ(audio().part_target, 0.341334);  // 16 packets of AAC
  int segments = 0;
  for (const ReadSegment& segment : audio().segments) {
    if (segment.uri.empty() || segment.parts.empty()) continue;
    ++segments;
    EXPECT_EQ(segment.parts.size(), 6U) << segment.uri;
    for (const ReadPart& part : segment.parts) EXPECT_GE(part.duration, 0.32) << part.uri;
  }
  EXPECT_GE(segments, 3);
}

// There a part less one packet would be too short for the target (RFC 8216bis 4.4.4.9).
TEST_F(Packaging, short_parts_of_sound_hold_as_many_packets_as_fit) {
  assembly(options_for(stream_.what(), 60, 3));
  feed(stream_.packets(60 * 8));
  EXPECT_DOUBLE_EQ(audio().part_target, 0.085334);  // 4 of the 4.7 packets that 0.1 s are
}

TEST_F(Packaging, a_segment_is_its_parts_one_after_the_other) {
  assembly(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 5));
  const ReadSegment segment = video().segments.at(3);
  std::string joined;
  for (const ReadPart& part : segment.parts) joined += shelf_->find("v0/" + part.uri)->bytes;
  EXPECT_EQ(segment.parts.size(), 6U);
  EXPECT_EQ(joined, shelf_->find("v0/" + segment.uri)->bytes);
  EXPECT_TRUE(segment.parts[0].independent);
  EXPECT_FALSE(segment.parts[1].independent);
}

TEST_F(Packaging, dates_follow_the_program_and_not_steps_of_the_time_of_day) {
  assembly(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 5));
  EXPECT_EQ(video().segments[0].date, "1970-01-12T13:46:40.000Z");
  EXPECT_EQ(video().segments[1].date, "1970-01-12T13:46:42.000Z");
  EXPECT_EQ(video().segments[4].date, "1970-01-12T13:46:48.000Z");
  clock_.step_utc(Seconds(3600));
  const auto all = stream_.packets(60 * 8);
  const auto done = stream_.packets(60 * 5).size();
  for (std::size_t i = done; i < all.size(); ++i) assembly_->take(*all[i]);
  EXPECT_EQ(video().segments.back().date, "1970-01-12T13:46:54.000Z");
}

TEST_F(Packaging, numbers_start_from_the_time_of_day_so_that_they_rise_whatever_is_forgotten) {
  assembly(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 4));
  EXPECT_EQ(video().media_sequence, 500'000);
  EXPECT_EQ(audio().media_sequence, 500'000);
  EXPECT_FALSE(video().segments[0].discontinuity);
}

TEST_F(Packaging, goes_on_from_the_numbers_of_an_earlier_run_with_one_discontinuity) {
  assembly(options_for(stream_.what(), 60, 10), Numbering{42, 3});
  feed(stream_.packets(60 * 40));
  EXPECT_EQ(assembly_->numbering(), (Numbering{42 + 40, 4}));
  // The discontinuity has left the playlists, and is still counted.
  EXPECT_EQ(video().discontinuity_sequence, 4);
  EXPECT_EQ(audio().discontinuity_sequence, 4);
  assembly(options_for(stream_.what(), 60, 10), Numbering{42, 3});
  feed(stream_.packets(60 * 4));
  for (const ReadPlaylist& playlist : {video(), audio()}) {
    EXPECT_EQ(playlist.media_sequence, 42);
    EXPECT_EQ(playlist.discontinuity_sequence, 3);
    EXPECT_TRUE(playlist.segments[0].discontinuity);
    EXPECT_FALSE(playlist.segments[1].discontinuity);
  }
}

TEST_F(Packaging, an_encoder_with_other_parameters_makes_one_discontinuity_in_all_renditions) {
  EncodeOf other = stream_.what();
  other.kbps = 900;
  other.bframes = 2;
  const LongStream later(other);
  ASSERT_NE(later.packets(1)[0]->stream, nullptr);
  assembly(options_for(stream_.what(), 60, 10));
  for (const PacketPtr& packet : stream_.packets(60 * 8)) {
    if (packet->video() && packet->pts - 30 >= 60 * 4) continue;
    assembly_->take(*packet);
    if (!packet->video() || packet->pts != 30 + 60 * 4 - 1) continue;
    for (const PacketPtr& p : later.packets(60 * 8)) {
      if (p->video() && p->pts - 30 >= 60 * 4) assembly_->take(*p);
    }
  }
  for (const ReadPlaylist& playlist : {video(), audio()}) {
    EXPECT_EQ(playlist.segments.at(4).discontinuity, true);
    int count = 0;
    for (const ReadSegment& segment : playlist.segments) count += segment.discontinuity ? 1 : 0;
    EXPECT_EQ(count, 1);
    EXPECT_THAT(breaches_of(playlist), IsEmpty());
  }
  EXPECT_NE(video().segments.at(3).map, video().segments.at(4).map);
  EXPECT_EQ(audio().segments.at(3).map, audio().segments.at(4).map);
}

TEST_F(Packaging, lost_pictures_shift_nothing) {
  assembly(options_for(stream_.what(), 60, 10));
  for (const PacketPtr& packet : stream_.packets(60 * 6)) {
    const FrameIndex at = packet->pts - 30;
    if (packet->video() && at >= 60 * 2 + 15 && at < 60 * 2 + 45) continue;
    assembly_->take(*packet);
  }
  const ReadPlaylist playlist = video();
  EXPECT_THAT(breaches_of(playlist), IsEmpty());
  EXPECT_EQ(playlist.segments.size(), 6U);
  EXPECT_DOUBLE_EQ(playlist.segments[2].duration, 2.0);
}

TEST_F(Packaging, a_rendition_that_brings_nothing_gets_gaps_and_the_others_go_on) {
  assembly(options_for(stream_.what(), 60, 10));
  for (const PacketPtr& packet : stream_.packets(60 * 20)) {
    if (packet->video() && packet->pts - 30 >= 60 * 4 && packet->pts - 30 < 60 * 14) continue;
    assembly_->take(*packet);
  }
  const ReadPlaylist playlist = video();
  EXPECT_THAT(breaches_of(playlist), IsEmpty());
  int gaps = 0;
  for (const ReadSegment& segment : playlist.segments) gaps += segment.gap ? 1 : 0;
  EXPECT_EQ(gaps, static_cast<int>(14 - std::max<std::int64_t>(4, playlist.media_sequence - 500'000)));
  EXPECT_EQ(playlist.segments.back().msn, audio().segments.back().msn);
}

TEST_F(Packaging, other_parts_while_on_air_cost_neither_a_number_nor_a_picture) {
  AssemblyOptions options = options_for(stream_.what(), 60, 10);
  assembly(options);
  const auto packets = stream_.packets(60 * 12);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (i == packets.size() * 45 / 100) {
      options.timeline.part_frames = 6;
      assembly_->use(options);
    }
    assembly_->take(*packets[i]);
    if (shelf_->find("v0/index.m3u8") == nullptr) continue;
    // But that for a while older segments list none.
    for (const std::string& breach : breaches_of(video())) EXPECT_THAT(breach, ::testing::HasSubstr("has its parts"));
  }
  for (const ReadPlaylist& playlist : {video(), audio()}) {
    EXPECT_EQ(playlist.segments.size(), 12U);
    std::int64_t msn = playlist.media_sequence;
    for (const ReadSegment& segment : playlist.segments) {
      EXPECT_EQ(segment.msn, msn++);
      EXPECT_FALSE(segment.discontinuity || segment.gap);
      for (const ReadPart& part : segment.parts) EXPECT_FALSE(part.gap);
    }
  }
  EXPECT_DOUBLE_EQ(video().part_target, 0.2);
}

TEST_F(Packaging, other_segments_while_on_air_begin_on_their_own_grid_with_the_next_number) {
  AssemblyOptions options = options_for(stream_.what(), 60, 10);
  assembly(options);
  const auto packets = stream_.packets(60 * 16);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (i == packets.size() / 2) {
      options.timeline.segment_frames = 120;
      assembly_->use(options);
    }
    assembly_->take(*packets[i]);
  }
  for (const ReadPlaylist& playlist : {video(), audio()}) {
    EXPECT_EQ(playlist.target_duration, 4);
    std::int64_t msn = playlist.media_sequence;
    int discontinuities = 0;
    for (const ReadSegment& segment : playlist.segments) {
      EXPECT_EQ(segment.msn, msn++);
      discontinuities += segment.discontinuity ? 1 : 0;
    }
    EXPECT_EQ(discontinuities, 1);
    EXPECT_DOUBLE_EQ(std::round(playlist.segments.back().duration), 4);
  }
}

TEST_F(Packaging, a_clean_end_is_told_and_everything_stays) {
  assembly(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 4 + 25));
  assembly_->finish();
  for (const ReadPlaylist& playlist : {video(), audio()}) {
    EXPECT_TRUE(playlist.ended);
    EXPECT_TRUE(playlist.hint.empty());
    EXPECT_EQ(playlist.segments.size(), 5U);
    EXPECT_FALSE(playlist.segments.back().uri.empty());
  }
}

TEST_F(Packaging, without_low_latency_there_are_no_parts) {
  AssemblyOptions options = options_for(stream_.what(), 60, 10);
  options.low_latency = false;
  assembly(options);
  feed(stream_.packets(60 * 5));
  const std::string text(shelf_->find("v0/index.m3u8")->bytes);
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("PART")));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("HINT")));
  EXPECT_THAT(text, ::testing::HasSubstr("#EXT-X-VERSION:6"));
  EXPECT_EQ(video().segments.size(), 5U);
}

std::set<std::string> keys_of(const ReadPlaylist& playlist) {
  std::set<std::string> keys;
  for (const ReadSegment& segment : playlist.segments) keys.insert(segment.key);
  return keys;
}

TEST_F(Packaging, keys_change_in_all_renditions_at_once_and_stay_as_long_as_their_segments) {
  AssemblyOptions options = options_for(stream_.what(), 60, 10);
  options.encrypted = true;
  options.key_segments = 3;
  options.window_s = 12;
  assembly(options);
  std::set<std::string> ever;
  const auto packets = stream_.packets(60 * 40);
  std::size_t fed = 0;
  for (const PacketPtr& packet : packets) {
    assembly_->take(*packet);
    if (++fed % 50 != 0 || !shelf_->find("a0/index.m3u8") || !shelf_->find("v0/index.m3u8")) continue;
    std::map<std::int64_t, std::string> by_number;
    for (const ReadPlaylist& playlist : {video(), audio()}) {
      ASSERT_THAT(breaches_of(playlist), IsEmpty());
      for (const ReadSegment& segment : playlist.segments) {
        ASSERT_FALSE(segment.key.empty());
        const auto known = by_number.emplace(segment.msn, segment.key).first;
        EXPECT_EQ(known->second, segment.key) << segment.msn;
        EXPECT_NE(shelf_->find(segment.key.substr(3)), nullptr) << segment.key;
        ever.insert(segment.key);
      }
    }
    for (auto one = by_number.begin(); one != by_number.end() && std::next(one) != by_number.end(); ++one)
      EXPECT_EQ(one->second == std::next(one)->second, std::next(one)->first % 3 != 0) << one->first;
  }
  EXPECT_GE(ever.size(), 13U);
  const auto there =
      std::count_if(ever.begin(), ever.end(), [&](const auto& key) { return shelf_->find(key.substr(3)); });
  EXPECT_LE(there, 8);
}

TEST_F(Packaging, without_turns_one_key_serves_all_and_its_name_tells_nothing_of_it) {
  AssemblyOptions options = options_for(stream_.what(), 60, 10);
  options.encrypted = true;
  assembly(options);
  feed(stream_.packets(60 * 10));
  ASSERT_EQ(keys_of(video()).size(), 1U);
  EXPECT_EQ(keys_of(video()), keys_of(audio()));
  EXPECT_EQ(shelf_->find(keys_of(video()).begin()->substr(3))->bytes.size(), 16U);
}

TEST_F(Packaging, encryption_is_switched_on_and_off_in_mid_air_at_the_next_segment) {
  AssemblyOptions options = options_for(stream_.what(), 60, 10);
  assembly(options);
  const auto packets = stream_.packets(60 * 9);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    options.encrypted = i >= packets.size() / 3 && i < packets.size() * 2 / 3;
    if (i == packets.size() / 3 || i == packets.size() * 2 / 3) assembly_->use(options);
    assembly_->take(*packets[i]);
  }
  const ReadPlaylist playlist = video();
  EXPECT_THAT(breaches_of(playlist), IsEmpty());
  EXPECT_TRUE(playlist.segments.front().key.empty());
  EXPECT_FALSE(playlist.segments[4].key.empty());
  EXPECT_TRUE(playlist.segments.back().key.empty());
  EXPECT_THAT(playlist.text, ::testing::HasSubstr("#EXT-X-KEY:METHOD=NONE"));
  EXPECT_THAT(playlist.text, ::testing::Not(::testing::HasSubstr("URI=\"\"")));
}

TEST_F(Packaging, the_same_packets_make_the_same_bytes) {
  std::string first;
  for (int run = 0; run < 2; ++run) {
    assembly(options_for(stream_.what(), 60, 10));
    feed(stream_.packets(60 * 5));
    std::string all(shelf_->find("index.m3u8")->bytes);
    for (const char* name : {"v0", "a0"}) {
      all += shelf_->find(std::string(name) + "/index.m3u8")->bytes;
      for (const ReadSegment& segment : playlist_of(*shelf_, name).segments)
        if (!segment.uri.empty()) all += shelf_->find(std::string(name) + "/" + segment.uri)->bytes;
    }
    if (run == 0) first = all;
    EXPECT_EQ(all, first);
  }
}

/// Rates, and what a sound packet holds.
struct Grid {
  const char* name;
  Rate rate;
  int gop;
  std::int64_t part;
  int bframes;
  Codec audio;
};

class Grids : public Packaging, public ::testing::WithParamInterface<Grid> {
 protected:
  static EncodeOf encode() {
    EncodeOf what;
    what.rate = GetParam().rate;
    what.gop = GetParam().gop;
    what.bframes = GetParam().bframes;
    what.audio = GetParam().audio;
    what.first = what.rate == Rate{30000, 1001} ? 30 : what.rate.num / what.rate.den;
    return what;
  }
  Grids() : Packaging(encode()) {}
};

TEST_P(Grids, durations_add_up_to_the_tick) {
  AssemblyOptions options = options_for(stream_.what(), GetParam().gop, GetParam().part);
  options.window_s = 1000;
  assembly(options);
  const int segments = 50;
  feed(stream_.packets(std::int64_t{GetParam().gop} * segments));
  for (const ReadPlaylist& playlist : {video(), audio()}) EXPECT_THAT(breaches_of(playlist), IsEmpty());
  // EXTINF has six decimals: sums telescope, so fifty of them are no further off than one.
  const double exact = static_cast<double>(GetParam().gop) * segments * GetParam().rate.den / GetParam().rate.num;
  EXPECT_NEAR(video().listed(), exact, 1e-6 * 2);
  const double packet = GetParam().audio == Codec::aac ? 1024.0 / 48000 : 0.02;
  const ReadPlaylist sound = audio();
  double sum = 0;
  for (const ReadSegment& segment : sound.segments) {
    const double begin = static_cast<double>(GetParam().gop) * static_cast<double>(segment.msn - sound.media_sequence) *
                         GetParam().rate.den / GetParam().rate.num;
    EXPECT_GE(sum + packet, begin);
    EXPECT_LE(sum, begin + packet);
    if (!segment.uri.empty()) sum += segment.duration;
  }
}

INSTANTIATE_TEST_SUITE_P(Rates, Grids,
                         ::testing::Values(Grid{"30fps_aac", {30, 1}, 60, 10, 0, Codec::aac},
                                           Grid{"30fps_bframes", {30, 1}, 60, 10, 2, Codec::aac},
                                           Grid{"2997fps_opus", {30000, 1001}, 60, 10, 0, Codec::opus},
                                           Grid{"25fps_aac", {25, 1}, 50, 8, 3, Codec::aac},
                                           Grid{"50fps_short_parts", {50, 1}, 100, 5, 0, Codec::aac},
                                           Grid{"60fps_uneven_parts", {60, 1}, 120, 17, 1, Codec::opus}),
                         [](const auto& grid) { return std::string("at_") + grid.param.name; });

}  // namespace
}  // namespace mainstay::package
