#include "ui/mix_panel.h"

#include <QAbstractItemView>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/actions.h"
#include "ui/field_keys.h"
#include "ui/widgets.h"

namespace mainstay::ui {

namespace {

constexpr int kBarSteps = 1000;
// In units: the rest is the pictures'; lists scroll.
constexpr double kHeight = 13.5;
constexpr double kLowHeight = 11;
constexpr double kTakeHeight = 3;
constexpr double kLowTakeHeight = 2.3;

}  // namespace

MixPanel::MixPanel(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent)
    : QFrame(parent), theme_(theme), model_(model), actions_(actions) {
  setObjectName(QStringLiteral("panel"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(theme.gap(0.6), theme.gap(0.5), theme.gap(0.6), theme.gap(0.6));
  layout->setSpacing(theme.gap(0.8));
  layout->addWidget(make_scenes(), 3);
  layout->addWidget(make_layers(), 4);
  layout->addWidget(make_controls(), 0);
  connect_controls();
  enable_layer_actions();
  set_compact(false);
}

void MixPanel::set_compact(bool compact) {
  setFixedHeight(theme_.gap(compact ? kLowHeight : kHeight));
  layers_heading_->setVisible(!compact);  // the buttons beside it say what the list is of
  transitions_->setMinimumContentsLength(compact ? 4 : 8);
  layout()->setSpacing(theme_.gap(compact ? 0.3 : 0.8));
  for (QToolButton* button : take_buttons_)
    button->setMinimumHeight(theme_.gap(compact ? kLowTakeHeight : kTakeHeight));
}

QWidget* MixPanel::make_scenes() {
  auto* column = new QWidget(this);
  auto* layout = new QVBoxLayout(column);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme_.gap(0.3));
  layout->addWidget(make_heading(theme_, tr("SCENES"), column));
  scenes_ = new SceneList(theme_, column);
  scenes_->setMinimumWidth(theme_.gap(4));
  layout->addWidget(scenes_, 1);
  return column;
}

QWidget* MixPanel::make_layers() {
  auto* column = new QWidget(this);
  auto* layout = new QVBoxLayout(column);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme_.gap(0.3));
  auto* top = new QHBoxLayout;
  top->setSpacing(theme_.gap(0.3));
  layers_heading_ = make_heading(theme_, tr("LAYERS"), column);
  top->addWidget(layers_heading_);
  top->addStretch();
  for (QAction* action : {actions_.filters, actions_.add_layer, actions_.layer_up, actions_.layer_down}) {
    QToolButton* button = make_button(action, column);
    button->setObjectName(QStringLiteral("small"));
    top->addWidget(button);
  }
  layout->addLayout(top);
  layers_ = new LayerList(theme_, column);
  layout->addWidget(layers_, 1);
  media_ = new MediaBar(theme_, model_, actions_.media, column);
  layout->addWidget(media_);
  return column;
}

QWidget* MixPanel::make_controls() {
  auto* column = new QWidget(this);
  auto* layout = new QVBoxLayout(column);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme_.gap(0.4));
  auto* takes = new QHBoxLayout;
  takes->setSpacing(theme_.gap(0.4));
  for (QAction* action : {actions_.cut, actions_.take}) {
    QToolButton* button = make_button(action, column);
    button->setObjectName(QStringLiteral("take"));
    button->setFont(theme_.title);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    take_buttons_.push_back(button);
    takes->addWidget(button);
  }
  layout->addLayout(takes);
  bar_ = new QSlider(Qt::Horizontal, column);
  bar_->setRange(0, kBarSteps);
  bar_->setFocusPolicy(Qt::NoFocus);
  bar_->setToolTip(tr("T-bar: how far preview has come on air; back to the left end nothing has happened"));
  bar_->setAccessibleName(tr("T-bar"));
  layout->addWidget(bar_);
  auto* kind = new QHBoxLayout;
  kind->setSpacing(theme_.gap(0.4));
  transitions_ = new QComboBox(column);
  transitions_->setFocusPolicy(Qt::NoFocus);
  transitions_->view()->setFocusPolicy(Qt::NoFocus);
  transitions_->setToolTip(tr("Transition of AUTO and the T-bar"));
  transitions_->setMinimumContentsLength(8);
  duration_ = new QSpinBox(column);
  duration_->setRange(0, 60'000);
  duration_->setSingleStep(100);
  duration_->setSuffix(tr(" ms"));
  duration_->setKeyboardTracking(false);
  duration_->setButtonSymbols(QAbstractSpinBox::NoButtons);
  duration_->setFocusPolicy(Qt::ClickFocus);
  keep_keys(duration_);  // Return would take the scene by the length before
  duration_->setToolTip(tr("How long it takes"));
  kind->addWidget(transitions_, 1);
  kind->addWidget(duration_);
  layout->addLayout(kind);
  black_button_ = make_button(actions_.black, column);
  black_button_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  layout->addWidget(black_button_);
  layout->addStretch();
  return column;
}

void MixPanel::connect_controls() {
  connect(scenes_, &SceneList::chosen, this, &MixPanel::choose);
  connect(layers_, &LayerList::visible_wanted, this, [this](const QString& layer, bool visible) {
    model_.set_layer(layers_->scene().toStdString(), layer.toStdString(), "visible", visible);
  });
  connect(layers_, &LayerList::locked_wanted, this, [this](const QString& layer, bool locked) {
    model_.set_layer(layers_->scene().toStdString(), layer.toStdString(), "locked", locked);
  });
  connect(layers_, &LayerList::current_changed, this, [this] {
    enable_layer_actions();
    emit layer_chosen();
  });
  connect(bar_, &QSlider::valueChanged, this, &MixPanel::move_bar);
  connect(bar_, &QSlider::sliderReleased, this, [this] {
    if (!bar_done_) return;
    bar_done_ = false;
    const QSignalBlocker quiet(bar_);
    bar_->setValue(0);
  });
  connect(transitions_, &QComboBox::textActivated, this,
          [this](const QString& name) { model_.choose_transition(name.toStdString(), std::nullopt); });
  connect(duration_, &QSpinBox::valueChanged, this,
          [this](int value) { model_.choose_transition(transitions_->currentText().toStdString(), Millis(value)); });
  connect(duration_, &QSpinBox::editingFinished, this, [this] { duration_->clearFocus(); });
}

void MixPanel::show_snapshot(const Snapshot& snapshot) {
  studio_mode_ = snapshot.program.studio_mode;
  on_air_ = QString::fromStdString(snapshot.program.scene);
  scenes_->show_snapshot(snapshot);
  // The layers of what is made ready; without that, of what is on air.
  const std::string& ready = snapshot.program.preview;
  const std::string& wanted = studio_mode_ && !ready.empty() ? ready : snapshot.program.scene;
  SceneSnapshot scene;
  for (const SceneSnapshot& each : snapshot.layers) {
    if (each.name == wanted) scene = each;
  }
  layers_->show_scene(scene);
  const LayerSnapshot* const chosen = layers_->current();
  media_->show_snapshot(snapshot, scene, chosen == nullptr ? std::string() : chosen->source);
  layers_heading_->setToolTip(tr("Layers of %1").arg(QString::fromStdString(scene.name)));
  show_transition(snapshot);
  show_bar(snapshot);
  const bool black = snapshot.program.to_black;
  if (black_button_->property("armed").toBool() != black) {
    black_button_->setProperty("armed", black);
    black_button_->style()->unpolish(black_button_);
    black_button_->style()->polish(black_button_);
  }
}

void MixPanel::show_transition(const Snapshot& snapshot) {
  QStringList names;
  for (const std::string& name : snapshot.transitions) names << QString::fromStdString(name);
  QStringList shown;
  for (int i = 0; i < transitions_->count(); ++i) shown << transitions_->itemText(i);
  const QSignalBlocker quiet(transitions_);
  const QSignalBlocker quiet_too(duration_);
  if (names != shown) {
    transitions_->clear();
    transitions_->addItems(names);
  }
  transitions_->setCurrentText(QString::fromStdString(snapshot.program.transition_name));
  const auto ms = static_cast<int>(std::chrono::round<Millis>(snapshot.program.transition_length).count());
  const bool stings = std::any_of(snapshot.stingers.begin(), snapshot.stingers.end(), [&](const StingerSnapshot& one) {
    return one.name == snapshot.program.transition_name;
  });
  if (duration_->isEnabled() == stings) {
    duration_->setEnabled(!stings);
    duration_->setSpecialValueText(stings ? tr("film") : QString());  // how long it is is not known yet
    duration_->setToolTip(stings ? tr("How long it takes: as long as its film") : tr("How long it takes"));
  }
  if (!duration_->hasFocus() && duration_->value() != ms) duration_->setValue(ms);
}

void MixPanel::show_bar(const Snapshot& snapshot) {
  bar_->setEnabled(snapshot.phase == Phase::on_air && (studio_mode_ && !snapshot.program.preview.empty()));
  if (bar_->isSliderDown()) return;
  const auto& transition = snapshot.program.transition;
  const QSignalBlocker quiet(bar_);
  bar_->setValue(transition ? qRound(transition->position * kBarSteps) : 0);
}

void MixPanel::move_bar(int value) {
  if (bar_done_) return;  // it lies at its end: the next pull begins at the left again
  model_.move_bar(static_cast<double>(value) / kBarSteps);
  bar_done_ = value == kBarSteps;
  if (bar_done_ && !bar_->isSliderDown()) bar_done_ = false;
}

void MixPanel::choose(const QString& scene) {
  if (scene.isEmpty()) return;
  studio_mode_ ? model_.set_preview(scene.toStdString()) : model_.cut(scene.toStdString());
}

void MixPanel::choose_neighbour(int steps) {
  choose(scenes_->neighbour(steps));
}

void MixPanel::move_layer(int steps) {
  const LayerSnapshot* const layer = layers_->current();
  const int position = layers_->current_position() + steps;
  if (layer == nullptr || position < 0) return;
  model_.move_layer(layers_->scene().toStdString(), layer->name, position);
}

/// What can be put into the scene whose layers are shown: a click is the command.
void MixPanel::pop_up_sources() {
  const std::string scene = layers_->scene().toStdString();
  if (scene.empty()) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const char* key, const std::string& name) {
    menu->addAction(QString::fromStdString(name), this,
                    [this, scene, key, name] { model_.add_layer(scene, key, name); });
  };
  const Snapshot& snapshot = model_.snapshot();
  menu->addSection(tr("Sources"));
  for (const StripSnapshot& strip : snapshot.mixer.strips) add("source", strip.name);
  menu->addSection(tr("Scenes"));
  for (const std::string& name : snapshot.scenes) {
    if (name != scene) add("nested", name);
  }
  menu->popup(layers_->mapToGlobal(QPoint(0, 0)));
}

void MixPanel::choose_top_layer() {
  const LayerSnapshot* best = nullptr;
  for (const SceneSnapshot& one : model_.snapshot().layers) {
    if (one.name != scene()) continue;
    for (const LayerSnapshot& layer : one.layers) {
      if (best == nullptr || best->filters.empty() || !layer.filters.empty()) best = &layer;
    }
  }
  if (best != nullptr) layers_->choose(QString::fromStdString(best->name));
}

void MixPanel::toggle_layer_visible() {
  if (const LayerSnapshot* const layer = layers_->current())
    model_.set_layer(layers_->scene().toStdString(), layer->name, "visible", !layer->visible);
}

void MixPanel::toggle_layer_locked() {
  if (const LayerSnapshot* const layer = layers_->current())
    model_.set_layer(layers_->scene().toStdString(), layer->name, "locked", !layer->locked);
}

void MixPanel::enable_layer_actions() {
  const LayerSnapshot* const layer = layers_->current();
  const int at = layers_->current_position();
  const bool movable = layer != nullptr && !layer->locked;
  actions_.layer_up->setEnabled(movable && at + 1 < layers_->count());
  actions_.layer_down->setEnabled(movable && at > 0);
}

}  // namespace mainstay::ui
