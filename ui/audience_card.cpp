#include "ui/audience_card.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/actions.h"

namespace mainstay::ui {

namespace {

constexpr double kMuchWaiting = 0.01;  // of the time: viewers notice, and leave

QString seconds_or_dash(const std::optional<double>& value) {
  return value ? QStringLiteral("%1 s").arg(*value, 0, 'f', 1) : QStringLiteral("–");
}

QString per_cent(double share) {
  return QStringLiteral("%1 %").arg(share * 100, 0, 'f', 1);
}

// What is measured of the last minutes, beside the limit that the show sets.
QString alert_text(const AudienceAlert& alert) {
  if (alert.kind == "startup") {
    return AudienceCard::tr("Slow start: %1 s, limit %2 s").arg(alert.value, 0, 'f', 1).arg(alert.limit, 0, 'f', 1);
  }
  const QString what = alert.kind == "rebuffering" ? AudienceCard::tr("Standing still: %1, limit %2")
                                                   : AudienceCard::tr("Giving up: %1, limit %2");
  return what.arg(per_cent(alert.value), per_cent(alert.limit));
}

}  // namespace

AudienceCard::AudienceCard(const Theme& theme, QAction* copy, QWidget* parent)
    : QWidget(parent), theme_(theme), copy_(copy) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, theme.gap(0.3), 0, 0);
  layout->setSpacing(theme.gap(0.35));
  auto* top = new QHBoxLayout;
  top->setSpacing(theme.gap(0.6));
  address_ = new ElidedLabel(theme, theme.plain, this);
  address_->set_elide(Qt::ElideMiddle);
  top->addWidget(address_, 1);
  top->addWidget(make_button(copy, this));
  layout->addLayout(top);

  viewers_ =
      new Metric(theme, tr("Viewers"), QStringLiteral("00 000"), tr("Players that asked for something lately"), this);
  latency_ = new Metric(theme, tr("Latency"), QStringLiteral("00.0 s"),
                        tr("How far behind live the viewers are, the median, as their players report it"), this);
  startup_ = new Metric(theme, tr("Startup"), QStringLiteral("00.0 s"),
                        tr("From opening the page to the first picture, the median of the last sessions"), this);
  waiting_ = new Metric(theme, tr("Waiting"), QStringLiteral("00.0 %"),
                        tr("Time in which players stood still for want of data, of the last sessions"), this);
  auto* numbers = new QHBoxLayout;
  numbers->setSpacing(theme.gap(0.8));
  for (Metric* metric : {viewers_, latency_, startup_, waiting_}) numbers->addWidget(metric);
  numbers->addStretch();
  layout->addLayout(numbers);
  alerts_ = new ElidedLabel(theme, theme.plain, this);
  alerts_->set_tone(Tone::warning);
  layout->addWidget(alerts_);
  show_audience(std::nullopt, {});
}

void AudienceCard::show_audience(std::optional<AudienceSnapshot> audience, const std::string& stream) {
  if (!audience && !stream.empty()) audience = AudienceSnapshot{.address = stream, .state = "listening"};
  setVisible(audience.has_value());
  copy_->setEnabled(audience && !audience->address.empty());
  if (!audience) return;
  const bool served = audience->state == "listening";
  address_->set_text(served ? QString::fromStdString(audience->address)
                            : tr("Not served: %1").arg(QString::fromStdString(audience->detail)));
  address_->set_tone(served ? Tone::quiet : Tone::error);
  viewers_->set(count_text(audience->viewers));
  latency_->set(seconds_or_dash(audience->latency_s));
  QStringList alerts;
  for (const AudienceAlert& alert : audience->alerts) alerts << alert_text(alert);
  alerts_->set_text(alerts.join(QStringLiteral("; ")));
  alerts_->setVisible(!alerts.isEmpty());
  startup_->set(seconds_or_dash(audience->startup_s));
  waiting_->set(per_cent(audience->rebuffer_ratio),
                audience->rebuffer_ratio > kMuchWaiting ? Tone::warning : Tone::quiet);
}

}  // namespace mainstay::ui
