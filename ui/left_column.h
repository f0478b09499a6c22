// The left column of the window: the pictures with what mixes them and their notice, the chain, and the events or the
// console in one place. The picture takes what room there is, the rows below keep the height that a person gave them,
// and the console, whose output is what one reads, has a height of its own, which the picture gives and gets back.
// Owned by the main window, as the panels in it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QSplitter>

#include "ui/theme.h"

class QStackedWidget;

namespace mainstay::ui {

class LeftColumn : public QSplitter {
 public:
  struct Panels {
    QWidget* stage = nullptr;
    QWidget* mix = nullptr;
    QWidget* notice = nullptr;
    QWidget* chain = nullptr;
    QWidget* events = nullptr;
    QWidget* console = nullptr;  ///< null: there is none
  };
  LeftColumn(const Theme& theme, const Panels& panels, QWidget* parent);

  void show_console(bool shown);
  /// The picture and its notice alone.
  void show_picture_alone(bool alone);

 private:
  const Panels panels_;
  QStackedWidget* lowest_;
  int other_height_;  ///< of the one that is not shown, of the events and the console
};

}  // namespace mainstay::ui
