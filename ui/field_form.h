// The keys of an object of the show, each with its name and an editor, in one or two columns as there is room. Objects
// within it are taken apart: "Lift", "Lift R", ….
// Owned by the panel that shows it; the theme and the declaration outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QWidget>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "ui/field_editor.h"
#include "ui/widgets.h"

class QGridLayout;

namespace mainstay::ui {

class FieldForm : public QWidget {
  Q_OBJECT

 public:
  struct Options {
    std::vector<std::string> without;                       ///< keys that are shown elsewhere
    QString files;                                          ///< that a path's chooser shows: "Tables (*.cube)"
    QString folder;                                         ///< that relative paths start from
    std::map<std::string, std::vector<std::string>> words;  ///< what texts may be, where the schema leaves it open
  };
  FieldForm(const Theme& theme, const show::ObjectInfo& object, Options options, QWidget* parent = nullptr);

  /// The object as the engine says it is.
  void show_values(const show::Json& values);
  /// Null: no editor for that key; `inner` names a key of an object within.
  FieldEditor* editor(const std::string& key, const std::string& inner = {}) const;
  const std::vector<FieldEditor*>& editors() const { return editors_; }

 signals:
  /// `value`: all of what the key is to hold, also of an object within.
  void wanted(const std::string& key, const mainstay::show::Json& value);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Row {
    std::string key;
    std::string inner;  ///< of an object within; empty: the key itself
    ElidedLabel* name = nullptr;
    FieldEditor* editor = nullptr;
  };
  void add_row(const show::FieldInfo& field, const std::string& key, const std::string& inner, const QString& name,
               const Options& options);
  void ask(const Row& row, const show::Json& value);
  void arrange(int columns);

  const Theme& theme_;
  QGridLayout* grid_;
  std::deque<show::FieldInfo> narrowed_;  ///< with those words
  std::vector<Row> rows_;
  std::vector<FieldEditor*> editors_;
  show::Json values_ = show::Json::object();
  int columns_ = 0;
};

}  // namespace mainstay::ui
