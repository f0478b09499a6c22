#include "ui/filter_menu.h"

#include <algorithm>
#include <utility>

#include "engine/show/layer_filters.h"

namespace mainstay::ui {

namespace {

/// "chroma key" for "chroma_key".
QString in_words(const std::string& kind) {
  return QString::fromStdString(kind).replace('_', ' ');
}

/// Whether a filter of this kind says something before anything is set.
bool works_alone(const std::string& kind) {
  const show::ObjectInfo* const info = show::filter_info(kind);
  return info != nullptr && std::none_of(info->fields.begin(), info->fields.end(),
                                         [](const show::FieldInfo& field) { return field.required; });
}

}  // namespace

FilterMenu::FilterMenu(StudioModel& model, const QString& scene, LayerSnapshot layer, QWidget* parent)
    : QMenu(parent), model_(model), scene_(scene), layer_(std::move(layer)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setToolTipsVisible(true);
  const auto count = static_cast<int>(layer_.filters.size());
  for (int i = 0; i < count; ++i) add_filter_entry(layer_.filters[static_cast<std::size_t>(i)], i, count);
  if (count > 0) addSeparator();
  add_kinds();
}

void FilterMenu::add_filter_entry(const FilterSnapshot& filter, int position, int count) {
  const std::string scene = scene_.toStdString();
  const std::string layer = layer_.name;
  const std::string name = filter.name;
  QMenu* const menu = addMenu(QString::fromStdString(name));
  if (!filter.enabled) menu->setTitle(tr("%1 (off)").arg(QString::fromStdString(name)));
  if (filter.state == "failed") menu->setTitle(tr("%1 (failed)").arg(QString::fromStdString(name)));
  menu->setToolTip(QString::fromStdString(filter.detail));
  const bool free = !layer_.locked;
  QAction* const on = menu->addAction(tr("On"));
  on->setCheckable(true);
  on->setChecked(filter.enabled);
  connect(on, &QAction::triggered, this,
          [=, this](bool enabled) { model_.enable_filter(scene, layer, name, enabled); });
  const auto move = [&](const QString& text, int to, bool possible) {
    QAction* const action = menu->addAction(text);
    action->setEnabled(free && possible);
    connect(action, &QAction::triggered, this, [=, this] { model_.move_filter(scene, layer, name, to); });
  };
  move(tr("Earlier"), position - 1, position > 0);
  move(tr("Later"), position + 1, position + 1 < count);
  QAction* const remove = menu->addAction(tr("Take off"));
  remove->setEnabled(free);
  connect(remove, &QAction::triggered, this, [=, this] { model_.remove_filter(scene, layer, name); });
}

void FilterMenu::add_kinds() {
  QMenu* const menu = addMenu(tr("Add"));
  menu->setToolTipsVisible(true);
  menu->setEnabled(!layer_.locked && layer_.filters.size() < show::kMostFilters);
  for (const std::string& kind : show::filter_kinds()) {
    if (!works_alone(kind)) continue;
    QAction* const action = menu->addAction(in_words(kind));
    action->setToolTip(QString::fromStdString(show::filter_info(kind)->help));
    connect(action, &QAction::triggered, this,
            [this, kind, scene = scene_.toStdString(), layer = layer_.name] { model_.add_filter(scene, layer, kind); });
  }
}

}  // namespace mainstay::ui
