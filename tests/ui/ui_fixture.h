// The window on a fake studio, without a display, and scenes that a producer meets.
// Owned by the test.
// Thread-safety: the user-interface thread.
#pragma once

#include <gtest/gtest.h>

#include <QString>
#include <functional>
#include <memory>

#include "engine/core/clock.h"
#include "tests/ui/fake_console.h"
#include "tests/ui/fake_studio.h"
#include "ui/main_window.h"

namespace mainstay::ui {

/// Runs the event loop until `ready` holds, and lets `clock` go on meanwhile; false after five seconds.
bool spin_until(ManualClock& clock, const std::function<bool()>& ready);

/// A running program with two healthy legs, three sources, two encoders and a recorder.
Snapshot on_air_snapshot();
/// The same with the backup leg waiting for its next attempt.
Snapshot backup_down_snapshot();
/// A show that is open and off air.
Snapshot off_air_snapshot();
/// A picture with edges, text-like detail and a gradient.
FramePtr test_picture(int width = 1920, int height = 1080);

class UiTest : public ::testing::Test {
 protected:
  UiTest();
  ~UiTest() override;

  bool spin_until(const std::function<bool()>& ready) { return ui::spin_until(clock_, ready); }
  /// Makes and shows the window.
  void open_window(int width = 1280, int height = 720);
  /// What the engine now says, seen by the window.
  void see(Snapshot snapshot);
  /// Presses an action as a shortcut or a click would.
  void press(QAction* action);
  /// Saves the window to MAINSTAY_SCREENSHOTS/name.png where that variable is set.
  void keep_screenshot(const QString& name);

  ManualClock clock_;
  FakeStudio studio_;
  FakeConsole console_;
  Theme theme_;
  std::unique_ptr<StudioModel> model_;
  std::unique_ptr<MainWindow> window_;
  Confirm::Times confirm_times_{.deaf_ms = 0, .armed_ms = 60'000};
};

}  // namespace mainstay::ui
