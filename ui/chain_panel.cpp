#include "ui/chain_panel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace mainstay::ui {

namespace {

ChainRow source_row(const SourceSnapshot& source) {
  ChainRow row;
  row.name = QString::fromStdString(source.name);
  row.state = QString::fromStdString(source.state);
  if (!source.input.empty()) row.state += QStringLiteral(", ") + QString::fromStdString(source.input);
  row.detail = QString::fromStdString(source.detail);
  if (source.repeated > 0) row.detail += ChainPanel::tr("  repeated %1").arg(count_text(source.repeated));
  if (source.skipped > 0) row.detail += ChainPanel::tr("  skipped %1").arg(count_text(source.skipped));
  row.tone = source_tone(source);
  return row;
}

ChainRow encoder_row(const EncoderSnapshot& encoder) {
  ChainRow row;
  row.name = QString::fromStdString(encoder.name);
  row.tone = encoder_tone(encoder);
  row.state = encoder.error.empty() ? kbps_text(encoder.kbps_mean) + ChainPanel::tr(" kb/s") : ChainPanel::tr("failed");
  row.detail = QString::fromStdString(encoder.error.empty() ? encoder.encoder : encoder.error);
  if (encoder.dropped > 0) row.detail += ChainPanel::tr("  dropped %1").arg(count_text(encoder.dropped));
  return row;
}

ChainRow recorder_row(const RecorderSnapshot& recorder) {
  ChainRow row;
  row.name = ChainPanel::tr("record");
  row.state = QString::fromStdString(recorder.state);
  row.tone = recorder_tone(recorder);
  if (recorder.state == "recording") row.state = bytes_text(recorder.bytes);
  row.detail = recorder.detail.empty() ? QFileInfo(QString::fromStdString(recorder.path)).fileName()
                                       : QString::fromStdString(recorder.detail);
  return row;
}

QString hint_for(const Snapshot& snapshot, const QString& off_air, const QString& on_air) {
  const bool open = !snapshot.show_name.empty() || !snapshot.show_path.empty();
  if (!open) return ChainPanel::tr("No show open: Ctrl+O");
  return snapshot.phase == Phase::on_air ? on_air : off_air;
}

}  // namespace

std::vector<ChainRow> source_rows(const Snapshot& snapshot) {
  std::vector<ChainRow> rows;
  // What is on air comes first: with many sources the others may be scrolled out of sight.
  for (const bool on_air : {true, false}) {
    for (const SourceSnapshot& source : snapshot.sources) {
      if (source.on_air == on_air) rows.push_back(source_row(source));
    }
  }
  return rows;
}

std::vector<ChainRow> output_rows(const Snapshot& snapshot) {
  std::vector<ChainRow> rows;
  for (const EncoderSnapshot& encoder : snapshot.encoders) rows.push_back(encoder_row(encoder));
  if (snapshot.recorder) rows.push_back(recorder_row(*snapshot.recorder));
  return rows;
}

class ChainList::Row : public QWidget {
 public:
  Row(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.gap(1.1), 0, 0, 0);
    layout->setSpacing(theme.gap(0.7));
    name_ = new ElidedLabel(theme, theme.plain, this);
    name_->setFixedWidth(theme.gap(5.2));
    state_ = new ElidedLabel(theme, theme.plain, this);
    state_->setFixedWidth(theme.gap(6.4));
    detail_ = new ElidedLabel(theme, theme.small, this);
    layout->addWidget(name_);
    layout->addWidget(state_);
    layout->addWidget(detail_, 1);
  }

  void show_row(const ChainRow& row) {
    name_->set_text(row.name);
    state_->set_text(row.state);
    detail_->set_text(row.detail);
    const bool trouble = row.tone == Tone::warning || row.tone == Tone::error;
    state_->set_tone(row.tone);
    detail_->set_color(trouble ? theme_.amber : theme_.dim);
    if (row.tone == tone_) return;
    tone_ = row.tone;
    update();
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tone_ == Tone::quiet ? theme_.faint : theme_.color(tone_));
    const double size = theme_.gap(0.5);
    const QRectF box(theme_.gap(0.2), (height() - size) / 2.0, size, size);
    // Shape besides colour: a square is trouble.
    const bool trouble = tone_ == Tone::warning || tone_ == Tone::error;
    trouble ? painter.drawRect(box) : painter.drawEllipse(box);
  }

 private:
  const Theme& theme_;
  ElidedLabel* name_;
  ElidedLabel* state_;
  ElidedLabel* detail_;
  Tone tone_ = Tone::quiet;
};

ChainList::ChainList(const Theme& theme, const QString& heading, QWidget* parent) : QFrame(parent), theme_(theme) {
  setObjectName(QStringLiteral("panel"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme.gap(0.8), theme.gap(0.5), theme.gap(0.4), theme.gap(0.4));
  layout->setSpacing(theme.gap(0.3));
  layout->addWidget(make_heading(theme, heading, this));
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  list_ = new QWidget(scroll);
  list_layout_ = new QVBoxLayout(list_);
  list_layout_->setContentsMargins(0, 0, 0, 0);
  list_layout_->setSpacing(theme.gap(0.25));
  hint_ = new WrapLabel(theme.plain, theme.dim, list_);
  list_layout_->addWidget(hint_);
  list_layout_->addStretch();
  scroll->setWidget(list_);
  scroll->setMinimumHeight(std::max(QFontMetrics(theme.plain).height() * 2, scroll->minimumSizeHint().height()));
  layout->addWidget(scroll, 1);
}

void ChainList::show_rows(const std::vector<ChainRow>& rows, const QString& hint) {
  while (rows_.size() > rows.size()) {
    delete rows_.back();
    rows_.pop_back();
  }
  while (rows_.size() < rows.size()) {
    rows_.push_back(new Row(theme_, list_));
    list_layout_->insertWidget(static_cast<int>(rows_.size()), rows_.back());
  }
  for (std::size_t i = 0; i < rows.size(); ++i) rows_[i]->show_row(rows[i]);
  hint_->set_text(hint);
  hint_->setVisible(rows.empty());
}

ChainPanel::ChainPanel(const Theme& theme, QWidget* parent)
    : QWidget(parent),
      sources_(new ChainList(theme, tr("SOURCES"), this)),
      outputs_(new ChainList(theme, tr("ENCODERS AND RECORDER"), this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme.gap(0.5));
  layout->addWidget(sources_, 1);
  layout->addWidget(outputs_, 1);
  show_snapshot({});
}

void ChainPanel::show_snapshot(const Snapshot& snapshot) {
  sources_->show_rows(source_rows(snapshot),
                      hint_for(snapshot, tr("Sources open when the show goes on air."), tr("No source is open.")));
  outputs_->show_rows(output_rows(snapshot), hint_for(snapshot, tr("Encoders start when the show goes on air."),
                                                      tr("Nothing to encode for: no destination, no recording.")));
}

}  // namespace mainstay::ui
