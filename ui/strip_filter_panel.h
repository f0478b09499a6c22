// What is done to one strip's sound, in the order in which it works: noise suppression, gate, equaliser, compressor,
// limiter, ducking; each switched by its dot, with its keys to be taken hold of.
// Owned by the main window; the theme and the model outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QComboBox>
#include <QWidget>
#include <string>
#include <vector>

#include "ui/field_form.h"
#include "ui/filter_list.h"
#include "ui/studio_model.h"
#include "ui/widgets.h"

class QAction;
class QScrollArea;
class QVBoxLayout;

namespace mainstay::ui {

class StripFilterPanel : public QWidget {
  Q_OBJECT

 public:
  /// Actions that it shows as buttons and enables; `view` puts it away.
  struct Actions {
    QAction* add_band = nullptr;
    QAction* remove = nullptr;
    QAction* view = nullptr;
  };
  StripFilterPanel(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent = nullptr);

  void show_mixer(const MixerSnapshot& mixer);
  void choose_strip(const QString& strip);

  // What the actions do.
  void add_band();
  /// Takes off the chosen one; of the equaliser its last band.
  void remove();

  // For tests and screenshots.
  QComboBox& strips() { return *strips_; }
  FilterList& list() { return *list_; }
  /// One for each band of the equaliser, else one.
  const std::vector<FieldForm*>& forms() const { return forms_; }

 private:
  void refresh();
  void show_forms();
  void make_forms(const std::string& kind, std::size_t count);
  void switch_filter(const std::string& kind, bool on);
  void ask(const std::string& kind, std::size_t band, const std::string& key, const show::Json& value);
  const show::Json* settings(const std::string& kind) const;

  const Theme& theme_;
  StudioModel& model_;
  const Actions actions_;
  MixerSnapshot mixer_;
  std::string strip_;
  show::Json filters_ = show::Json::object();
  QComboBox* strips_;
  FilterList* list_;
  QScrollArea* scroll_;
  WrapLabel* hint_;
  std::vector<FieldForm*> forms_;
  std::string forms_of_;
};

}  // namespace mainstay::ui
