#include "engine/show/layers.h"

#include <gmock/gmock.h>

#include "engine/show/check.h"
#include "engine/show/parse.h"

namespace mainstay::show {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

Scene scene_of(const std::vector<std::pair<std::string, std::string>>& layers) {
  Scene scene;
  for (const auto& [source, name] : layers) {
    scene.layers.push_back({.source = source});
    scene.layers.back().name = name;
  }
  return scene;
}

TEST(LayerNames, AreTheirOwnOrTheirSourcesWithANumberWhereThatIsTaken) {
  EXPECT_THAT(layer_names(scene_of({{"clip", ""}, {"logo", ""}})), ElementsAre("clip", "logo"));
  EXPECT_THAT(layer_names(scene_of({{"clip", ""}, {"clip", ""}, {"clip", ""}})),
              ElementsAre("clip", "clip 2", "clip 3"));
  EXPECT_THAT(layer_names(scene_of({{"clip", ""}, {"clip", "clip"}, {"logo", "clip 2"}})),
              ElementsAre("clip 3", "clip", "clip 2"))
      << "a name that is written out is never another's";
}

TEST(Transitions, OfASceneGoBeforeTheShows) {
  Show show;
  show.transition = "wipe";
  show.transitions["slow"] = FadeTransition{.duration = Millis(3000)};
  show.scenes["A"] = {};
  show.scenes["B"] = {.transition = "slow"};
  show.scenes["C"] = {.transition = "slow", .transition_ms = Millis(200)};
  EXPECT_EQ(transition_to(show, "A").name, "wipe");
  EXPECT_EQ(duration_of(transition_to(show, "A").transition), Millis(700));
  EXPECT_EQ(duration_of(transition_to(show, "B").transition), Millis(3000));
  EXPECT_EQ(duration_of(transition_to(show, "C").transition), Millis(200));
  EXPECT_EQ(kind_of(transition_to(show, "C").transition), "fade");
  show.transitions["wipe"] = WipeTransition{.duration = Millis(100)};
  EXPECT_EQ(duration_of(transition_to(show, "A").transition), Millis(100)) << "one named as a kind changes that kind";
  EXPECT_FALSE(find_transition(show, "nothing"));
}

std::vector<std::string> errors_of(const std::string& more) {
  const Parsed parsed =
      parse_show(R"({"mainstay": 1, "program": {}, "sources": {"a": {"type": "bars"}}, "scenes": )" + more);
  std::vector<std::string> out;
  for (const ShowError& e : parsed.errors) out.push_back(e.pointer + ": " + e.message);
  if (!out.empty()) return out;
  for (const ShowError& e : check(parsed.show, {.show_dir = ".", .probe_files = false, .secrets = nullptr}))
    out.push_back(e.pointer + ": " + e.message);
  return out;
}

TEST(SceneCheck, SaysWhatIsNotThere) {
  EXPECT_THAT(errors_of(R"({"S": {"layers": [{"source": "a", "name": "x"}, {"source": "a", "name": "x"}]}}})"),
              ElementsAre(StartsWith("/scenes/S/layers/1/name: the scene's layer 0 is named \"x\" too")));
  EXPECT_THAT(errors_of(R"({"S": {"transition": "wype"}}, "transition": "fade"})"),
              ElementsAre("/scenes/S/transition: there is no transition \"wype\": did you mean \"wipe\"?"));
  EXPECT_THAT(errors_of(R"({"S": {}}, "preview": "T", "transition": "no"})"),
              ElementsAre(StartsWith("/preview: there is no scene \"T\""),
                          StartsWith("/transition: there is no transition \"no\"")));
  EXPECT_THAT(
      errors_of(R"({"S": {"layers": [{"source": "a", "rotate": 45, "crop": {"left": -1}, "blend": "darken"}]}}})"),
      ElementsAre(StartsWith("/scenes/S/layers/0/rotate: "), StartsWith("/scenes/S/layers/0/crop/left: "),
                  StartsWith("/scenes/S/layers/0/blend: ")));
  EXPECT_THAT(errors_of(R"({}, "transitions": {"w": {"type": "wipe", "direction": "left"}}})"),
              ElementsAre(StartsWith("/transitions/w/direction: ")));
}

}  // namespace
}  // namespace mainstay::show
