#include "ui/picture_view.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace mainstay::ui {

namespace {

constexpr int kFrame = 4;  // of the tally around the picture, which hides nothing of it

}  // namespace

PictureView::PictureView(const Theme& theme, const StudioPort& port, Clock& clock, Bus bus, QWidget* parent)
    : QWidget(parent), theme_(theme), feed_(port, clock, bus), bus_(bus) {
  setAttribute(Qt::WA_OpaquePaintEvent);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setAccessibleName(bus == Bus::program   ? tr("Program picture")
                    : bus == Bus::preview ? tr("Preview picture")
                                          : tr("Multiview"));
  connect(&feed_, &PictureFeed::ready, this, [this](const QImage& image) {
    image_ = image;
    image_.setDevicePixelRatio(devicePixelRatioF());
    update();
  });
}

void PictureView::show_snapshot(const Snapshot& snapshot) {
  switch (bus_) {
    case Bus::program:
      return show_program(snapshot);
    case Bus::preview:
      return show_preview(snapshot);
    default:
      return set_texts(tr("Multiview"), snapshot.phase == Phase::on_air ? tr("No picture yet") : tr("Off air"), {}, {});
  }
}

void PictureView::show_program(const Snapshot& snapshot) {
  QString title;
  QString hint;
  if (snapshot.show_name.empty() && snapshot.show_path.empty()) {
    title = tr("No show open");
    hint = tr("Open one with Ctrl+O, or start with: mainstay SHOW.json");
  } else if (snapshot.phase == Phase::off) {
    title = tr("Off air");
    hint = tr("Ctrl+Return puts “%1” on air").arg(QString::fromStdString(snapshot.show_name));
  } else if (snapshot.phase == Phase::starting) {
    title = tr("Starting");
    hint = tr("Sources open and encoders start");
  } else if (snapshot.phase == Phase::stopping) {
    title = tr("Ending");
    hint = tr("Files and streams are closed in good order");
  } else {
    title = tr("No picture yet");
    hint = tr("The sources’ states are below");
  }
  const bool on_air = snapshot.phase == Phase::on_air;
  const bool studio = snapshot.program.studio_mode && !snapshot.scenes.empty();
  const QString scene = QString::fromStdString(snapshot.program.scene);
  set_texts(title, hint, on_air && studio ? tr("PROGRAM  %1").arg(scene) : QString(),
            on_air ? theme_.on_air : QColor());
}

void PictureView::show_preview(const Snapshot& snapshot) {
  const QString scene = QString::fromStdString(snapshot.program.preview);
  const bool on_air = snapshot.phase == Phase::on_air;
  // While a transition runs, what it comes from has gone to preview and is still seen on air.
  const bool seen = snapshot.program.transition && snapshot.program.transition->from == snapshot.program.preview;
  const QString title = scene.isEmpty() ? tr("Preview") : scene;
  const QString hint = scene.isEmpty() ? tr("Choose a scene below") : on_air ? tr("No picture yet") : tr("Off air");
  set_texts(title, hint, tr("PREVIEW  %1").arg(scene),
            scene.isEmpty() || !on_air ? QColor()
            : seen                     ? theme_.on_air
                                       : theme_.preview);
}

void PictureView::set_texts(const QString& title, const QString& hint, const QString& caption, const QColor& frame) {
  if (title == title_ && hint == hint_ && caption == caption_ && frame == frame_) return;
  title_ = title;
  hint_ = hint;
  caption_ = caption;
  frame_ = frame;
  update();
}

void PictureView::refresh_want() {
  // An obscured window is still visible to Qt; a minimised or hidden one is not.
  const bool seen = isVisible() && !window()->isMinimized();
  const QSizeF box = QSizeF(size()).shrunkBy(QMarginsF(kFrame, kFrame, kFrame, kFrame)) * devicePixelRatioF();
  feed_.want(seen && !box.isEmpty() ? QSize(static_cast<int>(box.width()), static_cast<int>(box.height())) : QSize());
}

QRectF PictureView::picture_rect() const {
  const double ratio = devicePixelRatioF();
  const QSizeF box = QSizeF(size()).shrunkBy(QMarginsF(kFrame, kFrame, kFrame, kFrame));
  QSizeF fitted = QSizeF(image_.deviceIndependentSize());
  // What the feed fitted into this box touches two of its sides to within a device pixel.
  const double off = std::min(box.width() - fitted.width(), box.height() - fitted.height());
  if (off < 0 || off * ratio >= 2) fitted = fitted.scaled(box, Qt::KeepAspectRatio);
  const auto whole = [ratio](double logical) { return std::floor(logical * ratio) / ratio; };
  return {QPointF(whole((width() - fitted.width()) / 2), whole((height() - fitted.height()) / 2)), fitted};
}

void PictureView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  refresh_want();
}

void PictureView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  window()->installEventFilter(this);
  refresh_want();
}

void PictureView::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  refresh_want();
}

void PictureView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  refresh_want();
}

bool PictureView::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::WindowStateChange || event->type() == QEvent::ScreenChangeInternal) refresh_want();
  return QWidget::eventFilter(watched, event);
}

void PictureView::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  if (image_.isNull()) {
    painter.fillRect(rect(), QColor(0x08, 0x0a, 0x0d));
    draw_hint(painter);
  } else {
    const QRectF target = picture_rect();
    const QRegion around = QRegion(rect()) - target.toAlignedRect().adjusted(1, 1, -1, -1);
    for (const QRect& bar : around & event->region()) painter.fillRect(bar, Qt::black);
    // The feed drew it for this very size, so that pixels are copied; while the window is being resized it is
    // stretched for a moment.
    const bool exact = (target.size() - QSizeF(image_.deviceIndependentSize())).isNull();
    exact ? painter.drawImage(target.topLeft(), image_) : painter.drawImage(target, image_);
  }
  if (!image_.isNull() && !caption_.isEmpty()) draw_caption(painter, picture_rect());
  if (frame_.isValid()) {
    painter.setPen(QPen(frame_, kFrame, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(rect()).adjusted(kFrame / 2.0, kFrame / 2.0, -kFrame / 2.0, -kFrame / 2.0));
  }
}

/// A label in the corner, no larger than it needs: it hides as little of the picture as can be.
void PictureView::draw_caption(QPainter& painter, const QRectF& picture) const {
  painter.setFont(theme_.small);
  const QFontMetrics metrics(theme_.small);
  const int pad = theme_.gap(0.4);
  const QString text = metrics.elidedText(caption_, Qt::ElideRight, static_cast<int>(picture.width()) - 2 * pad);
  const QRectF box(picture.left(), picture.bottom() - metrics.height() - pad, metrics.horizontalAdvance(text) + 2 * pad,
                   metrics.height() + pad);
  QColor back = theme_.window;
  back.setAlpha(200);
  painter.fillRect(box, back);
  painter.setPen(theme_.text);
  painter.drawText(box, Qt::AlignCenter, text);
}

void PictureView::draw_hint(QPainter& painter) const {
  const int room = width() - theme_.gap(2);
  const int title_height = QFontMetrics(theme_.state).height();
  const int middle = height() / 2;
  painter.setFont(theme_.state);
  painter.setPen(theme_.text);
  painter.drawText(QRect(theme_.gap(1), middle - title_height - theme_.gap(0.3), room, title_height),
                   Qt::AlignHCenter | Qt::AlignVCenter, title_);
  painter.setFont(theme_.strong);
  painter.setPen(theme_.dim);
  painter.drawText(QRect(theme_.gap(1), middle + theme_.gap(0.3), room, height() / 2 - theme_.gap(0.6)),
                   Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, hint_);
}

}  // namespace mainstay::ui
