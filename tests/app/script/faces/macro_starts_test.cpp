// What starts a macro by itself: an event, a time of day.
#include "app/script/macros.h"
#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

class MacroStartsTest : public StudioTest {
 protected:
  void open(const Json& macros) {
    Json show = kShow;
    show["macros"] = macros;
    std::ofstream(path_) << show.dump();
    must("show.open", {{"path", path_}});
  }
  std::int64_t started(const std::string& name) {
    const auto all = studio_.events(0, 2000);
    return std::count_if(all.begin(), all.end(),
                         [&](const Event& event) { return event.type == "macro.started" && event.subject == name; });
  }
  bool has_run(const std::string& name, std::int64_t times) {
    return becomes([&] {
      const auto all = studio_.events(0, 2000);
      return times == std::count_if(all.begin(), all.end(), [&](const Event& event) {
               return event.type == "macro.ended" && event.subject == name && event.data["ok"] == true;
             });
    });
  }

  ManualClock wall_{ManualClock::Drive::test, UtcInstant{} + std::chrono::days(20000) + std::chrono::hours(17)};
  Macros macros_{studio_, clock_, wall_, log_};
};

TEST_F(MacroStartsTest, ATimeOfDayStartsItEachDay) {
  open({{"evening", {{"code", "show.set('/name', 'Evening ' + show.name)"}, {"at", "18:00"}}},
        {"night", {{"code", "1"}, {"at", "18:00:30"}, {"enabled", false}}}});
  must("macro.run", {{"name", "night"}});  // so that the macros' thread has looked at the show
  EXPECT_TRUE(has_run("night", 1));
  wall_.advance(std::chrono::minutes(59));
  EXPECT_EQ(started("evening"), 0);
  wall_.advance(Seconds(61));
  EXPECT_TRUE(has_run("evening", 1));
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Evening Test");
  wall_.advance(std::chrono::hours(23));
  EXPECT_EQ(started("evening"), 1);
  wall_.advance(std::chrono::hours(1));
  EXPECT_TRUE(has_run("evening", 2));
  EXPECT_EQ(started("night"), 1);  // by hand only
}

TEST_F(MacroStartsTest, ATimeThatWasJumpedOverIsMadeUpForOnce) {
  open({{"evening", {{"code", "1"}, {"at", "18:00"}}}, {"any", {{"code", "1"}}}});
  must("macro.run", {{"name", "any"}});
  EXPECT_TRUE(has_run("any", 1));
  wall_.step_utc(std::chrono::hours(3));  // the machine slept, or its clock was set
  wall_.advance(std::chrono::minutes(1));
  EXPECT_TRUE(has_run("evening", 1));
  wall_.step_utc(-std::chrono::hours(3));
  wall_.advance(std::chrono::minutes(1));
  must("macro.run", {{"name", "any"}});
  EXPECT_TRUE(has_run("any", 2));
  EXPECT_EQ(started("evening"), 1);
}

TEST_F(MacroStartsTest, AnEventOfItsSubjectStartsIt) {
  open({{"on blue", {{"code", "show.set('/name', 'Blue')"}, {"on", "program.scene"}, {"subject", "Blue"}}},
        {"on bars", {{"code", "show.set('/name', 'Bars')"}, {"on", "program.scene"}, {"subject", "Bars"}}},
        {"off", {{"code", "1"}, {"on", "program.scene"}, {"enabled", false}}}});
  must("program.start");
  must("program.cut", {{"scene", "Blue"}});
  EXPECT_TRUE(has_run("on blue", 1));
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Blue");
  EXPECT_EQ(started("on bars"), 0);
  EXPECT_EQ(started("off"), 0);
}

}  // namespace
}  // namespace mainstay
