#include "ui/key_box.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <utility>

namespace mainstay::ui {

Pressable::Pressable(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme) {
  setFocusPolicy(Qt::TabFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Pressable::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) emit pressed();
}

void Pressable::keyPressEvent(QKeyEvent* event) {
  const bool press = event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (press && !event->isAutoRepeat()) return emit pressed();
  QWidget::keyPressEvent(event);
}

void Pressable::enterEvent(QEnterEvent*) {
  update();
}

void Pressable::leaveEvent(QEvent*) {
  update();
}

KeyBox::KeyBox(const Theme& theme, QString text, QWidget* parent) : Pressable(theme, parent), text_(std::move(text)) {}

void KeyBox::set_color(const QColor& color) {
  if (color == color_) return;
  color_ = color;
  update();
}

QSize KeyBox::sizeHint() const {
  return {theme_.gap(2), theme_.gap(1.7)};
}

void KeyBox::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(hasFocus() ? theme_.focus : color_.isValid() ? theme_.faint : theme_.edge);
  painter.setBrush(color_.isValid() ? color_ : underMouse() ? theme_.hover : theme_.raised);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
  painter.setFont(theme_.plain);
  painter.setPen(isEnabled() ? theme_.text : theme_.faint);
  painter.drawText(rect(), Qt::AlignCenter, text_);
}

Switch::Switch(const Theme& theme, QWidget* parent) : Pressable(theme, parent) {
  connect(this, &Pressable::pressed, this, [this] {
    set_on(!on_);
    emit switched(on_);
  });
}

void Switch::set_on(bool on) {
  if (on == on_) return;
  on_ = on;
  setAccessibleDescription(on ? tr("on") : tr("off"));
  update();
}

QSize Switch::sizeHint() const {
  return {theme_.gap(2.6), theme_.gap(1.4)};
}

void Switch::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF track = QRectF(rect()).adjusted(0.5, 1.5, -0.5, -1.5);
  const QColor lit = isEnabled() ? theme_.calm : theme_.faint;
  painter.setPen(hasFocus() ? theme_.focus : theme_.edge);
  painter.setBrush(on_ ? lit.darker(190) : theme_.window);
  painter.drawRoundedRect(track, track.height() / 2, track.height() / 2);
  const double size = track.height() - 4;
  const double x = on_ ? track.right() - size - 2 : track.left() + 2;
  painter.setPen(Qt::NoPen);
  painter.setBrush(on_ ? lit : theme_.faint);
  painter.drawEllipse(QRectF(x, track.top() + 2, size, size));
}

}  // namespace mainstay::ui
