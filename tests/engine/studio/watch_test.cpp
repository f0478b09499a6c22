// What the watchers raise on air, in events and in the state.
#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

TEST_F(StudioTest, AFrozenAndSilentProgramIsToldOfAndToldWhenItIsOver) {
  must("show.open", {{"path", path_}});
  must("show.set", {{"pointer", "/on_air"}, {"value", "Blue"}});
  must("show.set",
       {{"pointer", "/watchers"},
        {"value",
         {{"clear_ms", 100}, {"program", {{"freeze", {{"after_ms", 300}}}, {"silence", {{"after_ms", 300}}}}}}}});
  must("program.start");
  ASSERT_TRUE(becomes([&] { return state("/watches").size() == 2; })) << state("/watches");
  const Event first = await("watch.raised");
  EXPECT_EQ(first.subject, "program");
  EXPECT_EQ(first.level, LogLevel::warning);
  EXPECT_TRUE(first.data["program"].get<bool>());
  EXPECT_LT(first.data["since_s"].get<double>(), 0.3);

  must("show.set", {{"pointer", "/watchers/program/enabled"}, {"value", false}});
  EXPECT_TRUE(becomes([&] { return state("/watches").empty(); })) << "what is not looked at is not raised";
  const Event over = await("watch.cleared");
  EXPECT_EQ(over.subject, "program");
  EXPECT_TRUE(over.data["kind"] == "freeze" || over.data["kind"] == "silence");
}

TEST_F(StudioTest, ASourceThatIsWatchedByNameIsToldByItsName) {
  must("show.open", {{"path", path_}});
  must("show.set", {{"pointer", "/watchers"},
                    {"value", {{"scope", "all"}, {"by_source", {{"blue", {{"freeze", {{"after_ms", 200}}}}}}}}}});
  must("program.start");
  const Event raised = await("watch.raised");
  EXPECT_EQ(raised.subject, "blue");
  EXPECT_EQ(raised.data["kind"], "freeze");
  EXPECT_FALSE(raised.data["program"].get<bool>());
  const CallResult wrong =
      call("show.set", {{"pointer", "/watchers/by_source"}, {"value", {{"bleu", Json::object()}}}});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error->errors.front().pointer, "/watchers/by_source/bleu");
}

TEST_F(StudioTest, APictureThatAFilterDelaysIsToldToBeApartFromItsSound) {
  must("show.open", {{"path", path_}});
  must("show.set", {{"pointer", "/watchers"}, {"value", {{"sources", {{"av_sync", {{"after_ms", 100}}}}}}}});
  must("filter.add", {{"scene", "Bars"}, {"layer", "bars"}, {"type", "delay"}, {"values", {{"delay_ms", 300}}}});
  must("program.start");
  ASSERT_TRUE(becomes([&] { return state("/watches").size() == 1; })) << state("/watches");
  const Event raised = await("watch.raised");
  EXPECT_EQ(raised.subject, "bars");
  EXPECT_EQ(raised.data["kind"], "av_sync");
  EXPECT_EQ(raised.data["value"], 300);
  EXPECT_EQ(raised.data["set_ms"], 300);
  EXPECT_EQ(state("/watches/0/set_ms"), 300);
  must("mixer.set", {{"strip", "bars"}, {"delay_ms", 300}});
  EXPECT_EQ(await("watch.cleared").subject, "bars");
}

TEST_F(StudioTest, TheMonitorThatIsSetIsInTheShowAndOneThatCannotPlayIsToldOf) {
  must("show.open", {{"path", path_}});
  must("monitor.set", {{"device", "no such thing"}, {"bus", "aux1"}, {"gain_db", -6}});
  EXPECT_EQ(must("show.get", {{"pointer", "/monitor"}}),
            (Json{{"device", "no such thing"}, {"bus", "aux1"}, {"gain_db", -6}}));
  EXPECT_EQ(state("/monitor/state"), "off") << "nothing is on air";
  EXPECT_EQ(state("/monitor/wanted"), "no such thing");
  EXPECT_EQ(state("/monitor/gain_db"), -6);
  must("program.start");
  EXPECT_TRUE(becomes([&] { return state("/monitor/state") == "failed"; })) << state("/monitor");
  EXPECT_EQ(state("/monitor/bus"), "aux1");
  const Event told = await("monitor.state");
  EXPECT_EQ(told.data["from"], "off");
  EXPECT_EQ(told.subject, "monitor") << "a device's name alone says nothing in a list of events";
  must("monitor.set", {{"mute", true}});
  EXPECT_EQ(state("/monitor/mute"), true);
  must("monitor.set", {{"enabled", false}});
  EXPECT_TRUE(becomes([&] { return state("/monitor/state") == "off"; }));
  EXPECT_EQ(state("/phase"), "on_air");
}

}  // namespace
}  // namespace mainstay
