// Why a show was refused: every error with its place in the document. Stands where the picture would be.
// Owned by the main window; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QFrame>
#include <QList>
#include <QTextEdit>
#include <vector>

#include "engine/show/parse.h"
#include "ui/widgets.h"

class QAction;

namespace mainstay::ui {

class RefusedPanel : public QFrame {
  Q_OBJECT

 public:
  RefusedPanel(const Theme& theme, const QList<QAction*>& actions, QWidget* parent = nullptr);

  void show_errors(const QString& path, const std::vector<show::ShowError>& errors, const QString& still_open);
  /// All errors as text, "POINTER: message" a line.
  QString text() const { return text_; }
  QString title() const { return title_->text(); }

 private:
  void write_list(const std::vector<show::ShowError>& errors);

  const Theme& theme_;
  ElidedLabel* title_;
  WrapLabel* advice_;
  QTextEdit* list_;
  QString text_;
};

}  // namespace mainstay::ui
