// What the window has to say or to ask, inside itself: never a dialog, so that the picture and the tally stay in sight
// and nothing waits for a click.
// Owned by the main window; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QFrame>
#include <QList>
#include <QString>

#include "ui/widgets.h"

class QAction;
class QHBoxLayout;

namespace mainstay::ui {

class NoticeBar : public QFrame {
  Q_OBJECT

 public:
  explicit NoticeBar(const Theme& theme, QWidget* parent = nullptr);

  /// Replaces what is shown. `actions` become buttons; the bar stays until hide_notice().
  void show_notice(const QString& text, const QList<QAction*>& actions);
  void hide_notice();
  QString text() const { return isHidden() ? QString() : text_->text(); }

 private:
  WrapLabel* text_;
  QHBoxLayout* buttons_;
};

}  // namespace mainstay::ui
