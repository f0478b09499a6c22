#include "ui/filter_menu.h"

#include <QFileDialog>
#include <algorithm>
#include <utility>

#include "engine/show/layer_filters.h"
#include "ui/field_editors.h"

namespace mainstay::ui {

namespace {

/// Whether a filter of this kind says something before anything is set.
bool works_alone(const std::string& kind) {
  const show::ObjectInfo* const info = show::filter_info(kind);
  return info != nullptr && std::none_of(info->fields.begin(), info->fields.end(),
                                         [](const show::FieldInfo& field) { return field.required; });
}

}  // namespace

QString in_words(const std::string& kind) {
  return QString::fromStdString(kind).replace('_', ' ');
}

QString filter_files(const std::string& kind) {
  if (kind == "lut") return FilterMenu::tr("Tables (*.cube);;All files (*)");
  if (kind == "mask") return FilterMenu::tr("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff);;All files (*)");
  return {};
}

FilterMenu::FilterMenu(StudioModel& model, std::string scene, std::string layer, QString folder, QWidget* parent)
    : QMenu(parent), model_(model), scene_(std::move(scene)), layer_(std::move(layer)), folder_(std::move(folder)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setToolTipsVisible(true);
  for (const std::string& kind : show::filter_kinds()) {
    const bool alone = works_alone(kind);
    if (!alone && filter_files(kind).isEmpty()) continue;
    QAction* const action = addAction(alone ? in_words(kind) : in_words(kind) + QStringLiteral("…"));
    action->setToolTip(QString::fromStdString(show::filter_info(kind)->help));
    connect(action, &QAction::triggered, this, [this, kind, alone] {
      alone ? model_.add_filter(scene_, layer_, kind, show::Json::object()) : ask_for_file(kind);
    });
  }
}

void FilterMenu::ask_for_file(const std::string& kind) {
  // The menu is gone by the time a file is chosen.
  auto* dialog = new QFileDialog(parentWidget(), tr("Choose file"), folder_, filter_files(kind));
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setModal(false);
  connect(dialog, &QFileDialog::fileSelected, &model_,
          [&model = model_, scene = scene_, layer = layer_, folder = folder_, kind](const QString& path) {
            model.add_filter(scene, layer, kind, {{"path", path_for_show(path, folder).toStdString()}});
          });
  dialog->show();
}

}  // namespace mainstay::ui
