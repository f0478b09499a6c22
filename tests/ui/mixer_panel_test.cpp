// The mixer in the window: what it shows, and what hands and keys on it ask the engine for.
#include <gmock/gmock.h>

#include <QMouseEvent>
#include <QTest>

#include "tests/ui/ui_fixture.h"
#include "ui/level_scale.h"

namespace mainstay::ui {
namespace {

Snapshot mixed_snapshot() {
  Snapshot s = on_air_snapshot();
  s.mixer.buses = {{.name = "program"}, {.name = "monitor"}};
  for (const char* name : {"bars", "clip", "remote"}) s.mixer.strips.push_back({.name = name});
  StripSnapshot& clip = s.mixer.strips[1];
  clip.gain_db = -6.5;
  clip.meter = {{-8.2F, -9.0F}, {-5.1F, -6.0F}, {-20.4F, -21.0F}, 2.5F};
  s.mixer.strips[0].mute = true;
  s.mixer.strips[0].meter = {{-20, -20}, {-20, -20}, {-23, -23}, 0};
  s.mixer.strips[2].solo = true;
  s.mixer.strips[2].gain_db = -100;
  BusSnapshot& program = s.mixer.buses[0];
  program.meter = {{-9, -10}, {-3.2F, -4}, {-21, -22}, 1.4F};
  program.loudness = {-21.3F, -22.8F, -23.1F, 5.2F, 754};
  s.mixer.target_lufs = -23;
  s.mixer.tolerance_lu = 1;
  return s;
}

class MixerPanelTest : public UiTest {
 protected:
  void open_mixer() {
    open_window();
    window_->show_mixer(true);
    see(mixed_snapshot());
    ASSERT_EQ(panel().strips().size(), 3U);
  }
  MixerPanel& panel() { return window_->mixer(); }
  StripView& strip(int i) { return *panel().strips()[static_cast<std::size_t>(i)]; }
  bool called(const std::string& what) {
    return spin_until([&] { return studio_.was_called(what); });
  }
};

TEST(LevelScale, FadersAndMetersKnowTheirPlaces) {
  EXPECT_EQ(fader_place(0), 0.75);
  EXPECT_EQ(fader_place(-100), 0);
  EXPECT_EQ(fader_place(30), 1);
  EXPECT_EQ(meter_place(0), 1);
  EXPECT_EQ(meter_place(-90), 0);
  for (double db = -60; db <= 12; db += 0.5) EXPECT_NEAR(fader_db(fader_place(db)), db, 0.051) << db;
  EXPECT_EQ(fader_db(0), -100);
  EXPECT_EQ(level_text(-6.04), QString(QChar(0x2212)) + "6.0");
  EXPECT_EQ(level_text(3.5), "+3.5");
  EXPECT_EQ(level_text(-0.01), "0.0");
  EXPECT_EQ(level_text(-100), QString(QChar(0x2212)) + QChar(0x221e));
  EXPECT_EQ(loudness_text(-120), QString(QChar(0x2013)));
}

TEST_F(MixerPanelTest, ItShowsStripsBusAndLoudness) {
  studio_.set_picture(test_picture());
  open_mixer();
  EXPECT_EQ(strip(1).name(), "clip");
  EXPECT_EQ(strip(1).shown_db(), -6.5);
  EXPECT_TRUE(strip(0).muted());
  EXPECT_TRUE(strip(2).solo());
  EXPECT_EQ(panel().integrated().value(), QString(QChar(0x2212)) + "23.1");
  EXPECT_EQ(panel().true_peak().value(), QString(QChar(0x2212)) + "3.2");
  ASSERT_TRUE(spin_until([this] { return window_->picture().has_picture(); }));
  keep_screenshot("mixer");
}

TEST_F(MixerPanelTest, AProgramIn51HasSixBarsAStripWithTheirNames) {
  open_mixer();
  const int narrow = strip(1).sizeHint().width();
  Snapshot wide = mixed_snapshot();
  wide.mixer.layout = AudioLayout::surround;
  for (StripSnapshot& one : wide.mixer.strips) one.meter.channels = 6;
  wide.mixer.strips[1].meter.peak_db = {-6, -12, -18, -24, -30, -36};
  wide.mixer.buses[0].meter.channels = 6;
  wide.mixer.buses[0].meter.held_db = {-9, -9, -9, -9, -9, -2.5F};
  see(wide);
  EXPECT_EQ(panel().true_peak().value(), QString(QChar(0x2212)) + "2.5") << "the highest of all channels";
  EXPECT_GT(strip(1).sizeHint().width(), narrow);
  for (int c = 1; c < 6; ++c) EXPECT_GT(strip(1).meter_bar(c).left(), strip(1).meter_bar(c - 1).right()) << c;
  EXPECT_GE(strip(1).meter_bar(5).width(), 6);
  keep_screenshot("mixer_surround");
}

TEST_F(MixerPanelTest, AFaderIsDraggedFromWhereItIsTaken) {
  open_mixer();
  StripView& view = strip(1);
  const QRect fader = view.fader_rect();
  const auto y_of = [&](double db) {
    return fader.bottom() - static_cast<int>(std::lround(fader_place(db) * fader.height()));
  };
  const QPoint cap(fader.center().x(), y_of(-6.5));
  QTest::mousePress(&view, Qt::LeftButton, {}, cap);
  EXPECT_EQ(view.shown_db(), -6.5) << "taken, not moved";
  QMouseEvent move(QEvent::MouseMove, QPointF(cap.x(), y_of(-20)), view.mapToGlobal(QPointF(cap.x(), y_of(-20))),
                   Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&view, &move);
  EXPECT_NEAR(view.shown_db(), -20, 1);
  see(mixed_snapshot());
  EXPECT_NEAR(view.shown_db(), -20, 1) << "what the engine still says does not pull it out of the hand";
  QTest::mouseRelease(&view, Qt::LeftButton, {}, QPoint(cap.x(), y_of(-20)));
  EXPECT_TRUE(spin_until([&] {
    const auto calls = studio_.calls();
    return std::any_of(calls.begin(), calls.end(),
                       [](const std::string& call) { return call.starts_with("mixer.set -"); });
  }));
  ASSERT_TRUE(spin_until([&] { return view.shown_db() == -6.5; })) << "in the end the engine's word counts";
}

TEST_F(MixerPanelTest, MuteAndSoloAreOneClick) {
  open_mixer();
  QTest::mouseClick(&strip(0), Qt::LeftButton, {}, strip(0).mute_rect().center());
  EXPECT_TRUE(called("mixer.set false bars"));
  QTest::mouseClick(&strip(1), Qt::LeftButton, {}, strip(1).solo_rect().center());
  EXPECT_TRUE(called("mixer.set true clip"));
}

TEST_F(MixerPanelTest, KeysMoveTheFaderThatHasTheFocus) {
  open_mixer();
  strip(1).setFocus();
  QTest::keyClick(&strip(1), Qt::Key_Up);
  EXPECT_TRUE(called("mixer.set -5.5 clip"));
  QTest::keyClick(&strip(1), Qt::Key_Home);
  EXPECT_EQ(strip(1).shown_db(), 0);
  QTest::keyClick(&strip(1), Qt::Key_Down, Qt::ShiftModifier);
  EXPECT_NEAR(strip(1).shown_db(), -0.1, 1e-9);
  QTest::keyClick(&strip(2), Qt::Key_Down);
  EXPECT_EQ(strip(2).shown_db(), -100) << "below silence there is nothing";
  QTest::keyClick(&strip(1), Qt::Key_M);
  EXPECT_TRUE(called("mixer.set true clip"));
}

TEST_F(MixerPanelTest, TheProgramHasAFaderToo) {
  open_mixer();
  QTest::mouseClick(&panel().program(), Qt::LeftButton, {}, panel().program().mute_rect().center());
  EXPECT_TRUE(called("mixer.bus true program"));
}

TEST_F(MixerPanelTest, MixerAndConsoleTakeTurnsInOnePlace) {
  open_mixer();
  EXPECT_TRUE(panel().isVisible());
  window_->show_console(true);
  EXPECT_FALSE(panel().isVisible());
  EXPECT_FALSE(window_->actions_table().mixer->isChecked());
  press(window_->actions_table().mixer);
  EXPECT_TRUE(panel().isVisible());
  EXPECT_FALSE(window_->actions_table().console->isChecked());
  press(window_->actions_table().mixer);
  EXPECT_TRUE(window_->events().isVisible());
}

}  // namespace
}  // namespace mainstay::ui
