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

// "live for 00:12:34, no outage": what a calm leg has to tell.
QString history_text(const LegSnapshot& leg) {
  QString text;
  if (leg.state == LegState::live) text = LegCard::tr("live for %1").arg(elapsed_text(leg.in_state));
  if (leg.state == LegState::idle) text = LegCard::tr("connects when the main leg is lost");
  if (leg.state == LegState::connecting) text = LegCard::tr("opening the connection");
  if (leg.connects == 0) return text;
  const auto outages = static_cast<int>(leg.outages.size());
  const QString count = outages == 0   ? LegCard::tr("no outage")
                        : outages == 1 ? LegCard::tr("1 outage")
                                       : LegCard::tr("%1 outages").arg(outages);
  return text.isEmpty() ? count : text + QStringLiteral(", ") + count;
}

// "stepped down to v2 (480 lines): 700 ms waiting, …"
QString step_text(const LegSnapshot& leg) {
  const QString rendition = QString::fromStdString(leg.rendition);
  const QString lower =
      leg.rendition_height > 0 ? LegCard::tr("%1 (%2 lines)").arg(rendition).arg(leg.rendition_height) : rendition;
  const QString text = LegCard::tr("stepped down to %1").arg(lower);
  const bool down = !leg.steps.empty() && leg.steps.back().to == leg.rendition;
  return down && !leg.steps.back().reason.empty()
             ? text + QStringLiteral(": ") + QString::fromStdString(leg.steps.back().reason)
             : text;
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
  layout->addLayout(make_address());
  layout->addLayout(make_numbers());
  detail_ = new WrapLabel(theme.plain, theme.dim, this);
  layout->addWidget(detail_);
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

QLayout* LegCard::make_address() {
  url_ = new ElidedLabel(theme_, theme_.plain, this);
  url_->set_color(theme_.dim);
  url_->set_elide(Qt::ElideMiddle);
  wait_ = make_label(theme_.plain, {}, this);
  wait_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  const QString widest = tr("retry in %1 s").arg(QStringLiteral("00.0"));
  wait_->setFixedWidth(QFontMetrics(theme_.plain).horizontalAdvance(widest) + 2);
  button_ = make_button(retry_, this);
  button_->setObjectName(QStringLiteral("small"));
  auto* address = new QHBoxLayout;
  address->setSpacing(theme_.gap(0.6));
  address->addWidget(url_, 1);
  address->addWidget(wait_);
  address->addWidget(button_);
  // The row keeps the button's height without the button: a card that goes down does not push the others around.
  button_->ensurePolished();
  address->addSpacerItem(new QSpacerItem(0, button_->sizeHint().height()));
  return address;
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
  const bool trouble = tone == Tone::warning || tone == Tone::error;
  // A leg that is well again keeps its last error in the log, not here.
  const bool stepped = sending && leg.stepped_down();
  QString text = trouble && !leg.detail.empty() ? QString::fromStdString(leg.detail) : history_text(leg);
  if (stepped) text = leg.detail.empty() ? step_text(leg) : step_text(leg) + QStringLiteral("; ") + text;
  detail_->set_text(text);
  detail_->set_color(trouble ? theme_.text : theme_.dim);
  show_retry(leg);
}

void LegCard::show_retry(const LegSnapshot& leg) {
  const bool waiting = leg.state == LegState::backoff;
  wait_->setVisible(waiting && leg.retry_in.has_value());
  if (leg.retry_in) wait_->setText(tr("retry in %1 s").arg(seconds_text(*leg.retry_in)));
  retry_->setEnabled(waiting);
  button_->setVisible(waiting);
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
