// The left column of the window: the pictures with what mixes them and their notice, the chain, and the events, the
// mixer, the filters or the console in one place. The picture takes what room there is, the rows below keep the height
// that a person gave them, and mixer and console, which take more room, have a height of their own, which the picture
// gives and gets back. Owned by the main window, as the panels in it. Thread-safety: the user-interface thread.
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
    QWidget* mixer = nullptr;
    QWidget* filters = nullptr;
    QWidget* strip_filters = nullptr;
    QWidget* console = nullptr;  ///< null: there is none
  };
  LeftColumn(const Theme& theme, const Panels& panels, QWidget* parent);

  /// What is in the lowest place.
  enum class Lowest { events, mixer, filters, strip_filters, console };
  void show_lowest(Lowest which);
  /// The picture and its notice alone.
  void show_picture_alone(bool alone);

 private:
  void fit_lowest();
  QWidget* panel_of(Lowest which) const;
  bool hides_chain() const;

  const Panels panels_;
  QStackedWidget* lowest_;
  int events_height_;
  int tall_height_;  ///< of the others
};

}  // namespace mainstay::ui
