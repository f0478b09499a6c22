#include "engine/show/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/engine/show/show_support.h"

namespace mainstay::show {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::vector<std::string> errors_of(const std::string& json) {
  return lines(parse_show(json).errors);
}

TEST(ParseShowTest, ReadsTheShowOfTheDesign) {
  const Parsed parsed = parse_show(kDesignShow);
  ASSERT_THAT(lines(parsed.errors), IsEmpty());
  const Show& show = parsed.show;
  EXPECT_EQ(show.name, "Channel One");
  EXPECT_EQ(show.program.rate, (Rate{30, 1}));
  EXPECT_EQ(show.program.latency_target, LatencyTarget::low);
  EXPECT_TRUE(std::get<FileSource>(show.sources.at("clip")).loop);
  const auto& remote = std::get<IngestSource>(show.sources.at("remote"));
  EXPECT_EQ(remote.main.url, "srt://:9001?mode=listener");
  ASSERT_TRUE(remote.backup);
  EXPECT_EQ(remote.backup->url, "rtmp://:1935/live/remote");
  EXPECT_EQ(remote.hold, Millis{500});
  EXPECT_EQ(show.scenes.at("Main").layers.at(1).opacity, 0.8);
  EXPECT_EQ(show.encode.caps.max_rate, (Rate{60, 1}));
  EXPECT_EQ(show.encode.video.at(0).encoder, "libx264");
  const Destination& platform = show.destinations.at("platform");
  EXPECT_EQ(platform.caps.preset, "youtube-1080p30");
  ASSERT_TRUE(platform.backup);
  EXPECT_EQ(platform.backup->passphrase, "${secret:srt}");
  ASSERT_TRUE(show.hls);
  EXPECT_EQ(show.hls->part_ms, 333);
  ASSERT_TRUE(show.record);
}

TEST(ParseShowTest, NeedsNoMoreThanProgramAndSources) {
  const Parsed parsed = parse_show(R"({"program": {}, "sources": {"bars": {"type": "bars"}}})");
  ASSERT_THAT(lines(parsed.errors), IsEmpty());
  EXPECT_EQ(parsed.show.program, Program{});
  EXPECT_THAT(parsed.show.encode.video, IsEmpty()) << "nobody asks for an encode";
  EXPECT_THAT(errors_of("{}"), ElementsAre(StartsWith("\"program\" is missing"), StartsWith("\"sources\" is missing")));
}

TEST(ParseShowTest, GivesOneRenditionOfEachWhenSomebodySendsAndNoneIsDeclared) {
  const std::string base = R"({"program": {}, "sources": {"b": {"type": "bars"}}, "record": {"path": "a.mkv"})";
  const Show plain = parse_show(base + "}").show;
  EXPECT_THAT(plain.encode.video, ElementsAre(VideoEncode{}));
  EXPECT_THAT(plain.encode.audio, ElementsAre(AudioEncode{}));
  const Show silent = parse_show(base + R"(, "encode": {"audio": []}})").show;
  EXPECT_THAT(silent.encode.video, SizeIs(1));
  EXPECT_THAT(silent.encode.audio, IsEmpty()) << "an empty list means no sound";
  EXPECT_EQ(parse_show(to_json(silent)).show, silent);
}

TEST(ParseShowTest, TakesShorthandsForWhatTheyStandFor) {
  const auto rate = [](const std::string& text) {
    return parse_show(R"({"program": {"rate": )" + text + R"(}, "sources": {"b": {"type": "bars"}}})")
        .show.program.rate;
  };
  EXPECT_EQ(rate("25"), (Rate{25, 1}));
  EXPECT_EQ(rate("25.0"), (Rate{25, 1}));
  EXPECT_EQ(rate("29.97"), (Rate{30000, 1001}));
  EXPECT_EQ(rate("\"30000/1001\""), (Rate{30000, 1001}));
  const std::string object =
      with(kDesignShow, R"("caps": "youtube-1080p30")", R"("caps": {"preset": "youtube-1080p30"})");
  EXPECT_EQ(parse_show(object).show, parse_show(kDesignShow).show);
  const std::string input =
      with(kDesignShow, R"("main": "srt://:9001?mode=listener")", R"("main": {"url": "srt://:9001?mode=listener"})");
  EXPECT_EQ(parse_show(input).show, parse_show(kDesignShow).show);
}

TEST(ParseShowTest, TakesWholeNumbersInAnyNotation) {
  EXPECT_EQ(parse_show(with(kGoodShow, "\"kbps\": 4000", "\"kbps\": 4000.0")).show.encode.video.at(0).kbps, 4000);
  EXPECT_EQ(parse_show(with(kGoodShow, "\"kbps\": 4000", "\"kbps\": 4e3")).show.encode.video.at(0).kbps, 4000);
}

struct Spoiled {
  const char* name;
  const char* from;
  const char* to;
  const char* line;  // what the only error starts with
};

class SpoiledShowTest : public ::testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledShowTest, SaysWhatIsWrongAndWhere) {
  ASSERT_THAT(errors_of(kGoodShow), IsEmpty());
  const Parsed parsed = parse_show(with(kGoodShow, GetParam().from, GetParam().to));
  EXPECT_THAT(lines(parsed.errors), ElementsAre(StartsWith(GetParam().line)));
  EXPECT_EQ(parsed.show, Show{}) << "a show with an error was used in part";
}

INSTANTIATE_TEST_SUITE_P(
    Each, SpoiledShowTest,
    ::testing::Values(
        Spoiled{"unknown_key", "\"keyint_s\"", "\"keyint\"",
                "/encode/video/0/keyint: unknown key \"keyint\": did you mean \"keyint_s\"?"},
        Spoiled{"unknown_key_far_from_any", "\"slate\"", "\"wallpaper\"",
                "/program/wallpaper: unknown key \"wallpaper\": known are width, height, rate, "},
        Spoiled{"unknown_section", "\"record\"", "\"recording\"",
                "/recording: unknown key \"recording\": did you mean \"record\"?"},
        Spoiled{"key_with_slash_and_tilde", "\"slate\"", "\"a/b~c\"", "/program/a~1b~0c: unknown key \"a/b~c\""},
        Spoiled{"text_for_number", "\"kbps\": 4000", "\"kbps\": \"4000\"",
                "/encode/video/0/kbps: expected a whole number from 10 to 800000 kb/s, found the text \"4000\""},
        Spoiled{"number_for_text", "\"on_air\": \"Main\"", "\"on_air\": 1", "/on_air: expected a text, found 1"},
        Spoiled{"null", "\"on_air\": \"Main\"", "\"on_air\": null", "/on_air: expected a text, found null"},
        Spoiled{"list_for_object", "\"hls\": {\"listen\": \"127.0.0.1:8080\"}", "\"hls\": []",
                "/hls: expected an object, found a list"},
        Spoiled{"object_for_list", "[{\"source\": \"clip\"}]", "{\"source\": \"clip\"}",
                "/scenes/Main/layers: expected a list, each entry an object, found an object"},
        Spoiled{"wrong_entry_of_a_list", "[{\"source\": \"clip\"}]", "[{\"source\": \"clip\"}, 7]",
                "/scenes/Main/layers/1: expected an object, found 7"},
        Spoiled{"too_large", "\"width\": 1280", "\"width\": 12800",
                "/program/width: expected an even number from 16 to 8192 px, found 12800"},
        Spoiled{"odd", "\"width\": 1280", "\"width\": 1281",
                "/program/width: expected an even number from 16 to 8192 px, found 1281"},
        Spoiled{"negative", "\"in_ms\": 1000", "\"in_ms\": -1",
                "/sources/clip/in_ms: expected a whole number from 0 to"},
        Spoiled{"fraction", "\"kbps\": 4000", "\"kbps\": 4000.5", "/encode/video/0/kbps: expected a whole number"},
        Spoiled{"beyond_64_bits", "\"kbps\": 4000", "\"kbps\": 99999999999999999999999",
                "/encode/video/0/kbps: expected a whole number"},
        Spoiled{"unsigned_wrap", "\"bframes\": 2", "\"bframes\": 18446744073709551615",
                "/encode/video/0/bframes: expected a whole number from -1 to 16, found 18446744073709551615"},
        Spoiled{
            "unknown_word", "\"codec\": \"h264\"", "\"codec\": \"h265\"",
            "/encode/video/0/codec: expected one of h264, hevc, av1, found the text \"h265\": did you mean \"h264\"?"},
        Spoiled{"word_of_another_field", "\"codec\": \"h264\"", "\"codec\": \"aac\"",
                "/encode/video/0/codec: expected one of h264, hevc, av1, found the text \"aac\""},
        Spoiled{"unknown_type", "\"type\": \"bars\"", "\"type\": \"bar\"",
                "/sources/bars: unknown type \"bar\": did you mean \"bars\"?"},
        Spoiled{"no_type", "\"bars\": {\"type\": \"bars\"}", "\"bars\": {}",
                "/sources/bars: \"type\" is missing: one of file, bars, color, ingest"},
        Spoiled{"missing_key", "\"path\": \"clip.mp4\", ", "", "/sources/clip: \"path\" is missing"},
        Spoiled{"bad_color", "#808080", "#80808g", "/sources/grey/color: expected a colour as \"#rrggbb\""},
        Spoiled{"bad_rate", "\"30/1\"", "\"fast\"", "/program/rate: expected a frame rate as \"30/1\""},
        Spoiled{"rate_by_zero", "\"30/1\"", "\"30/0\"", "/program/rate: expected a frame rate as \"30/1\""},
        Spoiled{"rate_out_of_range", "\"30/1\"", "\"500/1\"",
                "/program/rate: expected a frame rate from 1 to 300 frames/s, found 500/1"},
        Spoiled{"key_twice", "\"on_air\": \"Main\"", "\"on_air\": \"Main\", \"on_air\": \"Main\"",
                "/on_air: the key \"on_air\" stands twice in this object"},
        Spoiled{"name_twice", "\"bars\": {\"type\": \"bars\"}",
                "\"bars\": {\"type\": \"bars\"}, \"bars\": {\"type\": \"bars\"}",
                "/sources/bars: the key \"bars\" stands twice"},
        Spoiled{"empty_name", "\"Main\": {\"layers\"", "\"\": {\"layers\"", "/scenes/: a name must not be empty"},
        Spoiled{"control_character", "\"clip.mp4\"", "\"clip\\u0000.mp4\"",
                "/sources/clip/path: the text holds a control character"},
        Spoiled{"control_character_in_a_name", "\"Main\": {\"layers\"", "\"Ma\\nin\": {\"layers\"",
                "/scenes/Ma\\u000ain: the name holds a control character"},
        Spoiled{"later_version", "{\n  \"program\"", "{\n  \"mainstay\": 2, \"wings\": 4, \"program\"",
                "/mainstay: the show is written for version 2 of the document"},
        Spoiled{"number_overflow", "\"kbps\": 4000", "\"kbps\": 1e999", "line 13, column 59: a number is too large"},
        Spoiled{"not_a_number", "\"kbps\": 4000", "\"kbps\": NaN",
                "line 13, column 55: not valid JSON: invalid literal"},
        Spoiled{"trailing_comma", "\"rate\": \"30/1\", \"slate\": \"grey\"}", "\"rate\": \"30/1\",}",
                "line 2, column 60: not valid JSON: unexpected '}'"},
        Spoiled{"invalid_utf8", "clip.mp4", "clip\xff.mp4", "line 5, column"}),
    [](const auto& spoiled) { return std::string(spoiled.param.name); });

TEST(ParseShowTest, CollectsAllErrors) {
  std::string text = with(kGoodShow, "\"width\": 1280", "\"width\": 1281");
  text = with(text, "\"kbps\": 128", "\"kbps\": \"much\"");
  text = with(text, "\"keyint_s\"", "\"keyint\"");
  text = with(text, "\"hls\"", "\"hsl\"");
  EXPECT_THAT(errors_of(text), SizeIs(4));
}

TEST(ParseShowTest, NeverShowsASecretInAMessage) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"key\": \"guest\"", "\"key\": 443322"},
           {"\"passphrase\": \"long enough\"", "\"passphrase\": \"topsecret\\u0001\""},
           {"\"passphrase\": \"long enough\"", "\"passphrase\": \"topsecret"},
           {"\"passphrase\": \"long enough\"", "\"passphrase\": topsecret"},
           {"\"passphrase\": \"long enough\"", "\"passphrase\": \"topsecret\xff\""},
           {"\"passphrase\": \"long enough\"", "\"passphrase\": \"topsecret\\q\""}}) {
    const auto found = errors_of(with(kGoodShow, from, to));
    EXPECT_THAT(found, Not(IsEmpty()));
    for (const std::string& line : found) {
      EXPECT_THAT(line, Not(HasSubstr("topsecret")));
      EXPECT_THAT(line, Not(HasSubstr("443322")));
    }
  }
}

TEST(ParseShowTest, KeepsItsLimits) {
  EXPECT_THAT(errors_of(std::string(kMaxShowBytes + 1, ' ')), ElementsAre("the document has more than 4 MiB"));
  EXPECT_THAT(errors_of(std::string(100'000, '[')), ElementsAre(HasSubstr("nested deeper than 64 levels")));
  EXPECT_THAT(errors_of(with(kGoodShow, "clip.mp4", std::string(kMaxShowText + 1, 'x'))),
              ElementsAre("/sources/clip/path: a text is longer than 65536 bytes"));
  std::string sources;
  for (int i = 0; i < 257; ++i) sources += fmt::format("{}\"s{}\": {{\"type\": \"bars\"}}", i == 0 ? "" : ", ", i);
  EXPECT_THAT(errors_of("{\"program\": {}, \"sources\": {" + sources + "}}"),
              ElementsAre("/sources: 257 entries are too many: at most 256"));
  std::string keys;
  for (int i = 0; i < 200'000; ++i) keys += fmt::format("{}\"{}\": 1", i == 0 ? "" : ",", i);
  EXPECT_THAT(errors_of("{" + keys + "}"), ElementsAre(HasSubstr("more than 1024 keys")));
  std::string unknown;
  for (int i = 0; i < 1000; ++i) unknown += fmt::format("{}\"k{}\": 1", i == 0 ? "" : ",", i);
  EXPECT_THAT(errors_of("{" + unknown + "}"), SizeIs(501)) << "500 errors and one line on the rest";
}

TEST(ParseShowTest, EveryPrefixOfAShowIsOneErrorWithItsPlace) {
  const std::string whole = kGoodShow.substr(0, kGoodShow.rfind('}') + 1);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Parsed parsed = parse_show(std::string_view(whole).substr(0, size));
    ASSERT_THAT(parsed.errors, SizeIs(1)) << "first " << size << " bytes";
    ASSERT_EQ(parsed.errors[0].pointer, "") << "first " << size << " bytes";
    ASSERT_THAT(parsed.errors[0].message, ::testing::AnyOf(HasSubstr("ends in the middle"), "the document is empty"))
        << "first " << size << " bytes";
    ASSERT_EQ(parsed.show, Show{});
  }
  EXPECT_TRUE(parse_show(whole).ok());
}

TEST(ParseShowTest, SaysLineAndColumnOfASyntaxError) {
  EXPECT_THAT(errors_of("{\n  \"program\": {},\n  sources: {}\n}"),
              ElementsAre(StartsWith("line 3, column 3: not valid JSON")));
  EXPECT_THAT(errors_of("  \n "), ElementsAre("the document is empty"));
  EXPECT_THAT(errors_of("[1]"), ElementsAre(StartsWith("a show is a JSON object")));
  EXPECT_THAT(errors_of("{} {}"), ElementsAre(StartsWith("line 1, column 4: not valid JSON")));
}

TEST(LoadShowTest, ReadsAFile) {
  const TemporaryFolder folder;
  const Parsed parsed = load_show(folder.write("show.json", kGoodShow));
  EXPECT_THAT(lines(parsed.errors), IsEmpty());
  EXPECT_EQ(parsed.show, parse_show(kGoodShow).show);
}

TEST(LoadShowTest, SaysInOneLineWhyAFileCannotBeRead) {
  const TemporaryFolder folder;
  const auto errors = [](const std::string& path) { return lines(load_show(path).errors); };
  const std::string missing = folder.path() + "/missing.json";
  EXPECT_THAT(errors(missing), ElementsAre("cannot read " + missing + ": No such file or directory"));
  EXPECT_THAT(errors(folder.path()), ElementsAre(folder.path() + " is a directory: name the show file in it"));
  const std::string empty = folder.write("empty.json", "");
  EXPECT_THAT(errors(empty), ElementsAre(empty + ": the document is empty"));
  const std::string half = folder.write("half.json", kGoodShow.substr(0, 300));
  EXPECT_THAT(errors(half), ElementsAre(AllOf(StartsWith(half + ": line 7, column"), HasSubstr("ends in the middle"))));
  const std::string large = folder.write("large.json", std::string(kMaxShowBytes + 1, ' '));
  EXPECT_THAT(errors(large), ElementsAre(large + ": the document has more than 4 MiB"));
  EXPECT_THAT(errors("/dev/zero"), ElementsAre("/dev/zero: the document has more than 4 MiB"));
  EXPECT_THAT(errors(""), ElementsAre(StartsWith("cannot read ")));
}

TEST(LoadShowTest, SaysThatAFileMayNotBeRead) {
  // The superuser may read any file, so that only others see the first case.
  const TemporaryFolder folder;
  const std::string path = folder.write("locked.json", kGoodShow, 0000);
  if (::access(path.c_str(), R_OK) != 0) {
    EXPECT_THAT(lines(load_show(path).errors), ElementsAre("cannot read " + path + ": Permission denied"));
  }
  const std::string below = path + "/show.json";
  EXPECT_THAT(lines(load_show(below).errors), ElementsAre("cannot read " + below + ": Not a directory"));
}

}  // namespace
}  // namespace mainstay::show
