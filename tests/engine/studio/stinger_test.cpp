// Stingers by command: ready before they are taken, a cut where they are not.
#include "tests/engine/studio/studio_fixture.h"
#include "tests/support/clips.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;

class StingerTest : public StudioTest {
 protected:
  /// A third of a second: green at half over all of it.
  void declare() {
    const std::string film = (folder_ / "whoosh.mov").string();
    ASSERT_TRUE(
        test::run_command("ffmpeg -v error -nostdin -y -f lavfi -i "
                          "color=c=lime@0.5:s=160x90:r=50:d=0.32,format=argb -c:v qtrle " +
                          film));
    Json show = kShow;
    show["transitions"]["whoosh"] = {{"type", "stinger"}, {"path", "whoosh.mov"}, {"cut_point_ms", 160}};
    show["transition"] = "whoosh";
    std::ofstream(path_) << show.dump();
  }
  /// Taken by the film, not cut to: what it does when it is ready.
  Event take_by_film() {
    for (int i = 0; i < 200; ++i) {
      const std::int64_t before = last_event();
      must("program.auto");
      Event told;
      EXPECT_TRUE(becomes([&] {
        for (const Event& event : studio_.events(before, 2000)) {
          if (event.type == "program.stinger" || event.type == "program.transition_started") return told = event, true;
        }
        return false;
      }));
      if (told.type == "program.transition_started") return told;
      must("program.cut");
      clock_.wait_until(clock_.now() + Millis(20), {});
    }
    return {};
  }
  int luma() {
    const FramePtr picture = studio_.program_picture();
    return picture ? picture->planes[0][20 * picture->strides[0] + 40] : 0;
  }
};

TEST_F(StingerTest, AFilmTakesTheSceneInPreview) {
  declare();
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  const Event started = take_by_film();
  EXPECT_EQ(started.data["transition"], "whoosh");
  const Event ended = await("program.transition_ended", started.number);
  EXPECT_EQ(ended.data["how"], "completed");
  EXPECT_EQ(ended.data["frame"].get<int>() - started.data["frame"].get<int>(), 16) << "as long as its file";
  EXPECT_EQ(state("/program/scene"), "Blue");
  EXPECT_TRUE(becomes([&] { return luma() < 40; })) << "the film is gone";
  const Event again = take_by_film();
  EXPECT_EQ(again.data["transition"], "whoosh") << "the next one was made ready meanwhile";
}

TEST_F(StingerTest, HowLongItTakesIsKnownOnceItsFilmIsOpen) {
  declare();
  must("show.open", {{"path", path_}});
  EXPECT_EQ(state("/stingers/whoosh/state"), "off");
  EXPECT_EQ(state("/stingers/whoosh/length_ms"), nullptr);
  must("program.start");
  EXPECT_TRUE(becomes([&] { return state("/stingers/whoosh/state") == "ready"; })) << state("/stingers");
  EXPECT_EQ(state("/stingers/whoosh/length_ms"), 320);
  EXPECT_EQ(state("/program/transition_ms"), 320);
  must("preview.set", {{"scene", "Blue"}});
  take_by_film();
  EXPECT_EQ(state("/stingers/whoosh/length_ms"), 320) << "also while the next one gets ready";
  must("program.stop");
  EXPECT_EQ(state("/stingers/whoosh/state"), "off");
  EXPECT_EQ(state("/stingers/whoosh/length_ms"), 320) << "it was seen";
}

TEST_F(StingerTest, ABarFadesInstead) {
  declare();
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  must("program.transition", {{"position", 0.5}});
  EXPECT_TRUE(becomes([&] {
    const Json transition = state("/program/transition");
    return transition.is_object() && transition["position"] == 0.5;
  }));
  must("program.transition", {{"position", 1}});
  EXPECT_EQ(state("/program/scene"), "Blue");
}

TEST_F(StingerTest, OneThatIsNoFilmIsACutAndSaysWhy) {
  declare();
  std::ofstream(folder_ / "whoosh.mov") << "no film";
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  must("program.auto");
  const Event told = await("program.stinger");
  EXPECT_EQ(told.subject, "whoosh");
  EXPECT_EQ(told.level, LogLevel::warning);
  EXPECT_THAT(told.message, HasSubstr("it is a cut"));
  EXPECT_EQ(state("/program/scene"), "Blue");
  EXPECT_TRUE(becomes([&] { return state("/program/transition").is_null(); }));
}

TEST_F(StingerTest, ItsLengthIsItsFilms) {
  declare();
  must("show.open", {{"path", path_}});
  must("transition.choose", {{"name", "whoosh"}});
  const CallResult refused = call("transition.choose", {{"name", "whoosh"}, {"duration_ms", 300}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error->code, CallErrc::invalid_params);
}

TEST_F(StingerTest, TheCheckWantsItsFile) {
  declare();
  std::filesystem::remove(folder_ / "whoosh.mov");
  const CallResult refused = call("show.open", {{"path", path_}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error->errors[0].pointer, "/transitions/whoosh/path");
}

}  // namespace
}  // namespace mainstay
