// The filters of a layer in the window: their list, and the keys of each in somebody's hands.
#include <gmock/gmock.h>

#include <QColorDialog>
#include <QFileDialog>
#include <QTest>

#include "engine/show/layer_filters.h"
#include "tests/ui/ui_fixture.h"
#include "ui/field_editors.h"
#include "ui/filter_menu.h"

namespace mainstay::ui {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

FilterSnapshot filter_of(const show::Filter& filter, std::string name) {
  return {std::move(name),        std::string(show::kind_of(filter)), show::is_enabled(filter), "", "",
          show::values_of(filter)};
}

Snapshot filtered_snapshot() {
  Snapshot s = on_air_snapshot();
  s.scenes = {"Interview", "Main"};
  s.layers = {{"Interview", {{"camera 1", "camera 1"}, {"logo", "logo", true, true}}}, {"Main", {{"clip", "clip"}}}};
  s.layers[0].layers[0].filters = {
      filter_of(show::ChromaKeyFilter{}, "key"), filter_of(show::ColorCorrectFilter{}, "colours"),
      filter_of(show::LutFilter{.path = "film.cube"}, "lut"), filter_of(show::MaskFilter{.enabled = false}, "mask")};
  s.program.scene = "Main";
  s.program.preview = "Interview";
  s.program.transition_name = "fade";
  return s;
}

class FilterPanelTest : public UiTest {
 protected:
  void open(int width = 1280, int height = 720) {
    open_window(width, height);
    studio_.set_picture(test_picture());
    see(filtered_snapshot());
    window_->mix().layers().choose("camera 1");
    press(window_->actions_table().filters);
  }
  FilterPanel& panel() { return window_->filters(); }
  NumberEditor& number(const std::string& key, const std::string& inner = {}) {
    auto* const editor = dynamic_cast<NumberEditor*>(panel().form()->editor(key, inner));
    EXPECT_NE(editor, nullptr) << key;
    return *editor;
  }
  bool called(const std::string& what) {
    return spin_until([&] { return studio_.was_called(what); });
  }
};

TEST_F(FilterPanelTest, EachKeyOfTheChosenFilterIsThereWithItsRangeAndHelp) {
  open();
  ASSERT_TRUE(panel().isVisible());
  EXPECT_EQ(panel().list().count(), 4);
  ASSERT_NE(panel().form(), nullptr);
  EXPECT_EQ(panel().form()->editors().size(), 4U) << "color, similarity, smoothness, spill";
  EXPECT_EQ(number("similarity").box().value(), 0.4);
  EXPECT_EQ(number("similarity").box().maximum(), 1);
  EXPECT_THAT(number("similarity").toolTip().toStdString(), HasSubstr("up to which nothing is left"));
  keep_screenshot("filters-key");
  panel().list().choose("colours");
  EXPECT_EQ(panel().form()->editors().size(), 16U);
  EXPECT_EQ(number("gain", "r").box().value(), 1);
  EXPECT_EQ(number("hue").box().suffix(), " °");
  keep_screenshot("filters-colours");
  panel().list().choose("mask");
  keep_screenshot("filters-mask");
}

TEST_F(FilterPanelTest, WithNoLayerChosenTheTopmostThatHasFiltersIs) {
  open_window();
  see(filtered_snapshot());
  press(window_->actions_table().filters);
  ASSERT_NE(window_->mix().chosen_layer(), nullptr);
  EXPECT_EQ(window_->mix().chosen_layer()->name, "camera 1") << "the logo above it has none";
}

TEST_F(FilterPanelTest, ASliderTellsWhileItMovesAndHoldsWhereTheHandIs) {
  open();
  QSlider& slider = number("similarity").slider();
  slider.setSliderDown(true);
  slider.setValue(500);
  EXPECT_TRUE(called("filter.set Interview camera 1 key {\"similarity\":0.5}"));
  for (int step = 501; step <= 700; ++step) slider.setValue(step);
  see(filtered_snapshot());
  EXPECT_EQ(slider.value(), 700) << "what the engine still says does not pull it out of the hand";
  EXPECT_LE(studio_.calls().size(), 12U) << "not each step";
  slider.setSliderDown(false);
  EXPECT_TRUE(called("filter.set Interview camera 1 key {\"similarity\":0.7}"));
  EXPECT_TRUE(spin_until([&] { return slider.value() == 400; })) << "in the end the engine's word counts";
}

TEST_F(FilterPanelTest, AnObjectWithinGoesAsAWhole) {
  open();
  panel().list().choose("colours");
  number("lift", "r").box().setValue(0.25);
  EXPECT_TRUE(called("filter.set Interview camera 1 colours {\"lift\":{\"master\":0,\"r\":0.25,\"g\":0,\"b\":0}}"));
}

TEST_F(FilterPanelTest, SoundThatADelayLeavesAheadIsSaidAndBroughtToThePictureByOneCommand) {
  open();
  EXPECT_EQ(panel().apart(), QString());
  EXPECT_FALSE(window_->actions_table().match_sound->isEnabled());
  Snapshot s = filtered_snapshot();
  s.layers[0].layers[0].filters.push_back(filter_of(show::DelayFilter{}, "delay"));
  s.layers[0].layers[0].sound_ahead_ms = 66.667;
  see(s);
  EXPECT_THAT(panel().apart().toStdString(), HasSubstr("delay the strips")) << "it has no strip of its own";
  EXPECT_FALSE(window_->actions_table().match_sound->isEnabled());
  s.mixer.strips.push_back({.name = "camera 1", .delay_ms = 33.5});
  see(s);
  EXPECT_EQ(panel().apart().toStdString(), "Sound of camera 1 is 67 ms ahead of this picture");
  keep_screenshot("filters-apart");
  press(window_->actions_table().match_sound);
  EXPECT_TRUE(called("mixer.set 100.167 camera 1"));
  s.layers[0].layers[0].sound_ahead_ms = -40;
  see(s);
  EXPECT_THAT(panel().apart().toStdString(), HasSubstr("40 ms behind"));
}

TEST_F(FilterPanelTest, ANameThatIsClickedTwiceBringsItsKeyBack) {
  open();
  panel().form()->editor("spill")->reset();
  see(filtered_snapshot());
  EXPECT_THAT(studio_.calls(), Not(Contains(StartsWith("filter.set")))) << "it holds that already";
  Snapshot s = filtered_snapshot();
  s.layers[0].layers[0].filters[0].values["spill"] = 0.7;
  see(s);
  panel().form()->editor("spill")->reset();
  EXPECT_TRUE(called("filter.set Interview camera 1 key {\"spill\":0.1}"));
}

TEST_F(FilterPanelTest, AColourIsChosenInADialogThatIsNotModalAndSeenAtOnce) {
  open();
  auto& editor = dynamic_cast<ColorEditor&>(*panel().form()->editor("color"));
  editor.choose();
  ASSERT_NE(editor.dialog(), nullptr);
  EXPECT_FALSE(editor.dialog()->isModal());
  editor.dialog()->setCurrentColor(QColor("#1040c0"));
  EXPECT_TRUE(called("filter.set Interview camera 1 key {\"color\":\"#1040c0\"}"));
  delete editor.dialog();
  editor.line().setFocus();
  editor.line().selectAll();
  QTest::keyClicks(&editor.line(), "#00b140");
  QTest::keyClick(&editor.line(), Qt::Key_Return);
  EXPECT_TRUE(called("filter.set Interview camera 1 key {\"color\":\"#00b140\"}"));
  see(filtered_snapshot());
  EXPECT_THAT(studio_.calls(), Not(Contains("program.auto"))) << "Return ended the field";
}

TEST_F(FilterPanelTest, ATableIsChosenByAFileDialogAndWrittenRelativeToTheShow) {
  open();
  panel().list().choose("lut");
  auto& editor = dynamic_cast<PathEditor&>(*panel().form()->editor("path"));
  EXPECT_EQ(editor.line().text(), "film.cube");
  editor.choose();
  auto* const dialog = editor.findChild<QFileDialog*>();
  ASSERT_NE(dialog, nullptr);
  EXPECT_FALSE(dialog->isModal());
  EXPECT_THAT(dialog->nameFilters().join(" ").toStdString(), HasSubstr("*.cube"));
  emit dialog->fileSelected("/shows/looks/night.cube");
  EXPECT_TRUE(called("filter.set Interview camera 1 lut {\"path\":\"looks/night.cube\"}"));
  emit dialog->fileSelected("/media/day.cube");
  EXPECT_TRUE(called("filter.set Interview camera 1 lut {\"path\":\"/media/day.cube\"}"));
  delete dialog;
}

TEST_F(FilterPanelTest, FiltersAreSwitchedOrderedTakenOffAndAdded) {
  open();
  const WindowActions& actions = window_->actions_table();
  EXPECT_FALSE(actions.filter_earlier->isEnabled()) << "the first is chosen";
  press(actions.enable_filter);
  EXPECT_TRUE(called("filter.enable Interview camera 1 key false"));
  press(actions.filter_later);
  EXPECT_TRUE(called("filter.move Interview camera 1 key 1"));
  panel().list().choose("mask");
  EXPECT_FALSE(actions.filter_later->isEnabled());
  press(actions.enable_filter);
  EXPECT_TRUE(called("filter.enable Interview camera 1 mask true"));
  press(actions.remove_filter);
  EXPECT_TRUE(called("filter.remove Interview camera 1 mask"));
  const QRect row = panel().list().visualItemRect(panel().list().item(1));
  QTest::mouseClick(panel().list().viewport(), Qt::LeftButton, {}, QPoint(row.left() + 8, row.center().y()));
  EXPECT_TRUE(called("filter.enable Interview camera 1 colours false")) << "by its dot";
  press(actions.add_filter);
  auto* const menu = panel().findChild<FilterMenu*>();
  ASSERT_NE(menu, nullptr);
  EXPECT_EQ(menu->actions().size(), static_cast<int>(show::filter_kinds().size())) << "every kind";
  for (QAction* action : menu->actions()) {
    if (action->text() == "sharpen") action->trigger();
    if (action->text() == "lut…") action->trigger();
  }
  EXPECT_TRUE(called("filter.add Interview camera 1 sharpen"));
  auto* const dialog = panel().findChild<QFileDialog*>();
  ASSERT_NE(dialog, nullptr) << "a table first";
  emit dialog->fileSelected("/shows/film.cube");
  EXPECT_TRUE(called("filter.add Interview camera 1 lut {\"path\":\"film.cube\"}"));
  delete dialog;
}

TEST_F(FilterPanelTest, WhatCannotBeReadIsSaidInThePanelAndNotInADialog) {
  open();
  Snapshot s = filtered_snapshot();
  s.layers[0].layers[0].filters[2].state = "failed";
  s.layers[0].layers[0].filters[2].detail = "film.cube: no such file";
  see(s);
  panel().list().choose("lut");
  keep_screenshot("filters-failed");
  const auto labels = panel().findChildren<ElidedLabel*>();
  EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [](const ElidedLabel* label) {
    return label->isVisible() && label->text() == "film.cube: no such file";
  }));
  EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
}

TEST_F(FilterPanelTest, WithoutALayerOrFiltersOrFreedomItSaysWhatToDo) {
  open();
  window_->mix().layers().choose("logo");
  EXPECT_THAT(panel().hint().toStdString(), HasSubstr("locked"));
  EXPECT_FALSE(window_->actions_table().add_filter->isEnabled());
  Snapshot s = filtered_snapshot();
  s.layers[0].layers[0].locked = true;
  see(s);
  window_->mix().layers().choose("camera 1");
  EXPECT_FALSE(panel().form()->isEnabled());
  EXPECT_TRUE(window_->actions_table().enable_filter->isEnabled()) << "that a lock leaves free";
  s.layers[0].layers[0].filters.clear();
  s.layers[0].layers[0].locked = false;
  see(s);
  EXPECT_THAT(panel().hint().toStdString(), HasSubstr("Ctrl+Alt+A"));
  keep_screenshot("filters-none");
  window_->mix().layers().choose("nobody");
  EXPECT_EQ(panel().hint(), "Choose a layer: its filters stand here.");
}

TEST_F(FilterPanelTest, KeysWithoutCtrlBelongToTheFieldThatHasTheFocus) {
  open();
  QDoubleSpinBox& box = number("similarity").box();
  box.setFocus();
  QTest::keyClick(&box, Qt::Key_Space);
  QTest::keyClick(&box, Qt::Key_PageDown);
  see(filtered_snapshot());
  EXPECT_THAT(studio_.calls(), Not(Contains("program.cut")));
  EXPECT_THAT(studio_.calls(), Not(Contains(StartsWith("preview.set"))));
  QTest::keyClick(&box, Qt::Key_Escape);
  EXPECT_TRUE(spin_until([&] { return !box.hasFocus(); }));
  QTest::keyClick(window_.get(), Qt::Key_Space);
  EXPECT_TRUE(called("program.cut"));
}

TEST(NumberScaleTest, PlacesAndValuesAreEachOthersInverse) {
  for (const std::string& kind : show::filter_kinds()) {
    for (const show::FieldInfo& field : show::filter_info(kind)->fields) {
      if (field.kind != show::FieldKind::number && field.kind != show::FieldKind::integer) continue;
      const NumberScale scale(field);
      EXPECT_EQ(scale.value(0), *field.min) << kind << " " << field.key;
      EXPECT_EQ(scale.value(1), *field.max) << kind << " " << field.key;
      for (double place = 0; place <= 1; place += 0.125)
        EXPECT_NEAR(scale.place(scale.value(place)), place, 0.07) << kind << " " << field.key;
    }
  }
}

}  // namespace
}  // namespace mainstay::ui
