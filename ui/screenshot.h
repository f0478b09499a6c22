// A picture of the window at work, taken without a display: opens the show, puts it on air until a picture and the
// legs' states are there, saves, ends the show.
// Owned by run_window(); all that it refers to outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include "ui/main_window.h"

namespace mainstay::ui {

class Screenshot : public QObject {
  Q_OBJECT

 public:
  /// An empty `show_path` grabs the empty window; `panel` one of panels() in place of the whole window.
  Screenshot(MainWindow& window, StudioModel& model, QString out_png, QString show_path, QString panel = {});

  static QStringList panels();

  void begin();
  /// 0 written; 1 not written, or the show did not get on air; 2 the show was refused (the picture shows why).
  int exit_code() const { return exit_code_; }

 signals:
  void done();

 private:
  void look();
  void type_examples();
  QWidget& subject() const;
  void save_soon();
  void save();

  MainWindow& window_;
  StudioModel& model_;
  const QString out_png_;
  const QString show_path_;
  const QString panel_;
  QStringList examples_{QStringLiteral("event.list({limit: 2})"), QStringLiteral("program.cut(\"nowhere\")")};
  bool typed_ = false;
  QTimer patience_;
  bool saved_ = false;
  int exit_code_ = 0;
};

}  // namespace mainstay::ui
