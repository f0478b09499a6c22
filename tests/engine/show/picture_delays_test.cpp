#include "engine/show/picture_delays.h"

#include <gmock/gmock.h>

#include "engine/show/parse.h"

namespace mainstay::show {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Layer delayed(const std::string& source, std::vector<int> delays) {
  Layer layer{.source = source};
  for (const int ms : delays) layer.filters.push_back(DelayFilter{.delay = Millis(ms)});
  return layer;
}

/// A file and a camera's microphone, at 25 frames a second.
Show show_of(std::vector<Layer> layers) {
  Show show;
  show.program.rate = {25, 1};
  show.sources["clip"] = FileSource{};
  show.sources["guest"] = FileSource{};
  show.sources["logo"] = ImageSource{};
  show.sources["inner"] = SceneSource{.scene = "Inner"};
  show.scenes["Main"].layers = std::move(layers);
  show.scenes["Inner"].layers = {delayed("guest", {80}), delayed("logo", {})};
  return show;
}

Nanos ahead(const Show& show) {
  return sound_ahead(show, show.scenes.at("Main").layers.front());
}

TEST(PictureDelays, AreWholeFramesOfAllThatAreSwitchedOn) {
  EXPECT_EQ(picture_delay(delayed("clip", {}), {25, 1}), Millis(0));
  EXPECT_EQ(picture_delay(delayed("clip", {100}), {25, 1}), Millis(120)) << "two and a half frames are three";
  EXPECT_EQ(picture_delay(delayed("clip", {100, 40, 0}), {25, 1}), Millis(160));
  Layer off = delayed("clip", {100, 40});
  std::get<DelayFilter>(off.filters[0]).enabled = false;
  EXPECT_EQ(picture_delay(off, {25, 1}), Millis(40));
}

TEST(PictureDelays, SoundIsAheadOfADelayedPictureByWhatItsStripLacks) {
  Show show = show_of({delayed("clip", {200})});
  EXPECT_EQ(ahead(show), Millis(200));
  show.mixer.strips["clip"].delay_ms = 150.5;
  EXPECT_EQ(ahead(show), std::chrono::microseconds(49500));
  show.mixer.strips["clip"].delay_ms = 200;
  EXPECT_EQ(ahead(show), Millis(0));
  show.mixer.strips["clip"].delay_ms = 240;
  EXPECT_EQ(ahead(show), Millis(-40));
  show.scenes["Main"].layers[0].filters.clear();
  EXPECT_EQ(ahead(show), Millis(0)) << "a strip's delay alone is a correction by ear";
}

TEST(PictureDelays, WhatIsNotHeardIsNotAhead) {
  Show show = show_of({delayed("clip", {200})});
  show.mixer.strips["clip"].mute = true;
  EXPECT_EQ(ahead(show), Millis(0));
  EXPECT_EQ(ahead(show_of({delayed("logo", {200})})), Millis(0));
  Show heard = show_of({delayed("mic", {200})});
  heard.sources["mic"] = AudioSource{};
  EXPECT_EQ(ahead(heard), Millis(0)) << "and what is not seen is not behind";
}

TEST(PictureDelays, ALayerThatShowsASceneDelaysAllThatLiesInIt) {
  Show show = show_of({delayed("inner", {120})});
  EXPECT_EQ(ahead(show), Millis(200)) << "80 of them in the scene itself";
  show.mixer.strips["guest"].delay_ms = 200;
  EXPECT_EQ(ahead(show), Millis(0));
}

TEST(PictureDelays, OfASourceInSeveralLayersTheTopmostVisibleOneCounts) {
  const Show show = show_of({delayed("clip", {400}), delayed("inner", {120}), delayed("clip", {40})});
  const auto scene_of = [&](const std::string& source) -> const Scene* {
    return source == "inner" ? &show.scenes.at("Inner") : nullptr;
  };
  Scene scene = show.scenes.at("Main");
  EXPECT_THAT(picture_delays(scene, {25, 1}, scene_of),
              ElementsAre(Pair("clip", Millis(40)), Pair("guest", Millis(200)), Pair("logo", Millis(120))));
  scene.layers[2].visible = false;
  scene.layers[1].visible = false;
  EXPECT_THAT(picture_delays(scene, {25, 1}, scene_of), ElementsAre(Pair("clip", Millis(400))));
  EXPECT_THAT(picture_delays({}, {25, 1}, scene_of), IsEmpty());
}

}  // namespace
}  // namespace mainstay::show
