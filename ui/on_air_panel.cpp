#include "ui/on_air_panel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace mainstay::ui {

namespace {

QString format_line(const Snapshot& snapshot) {
  const ProgramSnapshot& program = snapshot.program;
  if (program.width == 0) return QFileInfo(QString::fromStdString(snapshot.show_path)).fileName();
  QString line = QStringLiteral("%1×%2  %3").arg(program.width).arg(program.height).arg(rate_text(program.rate));
  if (!program.scene.empty()) line += QStringLiteral("  ·  ") + QString::fromStdString(program.scene);
  return line;
}

}  // namespace

OnAirPanel::OnAirPanel(const Theme& theme, QAction* copy_address, QWidget* parent) : QFrame(parent), theme_(theme) {
  setObjectName(QStringLiteral("panel"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme.gap(0.8), theme.gap(0.8), theme.gap(0.8), theme.gap(0.7));
  layout->setSpacing(theme.gap(0.35));

  auto* top = new QHBoxLayout;
  top->setSpacing(theme.gap(1));
  tally_ = new FitLabel(theme.state, this);
  elapsed_ = new FitLabel(theme.number, this);
  elapsed_->set_alignment(Qt::AlignRight);
  elapsed_->setToolTip(tr("Time on air"));
  for (FitLabel* label : {tally_, elapsed_}) label->setFixedHeight(theme.gap(4.4));
  top->addWidget(tally_, 1);
  top->addWidget(elapsed_, 1);
  layout->addLayout(top);

  delivery_ = new ElidedLabel(theme, theme.title, this);
  show_ = new ElidedLabel(theme, theme.strong, this);
  format_ = new ElidedLabel(theme, theme.plain, this);
  format_->set_color(theme.dim);
  watches_ = new ElidedLabel(theme, theme.strong, this);
  layout->addWidget(delivery_);
  layout->addWidget(watches_);
  layout->addSpacing(theme.gap(0.2));
  layout->addWidget(show_);
  layout->addWidget(format_);

  rendered_ = new Metric(theme, tr("Frames"), QStringLiteral("0 000 000 000"), tr("Frames made since the start"), this);
  late_ = new Metric(theme, tr("Late"), QStringLiteral("0 000 000"),
                     tr("Frames made more than one frame duration after they were due: the machine is too slow"), this);
  repeated_ = new Metric(theme, tr("Repeated"), QStringLiteral("0 000 000"),
                         tr("Frames made with a source’s last picture because the due one was not there"), this);
  auto* numbers = new QHBoxLayout;
  numbers->setSpacing(theme.gap(0.8));
  for (Metric* metric : {rendered_, late_, repeated_}) numbers->addWidget(metric);
  numbers->addStretch();
  layout->addLayout(numbers);
  audience_ = new AudienceCard(theme, copy_address, this);
  layout->addWidget(audience_);
  show_snapshot({});
}

void OnAirPanel::show_snapshot(const Snapshot& snapshot) {
  const bool settled = snapshot.phase == Phase::on_air || snapshot.phase == Phase::off;
  tally_->set_text(phase_word(snapshot.phase), phase_word(settled ? Phase::off : Phase::starting));
  if (snapshot.phase == Phase::on_air) {
    tally_->set_colors(Qt::white, theme_.on_air, theme_.on_air);
  } else {
    const bool off = snapshot.phase == Phase::off;
    tally_->set_colors(off ? theme_.dim : theme_.text, theme_.window, off ? theme_.edge : theme_.dim);
  }
  const bool off = snapshot.phase == Phase::off;
  const QString elapsed = elapsed_text(snapshot.elapsed);
  QString widest = elapsed;
  for (QChar& c : widest) {
    if (c.isDigit()) c = QLatin1Char('0');
  }
  elapsed_->set_text(elapsed, widest);
  elapsed_->set_colors(off ? theme_.faint : theme_.text, Qt::transparent, Qt::transparent);

  const bool open = !snapshot.show_name.empty() || !snapshot.show_path.empty();
  show_->set_text(open ? QString::fromStdString(snapshot.show_name) : tr("Open one with Ctrl+O"));
  show_->set_color(open ? theme_.text : theme_.dim);
  format_->set_text(open ? format_line(snapshot) : QString());

  const Line delivery = delivery_line(snapshot);
  delivery_->set_text(off ? (open ? tr("Ready") : tr("No show open")) : delivery.text);
  delivery_->set_tone(delivery.tone);

  const Line watches = watch_line(snapshot);
  watches_->set_text(watches.text);
  watches_->set_tone(watches.tone);
  watches_->setVisible(!watches.text.isEmpty());

  const bool served = snapshot.hls && !off;
  audience_->show_audience(snapshot.audience, served ? snapshot.hls->url : std::string());

  rendered_->set(count_text(snapshot.program.rendered));
  late_->set(count_text(snapshot.program.late), late_news_.tone(snapshot.program.late));
  repeated_->set(count_text(snapshot.program.repeated), repeated_news_.tone(snapshot.program.repeated));
}

}  // namespace mainstay::ui
