// One key of the show as something to take hold of: a number as slider and field, a word as list, a switch, a colour, a
// path. What it may be (range, unit, words, help) is what the schema says. Owned by the panel that shows it; the theme
// and the declaration outlive it. Thread-safety: the user-interface thread.
//
// While it is in somebody's hand it tells at most twenty values a second, and for a moment after that what the engine
// says does not move it: the engine is still to hear of the last ones.
#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>

#include "engine/show/field_info.h"
#include "engine/show/section.h"
#include "ui/theme.h"

namespace mainstay::ui {

class FieldEditor : public QWidget {
  Q_OBJECT

 public:
  /// Null for what has no editor of its own: objects, lists, maps. `files`: what a path's chooser shows ("*.cube").
  static FieldEditor* make(const Theme& theme, const show::FieldInfo& field, const QString& files,
                           QWidget* parent = nullptr);

  /// As the engine says it is; twenty times a second is not too often.
  void show_value(const show::Json& value);
  /// What is seen: held, or as the engine says.
  const show::Json& value() const { return held_ ? *held_ : told_; }
  /// Back to what the key holds by itself; nothing where it holds nothing by itself.
  void reset();
  /// Folder that relative paths start from.
  virtual void set_folder(const QString& folder) { (void)folder; }

  const show::FieldInfo& field() const { return field_; }

 signals:
  void wanted(const mainstay::show::Json& value);

 protected:
  FieldEditor(const Theme& theme, const show::FieldInfo& field, QWidget* parent);

  /// A person wants this. `moving`: more will follow.
  void want(show::Json value, bool moving);
  virtual void display(const show::Json& value) = 0;
  /// Still held: what the engine says waits.
  virtual bool in_hand() const { return false; }
  void add_part(QWidget* part, int stretch = 0);

  const Theme& theme_;
  const show::FieldInfo& field_;

 private:
  void send();
  void settle();

  show::Json told_;
  std::optional<show::Json> held_;
  std::optional<show::Json> sent_;
  QTimer pace_;
  QTimer settle_;
};

/// "Similarity" for "similarity", "Attack" for "attack_ms", "Hz" for "hz".
QString field_label(const show::FieldInfo& field);
/// What its tooltip says: the help, the range and what it holds by itself.
QString field_help(const show::FieldInfo& field);

}  // namespace mainstay::ui
