// One strip of the mixer: name, fader, meter (a bar a channel), level, mute and solo. Drawn and operated as one widget:
// forty of them cost no more than what is seen changes. Owned by the mixer panel; the theme outlives it. Thread-safety:
// the user-interface thread.
//
// Mouse: the fader is dragged (with Shift ten times finer), a double click is 0 dB, the wheel 1 dB. Keys, with the
// focus: up and down 1 dB (with Shift 0.1), PageUp and PageDown 6 dB, Home 0 dB, M mute, S solo.
#pragma once

#include <QTimer>
#include <QWidget>
#include <functional>
#include <optional>

#include "engine/studio/mixer_snapshot.h"
#include "ui/theme.h"

namespace mainstay::ui {

class StripView : public QWidget {
  Q_OBJECT

 public:
  /// What the strip asks for: a key of mixer.set or mixer.bus, and its value.
  using Ask = std::function<void(const char* key, const show::Json& value)>;

  /// `has_solo`: buses have none.
  StripView(const Theme& theme, bool has_solo, Ask ask, QWidget* parent = nullptr);

  void show_strip(const StripSnapshot& strip, bool on_air);
  void show_bus(const BusSnapshot& bus);

  /// What the fader shows: where it is held, or where the engine says.
  double shown_db() const { return held_.value_or(db_); }
  bool muted() const { return mute_; }
  bool solo() const { return solo_; }
  QString name() const { return name_; }
  // Where things are, for tests.
  QRect fader_rect() const;
  QRect mute_rect() const;
  QRect solo_rect() const;
  QRect meter_bar(int channel) const;

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  /// It has the focus now.
  void taken();

 protected:
  void focusInEvent(QFocusEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool event(QEvent* event) override;

 private:
  void show_values(const QString& name, double db, bool mute, const MeterReading& meter);
  void move_to(double db);
  void send();
  int row_height() const;
  QRect body() const;
  QRect meter_rect() const;
  double meter_gaps() const;
  int y_of(double place) const;
  void draw_fader(QPainter& painter) const;
  void draw_meter(QPainter& painter) const;
  void draw_bar(QPainter& painter, int channel) const;
  void draw_labels(QPainter& painter) const;
  void draw_box(QPainter& painter, const QRect& box, const QString& text, bool on, const QColor& color) const;
  QString help_at(const QPoint& place) const;

  const Theme& theme_;
  const bool has_solo_;
  const Ask ask_;
  QString name_;
  double db_ = 0;
  bool mute_ = false;
  bool solo_ = false;
  bool on_air_ = false;
  MeterReading meter_;
  std::optional<double> held_;  ///< in a hand, and until the engine has followed
  bool dragged_ = false;
  double grip_ = 0;  ///< where in the hand it was taken
  QTimer pace_;      ///< sends while it moves
  QTimer settle_;    ///< the engine's word counts again
  std::optional<double> sent_;
};

}  // namespace mainstay::ui
