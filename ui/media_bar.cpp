#include "ui/media_bar.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <algorithm>

#include "ui/actions.h"
#include "ui/format.h"
#include "ui/widgets.h"

namespace mainstay::ui {

namespace {

const SourceSnapshot* playing(const Snapshot& snapshot, const std::string& name) {
  const auto found = std::find_if(snapshot.sources.begin(), snapshot.sources.end(), [&](const SourceSnapshot& source) {
    return source.name == name && source.media.has_value();
  });
  return found == snapshot.sources.end() ? nullptr : &*found;
}

/// The chosen one, else the only one of the scene that plays; null when that is not one.
const SourceSnapshot* meant(const Snapshot& snapshot, const SceneSnapshot& scene, const std::string& chosen) {
  if (!chosen.empty()) return playing(snapshot, chosen);
  const SourceSnapshot* only = nullptr;
  for (const LayerSnapshot& layer : scene.layers) {
    const SourceSnapshot* const source = playing(snapshot, layer.source);
    if (source == nullptr || source == only) continue;
    if (only != nullptr) return nullptr;
    only = source;
  }
  return only;
}

}  // namespace

MediaBar::MediaBar(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent)
    : QWidget(parent), model_(model), actions_(actions) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme.gap(0.4));
  for (QAction* action : {actions.restart, actions.pause, actions.next}) {
    QToolButton* const button =
        make_button(action, this, action == actions.pause ? QStringList{tr("Play")} : QStringList{});
    button->setObjectName(QStringLiteral("small"));
    layout->addWidget(button);
    if (action == actions.next) next_button_ = button;
  }
  slider_ = new QSlider(Qt::Horizontal, this);
  slider_->setFocusPolicy(Qt::NoFocus);
  slider_->setMinimumWidth(theme.gap(2));
  slider_->setToolTip(tr("Where it is; let go of to send it there"));
  slider_->setAccessibleName(tr("Position"));
  connect(slider_, &QSlider::sliderReleased, this, &MediaBar::seek);
  layout->addWidget(slider_, 1);
  time_ = make_label(theme.plain, media_time_text(0, 0), this);
  time_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  layout->addWidget(time_);
  hide();
}

void MediaBar::show_snapshot(const Snapshot& snapshot, const SceneSnapshot& scene, const std::string& chosen) {
  const SourceSnapshot* const source = meant(snapshot, scene, chosen);
  setVisible(source != nullptr);
  source_ = source == nullptr ? std::string() : source->name;
  for (QAction* action : {actions_.restart, actions_.pause}) action->setEnabled(source != nullptr);
  const bool list = source != nullptr && source->type == "playlist";
  actions_.next->setEnabled(list);
  next_button_->setVisible(list);
  if (source == nullptr) return;
  paused_ = source->media->paused;
  actions_.pause->setText(paused_ ? tr("Play") : tr("Pause"));
  show_place(*source->media);
}

void MediaBar::show_place(const MediaSnapshot& media) {
  const auto most = static_cast<int>(std::clamp<std::int64_t>(media.duration_ms.value_or(0), 0, 1'000'000'000));
  slider_->setEnabled(most > 0);
  time_->setText(media_time_text(media.position_ms, media.duration_ms));
  if (slider_->isSliderDown()) return;
  const QSignalBlocker quiet(slider_);
  slider_->setRange(0, most);
  slider_->setValue(static_cast<int>(std::clamp<std::int64_t>(media.position_ms, 0, most)));
}

void MediaBar::seek() {
  if (!source_.empty()) model_.seek_source(source_, Millis(slider_->value()));
}

void MediaBar::toggle_pause() {
  if (!source_.empty()) model_.act_on_source(source_, paused_ ? "source.play" : "source.pause");
}

void MediaBar::restart() {
  if (!source_.empty()) model_.act_on_source(source_, "source.restart");
}

void MediaBar::next() {
  if (!source_.empty()) model_.act_on_source(source_, "source.next");
}

}  // namespace mainstay::ui
