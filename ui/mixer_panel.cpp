#include "ui/mixer_panel.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/actions.h"
#include "ui/level_scale.h"

namespace mainstay::ui {

namespace {

constexpr double kLeast = 38;
constexpr double kAllOfIt = 52;  // in units: narrower than that loudness gives its room to the strips

/// What can never be heard has no strip here, unless something was said of it.
bool is_shown(const StripSnapshot& strip) {
  return !strip.silent || strip.solo || strip.gain_db != 0 || strip.mute || !strip.filters.empty();
}

}  // namespace

MixerPanel::MixerPanel(const Theme& theme, StudioModel& model, const MonitorPanel::Actions& monitor, QWidget* parent)
    : QWidget(parent), theme_(theme), model_(model) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme.gap(0.4));
  head_ = new QHBoxLayout;
  head_->setSpacing(theme.gap(0.4));
  head_->addWidget(make_heading(theme, tr("MIXER"), this));
  head_->addStretch();
  layout->addLayout(head_);

  auto* row = new QHBoxLayout;
  row->setSpacing(theme.gap(0.6));
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  list_ = new QWidget(scroll);
  list_layout_ = new QHBoxLayout(list_);
  list_layout_->setContentsMargins(0, 0, 0, 0);
  list_layout_->setSpacing(theme.gap(0.2));
  hint_ = new WrapLabel(theme.plain, theme.dim, list_);
  hint_->set_text(tr("No show open: there are no strips."));
  list_layout_->addWidget(hint_);
  list_layout_->addStretch();
  scroll->setWidget(list_);
  row->addWidget(scroll, 1);
  program_ = new StripView(
      theme, false,
      [this](const char* key, const show::Json& value) {
        model_.set_bus("program", {{key, value}});
      },
      this);
  row->addWidget(program_);
  monitor_ = new MonitorPanel(theme, model, monitor, this);
  row->addWidget(monitor_);
  loudness_ = make_loudness();
  setMinimumWidth(theme.gap(kLeast));  // without loudness, which steps back where there is no room
  row->addWidget(loudness_);
  layout->addLayout(row, 1);
}

void MixerPanel::add_button(QAction* action) {
  QToolButton* button = make_button(action, this);
  button->setObjectName(QStringLiteral("small"));
  head_->addWidget(button);
}

QWidget* MixerPanel::make_loudness() {
  auto* box = make_panel(this);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(theme_.gap(0.6), theme_.gap(0.4), theme_.gap(0.6), theme_.gap(0.4));
  layout->setSpacing(theme_.gap(0.15));
  const auto add = [&](const QString& name, const QString& help) {
    auto* metric = new Metric(theme_, name, QStringLiteral("−00.0"), help, box);
    layout->addWidget(metric);
    return metric;
  };
  integrated_ = add(tr("Integrated LUFS"), tr("Loudness of the program since the start or the last reset (BS.1770-4)"));
  short_term_ = add(tr("Short-term LUFS"), tr("Loudness of the last three seconds"));
  momentary_ = add(tr("Momentary LUFS"), tr("Loudness of the last 400 milliseconds"));
  range_ = add(tr("Range LU"), tr("Loudness range since the start or the last reset (EBU Tech 3342)"));
  true_peak_ = add(tr("True peak dBTP"), tr("The highest true peak of the last two seconds"));
  limiter_ = add(tr("Limiter dB"), tr("What the master limiter takes away just now"));
  layout->addStretch();
  return box;
}

void MixerPanel::make_strips(std::size_t count) {
  // Strips are reused by place: a source that comes in between must not end a fader's drag on another.
  while (strips_.size() > count) {
    delete strips_.back();
    strips_.pop_back();
  }
  while (strips_.size() < count) {
    const std::size_t place = strips_.size();
    auto* strip = new StripView(
        theme_, true,
        [this, place](const char* key, const show::Json& value) {
          model_.set_strip(strips_[place]->name().toStdString(), {{key, value}});
        },
        list_);
    connect(strip, &StripView::taken, this, [this, strip] { emit strip_chosen(strip->name()); });
    list_layout_->insertWidget(static_cast<int>(place) + 1, strip);
    strips_.push_back(strip);
  }
}

void MixerPanel::show_snapshot(const Snapshot& snapshot) {
  std::vector<const StripSnapshot*> shown;
  for (const StripSnapshot& strip : snapshot.mixer.strips) {
    if (is_shown(strip)) shown.push_back(&strip);
  }
  make_strips(shown.size());
  hint_->set_text(snapshot.mixer.strips.empty() ? tr("No show open: there are no strips.")
                                                : tr("No source of this show has sound."));
  hint_->setVisible(strips_.empty());
  for (std::size_t i = 0; i < strips_.size(); ++i) {
    const StripSnapshot& strip = *shown[i];
    const bool on_air = std::any_of(snapshot.sources.begin(), snapshot.sources.end(),
                                    [&](const SourceSnapshot& s) { return s.name == strip.name && s.on_air; });
    strips_[i]->show_strip(strip, on_air && snapshot.phase == Phase::on_air);
  }
  if (!snapshot.mixer.buses.empty()) show_program(snapshot.mixer.buses.front(), snapshot.mixer);
  monitor_->show_snapshot(snapshot);
}

void MixerPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  loudness_->setVisible(width() >= theme_.gap(kAllOfIt));
}

void MixerPanel::show_program(const BusSnapshot& bus, const MixerSnapshot& mixer) {
  program_->show_bus(bus);
  constexpr float kEnough = 30;  // seconds that an integral takes to mean something
  const bool off = mixer.target_lufs && bus.loudness.measured_s >= kEnough &&
                   std::abs(bus.loudness.integrated - *mixer.target_lufs) > mixer.tolerance_lu;
  integrated_->set(loudness_text(bus.loudness.integrated), off ? Tone::warning : Tone::quiet);
  short_term_->set(loudness_text(bus.loudness.short_term));
  momentary_->set(loudness_text(bus.loudness.momentary));
  range_->set(bus.loudness.integrated > kFloorDb ? QString::number(bus.loudness.range, 'f', 1) : loudness_text(-120));
  const float peak = *std::max_element(bus.meter.held_db.begin(), bus.meter.held_db.begin() + bus.meter.channels);
  true_peak_->set(loudness_text(peak), peak > -1 ? Tone::warning : Tone::quiet);
  const float reduction = bus.meter.reduction_db;
  limiter_->set(reduction > 0.05F ? loudness_text(-reduction) : QStringLiteral("0.0"));
}

}  // namespace mainstay::ui
