#include "ui/widgets.h"

#include <QFontMetrics>
#include <QPainter>
#include <QStyle>
#include <QTextLayout>
#include <QTextOption>
#include <QVBoxLayout>
#include <algorithm>

namespace mainstay::ui {

ElidedLabel::ElidedLabel(const Theme& theme, const QFont& font, QWidget* parent)
    : QWidget(parent), theme_(theme), color_(theme.text) {
  setFont(font);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ElidedLabel::set_text(const QString& text) {
  if (text == text_) return;
  text_ = text;
  setAccessibleName(text);
  refresh_tooltip();
  updateGeometry();
  update();
}

void ElidedLabel::set_tone(Tone tone) {
  set_color(theme_.color(tone));
}

void ElidedLabel::set_color(const QColor& color) {
  if (color == color_) return;
  color_ = color;
  update();
}

QSize ElidedLabel::sizeHint() const {
  const QFontMetrics metrics(font());
  return {metrics.horizontalAdvance(text_) + 1, metrics.height()};
}

QSize ElidedLabel::minimumSizeHint() const {
  const QFontMetrics metrics(font());
  return {metrics.averageCharWidth() * 3, metrics.height()};
}

void ElidedLabel::refresh_tooltip() {
  const bool cut = QFontMetrics(font()).horizontalAdvance(text_) > width();
  setToolTip(cut ? text_ : QString());
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  refresh_tooltip();
}

void ElidedLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(color_);
  painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                   QFontMetrics(font()).elidedText(text_, elide_, width()));
}

namespace {

constexpr int kMostLines = 6;

QTextOption wrapping() {
  QTextOption option;
  option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  return option;
}

}  // namespace

WrapLabel::WrapLabel(const QFont& font, const QColor& color, QWidget* parent) : QWidget(parent), color_(color) {
  setFont(font);
  height_ = QFontMetrics(font).height();
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void WrapLabel::set_text(const QString& text) {
  if (text == text_) return;
  text_ = text;
  setAccessibleName(text);
  refresh_height();
  update();
}

void WrapLabel::set_color(const QColor& color) {
  if (color == color_) return;
  color_ = color;
  update();
}

void WrapLabel::refresh_height() {
  int lines = 0;
  // As it is drawn: a character from another font makes its line higher than the font's own.
  double drawn = 0;
  QTextLayout layout(QString(text_).replace(QLatin1Char('\n'), QChar::LineSeparator), font());
  layout.setTextOption(wrapping());
  layout.beginLayout();
  for (QTextLine line = layout.createLine(); line.isValid() && lines <= kMostLines; line = layout.createLine()) {
    line.setLineWidth(std::max(1, width()));
    if (lines++ < kMostLines) drawn += line.height();
  }
  layout.endLayout();
  setToolTip(lines > kMostLines ? text_ : QString());
  const int height = std::max(QFontMetrics(font()).height(), qCeil(drawn));
  if (height == height_) return;
  height_ = height;
  updateGeometry();
}

QSize WrapLabel::sizeHint() const {
  return {QFontMetrics(font()).horizontalAdvance(text_), height_};
}

QSize WrapLabel::minimumSizeHint() const {
  return {QFontMetrics(font()).averageCharWidth() * 8, height_};
}

void WrapLabel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  refresh_height();
}

void WrapLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(color_);
  painter.drawText(QRectF(rect()), text_, wrapping());
}

FitLabel::FitLabel(const QFont& font, QWidget* parent) : QWidget(parent) {
  setFont(font);
}

void FitLabel::set_text(const QString& text, const QString& widest) {
  if (text == text_ && widest == widest_) return;
  text_ = text;
  widest_ = widest;
  setAccessibleName(text);
  update();
}

void FitLabel::set_colors(const QColor& text, const QColor& box, const QColor& edge) {
  if (text == color_ && box == box_ && edge == edge_) return;
  color_ = text;
  box_ = box;
  edge_ = edge;
  update();
}

void FitLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const bool boxed = box_.isValid() && box_.alpha() > 0;
  if (boxed) {
    painter.setPen(edge_);
    painter.setBrush(box_);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  }
  constexpr int kProbe = 100;
  QFont fitted = font();
  fitted.setPixelSize(kProbe);
  const QFontMetrics probe(fitted);
  const double across = (boxed ? 0.84 : 1.0) * width() / std::max(1, probe.horizontalAdvance(widest_));
  const double down = (boxed ? 0.62 : 0.85) * height() / std::max(1, probe.capHeight());
  // Capitals and digits have no descenders, so the cap height fills the box; 0.62 leaves air above and below.
  fitted.setPixelSize(std::max(8, static_cast<int>(kProbe * std::min(across, down))));
  painter.setFont(fitted);
  painter.setPen(color_);
  const QFontMetrics metrics(fitted);
  const int baseline = (height() + metrics.capHeight()) / 2;
  const int advance = metrics.horizontalAdvance(text_);
  int x = (width() - advance) / 2;
  if (alignment_ & Qt::AlignLeft) x = 0;
  if (alignment_ & Qt::AlignRight) x = width() - advance;
  painter.drawText(x, baseline, text_);
}

Metric::Metric(const Theme& theme, const QString& name, const QString& widest, const QString& tooltip, QWidget* parent)
    : QWidget(parent), name_(make_label(theme.small, name, this)), value_(make_label(theme.number, {}, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  name_->setObjectName(QStringLiteral("dim"));
  layout->addWidget(name_);
  layout->addWidget(value_);
  value_->setFixedWidth(QFontMetrics(theme.number).horizontalAdvance(widest) + 2);
  setToolTip(tooltip);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Metric::set(const QString& value, Tone tone) {
  value_->setText(value);
  // A number that is in order is plain text; only trouble takes a colour.
  if (tone == Tone::warning || tone == Tone::error) {
    ui::set_tone(*value_, tone);
  } else if (value_->property("tone").isValid()) {
    value_->setProperty("tone", QVariant());
    value_->style()->unpolish(value_);
    value_->style()->polish(value_);
  }
}

QFrame* make_panel(QWidget* parent) {
  auto* panel = new QFrame(parent);
  panel->setObjectName(QStringLiteral("panel"));
  return panel;
}

QLabel* make_heading(const Theme& theme, const QString& text, QWidget* parent) {
  QLabel* label = make_label(theme.heading, text, parent);
  label->setObjectName(QStringLiteral("heading"));
  return label;
}

QLabel* make_label(const QFont& font, const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setFont(font);
  label->setTextFormat(Qt::PlainText);  // messages come from networks: never rich text
  return label;
}

}  // namespace mainstay::ui
