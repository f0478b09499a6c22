// Preview and program, scenes, layers and takes in the window.
#include <gmock/gmock.h>

#include <QMenu>
#include <QTest>

#include "tests/ui/ui_fixture.h"

namespace mainstay::ui {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

Snapshot mix_snapshot() {
  Snapshot s = on_air_snapshot();
  s.scenes = {"Interview", "Main", "Opening titles", "Break"};
  s.layers = {
      {"Interview", {{"camera 1", "camera 1"}, {"lower third", "titles", false, false}, {"logo", "logo", true, true}}},
      {"Main", {{"clip", "clip"}, {"logo", "logo", true, true}}},
      {"Opening titles", {}},
      {"Break", {{"bars", "bars"}}}};
  s.transitions = {"iris", "cut", "fade", "dip", "wipe", "slide", "push"};
  s.program.scene = "Main";
  s.program.preview = "Interview";
  s.program.transition_name = "fade";
  s.program.transition_length = Millis(500);
  return s;
}

class MixPanelTest : public UiTest {
 protected:
  void open(int width = 1280, int height = 720) {
    open_window(width, height);
    studio_.set_picture(test_picture());
    see(mix_snapshot());
  }
  bool called(const std::string& what) {
    return spin_until([&] { return studio_.was_called(what); });
  }
  void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QTest::keyClick(window_.get(), key, modifiers);
  }
  void click(QListWidget& list, int row, int x) {
    const QRect at = list.visualItemRect(list.item(row));
    QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, QPoint(at.left() + x, at.center().y()));
  }
};

TEST_F(MixPanelTest, ASourceOrAnotherSceneIsPutOnTopOfTheLayers) {
  open();
  Snapshot s = mix_snapshot();
  s.mixer.strips.resize(1);
  s.mixer.strips[0].name = "camera 2";
  see(s);
  const auto choose = [&](const QString& name) {
    press(window_->actions_table().add_layer);
    const auto menus = window_->findChildren<QMenu*>();
    ASSERT_EQ(menus.size(), 1);
    for (QAction* action : menus.front()->actions()) {
      EXPECT_NE(action->text(), "Interview") << "no scene lies in itself";
      if (action->text() == name) action->trigger();
    }
    delete menus.front();
  };
  choose("Break");
  EXPECT_TRUE(called("layer.add Interview Break"));
  choose("camera 2");
  EXPECT_TRUE(called("layer.add Interview camera 2"));
}

TEST_F(MixPanelTest, TheMultiviewHasAWindowOfItsOwn) {
  open();
  MultiviewWindow& multiview = window_->multiview();
  EXPECT_FALSE(multiview.isVisible());
  press(window_->actions_table().multiview);
  EXPECT_TRUE(multiview.isVisible());
  EXPECT_TRUE(spin_until([&] { return multiview.view().has_picture(); }));
  QTest::keyClick(&multiview, Qt::Key_Escape);
  EXPECT_FALSE(multiview.isVisible());
  EXPECT_FALSE(window_->actions_table().multiview->isChecked());
  const std::int64_t converted = multiview.view().feed().converted();
  clock_.advance(Seconds(1));
  EXPECT_EQ(multiview.view().feed().converted(), converted) << "nobody looks";
}

TEST_F(MixPanelTest, WhatAChosenLayerPlaysIsSteered) {
  open();
  EXPECT_FALSE(window_->mix().media().isVisible()) << "nothing plays";
  Snapshot s = mix_snapshot();
  s.sources = {{.name = "camera 1", .type = "file", .state = "live", .media = MediaSnapshot{62'500, 220'000, false}}};
  see(s);
  MediaBar& media = window_->mix().media();
  EXPECT_TRUE(media.isVisible());
  EXPECT_EQ(media.text(), "1:02.5 / 3:40.0");
  EXPECT_EQ(media.slider().maximum(), 220'000);
  keep_screenshot("media");
  key(Qt::Key_Space, Qt::ControlModifier);
  EXPECT_TRUE(called("source.pause camera 1"));
  s.sources[0].media->paused = true;
  see(s);
  key(Qt::Key_Space, Qt::ControlModifier);
  EXPECT_TRUE(called("source.play camera 1"));
  key(Qt::Key_Home, Qt::ControlModifier);
  EXPECT_TRUE(called("source.restart camera 1"));
  media.slider().setSliderDown(true);
  media.slider().setValue(110'000);
  media.slider().setSliderDown(false);
  EXPECT_TRUE(called("source.seek camera 1 110000"));
}

TEST_F(MixPanelTest, AStingerTakesAsLongAsItsFilmAndNobodySetsThat) {
  open();
  EXPECT_TRUE(window_->mix().duration().isEnabled());
  Snapshot s = mix_snapshot();
  s.transitions.insert(s.transitions.begin(), "swoosh");
  s.stingers = {{"swoosh", "opening", "", std::nullopt}};
  s.program.transition_name = "swoosh";
  s.program.transition_length = Millis(0);
  see(s);
  EXPECT_FALSE(window_->mix().duration().isEnabled());
  EXPECT_EQ(window_->mix().duration().text(), "film");
  s.stingers[0] = {"swoosh", "ready", "", 1240};
  s.program.transition_length = Millis(1240);
  see(s);
  EXPECT_EQ(window_->mix().duration().value(), 1240);
  see(mix_snapshot());
  EXPECT_TRUE(window_->mix().duration().isEnabled());
}

TEST_F(MixPanelTest, ReturnInTheDurationSetsItAndTakesNothing) {
  open();
  QSpinBox& duration = window_->mix().duration();
  duration.setFocus();
  duration.selectAll();
  QTest::keyClicks(&duration, "800");
  QTest::keyClick(&duration, Qt::Key_Return);
  EXPECT_TRUE(called("transition.choose fade 800"));
  see(mix_snapshot());
  EXPECT_THAT(studio_.calls(), ::testing::Not(Contains("program.auto")));
  EXPECT_FALSE(duration.hasFocus()) << "the keys are the show's again";
}

TEST_F(MixPanelTest, PreviewStandsBesideProgramWithItsTally) {
  open();
  EXPECT_TRUE(window_->preview().isVisible());
  EXPECT_TRUE(window_->mix().isVisible());
  EXPECT_EQ(window_->preview().frame(), theme_.preview);
  EXPECT_EQ(window_->picture().frame(), theme_.on_air);
  EXPECT_EQ(window_->preview().caption(), "PREVIEW  Interview");
  EXPECT_EQ(window_->picture().caption(), "PROGRAM  Main");
  EXPECT_NEAR(window_->preview().width(), window_->picture().width(), 1);
  keep_screenshot("mix");
  Snapshot moving = mix_snapshot();
  moving.program.scene = "Interview";
  moving.program.preview = "Main";
  moving.program.transition = TransitionSnapshot{"fade", "Main", 0.4};
  see(moving);
  EXPECT_EQ(window_->preview().frame(), theme_.on_air) << "it is still seen on air";
  EXPECT_EQ(window_->mix().bar().value(), 400);
  keep_screenshot("mix-transition");
}

TEST_F(MixPanelTest, AShowWithoutScenesOrStudioModeHasTheProgramAlone) {
  open();
  Snapshot plain = mix_snapshot();
  plain.program.studio_mode = false;
  see(plain);
  EXPECT_FALSE(window_->preview().isVisible());
  EXPECT_TRUE(window_->mix().isVisible());
  see(on_air_snapshot());
  EXPECT_FALSE(window_->mix().isVisible());
}

TEST_F(MixPanelTest, SpaceCutsAndReturnIsAuto) {
  open();
  key(Qt::Key_Space);
  EXPECT_TRUE(called("program.cut"));
  key(Qt::Key_Return);
  EXPECT_TRUE(called("program.auto"));
  key(Qt::Key_PageDown);
  EXPECT_TRUE(called("preview.set Main"));
  Snapshot nothing = mix_snapshot();
  nothing.program.preview.clear();
  see(nothing);
  const std::size_t calls = studio_.calls().size();
  key(Qt::Key_Space);
  see(nothing);
  EXPECT_EQ(studio_.calls().size(), calls) << "nothing stands ready: a key that is hit does nothing";
}

TEST_F(MixPanelTest, AClickOnASceneMakesItReadyAndWithoutStudioModeTakesIt) {
  open();
  click(window_->mix().scenes(), 3, 30);
  EXPECT_TRUE(called("preview.set Break"));
  Snapshot direct = mix_snapshot();
  direct.program.studio_mode = false;
  see(direct);
  click(window_->mix().scenes(), 0, 30);
  EXPECT_TRUE(called("program.cut Interview"));
}

TEST_F(MixPanelTest, LayersAreShownTopmostFirstAndHiddenByTheirEye) {
  open();
  LayerList& layers = window_->mix().layers();
  ASSERT_EQ(layers.count(), 3);
  EXPECT_EQ(layers.item(0)->text(), "logo");
  click(layers, 1, 10);
  EXPECT_TRUE(called("layer.set Interview lower third {\"visible\":true}"));
  click(layers, 0, layers.visualItemRect(layers.item(0)).height() + 10);
  EXPECT_TRUE(called("layer.set Interview logo {\"locked\":false}"));
  click(layers, 2, 120);
  key(Qt::Key_Up, Qt::ControlModifier);
  EXPECT_TRUE(called("layer.move Interview camera 1 1"));
}

TEST_F(MixPanelTest, TheBarAndTheTransitionAreCommands) {
  open();
  window_->mix().bar().setValue(300);
  EXPECT_TRUE(called("program.transition 0.3"));
  window_->mix().duration().setValue(750);
  EXPECT_TRUE(called("transition.choose fade 750"));
  emit window_->mix().transitions().textActivated("wipe");
  EXPECT_TRUE(called("transition.choose wipe"));
}

}  // namespace
}  // namespace mainstay::ui
