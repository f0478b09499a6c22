#include "ui/leg_card.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/actions.h"

namespace mainstay::ui {

namespace {

constexpr int kShortcuts = 9;

QString details_text(const LegSnapshot& leg) {
  QString text = QString::fromStdString(leg.url);
  for (const auto& [name, value] : leg.details) {
    text += QStringLiteral("\n%1: %2").arg(QString::fromStdString(name), QString::number(value, 'g', 6));
  }
  return text;
}

}  // namespace

LegCard::LegCard(const Theme& theme, int number, std::function<void(const std::string&, const std::string&)> retry,
                 QWidget* parent)
    : QFrame(parent), theme_(theme) {
  const QKeySequence shortcut =
      number <= kShortcuts ? QKeySequence(Qt::ALT | static_cast<Qt::Key>(Qt::Key_0 + number)) : QKeySequence();
  retry_ = make_action(this,
                       {"destination.retry", tr("Retry now"),
                        tr("Connects this leg at once instead of waiting for its next attempt"), shortcut},
                       [this, retry = std::move(retry)] { retry(destination_, role_); });
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme.gap(1.2), theme.gap(0.5), theme.gap(0.8), theme.gap(0.6));
  layout->setSpacing(theme.gap(0.3));
  layout->addLayout(make_top());
  url_ = new ElidedLabel(theme, theme.plain, this);
  url_->set_color(theme.dim);
  url_->set_elide(Qt::ElideMiddle);
  layout->addWidget(url_);
  layout->addLayout(make_numbers());

  trouble_ = new QWidget(this);
  auto* trouble = new QHBoxLayout(trouble_);
  trouble->setContentsMargins(0, theme.gap(0.2), 0, 0);
  trouble->setSpacing(theme.gap(0.6));
  detail_ = make_label(theme.plain, {}, trouble_);
  detail_->setWordWrap(true);
  detail_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  button_ = make_button(retry_, trouble_);
  button_->setObjectName(QStringLiteral("small"));
  wait_ = make_label(theme.plain, {}, trouble_);
  wait_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  wait_->setFixedWidth(QFontMetrics(theme.plain).horizontalAdvance(tr("retry in %1 s").arg(QStringLiteral("00.0"))));
  trouble->addWidget(detail_, 1);
  trouble->addWidget(wait_, 0, Qt::AlignTop);
  trouble->addWidget(button_, 0, Qt::AlignTop);
  layout->addWidget(trouble_);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QLayout* LegCard::make_top() {
  auto* top = new QHBoxLayout;
  top->setSpacing(theme_.gap(0.6));
  name_ = new ElidedLabel(theme_, theme_.strong, this);
  role_label_ = make_label(theme_.strong, {}, this);
  role_label_->setObjectName(QStringLiteral("dim"));
  role_label_->setFixedWidth(QFontMetrics(theme_.strong).horizontalAdvance(QStringLiteral("BACKUP")) + 2);
  state_ = make_label(theme_.state, {}, this);
  state_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  state_->setMinimumWidth(QFontMetrics(theme_.state).horizontalAdvance(leg_word(LegState::connecting)) + 2);
  top->addWidget(role_label_);
  top->addWidget(name_, 1);
  top->addWidget(state_);
  return top;
}

QLayout* LegCard::make_numbers() {
  bitrate_ = new Metric(theme_, tr("kb/s"), QStringLiteral("00 000"), tr("Payload sent over the last second"), this);
  rtt_ = new Metric(theme_, tr("RTT ms"), QStringLiteral("00 000"), tr("Round trip to the ingest and back"), this);
  queue_ = new Metric(theme_, tr("Queue s"), QStringLiteral("000.0"),
                      tr("Media waiting to be sent; it grows when the network cannot carry the bitrate"), this);
  connects_ =
      new Metric(theme_, tr("Connects"), QStringLiteral("00 000"), tr("Connections made since the start"), this);
  dropped_ = new Metric(theme_, tr("Dropped"), QStringLiteral("0 000 000"),
                        tr("Packets that this leg gave up; the other legs are not touched"), this);
  auto* numbers = new QHBoxLayout;
  numbers->setSpacing(0);
  for (Metric* metric : {bitrate_, rtt_, queue_, connects_, dropped_}) {
    if (metric != bitrate_) numbers->addStretch();
    numbers->addWidget(metric);
  }
  return numbers;
}

void LegCard::show_leg(const LegSnapshot& leg) {
  destination_ = leg.destination;
  role_ = leg.role;
  name_->set_text(QString::fromStdString(leg.destination));
  role_label_->setText(QString::fromStdString(leg.role).toUpper());
  url_->set_text(QString::fromStdString(leg.url));
  setToolTip(details_text(leg));

  const Tone tone = leg_tone(leg);
  state_->setText(leg_word(leg.state));
  set_tone(*state_, tone);
  if (tone != tone_) {
    tone_ = tone;
    update();
  }
  const bool sending = leg.state == LegState::live || leg.state == LegState::degraded;
  bitrate_->set(sending ? kbps_text(leg.kbps) : QStringLiteral("0"));
  rtt_->set(sending ? millis_text(leg.rtt) : millis_text(Nanos{0}));
  queue_->set(seconds_text(leg.queued), leg.queued > Millis{700} ? Tone::warning : Tone::quiet);
  connects_->set(count_text(leg.connects));
  dropped_->set(count_text(leg.dropped), drops_news_.tone(leg.dropped));
  show_trouble(leg);
}

void LegCard::show_trouble(const LegSnapshot& leg) {
  // A leg that is well again keeps its last error in the log, not here.
  const bool trouble = tone_ == Tone::warning || tone_ == Tone::error;
  const bool waiting = leg.state == LegState::backoff;
  detail_->setText(QString::fromStdString(leg.detail));
  wait_->setVisible(waiting && leg.retry_in.has_value());
  if (leg.retry_in) wait_->setText(tr("retry in %1 s").arg(seconds_text(*leg.retry_in)));
  retry_->setEnabled(waiting);
  button_->setVisible(waiting);
  trouble_->setVisible(trouble);
}

void LegCard::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme_.panel);
  painter.drawRoundedRect(rect(), theme_.gap(0.3), theme_.gap(0.3));
  // The edge tells the tone from further away than the word does.
  const QColor edge = tone_ == Tone::quiet ? theme_.hover : theme_.color(tone_);
  painter.setBrush(edge);
  painter.drawRoundedRect(QRectF(0, 0, theme_.gap(0.45), height()), 2, 2);
  if (tone_ == Tone::error) {
    QColor wash = theme_.amber;
    wash.setAlphaF(0.10F);
    painter.setBrush(wash);
    painter.drawRoundedRect(rect(), theme_.gap(0.3), theme_.gap(0.3));
  }
}

}  // namespace mainstay::ui
