// What is heard at this machine, in the window: bus, device, volume, mute, and how it goes.
#include <gmock/gmock.h>

#include <QTest>

#include "tests/ui/ui_fixture.h"

namespace mainstay::ui {
namespace {

using ::testing::HasSubstr;

Snapshot monitored_snapshot() {
  Snapshot s = on_air_snapshot();
  for (const char* bus : show::kAudioBusNames) s.mixer.buses.push_back({.name = bus});
  s.mixer.buses[1].meter = {{-12, -13}, {-10, -11}, {-22, -23}, 0};
  for (const char* name : {"bars", "clip", "remote"}) s.mixer.strips.push_back({.name = name});
  s.monitor = MonitorSnapshot{"USB Audio", "live", "", "monitor", -12, 0, 62.4, true, false, "USB Audio"};
  return s;
}

class MonitorPanelTest : public UiTest {
 protected:
  void open(const Snapshot& snapshot) {
    open_window();
    see(snapshot);
    window_->show_mixer(true);
    see(snapshot);
  }
  MonitorPanel& panel() { return window_->mixer().monitor(); }
  bool called(const std::string& what) {
    return spin_until([&] { return studio_.was_called(what); });
  }
};

TEST_F(MonitorPanelTest, ItShowsBusDeviceVolumeAndState) {
  studio_.answer("monitor.devices", Json::array({{{"name", "Built-in"}, {"default", true}}, {{"name", "USB Audio"}}}));
  studio_.set_picture(test_picture());
  open(monitored_snapshot());
  EXPECT_EQ(panel().strip().shown_db(), -12);
  EXPECT_FALSE(panel().strip().muted());
  EXPECT_EQ(panel().buses().currentText(), "Program or solo");
  EXPECT_EQ(panel().devices().currentText(), "USB Audio");
  EXPECT_TRUE(spin_until([&] { return panel().devices().count() == 3; }));
  EXPECT_EQ(panel().devices().itemText(0), "Default: Built-in");
  EXPECT_EQ(panel().state(), "Live, 62 ms late");
  EXPECT_EQ(panel().heard(), "");
  Snapshot solo = monitored_snapshot();
  solo.mixer.strips[1].solo = true;
  see(solo);
  EXPECT_EQ(panel().heard(), "Solo: clip");
  keep_screenshot("monitor");
}

TEST_F(MonitorPanelTest, WhatIsChosenIsACommand) {
  open(monitored_snapshot());
  panel().buses().setCurrentIndex(panel().buses().findData("aux2"));
  emit panel().buses().activated(panel().buses().currentIndex());
  EXPECT_TRUE(called("monitor.set aux2"));
  emit panel().devices().activated(0);
  QTest::mouseClick(&panel().strip(), Qt::LeftButton, {}, panel().strip().mute_rect().center());
  EXPECT_TRUE(called("monitor.set true"));
  panel().strip().setFocus();
  QTest::keyClick(&panel().strip(), Qt::Key_Up);
  EXPECT_TRUE(called("monitor.set -11.0"));
  press(window_->actions_table().mute_monitor);
  press(window_->actions_table().listen);
  EXPECT_TRUE(called("monitor.set false"));
}

TEST_F(MonitorPanelTest, ADeviceThatFailsSaysWhyWhereItIs) {
  Snapshot s = monitored_snapshot();
  s.monitor->state = "failed";
  s.monitor->detail = "USB Audio: no such device; tried again in 4 s";
  s.monitor->wanted = "USB Audio";
  open(s);
  EXPECT_EQ(panel().state(), "USB Audio: no such device; tried again in 4 s");
  EXPECT_EQ(panel().devices().currentText(), "USB Audio") << "the show names it, though this machine lacks it";
  EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
  keep_screenshot("monitor-failed");
}

TEST_F(MonitorPanelTest, AShowWithoutAMonitorOffersToListen) {
  Snapshot s = monitored_snapshot();
  s.monitor.reset();
  open(s);
  EXPECT_EQ(panel().state(), "Off: nothing is heard here.");
  EXPECT_FALSE(window_->actions_table().listen->isChecked());
  press(window_->actions_table().listen);
  EXPECT_TRUE(called("monitor.set true"));
  keep_screenshot("monitor-off");
}

TEST_F(MonitorPanelTest, DevicesThatCannotBeListedAreToldOf) {
  studio_.fail_with("it takes too long");
  open(monitored_snapshot());
  EXPECT_TRUE(spin_until([&] { return panel().devices().toolTip().contains("it takes too long"); }));
  EXPECT_EQ(window_->notice().text(), "") << "no fault of the show's";
}

TEST_F(MonitorPanelTest, SourcesThatCanNeverBeHeardHaveNoStrip) {
  Snapshot s = monitored_snapshot();
  s.mixer.strips.push_back({.name = "logo", .silent = true});
  s.mixer.strips.push_back({.name = "titles", .mute = true, .silent = true});
  open(s);
  const auto& strips = window_->mixer().strips();
  ASSERT_EQ(strips.size(), 4U);
  EXPECT_EQ(strips[3]->name(), "titles") << "something was said of it";
  QTest::mouseClick(strips[3], Qt::LeftButton, {}, strips[3]->mute_rect().center());
  EXPECT_TRUE(called("mixer.set false titles"));
}

}  // namespace
}  // namespace mainstay::ui
