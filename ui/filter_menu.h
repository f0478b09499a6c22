// The kinds of filter that a layer can be given: a click adds one, as its last. What needs a file asks for it first, in
// a dialog beside the window. Made when it is asked for, gone when it closes; the model outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QMenu>
#include <QString>

#include "engine/studio/snapshot.h"
#include "ui/studio_model.h"

namespace mainstay::ui {

/// What a chooser of files for that kind of filter shows: "Tables (*.cube)"; empty: it reads none.
QString filter_files(const std::string& kind);
/// "chroma key" for "chroma_key".
QString in_words(const std::string& kind);

class FilterMenu : public QMenu {
  Q_OBJECT

 public:
  /// `folder`: that of the show, from which paths start.
  FilterMenu(StudioModel& model, std::string scene, std::string layer, QString folder, QWidget* parent = nullptr);

 private:
  void ask_for_file(const std::string& kind);

  StudioModel& model_;
  const std::string scene_;
  const std::string layer_;
  const QString folder_;
};

}  // namespace mainstay::ui
