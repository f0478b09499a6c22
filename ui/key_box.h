// Two small things to press inside fields, drawn by themselves: a key with a text or a colour on it, and a switch.
// Space or Return press the one that has the focus. Owned by their parents; the theme outlives them.
// Thread-safety: the user-interface thread.
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>

#include "ui/theme.h"

namespace mainstay::ui {

class Pressable : public QWidget {
  Q_OBJECT

 public:
  Pressable(const Theme& theme, QWidget* parent);

 signals:
  void pressed();

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;

  const Theme& theme_;
};

class KeyBox final : public Pressable {
  Q_OBJECT

 public:
  KeyBox(const Theme& theme, QString text, QWidget* parent);
  /// Fills it; one that is not valid: none.
  void set_color(const QColor& color);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const QString text_;
  QColor color_;
};

class Switch final : public Pressable {
  Q_OBJECT

 public:
  Switch(const Theme& theme, QWidget* parent);
  void set_on(bool on);
  bool is_on() const { return on_; }
  QSize sizeHint() const override;

 signals:
  void switched(bool on);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  bool on_ = false;
};

}  // namespace mainstay::ui
