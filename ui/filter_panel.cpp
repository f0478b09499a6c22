#include "ui/filter_panel.h"

#include <QAction>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "engine/show/layer_filters.h"
#include "ui/actions.h"
#include "ui/filter_box.h"
#include "ui/filter_menu.h"

namespace mainstay::ui {

namespace {

constexpr double kListWidth = 17;  // in units
constexpr double kApartMs = 1;     // what is less comes of the frames' rounding

}  // namespace

FilterPanel::FilterPanel(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent)
    : QWidget(parent), theme_(theme), model_(model), actions_(actions) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme.gap(0.4));
  auto* head = new QHBoxLayout;
  head->setSpacing(theme.gap(0.4));
  heading_ = make_heading(theme, tr("FILTERS"), this);
  head->addWidget(heading_);
  of_ = new ElidedLabel(theme, theme.plain, this);
  of_->set_color(theme.dim);
  head->addWidget(of_, 1);
  for (QAction* action : {actions.add, actions.earlier, actions.later, actions.remove, actions.view}) {
    QToolButton* const button = make_button(action, this);
    button->setObjectName(QStringLiteral("small"));
    head->addWidget(button);
  }
  layout->addLayout(head);
  auto* row = new QHBoxLayout;
  row->setSpacing(theme.gap(0.6));
  row->addWidget(make_list());
  const FilterBox box = make_filter_box(theme, this);
  trouble_ = new ElidedLabel(theme, theme.plain, box.panel);
  trouble_->set_color(theme.amber);
  apart_bar_ = new QWidget(box.panel);
  auto* apart = new QHBoxLayout(apart_bar_);
  apart->setContentsMargins(0, 0, theme.gap(0.4), 0);
  apart->setSpacing(theme.gap(0.4));
  apart_ = new ElidedLabel(theme, theme.plain, apart_bar_);
  apart_->set_color(theme.amber);
  apart->addWidget(apart_, 1);
  QToolButton* const match = make_button(actions.match_sound, apart_bar_);
  match->setObjectName(QStringLiteral("small"));
  apart->addWidget(match);
  box.layout->insertWidget(0, trouble_);
  box.layout->insertWidget(1, apart_bar_);
  hint_ = box.hint;
  scroll_ = box.scroll;
  row->addWidget(box.panel, 1);
  layout->addLayout(row, 1);
  show_form();
}

QWidget* FilterPanel::make_list() {
  list_ = new FilterList(theme_, this);
  list_->setFixedWidth(theme_.gap(kListWidth));
  connect(list_, &FilterList::enabled_wanted, this, [this](const QString& filter, bool enabled) {
    model_.enable_filter(scene_, layer_.name, filter.toStdString(), enabled);
  });
  connect(list_, &FilterList::current_changed, this, &FilterPanel::show_form);
  return list_;
}

void FilterPanel::show_layer(const std::string& scene, const LayerSnapshot* layer, const QString& folder) {
  folder_ = folder;
  has_layer_ = layer != nullptr;
  scene_ = scene;
  layer_ = layer != nullptr ? *layer : LayerSnapshot{};
  of_->set_text(layer == nullptr
                    ? QString()
                    : tr("of %1 in %2").arg(QString::fromStdString(layer_.name), QString::fromStdString(scene_)));
  list_->show_filters(layer_.filters);
  show_form();
}

// The form stays as it is while it is of the same filter: hands are on it.
void FilterPanel::show_form() {
  const FilterSnapshot* const filter = list_->current();
  if (filter == nullptr) {
    delete scroll_->takeWidget();
    form_ = nullptr;
    form_of_.clear();
  } else {
    const std::string of = scene_ + '\n' + layer_.name + '\n' + filter->name + '\n' + filter->kind;
    if (of != form_of_) {
      make_form(*filter);
      form_of_ = of;
    }
    form_->show_values(filter->values);
    form_->setEnabled(!layer_.locked);
  }
  scroll_->setVisible(filter != nullptr);
  const QString add = actions_.add->shortcut().toString(QKeySequence::NativeText);
  QString hint;
  if (!has_layer_) {
    hint = tr("Choose a layer: its filters stand here.");
  } else if (filter == nullptr && layer_.locked) {
    hint = tr("It has no filters, and it is locked: unlock it to give it some.");
  } else if (filter == nullptr) {
    hint = tr("It has no filters. Add one: %1").arg(add);
  } else if (layer_.locked) {
    hint = tr("The layer is locked: its filters can be switched, not changed.");
  }
  hint_->set_text(hint);
  hint_->setVisible(!hint.isEmpty());
  const bool failed = filter != nullptr && filter->state == "failed";
  trouble_->set_text(failed ? QString::fromStdString(filter->detail) : QString());
  trouble_->setVisible(failed);
  show_apart();
  enable_actions();
}

// What is held back on purpose is as bad for lips as what came late: it is said where it is done.
void FilterPanel::show_apart() {
  const double ms = layer_.sound_ahead_ms;
  const bool apart = std::abs(ms) >= kApartMs;
  apart_bar_->setVisible(apart);
  if (!apart) return;
  const QString source = QString::fromStdString(layer_.source);
  const QString by = QString::number(std::lround(std::abs(ms)));
  if (strip() == nullptr)
    apart_->set_text(
        tr("Sound in %1 is up to %2 ms away from this picture: delay the strips of its sources").arg(source, by));
  else
    apart_->set_text(
        (ms > 0 ? tr("Sound of %1 is %2 ms ahead of this picture") : tr("Sound of %1 is %2 ms behind this picture"))
            .arg(source, by));
}

/// Of the layer's source; null: it has none, as scenes do.
const StripSnapshot* FilterPanel::strip() const {
  const std::vector<StripSnapshot>& strips = model_.snapshot().mixer.strips;
  const auto found =
      std::find_if(strips.begin(), strips.end(), [&](const StripSnapshot& one) { return one.name == layer_.source; });
  return found != strips.end() && !found->silent ? &*found : nullptr;
}

void FilterPanel::make_form(const FilterSnapshot& filter) {
  const show::ObjectInfo* const info = show::filter_info(filter.kind);
  static const show::ObjectInfo kNothing;
  delete scroll_->takeWidget();
  form_ = new FieldForm(theme_, info != nullptr ? *info : kNothing,
                        {.without = {"name", "enabled"}, .files = filter_files(filter.kind), .folder = folder_});
  connect(
      form_, &FieldForm::wanted, this,
      [this, scene = scene_, layer = layer_.name, name = filter.name](const std::string& key, const show::Json& value) {
        model_.set_filter(scene, layer, name, {{key, value}});
      });
  scroll_->setWidget(form_);
}

void FilterPanel::enable_actions() {
  const int at = list_->current_position();
  const bool free = has_layer_ && !layer_.locked;
  actions_.add->setEnabled(free && layer_.filters.size() < show::kMostFilters);
  actions_.enable->setEnabled(at >= 0);
  actions_.earlier->setEnabled(free && at > 0);
  actions_.later->setEnabled(free && at >= 0 && at + 1 < list_->count());
  actions_.remove->setEnabled(free && at >= 0);
  actions_.match_sound->setEnabled(std::abs(layer_.sound_ahead_ms) >= kApartMs && strip() != nullptr);
}

void FilterPanel::pop_up_kinds() {
  if (!has_layer_) return;
  auto* const menu = new FilterMenu(model_, scene_, layer_.name, folder_, this);
  menu->popup(list_->mapToGlobal(QPoint(0, 0)));
}

void FilterPanel::toggle() {
  if (const FilterSnapshot* const filter = list_->current())
    model_.enable_filter(scene_, layer_.name, filter->name, !filter->enabled);
}

void FilterPanel::move(int steps) {
  const FilterSnapshot* const filter = list_->current();
  const int position = list_->current_position() + steps;
  if (filter == nullptr || position < 0) return;
  const std::string name = filter->name;
  list_->choose(name);  // it stays the chosen one where it comes to
  model_.move_filter(scene_, layer_.name, name, position);
}

void FilterPanel::remove() {
  if (const FilterSnapshot* const filter = list_->current()) model_.remove_filter(scene_, layer_.name, filter->name);
}

void FilterPanel::match_sound() {
  const StripSnapshot* const own = strip();
  if (own == nullptr) return;
  const double delay = std::round((own->delay_ms + layer_.sound_ahead_ms) * 1000) / 1000;
  model_.set_strip(layer_.source, {{"delay_ms", std::max(0.0, delay)}});
}

}  // namespace mainstay::ui
