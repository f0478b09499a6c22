// The multiview that every show has, in a window of its own: for the second screen of a control room.
// Owned by the main window; the theme, the port and the clock outlive it.
// Thread-safety: the user-interface thread.
//
// While it is hidden nobody looks, and the engine makes nothing for it.
#pragma once

#include <QWidget>

#include "ui/picture_view.h"

namespace mainstay::ui {

class MultiviewWindow : public QWidget {
  Q_OBJECT

 public:
  MultiviewWindow(const Theme& theme, const StudioPort& port, Clock& clock, QWidget* parent);

  void show_snapshot(const Snapshot& snapshot) { view_->show_snapshot(snapshot); }
  PictureView& view() { return *view_; }

 signals:
  void closed();

 protected:
  void closeEvent(QCloseEvent* event) override;
  /// Onto the whole screen, or back.
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void toggle_full_screen();

  PictureView* view_;
};

}  // namespace mainstay::ui
