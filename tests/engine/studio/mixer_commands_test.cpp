// The mixer's commands while on air: what they change, what of it becomes a revision, and what is told.
#include "engine/studio/mixer_snapshot.h"
#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

class MixerCommandsTest : public StudioTest {
 protected:
  void SetUp() override {
    StudioTest::SetUp();
    must("show.open", {{"path", path_}});
  }
};

TEST_F(MixerCommandsTest, AFaderIsSetAndTold) {
  const std::int64_t before = studio_.events(0, 2000).back().number;
  const Json answer = must("mixer.set", {{"strip", "bars"}, {"gain_db", -6.5}, {"mute", true}});
  EXPECT_EQ(answer["revision"], studio_.snapshot().revision);
  EXPECT_EQ(must("show.get", {{"pointer", "/mixer/strips/bars"}}), (Json{{"gain_db", -6.5}, {"mute", true}}));
  const Event event = await("mixer.changed", before);
  EXPECT_EQ(event.subject, "bars");
  EXPECT_EQ(event.data["kind"], "strip");
  EXPECT_EQ(event.data["settings"]["gain_db"], -6.5);
  EXPECT_EQ(event.data["settings"]["mute"], true);
  const Json strip = must("state.get", {{"path", "/mixer/strips/bars"}});
  EXPECT_EQ(strip["gain_db"], -6.5);
}

TEST_F(MixerCommandsTest, WrongOnesSayWhatIsWrong) {
  EXPECT_EQ(call("mixer.set", {{"strip", "nobody"}, {"mute", true}}).error->code, CallErrc::not_found);
  EXPECT_EQ(call("mixer.set", {{"strip", "bars"}, {"gain_db", 99}}).error->code, CallErrc::invalid_params);
  EXPECT_EQ(call("mixer.bus", {{"bus", "aux9"}}).error->code, CallErrc::invalid_params);
  EXPECT_EQ(call("mixer.reset_loudness").error->code, CallErrc::wrong_state);
  const CallResult filter =
      call("mixer.filter", {{"strip", "bars"}, {"filter", "gate"}, {"settings", {{"threshold", 1}}}});
  ASSERT_FALSE(filter.ok());
  EXPECT_EQ(filter.error->errors.front().pointer, "/mixer/strips/bars/gate/threshold");
  const CallResult duck = call("mixer.filter", {{"strip", "bars"}, {"filter", "duck"}, {"settings", {{"by", "bars"}}}});
  ASSERT_FALSE(duck.ok());
  EXPECT_EQ(duck.error->errors.front().pointer, "/mixer/strips/bars/duck/by");
}

TEST_F(MixerCommandsTest, AFaderDraggedOverSecondsIsTwoRevisionsAndOneUndo) {
  must("program.start");
  const std::int64_t before = studio_.snapshot().revision;
  for (int i = 1; i <= 100; ++i) must("mixer.set", {{"strip", "bars"}, {"gain_db", -0.1 * i}});
  EXPECT_EQ(studio_.snapshot().revision, before + 1);
  EXPECT_EQ(must("show.get", {{"pointer", "/mixer/strips/bars/gain_db"}}), -10) << "heard and seen at once";
  ASSERT_TRUE(becomes([&] { return studio_.snapshot().revision == before + 2; })) << "where it came to rest";
  const Json last = must("show.history", {{"limit", 1}})[0];
  EXPECT_EQ(last["message"], "strip bars: gain_db -10.0");
  EXPECT_EQ(last["author"], "script:test");
  must("show.undo");
  EXPECT_EQ(call("show.get", {{"pointer", "/mixer/strips/bars/gain_db"}}).error->code, CallErrc::not_found);
  must("show.redo");
  EXPECT_EQ(must("show.get", {{"pointer", "/mixer/strips/bars/gain_db"}}), -10);
}

TEST_F(MixerCommandsTest, AnotherChangeEndsTheGestureBeforeIt) {
  const std::int64_t before = studio_.snapshot().revision;
  for (int i = 1; i <= 5; ++i) must("mixer.set", {{"strip", "bars"}, {"gain_db", -i}});
  must("program.cut", {{"scene", "Blue"}});
  EXPECT_EQ(studio_.snapshot().revision, before + 3) << "first, rest, cut";
  must("show.undo");
  EXPECT_EQ(studio_.snapshot().program.scene, "Blue");
  EXPECT_EQ(call("show.get", {{"pointer", "/mixer/strips/bars/gain_db"}}).error->code, CallErrc::not_found);
}

TEST_F(MixerCommandsTest, AFaderInAHandIsToldAsItMovesAndNotMoreOftenThanIsOfUse) {
  must("mixer.set", {{"strip", "bars"}, {"gain_db", -1}});
  const std::int64_t before = last_event();
  const Instant began = clock_.now();
  for (int i = 0; clock_.now() - began < Millis(300); ++i)
    must("mixer.set", {{"strip", "bars"}, {"gain_db", -2 - 0.1 * (i % 90)}});
  const auto told = [&](const std::string& type) {
    const auto all = studio_.events(before, 2000);
    return std::count_if(all.begin(), all.end(), [&](const Event& event) { return event.type == type; });
  };
  EXPECT_GT(told("mixer.changed"), 0) << "while it is in the hand";
  EXPECT_LE(told("mixer.changed"), 1 + (clock_.now() - began) / Millis(50));
  const Event changing = await("show.changing", before);
  EXPECT_EQ(changing.data["pointers"], Json::array({"/mixer/strips/bars/gain_db"}));
  EXPECT_EQ(changing.data["message"].get<std::string>().substr(0, 20), "strip bars: gain_db ");
  must("mixer.set", {{"strip", "bars"}, {"gain_db", -33}});
  EXPECT_TRUE(becomes([&] {
    const auto all = studio_.events(before, 2000);
    return std::any_of(all.begin(), all.end(), [](const Event& event) {
      return event.type == "mixer.changed" && event.data["settings"]["gain_db"] == -33;
    });
  })) << "where it rests is told in any case";
}

TEST_F(MixerCommandsTest, AStripTellsItsFiltersWithAllTheirKeysAndWhetherItCanBeHeardAtAll) {
  must("mixer.filter", {{"strip", "bars"}, {"filter", "compressor"}, {"settings", {{"ratio", 4}}}});
  const Json filters = state("/mixer/strips/bars/filters");
  EXPECT_EQ(filters["compressor"]["ratio"], 4);
  EXPECT_EQ(filters["compressor"]["knee_db"], 6) << "by itself";
  EXPECT_FALSE(filters.contains("gate"));
  EXPECT_EQ(state("/mixer/strips/bars/silent"), false);
  EXPECT_EQ(state("/mixer/strips/blue/silent"), true) << "a colour";
  must("show.set", {{"pointer", "/sources/bars/tone_hz"}, {"value", 0}});
  EXPECT_EQ(state("/mixer/strips/bars/silent"), true);
}

TEST_F(MixerCommandsTest, WhatIsSavedIsWhereTheFaderStands) {
  for (int i = 1; i <= 5; ++i) must("mixer.set", {{"strip", "bars"}, {"gain_db", -i}});
  must("show.save", {{"path", (folder_ / "saved.json").string()}});
  std::ifstream file(folder_ / "saved.json");
  EXPECT_EQ(Json::parse(file)["mixer"]["strips"]["bars"]["gain_db"], -5);
}

TEST_F(MixerCommandsTest, FiltersAndSendsAreSetAndTakenAway) {
  must("mixer.filter", {{"strip", "bars"}, {"filter", "compressor"}, {"settings", {{"ratio", 4}}}});
  must("mixer.filter", {{"strip", "bars"}, {"filter", "compressor"}, {"settings", {{"makeup_db", 3}}}});
  EXPECT_EQ(must("show.get", {{"pointer", "/mixer/strips/bars/compressor"}}), (Json{{"ratio", 4}, {"makeup_db", 3}}));
  must("mixer.filter",
       {{"strip", "bars"}, {"filter", "eq"}, {"settings", Json::array({{{"hz", 200}, {"gain_db", -3}}})}});
  must("mixer.send", {{"strip", "bars"}, {"bus", "aux2"}, {"gain_db", -3}});
  must("mixer.send", {{"strip", "bars"}, {"bus", "aux2"}, {"pre_fader", true}});
  EXPECT_EQ(must("show.get", {{"pointer", "/mixer/strips/bars/sends/aux2"}}),
            (Json{{"gain_db", -3}, {"pre_fader", true}}));
  must("mixer.filter", {{"strip", "bars"}, {"filter", "compressor"}});
  must("mixer.send", {{"strip", "bars"}, {"bus", "aux2"}, {"on", false}});
  must("mixer.limiter", {{"ceiling_db", -2}});
  must("mixer.bus", {{"bus", "aux2"}, {"mute", true}});
  EXPECT_EQ(call("show.get", {{"pointer", "/mixer/strips/bars/compressor"}}).error->code, CallErrc::not_found);
  EXPECT_EQ(must("show.get", {{"pointer", "/mixer/limiter"}}), (Json{{"ceiling_db", -2}}));
}

TEST_F(MixerCommandsTest, MetersShowTheToneOnAirAndAMuteTakesItOffTheProgram) {
  must("program.start");
  const auto meter = [&](const std::string& path) { return must("state.get", {{"path", "/mixer" + path}}); };
  ASSERT_TRUE(becomes([&] { return meter("/buses/program/short_term_lufs") > -25.0; }));
  EXPECT_NEAR(meter("/buses/program/peak_db/0"), -20, 0.3);
  EXPECT_NEAR(meter("/buses/program/rms_db/0"), -23.0, 0.3);
  EXPECT_NEAR(meter("/buses/program/momentary_lufs"), -20, 0.3);
  EXPECT_NEAR(meter("/strips/bars/peak_db/1"), -20, 0.3);
  must("mixer.set", {{"strip", "bars"}, {"mute", true}});
  ASSERT_TRUE(becomes([&] { return meter("/buses/program/peak_db/0") < -40; }));
  EXPECT_NEAR(meter("/strips/bars/peak_db/0"), -20, 0.3) << "a strip's meter shows what would be heard";
  must("mixer.reset_loudness");
  ASSERT_TRUE(becomes([&] { return meter("/buses/program/integrated_lufs") == -120; }));
}

TEST(MixerSnapshot, ItsJsonReadsBack) {
  MixerSnapshot mixer;
  mixer.strips.push_back({.name = "a",
                          .gain_db = -3.5,
                          .mute = true,
                          .solo = true,
                          .pan = -0.5,
                          .mono = true,
                          .delay_ms = 40,
                          .follow_video = false});
  mixer.strips[0].meter = {{-3, -4}, {-1, -2}, {-20, -21}, 6};
  mixer.buses.push_back({.name = "program", .gain_db = -1, .mute = true});
  mixer.buses[0].loudness = {-23, -22, -21, 5, 60};
  mixer.target_lufs = -23;
  mixer.tolerance_lu = 1;
  const Json json = to_json(mixer);
  EXPECT_EQ(to_json(mixer_from_json(json)), json);
  EXPECT_EQ(json.at("channels"), Json({"L", "R"}));
  EXPECT_TRUE(mixer_from_json(Json::parse(R"({"strips": [], "buses": {"program": 3}})")).buses.empty());
}

TEST(MixerSnapshot, ItTellsAsManyValuesAsTheProgramHasChannels) {
  show::Show show;
  show.sources["film"] = show::BarsSource{};
  show.program.audio_layout = AudioLayout::surround;
  MixerSnapshot mixer = mixer_snapshot(show);
  mixer.buses[0].meter.peak_db = {-1, -2, -3, -4, -5, -6};
  const Json json = to_json(mixer);
  EXPECT_EQ(json.at("layout"), "5.1");
  EXPECT_EQ(json.at("channels"), Json({"L", "R", "C", "LFE", "Ls", "Rs"}));
  EXPECT_EQ(json.at("/buses/program/peak_db"_json_pointer), Json({-1.0, -2.0, -3.0, -4.0, -5.0, -6.0}));
  EXPECT_EQ(json.at("/strips/film/rms_db"_json_pointer).size(), 6u);
  const MixerSnapshot read = mixer_from_json(json);
  EXPECT_EQ(read.layout, AudioLayout::surround);
  EXPECT_EQ(read.strips.at(0).meter.channels, 6);
  EXPECT_EQ(to_json(read), json);
}

}  // namespace
}  // namespace mainstay
