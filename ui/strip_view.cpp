#include "ui/strip_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/level_scale.h"

namespace mainstay::ui {

namespace {

constexpr int kPaceMs = 40;     // as often as the engine is told while the fader moves
constexpr int kSettleMs = 400;  // until what the engine says is newer than what it was told
constexpr double kTop = 12;
constexpr double kBottom = show::kSilenceDb;
constexpr std::array<int, 7> kFaderMarks{12, 0, -10, -20, -30, -40, -60};
constexpr std::array<int, 5> kMeterMarks{0, -9, -18, -30, -50};
constexpr double kLabelDb = -50;  // RMS: above, a bar lies behind its name
constexpr double kHot = -6;       // dBTP: above, a meter turns amber

}  // namespace

StripView::StripView(const Theme& theme, bool has_solo, Ask ask, QWidget* parent)
    : QWidget(parent), theme_(theme), has_solo_(has_solo), ask_(std::move(ask)) {
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
  pace_.setInterval(kPaceMs);
  connect(&pace_, &QTimer::timeout, this, &StripView::send);
  settle_.setSingleShot(true);
  settle_.setInterval(kSettleMs);
  connect(&settle_, &QTimer::timeout, this, [this] {
    held_.reset();
    update();
  });
}

// --- what it shows ---------------------------------------------------------------------------------------------------

void StripView::show_values(const QString& name, double db, bool mute, const MeterReading& meter) {
  name_ = name;
  db_ = db;
  mute_ = mute;
  const bool wider = meter.channels != meter_.channels;
  meter_ = meter;
  if (wider) updateGeometry();
  setAccessibleName(tr("%1: %2 dB%3").arg(name_, level_text(db), mute ? tr(", muted") : QString()));
  update();
}

void StripView::show_strip(const StripSnapshot& strip, bool on_air) {
  solo_ = strip.solo;
  on_air_ = on_air;
  show_values(QString::fromStdString(strip.name), strip.gain_db, strip.mute, strip.meter);
}

void StripView::show_bus(const BusSnapshot& bus) {
  on_air_ = false;
  show_values(QString::fromStdString(bus.name).toUpper(), bus.gain_db, bus.mute, bus.meter);
}

// --- where things are ------------------------------------------------------------------------------------------------

int StripView::row_height() const {
  return QFontMetrics(theme_.plain).height() + theme_.gap(0.35);
}

/// How wide the meter is: more than two bars have their names under them.
double StripView::meter_gaps() const {
  return meter_.channels <= 2 ? 1.5 : 0.75 * meter_.channels;
}

QSize StripView::sizeHint() const {
  return {theme_.gap(5.1 + meter_gaps()), theme_.gap(20)};
}

QSize StripView::minimumSizeHint() const {
  return {theme_.gap(5.1 + meter_gaps()), theme_.gap(7)};
}

QRect StripView::body() const {
  const int row = row_height();
  return rect().adjusted(theme_.gap(0.4), row + theme_.gap(0.5), -theme_.gap(0.4), -2 * row - theme_.gap(0.7));
}

QRect StripView::fader_rect() const {
  QRect box = body();
  box.setLeft(box.left() + theme_.gap(1.7));
  box.setWidth(theme_.gap(1.9));
  return box;
}

QRect StripView::meter_rect() const {
  QRect box = body();
  box.setLeft(box.right() - theme_.gap(meter_gaps()));
  return box;
}

QRect StripView::meter_bar(int channel) const {
  constexpr int kGap = 2;
  const QRect box = meter_rect();
  const int wide = (box.width() - (meter_.channels - 1) * kGap) / meter_.channels;
  return {box.left() + channel * (wide + kGap), box.top(), wide, box.height()};
}

QRect StripView::mute_rect() const {
  const int width = has_solo_ ? theme_.gap(2.7) : this->width() - 2 * theme_.gap(0.4);
  return {theme_.gap(0.4), height() - row_height() - theme_.gap(0.3), width, row_height()};
}

QRect StripView::solo_rect() const {
  if (!has_solo_) return {};
  return mute_rect().translated(width() - 2 * theme_.gap(0.4) - theme_.gap(2.7), 0);
}

int StripView::y_of(double place) const {
  const QRect box = body();
  return box.bottom() - static_cast<int>(std::lround(place * box.height()));
}

// --- drawing ---------------------------------------------------------------------------------------------------------

void StripView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme_.panel);
  if (hasFocus()) {
    painter.setPen(theme_.focus);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
  }
  const int row = row_height();
  QFont font = theme_.plain;
  font.setBold(on_air_);
  painter.setFont(font);
  painter.setPen(on_air_ ? theme_.text : theme_.dim);
  const QRect head(theme_.gap(0.4), theme_.gap(0.2), width() - theme_.gap(0.8), row);
  painter.drawText(head, Qt::AlignCenter, QFontMetrics(font).elidedText(name_, Qt::ElideMiddle, head.width()));
  draw_fader(painter);
  draw_meter(painter);
  painter.setFont(theme_.number);
  QFont number = theme_.number;
  number.setPixelSize(theme_.unit);
  painter.setFont(number);
  painter.setPen(mute_ ? theme_.faint : theme_.text);
  painter.drawText(QRect(0, mute_rect().top() - row - theme_.gap(0.1), width(), row), Qt::AlignCenter,
                   level_text(shown_db()));
  draw_box(painter, mute_rect(), has_solo_ ? tr("M") : tr("Mute"), mute_, theme_.amber);
  if (has_solo_) draw_box(painter, solo_rect(), tr("S"), solo_, theme_.calm);
}

void StripView::draw_fader(QPainter& painter) const {
  painter.setFont(theme_.small);
  const int line = QFontMetrics(theme_.small).height();
  const QRect fader = fader_rect();
  int last = body().top() - line;
  for (const int mark : kFaderMarks) {
    const int y = y_of(fader_place(mark));
    painter.setPen(mark == 0 ? theme_.dim : theme_.edge);
    painter.drawLine(fader.left(), y, fader.right(), y);
    if (y - last < line) continue;
    last = y;
    painter.setPen(mark == 0 ? theme_.text : theme_.faint);
    painter.drawText(QRect(0, y - line / 2, fader.left() - theme_.gap(0.25), line), Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(std::abs(mark)));
  }
  const int middle = fader.center().x();
  painter.fillRect(QRect(middle - 1, fader.top(), 3, fader.height()), theme_.window);
  const int y = y_of(fader_place(shown_db()));
  const QRect cap(fader.left(), y - theme_.gap(0.55), fader.width(), theme_.gap(1.1));
  painter.setPen(hasFocus() || dragged_ ? theme_.focus : theme_.faint);
  painter.setBrush(dragged_ ? theme_.hover : theme_.raised);
  painter.drawRoundedRect(cap, 2, 2);
  painter.fillRect(QRect(cap.left() + 2, y, cap.width() - 3, 2), mute_ ? theme_.faint : theme_.text);
}

void StripView::draw_meter(QPainter& painter) const {
  for (int channel = 0; channel < meter_.channels; ++channel) draw_bar(painter, channel);
  const QRect box = meter_rect();
  painter.setPen(theme_.panel);
  for (const int mark : kMeterMarks) {
    const int y = y_of(meter_place(mark));
    painter.drawLine(box.left(), y, box.right(), y);
  }
  if (meter_.channels > 2) draw_labels(painter);
}

void StripView::draw_bar(QPainter& painter, int channel) const {
  const QRect bar = meter_bar(channel);
  painter.fillRect(bar, theme_.window);
  const auto fill = [&](double from, double to, const QColor& color) {
    const int high = y_of(meter_place(to));
    const int low = y_of(meter_place(from));
    if (high < low) painter.fillRect(QRect(bar.left(), high, bar.width(), low - high), color);
  };
  const auto at = static_cast<std::size_t>(channel);
  const double peak = meter_.peak_db[at];
  const double rms = meter_.rms_db[at];
  const QColor quiet = mute_ ? theme_.edge : theme_.calm.darker(190);
  const QColor loud = mute_ ? theme_.faint : theme_.calm;
  fill(-60, std::min(peak, kHot), quiet);
  fill(-60, std::min({rms, peak, kHot}), loud);
  if (peak > kHot) fill(kHot, peak, mute_ ? theme_.faint : theme_.amber);
  const double held = meter_.held_db[at];
  if (held > -60) {
    painter.fillRect(QRect(bar.left(), y_of(meter_place(held)), bar.width(), 2),
                     held > kHot && !mute_ ? theme_.amber : theme_.text);
  }
}

/// Upright in the bars, which are too narrow for them.
void StripView::draw_labels(QPainter& painter) const {
  QFont font = theme_.plain;
  font.setPixelSize(std::max(7, meter_bar(0).width()));
  font.setBold(true);
  painter.setFont(font);
  for (int channel = 0; channel < meter_.channels; ++channel) {
    const QRect bar = meter_bar(channel);
    painter.save();
    painter.translate(bar.left(), bar.bottom());
    painter.rotate(-90);
    const bool lit = meter_.rms_db[static_cast<std::size_t>(channel)] > kLabelDb;
    painter.setPen(lit ? theme_.window : theme_.text);
    painter.drawText(QRect(2, 0, bar.height() - 2, bar.width()), Qt::AlignLeft | Qt::AlignVCenter,
                     QString::fromLatin1(channel_label(meter_.channels, channel)));
    painter.restore();
  }
}

void StripView::draw_box(QPainter& painter, const QRect& box, const QString& text, bool on, const QColor& color) const {
  painter.setPen(on ? color : theme_.edge);
  painter.setBrush(on ? color : theme_.raised);
  painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 3, 3);
  QFont font = theme_.plain;
  font.setBold(on);
  painter.setFont(font);
  painter.setPen(on ? theme_.window : theme_.dim);
  painter.drawText(box, Qt::AlignCenter, text);
}

void StripView::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  emit taken();
}

// --- hands -----------------------------------------------------------------------------------------------------------

void StripView::move_to(double db) {
  const double wanted = std::clamp(std::round(db * 10) / 10, kBottom, kTop);
  if (wanted == shown_db()) return;
  held_ = wanted;
  if (!pace_.isActive()) {
    send();
    pace_.start();
  }
  settle_.start();
  update();
}

void StripView::send() {
  if (held_ && held_ != sent_) {
    sent_ = held_;
    settle_.start();
    ask_("gain_db", *held_);
  } else if (!dragged_) {
    pace_.stop();
    sent_.reset();
  }
}

void StripView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  if (mute_rect().contains(event->pos())) return ask_("mute", !mute_);
  if (has_solo_ && solo_rect().contains(event->pos())) return ask_("solo", !solo_);
  if (!fader_rect().adjusted(-4, -theme_.gap(0.6), 4, theme_.gap(0.6)).contains(event->pos())) return;
  // Taken where it is: a press beside the cap does not make it jump.
  dragged_ = true;
  grip_ = event->pos().y() - y_of(fader_place(shown_db()));
  update();
}

void StripView::mouseMoveEvent(QMouseEvent* event) {
  if (!dragged_) return;
  const QRect box = body();
  const double fine = event->modifiers() & Qt::ShiftModifier ? 0.1 : 1;
  const double from = fader_place(shown_db());
  const double to = (box.bottom() - (event->pos().y() - grip_)) / std::max(1.0, static_cast<double>(box.height()));
  if (fine != 1) grip_ = event->pos().y() - y_of(from + (to - from) * fine);
  move_to(fader_db(std::clamp(from + (to - from) * fine, 0.0, 1.0)));
}

void StripView::mouseReleaseEvent(QMouseEvent*) {
  if (!std::exchange(dragged_, false)) return;
  send();
  update();
}

void StripView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (fader_rect().contains(event->pos())) return move_to(0);
  mousePressEvent(event);
}

void StripView::wheelEvent(QWheelEvent* event) {
  const int steps = event->angleDelta().y() / 120;
  if (steps == 0 || !fader_rect().contains(event->position().toPoint())) return event->ignore();
  move_to(std::max(shown_db(), -60.0) + steps * (event->modifiers() & Qt::ShiftModifier ? 0.1 : 1));
}

void StripView::keyPressEvent(QKeyEvent* event) {
  const double step = event->modifiers() & Qt::ShiftModifier ? 0.1 : 1;
  const double from = std::max(shown_db(), -60.0);
  switch (event->key()) {
    case Qt::Key_Up:
      return move_to(from + step);
    case Qt::Key_Down:
      return move_to(from - step <= -60 ? kBottom : from - step);
    case Qt::Key_PageUp:
      return move_to(from + 6);
    case Qt::Key_PageDown:
      return move_to(from - 6 <= -60 ? kBottom : from - 6);
    case Qt::Key_Home:
      return move_to(0);
    case Qt::Key_M:
      return ask_("mute", !mute_);
    case Qt::Key_S:
      if (has_solo_) return ask_("solo", !solo_);
      break;
    default:
      break;
  }
  QWidget::keyPressEvent(event);
}

QString StripView::help_at(const QPoint& place) const {
  if (mute_rect().contains(place)) return has_solo_ ? tr("Mute: off the program (M)") : tr("Mute (M)");
  if (has_solo_ && solo_rect().contains(place)) return tr("Solo: alone on the monitor; the program is not touched (S)");
  if (fader_rect().contains(place)) {
    return tr("%1: %2 dB\nDrag; with Shift finer. Arrows 1 dB, PageUp and PageDown 6 dB, Home 0 dB.")
        .arg(name_, level_text(shown_db()));
  }
  if (meter_rect().contains(place)) {
    QStringList peaks;
    QStringList means;
    for (std::size_t c = 0; c < static_cast<std::size_t>(meter_.channels); ++c) {
      const QString label =
          meter_.channels > 2 ? channel_label(meter_.channels, static_cast<int>(c)) + QString(" ") : "";
      peaks << label + level_text(meter_.held_db[c]);
      means << label + level_text(meter_.rms_db[c]);
    }
    return tr("True peak %1 dBTP; RMS %2 dB; turned down by %3 dB")
        .arg(peaks.join(", "), means.join(", "), QString::number(meter_.reduction_db, 'f', 1));
  }
  return name_;
}

bool StripView::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), help_at(help->pos()), this);
    return true;
  }
  return QWidget::event(event);
}

}  // namespace mainstay::ui
