// Each rule of the validator can fail: a stream that keeps them all, broken in one place a rule.
#include "tests/engine/package/checklist.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <regex>

namespace mainstay::package {
namespace {

using namespace testing;
using ::testing::IsEmpty;

/// Two updates of a real stream of two sizes of picture and sound, one after the other, as texts to break.
struct Broken {
  std::string now;
  std::string before;
  std::map<std::string, std::string> others;
  std::string multivariant;
  bool pictures = true;
  std::map<std::string, Measured> measured = {{"v0/index.m3u8", {100'000, 100'000}},
                                              {"a0/index.m3u8", {60'000, 60'000}}};

  static void edit(std::string& text, const std::string& from, const std::string& to, bool all = false) {
    const std::string edited =
        std::regex_replace(text, std::regex(from), to,
                           all ? std::regex_constants::format_default : std::regex_constants::format_first_only);
    ASSERT_NE(edited, text) << from << " is not there";
    text = edited;
  }
  Update update() const {
    Update update = update_of("v0", pictures, now);
    for (const auto& [name, text] : others) update.others[name] = read_playlist(text);
    return update;
  }
  bool breaks(const std::string& rule) const {
    const ReadPlaylist earlier = read_playlist(before);
    Update update = this->update();
    update.before = before.empty() ? nullptr : &earlier;
    for (const MediaRule& one : media_rules()) {
      if (one.name == rule) return !one.breach(update).empty();
    }
    return false;
  }
  std::vector<std::string> breaches() const {
    const ReadPlaylist earlier = read_playlist(before);
    Update update = this->update();
    update.before = &earlier;
    return breaches_of(update);
  }
  Multivariant variants() const { return {multivariant, tags_of(multivariant), measured}; }
};

/// Seven segments and a part; and one part more.
Broken good() {
  ManualClock clock{ManualClock::Drive::test, UtcInstant(Seconds(1'000'000))};
  Log log{{.level = LogLevel::off, .sink = [](std::string_view) {}}};
  const auto shelf = std::make_shared<StreamShelf>(clock);
  const LongStream stream{EncodeOf{}};
  EncodeOf low = stream.what();
  low.video_name = "v1";
  AssemblyOptions options = options_for(stream.what(), 60, 10);
  options.renditions.insert(options.renditions.begin() + 1, {"v1", MediaKind::video});
  const Nanos first = stream.what().rate.begin(stream.what().first);
  // As if it had gone on from a run before it, so that there is a discontinuity.
  Assembly assembly(options, {clock, log, [first](Nanos time) { return Instant(time - first); }}, shelf,
                    Numbering{1000, 3});
  std::vector<PacketPtr> second = LongStream(low).packets(60 * 7 + 25);
  std::erase_if(second, [](const PacketPtr& packet) { return !packet->video(); });
  Broken out;
  const auto text = [&](const std::string& path) {
    const ItemPtr item = shelf->find(path);
    return item ? std::string(item->bytes) : std::string();
  };
  for (const PacketPtr& packet : in_decode_order(stream.packets(60 * 7 + 25), second)) {
    assembly.take(*packet);
    const std::string now = text("v0/index.m3u8");
    if (now == out.now) continue;
    out.before = std::exchange(out.now, now);
    for (const char* name : {"v1", "a0"}) out.others[name] = text(std::string(name) + "/index.m3u8");
  }
  out.multivariant = text("index.m3u8");
  return out;
}

using Break = std::function<void(Broken&)>;

const std::map<std::string, Break>& breaks_of_media_rules() {
  static const std::map<std::string, Break> breaks = {
      {"begins_with_extm3u", [](Broken& b) { b.now = "\n" + b.now; }},
      {"is_clean_text", [](Broken& b) { b.now += '\x01'; }},
      {"knows_its_tags", [](Broken& b) { b.now += "#EXT-X-STREAM-INF:BANDWIDTH=1\n"; }},
      {"says_attributes_once", [](Broken& b) { b.edit(b.now, "INDEPENDENT=YES", "INDEPENDENT=YES,INDEPENDENT=YES"); }},
      {"says_heads_once", [](Broken& b) { b.edit(b.now, "(#EXT-X-TARGETDURATION:.)", "$1\n$1"); }},
      {"version_suffices", [](Broken& b) { b.edit(b.now, "VERSION:9", "VERSION:5"); }},
      {"tells_the_discontinuity_sequence", [](Broken& b) { b.edit(b.now, "#EXT-X-DISCONTINUITY-SEQUENCE:.\n", ""); }},
      {"tells_the_media_sequence_first",
       [](Broken& b) {
         b.edit(b.now, "#EXT-X-MEDIA-SEQUENCE:1000\n", "");
         b.now += "#EXT-X-MEDIA-SEQUENCE:1000\n";
       }},
      {"pairs_extinf_and_uri", [](Broken& b) { b.edit(b.now, "s1001.m4s\n", ""); }},
      {"keeps_the_target_duration", [](Broken& b) { b.edit(b.now, "EXTINF:2.000000", "EXTINF:2.500000"); }},
      {"overruns_by_half_a_second_at_most", [](Broken& b) { b.edit(b.now, "EXTINF:2.000000", "EXTINF:2.600000"); }},
      {"has_dates", [](Broken& b) { b.edit(b.now, "#EXT-X-PROGRAM-DATE-TIME:.*\n", ""); }},
      {"dates_add_up", [](Broken& b) { b.edit(b.now, "T13:46:46.000Z", "T13:46:46.010Z"); }},
      {"has_maps", [](Broken& b) { b.edit(b.now, "#EXT-X-MAP:.*\n", ""); }},
      {"segments_are_independent", [](Broken& b) { b.edit(b.now, "#EXT-X-INDEPENDENT-SEGMENTS\n", ""); }},
      {"lists_six_segments",
       [](Broken& b) {
         for (int i = 0; i < 2; ++i) b.edit(b.now, "#EXTINF:.*\n.*\n", "");
       }},
      {"holds_back_three_targets", [](Broken& b) { b.edit(b.now, ",HOLD-BACK=6", ",HOLD-BACK=5"); }},
      {"skips_beyond_six_targets", [](Broken& b) { b.edit(b.now, "SKIP-UNTIL=12", "SKIP-UNTIL=11"); }},
      {"has_a_part_target", [](Broken& b) { b.edit(b.now, "#EXT-X-PART-INF.*\n", ""); }},
      {"blocks_reloads", [](Broken& b) { b.edit(b.now, "CAN-BLOCK-RELOAD=YES,", ""); }},
      {"holds_back_three_parts", [](Broken& b) { b.edit(b.now, "PART-HOLD-BACK=1", "PART-HOLD-BACK=0"); }},
      {"parts_fit_their_target", [](Broken& b) { b.edit(b.now, "PART:DURATION=0.33", "PART:DURATION=0.34"); }},
      {"parts_are_long_enough",
       [](Broken& b) { b.edit(b.now, "DURATION=0.33[0-9]*(,URI=\"s1006.p2)", "DURATION=0.250000$1"); }},
      {"parts_add_up", [](Broken& b) { b.edit(b.now, "DURATION=0.33[0-9]*(,URI=\"s1006.p2)", "DURATION=0.300000$1"); }},
      {"parts_come_behind_headers",
       [](Broken& b) { b.edit(b.now, "(#EXT-X-PROGRAM-DATE-TIME:.*\n)(#EXT-X-PART:.*\n)", "$2$1"); }},
      {"parts_are_listed_for_three_targets", [](Broken& b) { b.edit(b.now, "#EXT-X-PART:.*s1005.*\n", "", true); }},
      {"first_parts_are_independent", [](Broken& b) { b.edit(b.now, ",INDEPENDENT=YES", ""); }},
      {"hints_once", [](Broken& b) { b.edit(b.now, "(#EXT-X-PRELOAD-HINT.*\n)", "$1$1"); }},
      {"hints_at_what_comes", [](Broken& b) { b.edit(b.before, "(HINT:TYPE=PART,URI=\"s1007.p)", "$017"); }},
      {"hints_at_the_future",
       [](Broken& b) { b.edit(b.now, "HINT:TYPE=PART,URI=\".*\"", "HINT:TYPE=PART,URI=\"s1007.p0.m4s\""); }},
      {"reports_on_the_others", [](Broken& b) { b.edit(b.now, "#EXT-X-RENDITION-REPORT:URI=\"../a0.*\n", ""); }},
      {"reports_the_truth", [](Broken& b) { b.edit(b.now, "LAST-MSN=1007,LAST-PART=", "LAST-MSN=1006,LAST-PART="); }},
      {"numbers_only_rise", [](Broken& b) { b.edit(b.now, "MEDIA-SEQUENCE:1000", "MEDIA-SEQUENCE:999"); }},
      {"target_duration_stays", [](Broken& b) { b.edit(b.now, "TARGETDURATION:2", "TARGETDURATION:3"); }},
      {"counts_discontinuities_that_left",
       [](Broken& b) { b.edit(b.now, "DISCONTINUITY-SEQUENCE:3", "DISCONTINUITY-SEQUENCE:4"); }},
      {"what_was_told_stays", [](Broken& b) { b.edit(b.now, "\ns1002.m4s", "\nother.m4s"); }},
      {"brings_something_new", [](Broken& b) { b.now = b.before; }},
      {"stays_three_targets_long",
       [](Broken& b) {
         for (int i = 0; i < 5; ++i) b.edit(b.now, "#EXTINF:.*\n.*\n", "");
         b.edit(b.now, "MEDIA-SEQUENCE:1000", "MEDIA-SEQUENCE:1005");
       }},
      {"ends_for_good",
       [](Broken& b) {
         b.before = b.now + "#EXT-X-ENDLIST\n";
         b.now += "#EXT-X-GAP\n#EXT-X-ENDLIST\n";
       }},
      {"target_durations_agree", [](Broken& b) { b.edit(b.others["a0"], "TARGETDURATION:2", "TARGETDURATION:3"); }},
      {"discontinuities_agree", [](Broken& b) { b.edit(b.others["v1"], "#EXT-X-DISCONTINUITY\n", ""); }},
      {"dates_agree", [](Broken& b) { b.edit(b.others["v1"], "T13:46:44.000Z", "T13:46:44.100Z"); }},
  };
  return breaks;
}

TEST(Checklist, AStreamThatKeepsTheRulesIsGood) {
  const Broken stream = good();
  EXPECT_THAT(stream.breaches(), IsEmpty()) << stream.now << "\n" << stream.before;
  EXPECT_THAT(breaches_of(stream.variants()), IsEmpty()) << stream.multivariant;
}

TEST(Checklist, EachRuleOfMediaPlaylistsCanFail) {
  const Broken stream = good();
  for (const MediaRule& rule : media_rules()) {
    const auto found = breaks_of_media_rules().find(rule.name);
    ASSERT_NE(found, breaks_of_media_rules().end()) << rule.name;
    Broken broken = stream;
    found->second(broken);
    EXPECT_TRUE(broken.breaks(rule.name)) << rule.name << "\n" << broken.now;
  }
  EXPECT_EQ(breaks_of_media_rules().size(), media_rules().size());
}

TEST(Checklist, EachRuleOfIframePlaylistsCanFail) {
  const std::string text =
      "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n"
      "#EXT-X-DISCONTINUITY-SEQUENCE:0\n#EXT-X-I-FRAMES-ONLY\n#EXT-X-MAP:URI=\"init7.mp4\"\n"
      "#EXT-X-PROGRAM-DATE-TIME:2026-01-02T00:00:00.000Z\n#EXTINF:2.000000,\ni7.m4s\n"
      "#EXT-X-PROGRAM-DATE-TIME:2026-01-02T00:00:02.000Z\n#EXTINF:2.000000,\ni8.m4s\n";
  const auto update = [](const std::string& of) {
    Update made = update_of("v0", true, of);
    made.iframes = true;
    made.others["v1"] = read_playlist(
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-01-02T00:00:00.000Z\n#EXTINF:2.000000,\ns7.m4s\n");
    return made;
  };
  EXPECT_THAT(breaches_of(update(text)), IsEmpty());
  const std::map<std::string, std::pair<const char*, const char*>> breaks = {
      {"begins_with_extm3u", {"#EXTM3U", "#EXTM4U"}},
      {"knows_its_tags", {"#EXTINF", "#EXT-X-STREAM-INF:A=B\n#EXTINF"}},
      {"says_heads_once", {"#EXT-X-VERSION:6\n", ""}},
      {"version_suffices", {"VERSION:6", "VERSION:4"}},
      {"is_of_iframes", {"#EXT-X-I-FRAMES-ONLY\n", ""}},
      {"has_no_parts", {"#EXTINF", "#EXT-X-PART:DURATION=1,URI=\"x\"\n#EXTINF"}},
      {"has_maps", {"#EXT-X-MAP.*\n", ""}},
      {"pairs_extinf_and_uri", {"i7.m4s\n", ""}},
      {"keeps_the_target_duration", {"EXTINF:2", "EXTINF:3"}},
      {"has_dates", {"#EXT-X-PROGRAM-DATE-TIME.*\n", ""}},
      {"dates_add_up", {"00:00:02.000", "00:00:02.500"}},
      {"discontinuities_agree", {"#EXT-X-MAP", "#EXT-X-DISCONTINUITY\n#EXT-X-MAP"}},
  };
  for (const MediaRule& rule : iframe_rules()) {
    ASSERT_TRUE(breaks.contains(rule.name)) << rule.name;
    std::string broken = text;
    Broken::edit(broken, breaks.at(rule.name).first, breaks.at(rule.name).second);
    EXPECT_NE(rule.breach(update(broken)), "") << rule.name << "\n" << broken;
  }
}

TEST(Checklist, EachRuleOfTheMultivariantPlaylistCanFail) {
  const std::map<std::string, Break> breaks = {
      {"begins_with_extm3u", [](Broken& b) { b.multivariant = " " + b.multivariant; }},
      {"knows_its_tags", [](Broken& b) { b.multivariant += "#EXTINF:2,\n"; }},
      {"has_variants", [](Broken& b) { b.edit(b.multivariant, "#EXT-X-STREAM-INF", "#EXT-X-NOTHING", true); }},
      {"pairs_variant_and_uri", [](Broken& b) { b.edit(b.multivariant, "\nv0/index.m3u8", ""); }},
      {"variants_say_bandwidth", [](Broken& b) { b.edit(b.multivariant, "BANDWIDTH=[0-9]+,", ""); }},
      {"variants_say_average_bandwidth", [](Broken& b) { b.edit(b.multivariant, "AVERAGE-BANDWIDTH=[0-9]+,", ""); }},
      {"variants_say_codecs", [](Broken& b) { b.edit(b.multivariant, "CODECS=\"[^\"]*\",", ""); }},
      {"pictures_say_their_shape", [](Broken& b) { b.edit(b.multivariant, "FRAME-RATE=30.000,", ""); }},
      {"captions_agree", [](Broken& b) { b.edit(b.multivariant, ",CLOSED-CAPTIONS=NONE", ""); }},
      {"groups_exist", [](Broken& b) { b.edit(b.multivariant, "GROUP-ID=\"audio\"", "GROUP-ID=\"sound\""); }},
      {"renditions_are_named", [](Broken& b) { b.edit(b.multivariant, "NAME=\"a0\",", ""); }},
      {"one_is_the_default", [](Broken& b) { b.edit(b.multivariant, "AUTOSELECT=YES", "AUTOSELECT=NO"); }},
      {"sound_says_channels", [](Broken& b) { b.edit(b.multivariant, ",CHANNELS=\"2\"", ""); }},
      {"pictures_have_iframes", [](Broken& b) { b.edit(b.multivariant, "#EXT-X-I-FRAME-STREAM-INF.*\n", ""); }},
      {"peak_holds", [](Broken& b) { b.measured["v0/index.m3u8"].peak_bps = 9e6; }},
      {"average_holds", [](Broken& b) { b.measured["v0/index.m3u8"].average_bps = 9e6; }},
  };
  const Broken stream = good();
  for (const MultivariantRule& rule : multivariant_rules()) {
    ASSERT_TRUE(breaks.contains(rule.name)) << rule.name;
    Broken broken = stream;
    breaks.at(rule.name)(broken);
    EXPECT_NE(rule.breach(broken.variants()), "") << rule.name << "\n" << broken.multivariant;
  }
}

TEST(Checklist, ADeltaUpdatePutTogetherWithWhatWasThereIsTheWhole) {
  const Broken stream = good();
  ReadPlaylist delta = read_playlist(stream.now);
  const ReadPlaylist whole = delta;
  delta.skipped = 2;
  delta.segments.erase(delta.segments.begin(), delta.segments.begin() + 2);
  for (ReadSegment& segment : delta.segments) segment.map.clear();
  EXPECT_EQ(difference(rebuilt(read_playlist(stream.before), delta), whole), "");
  delta.segments.front().date = "2026-01-02T00:00:00.000Z";
  EXPECT_NE(difference(rebuilt(read_playlist(stream.before), delta), whole), "");
}

}  // namespace
}  // namespace mainstay::package
