// What is done to a strip's sound, in the window.
#include <gmock/gmock.h>

#include <QTest>

#include "engine/studio/mixer_snapshot.h"
#include "tests/ui/ui_fixture.h"
#include "ui/field_editors.h"

namespace mainstay::ui {
namespace {

Snapshot treated_snapshot() {
  show::Show show;
  show.sources["clip"] = show::FileSource{};
  show.sources["logo"] = show::ImageSource{};
  show.sources["talk"] = show::FileSource{};
  show::Strip& strip = show.mixer.strips["clip"];
  strip.compressor.emplace();
  strip.eq = {{.hz = 120, .gain_db = -3}, {.hz = 4000, .gain_db = 2}};
  Snapshot s = on_air_snapshot();
  s.mixer = mixer_snapshot(show);
  return s;
}

class StripFilterPanelTest : public UiTest {
 protected:
  void open() {
    open_window();
    studio_.set_picture(test_picture());
    see(treated_snapshot());
    press(window_->actions_table().strip_filters);
    see(treated_snapshot());
  }
  StripFilterPanel& panel() { return window_->strip_filters(); }
  NumberEditor& number(std::size_t form, const std::string& key) {
    return dynamic_cast<NumberEditor&>(*panel().forms().at(form)->editor(key));
  }
  void click_dot(int row) {
    const QRect at = panel().list().visualItemRect(panel().list().item(row));
    QTest::mouseClick(panel().list().viewport(), Qt::LeftButton, {}, QPoint(at.left() + 8, at.center().y()));
  }
  bool called(const std::string& what) {
    return spin_until([&] { return studio_.was_called(what); });
  }
};

TEST_F(StripFilterPanelTest, EachFilterHasItsKeysAndADotThatSwitchesIt) {
  open();
  ASSERT_TRUE(panel().isVisible());
  EXPECT_EQ(panel().strips().count(), 2) << "a logo has no sound";
  EXPECT_EQ(panel().list().count(), 6);
  EXPECT_TRUE(panel().forms().empty()) << "no noise suppression yet";
  click_dot(0);
  EXPECT_TRUE(called("mixer.filter clip denoise {}"));
  panel().list().choose("compressor");
  ASSERT_EQ(panel().forms().size(), 1U);
  EXPECT_EQ(number(0, "ratio").box().value(), 3);
  EXPECT_EQ(number(0, "threshold_db").box().suffix(), " dB");
  keep_screenshot("strip-compressor");
  number(0, "ratio").box().setValue(6);
  EXPECT_TRUE(called("mixer.filter clip compressor {\"ratio\":6.0}"));
  click_dot(3);
  EXPECT_TRUE(called("mixer.filter clip compressor {\"enabled\":false}"));
  press(window_->actions_table().remove_strip_filter);
  EXPECT_TRUE(called("mixer.filter clip compressor"));
}

TEST_F(StripFilterPanelTest, TheEqualisersBandsGoTogether) {
  open();
  panel().list().choose("eq");
  ASSERT_EQ(panel().forms().size(), 2U);
  EXPECT_EQ(number(1, "hz").box().value(), 4000);
  keep_screenshot("strip-eq");
  number(1, "gain_db").box().setValue(5);
  ASSERT_TRUE(spin_until([&] {
    const auto calls = studio_.calls();
    return std::any_of(calls.begin(), calls.end(), [](const std::string& call) {
      return call.starts_with("mixer.filter clip eq [") && call.find("\"gain_db\":5.0") != std::string::npos &&
             call.find("\"hz\":120") != std::string::npos;
    });
  }));
  EXPECT_TRUE(window_->actions_table().add_band->isEnabled());
  const std::size_t before = studio_.calls().size();
  press(window_->actions_table().add_band);
  EXPECT_TRUE(spin_until([&] { return studio_.calls().size() > before && studio_.calls().back().ends_with("{}]"); }));
}

TEST_F(StripFilterPanelTest, DuckingIsBySomebodyElseWhoCanBeHeard) {
  open();
  click_dot(5);
  EXPECT_TRUE(called("mixer.filter clip duck {\"by\":\"talk\"}"));
}

TEST_F(StripFilterPanelTest, TheStripThatWasTakenHoldOfInTheMixerIsTheOneShown) {
  open();
  press(window_->actions_table().strip_filters);
  ASSERT_TRUE(window_->mixer().isVisible()) << "back to where it came from";
  window_->mixer().strips()[1]->setFocus();
  press(window_->actions_table().strip_filters);
  EXPECT_EQ(panel().strips().currentText(), "talk");
}

}  // namespace
}  // namespace mainstay::ui
