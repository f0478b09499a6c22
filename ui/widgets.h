// Small parts that panels are made of: text that is cut with an ellipsis, text that fits its box, numbers that stay
// where they are.
// Owned by their parent widgets (Qt's rule); the theme outlives them.
// Thread-safety: the user-interface thread.
#pragma once

#include <QFrame>
#include <QLabel>
#include <QString>
#include <QWidget>

#include "ui/theme.h"

namespace mainstay::ui {

/// One line, cut at its end when there is no room; the whole text is then its tooltip.
class ElidedLabel : public QWidget {
  Q_OBJECT

 public:
  explicit ElidedLabel(const Theme& theme, const QFont& font, QWidget* parent = nullptr);

  void set_text(const QString& text);
  void set_tone(Tone tone);
  void set_color(const QColor& color);
  void set_elide(Qt::TextElideMode mode) { elide_ = mode; }
  QString text() const { return text_; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void refresh_tooltip();

  const Theme& theme_;
  QString text_;
  QColor color_;
  Qt::TextElideMode elide_ = Qt::ElideRight;
};

/// Text on as many lines as it needs, up to a bound (the rest is in its tooltip). Breaks words that are longer than a
/// line, so that a long address cannot widen a panel, and tells layouts its height as a plain minimum, which also holds
/// inside scroll areas.
class WrapLabel : public QWidget {
  Q_OBJECT

 public:
  WrapLabel(const QFont& font, const QColor& color, QWidget* parent = nullptr);

  void set_text(const QString& text);
  void set_color(const QColor& color);
  QString text() const { return text_; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void refresh_height();

  QString text_;
  QColor color_;
  int height_ = 0;
};

/// Text as large as its box allows, optionally on a filled box: readable from two metres.
class FitLabel : public QWidget {
  Q_OBJECT

 public:
  explicit FitLabel(const QFont& font, QWidget* parent = nullptr);

  /// `widest` is what the size is fitted to, so that the text does not breathe as it changes.
  void set_text(const QString& text, const QString& widest);
  void set_colors(const QColor& text, const QColor& box, const QColor& edge);
  void set_alignment(Qt::Alignment alignment) { alignment_ = alignment; }
  QString text() const { return text_; }
  QColor box() const { return box_; }

  QSize minimumSizeHint() const override { return {40, 20}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString text_;
  QString widest_;
  QColor color_;
  QColor box_;
  QColor edge_;
  Qt::Alignment alignment_ = Qt::AlignCenter;
};

/// A number under its name, in a field of fixed width.
class Metric : public QWidget {
  Q_OBJECT

 public:
  /// `widest` is the longest value the field has to hold.
  Metric(const Theme& theme, const QString& name, const QString& widest, const QString& tooltip,
         QWidget* parent = nullptr);

  void set(const QString& value, Tone tone = Tone::quiet);
  QString value() const { return value_->text(); }
  QString name() const { return name_->text(); }

 private:
  QLabel* name_;
  QLabel* value_;
};

/// A panel's background.
QFrame* make_panel(QWidget* parent);
/// A panel's heading.
QLabel* make_heading(const Theme& theme, const QString& text, QWidget* parent);
QLabel* make_label(const QFont& font, const QString& text, QWidget* parent);

}  // namespace mainstay::ui
